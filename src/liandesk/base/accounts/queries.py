"""Read accounts, tokens and sign-in links."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from allauth.mfa.utils import is_mfa_enabled
from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from liandesk.base.accounts.access import check
from liandesk.base.accounts.models import ApiToken, Membership, SignInLink, User
from liandesk.base.accounts.policies import ACCOUNT
from liandesk.base.accounts.roles import Grant, Role, ScopeKind, Viewer, viewer_of
from liandesk.base.clock import now
from liandesk.base.pack import pack

SCOPE_NAMES: dict[str, Callable[[str], str]] = {}
"""How a scope of one kind is called by its permanent id; the registry above registers organisations."""


@dataclass(frozen=True)
class Profile:
    """What the account page shows of the viewer's own account; grants are (role, scope) in plain words."""

    user: User
    grants: list[tuple[str, str]]
    has_second_factor: bool
    tokens: list[ApiToken]


def token_digest(token: str) -> str:
    """Return what is kept of a secret token. Tokens have 256 random bits, so a plain hash cannot be guessed back."""
    return hashlib.sha256(token.encode()).hexdigest()


def profile(viewer: Viewer) -> Profile:
    """Return the viewer's own account."""
    assert viewer.user_id is not None  # a program has no account
    user = User.objects.get(pk=viewer.user_id)
    grants = [in_words(grant) for grant in sorted(viewer.grants, key=lambda g: (g.role, g.scope_id))]
    return Profile(user, grants, is_mfa_enabled(user), list(open_tokens(viewer)))


def in_words(grant: Grant) -> tuple[str, str]:
    """Return the role and the scope of a grant in the reader's language."""
    return str(Role(grant.role).label), scope_name(grant.scope_kind, grant.scope_id)


def scope_name(kind: str, scope_id: str) -> str:
    """Return the name of a place of the pack or of an organisation; the id itself when nobody knows it."""
    language = "zh" if (get_language() or "").startswith("zh") else "en"
    if kind == ScopeKind.DISTRICT:
        return pack().district.text[language]
    if kind in SCOPE_NAMES:
        return SCOPE_NAMES[kind](scope_id) or scope_id
    groups = {ScopeKind.OFFICE: ("offices",), ScopeKind.TOWN: ("towns", "zones")}
    found = (pack().term(group, scope_id) for group in groups.get(ScopeKind(kind), ()))
    return next((term.text[language] for term in found if term), scope_id)


def open_tokens(viewer: Viewer) -> QuerySet[ApiToken]:
    """Return the viewer's own tokens that still open the API."""
    own = ApiToken.objects.filter(user__pk=viewer.user_id) if viewer.user_id else ApiToken.objects.none()
    return own.filter(revoked_at=None, expires_at__gt=now())


def viewer_of_token(token: str) -> Viewer | None:
    """Return whoever a token stands for; None when it is unknown, expired or revoked, or its user is disabled."""
    found = ApiToken.objects.select_related("user").filter(token_digest=token_digest(token)).first()
    return viewer_of(found.user) if found and found.is_open and found.user.is_active else None


def open_link(token: str) -> SignInLink | None:
    """Return the sign-in link of a token while it can be used. Whoever holds the token may see whom it signs in."""
    link = SignInLink.objects.select_related("user").filter(token_digest=token_digest(token)).first()
    return link if link and link.is_open and link.user.is_active else None


def users(viewer: Viewer) -> QuerySet[User]:
    """Return all accounts with their memberships, by name."""
    check(viewer, ACCOUNT, "read")
    return User.objects.prefetch_related("memberships").order_by("username")


def persons_meant(text: str) -> list[str]:
    """Return the actors ("user:7") of the active people who have this account name or this very name."""
    text = text.strip()
    named = Q(username__iexact=text) | Q(name_zh=text) | Q(name_en__iexact=text)
    people = User.objects.filter(named, is_active=True).order_by("pk") if text else User.objects.none()
    return [f"user:{pk}" for pk in people.values_list("pk", flat=True)]


def names_with(role: Role) -> list[str]:
    """Return the names of those who hold a role today, in the reader's language and in order."""
    held = Membership.objects.in_force().filter(role=role, user__is_active=True).select_related("user")
    return sorted({membership.user.display_name for membership in held})


def names_of(actors: Iterable[str]) -> dict[str, str]:
    """Return the names of people by actor ("user:7") in the reader's language; programs have none."""
    numbers = {actor.removeprefix("user:") for actor in actors if actor.startswith("user:")}
    people = User.objects.filter(pk__in=map(int, numbers))
    return {f"user:{user.pk}": user.display_name for user in people}
