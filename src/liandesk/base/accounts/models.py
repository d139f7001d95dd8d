"""Users, what they may do over what, sign-in links and API tokens."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language

from liandesk.base.accounts.roles import Role, ScopeKind
from liandesk.base.clock import now, today


class User(AbstractUser):
    """A person. Names are data in both languages; ``is_demo`` marks the cast, who sign in by links only."""

    name_zh = models.CharField(max_length=80, blank=True)
    name_en = models.CharField(max_length=80, blank=True)
    is_demo = models.BooleanField(default=False)
    sessions_round = models.PositiveIntegerField(default=0)  # raised to end every session at once

    class Meta(AbstractUser.Meta):
        swappable = "AUTH_USER_MODEL"

    @property
    def display_name(self) -> str:
        """The person's name in the reader's language, else in the other, else the account's name."""
        is_chinese = (get_language() or "").startswith("zh")
        first, second = (self.name_zh, self.name_en) if is_chinese else (self.name_en, self.name_zh)
        return first or second or self.username

    def stands_in_for(self) -> list[User]:
        """Return the active people who today have named this one as their deputy."""
        received = Delegation.objects.in_force(today()).filter(deputy=self, giver__is_active=True)
        givers = received.values_list("giver", flat=True)  # hardly ever any, and asked for at every request
        return list(User.objects.filter(pk__in=list(givers)).order_by("pk")) if givers else []

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        """A session lives while neither the password nor the round changes."""
        said = f"{self.password}:{self.sessions_round}"
        return salted_hmac("liandesk.sessions", said, secret=secret, algorithm="sha256").hexdigest()


class MembershipQuerySet(models.QuerySet["Membership"]):
    def in_force(self) -> MembershipQuerySet:
        """Return the memberships whose dates include today."""
        day = today()
        started = Q(valid_from__isnull=True) | Q(valid_from__lte=day)
        return self.filter(started).filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day))


class Membership(models.Model):
    """A role of a user over one scope, dated."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)
    scope_kind = models.CharField(max_length=20, choices=ScopeKind.choices)
    scope_id = models.CharField(max_length=80, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)

    objects: ClassVar[models.Manager[Membership]] = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "role", "scope_kind", "scope_id"], name="membership_once"),
            models.CheckConstraint(condition=~Q(role=Role.SYSTEM), name="membership_never_system"),
            models.CheckConstraint(  # an empty scope would match rows that belong to nobody
                condition=Q(scope_kind=ScopeKind.DISTRICT) | ~Q(scope_id=""), name="membership_has_scope"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role}@{self.scope_kind}:{self.scope_id}"


class DelegationQuerySet(models.QuerySet["Delegation"]):
    def in_force(self, day: date) -> DelegationQuerySet:
        """Return the delegations that ran on a day; one that was ended early runs through the day before."""
        ran = Q(ended_on__isnull=True) | Q(ended_on__gt=day)
        return self.filter(ran, valid_from__lte=day, valid_until__gte=day)


class Delegation(models.Model):
    """Who stands in for whom, from a day through another: an absence."""

    giver = models.ForeignKey(User, on_delete=models.CASCADE, related_name="delegations")
    deputy = models.ForeignKey(User, on_delete=models.CASCADE, related_name="delegations_received")
    valid_from = models.DateField()
    valid_until = models.DateField()
    ended_on = models.DateField(null=True)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()

    objects: ClassVar[models.Manager[Delegation]] = DelegationQuerySet.as_manager()

    class Meta:
        ordering = ["-valid_from", "-id"]
        indexes = [models.Index(fields=["deputy", "valid_from"], name="delegation_by_deputy")]
        constraints = [
            models.CheckConstraint(condition=~Q(giver=models.F("deputy")), name="delegation_to_another"),
            models.CheckConstraint(condition=Q(valid_from__lte=models.F("valid_until")), name="delegation_in_order"),
        ]

    def __str__(self) -> str:
        return f"user {self.deputy_id} for user {self.giver_id}, {self.valid_from} to {self.valid_until}"


class SignInLink(models.Model):
    """A one-time sign-in link; only the digest of its token is kept."""

    token_digest = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"sign-in link of user {self.user_id}"

    @property
    def is_open(self) -> bool:
        return self.used_at is None and self.expires_at > now()


class ApiToken(models.Model):
    """A token for programs, with the rights of its user; only its digest is kept."""

    token_digest = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    label = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.label

    @property
    def is_open(self) -> bool:
        return self.revoked_at is None and self.expires_at > now()
