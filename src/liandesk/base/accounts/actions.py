"""Make accounts and the cast, sign-in links and tokens; every write is checked, atomic and audited."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from liandesk.base.accounts.access import check
from liandesk.base.accounts.cast import CAST, ORGANISATION_MEMBERS, Member, grant_of
from liandesk.base.accounts.models import ApiToken, Membership, SignInLink, User
from liandesk.base.accounts.policies import ACCOUNT, may_keep_for
from liandesk.base.accounts.queries import open_link, open_tokens, token_digest
from liandesk.base.accounts.roles import Grant, Role, ScopeKind, Viewer, viewer_of
from liandesk.base.audit.actions import record
from liandesk.base.clock import now
from liandesk.base.errors import Conflict, NotAllowed, UserError
from liandesk.base.pack import pack
from liankit.errors import nearest

MAX_LINK_HOURS = 168
MAX_TOKEN_DAYS = 365
MAX_TOKENS = 20


class DeadLink(UserError):
    """A sign-in link that was used, has expired, or never was."""

    status = 410


@transaction.atomic
def add_user(*, name: str, by: Viewer, grants: Iterable[Grant] = (), name_zh: str = "", name_en: str = "") -> User:
    """Make an account without a password; its person signs in first by a link."""
    check(by, ACCOUNT, "manage")
    if User.objects.filter(username__iexact=name).exists():
        raise Conflict(f"There is an account '{name}' already. `liandesk user list` shows all.")
    user = User(username=name, name_zh=name_zh, name_en=name_en)
    user.set_unusable_password()
    _check_fields(user)
    user.save()
    record("account.add", "user", user.pk, by=by, is_demo=False)
    for grant in grants:
        _grant(user, grant, by)
    return user


@transaction.atomic
def disable_user(user: User, *, by: Viewer) -> None:
    """Close an account: its sessions, links and tokens stop working at once; what it wrote stays."""
    check(by, ACCOUNT, "manage")
    User.objects.filter(pk=user.pk).update(is_active=False)
    record("account.disable", "user", user.pk, by=by)


@transaction.atomic
def set_password(user: User, password: str, *, by: Viewer) -> None:
    """Set a password that keeps the rules; every session of the user ends."""
    check(by, ACCOUNT, "manage")
    if user.is_demo:
        raise UserError(f"'{user.username}' is of the demo's cast, who sign in by links and have no password.")
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise UserError("The password was not set. " + " ".join(error.messages)) from error
    user.set_password(password)
    user.save(update_fields=["password"])
    record("account.password", "user", user.pk, by=by)


@transaction.atomic
def forget_second_factor(user: User, *, by: Viewer) -> None:
    """Take the second factor from somebody who lost it, and end the sessions; the next sign-in sets up a new one."""
    check(by, ACCOUNT, "manage")
    Authenticator.objects.filter(user_id=user.pk).delete()
    record("account.forget_second_factor", "user", user.pk, by=by)
    end_sessions(user, by=by)


@transaction.atomic
def end_sessions(user: User, *, by: Viewer) -> None:
    """Sign a user out everywhere; tokens of the API are revoked one by one instead."""
    _check_keeps_for(by, user)
    fresh = User.objects.select_for_update().get(pk=user.pk)
    fresh.sessions_round += 1
    fresh.save(update_fields=["sessions_round"])
    record("session.end_all", "user", user.pk, by=by)


@transaction.atomic
def make_sign_in_link(user: User, *, by: Viewer, hours: int = 1) -> str:
    """Return the path of a link that signs the user in once. Only its digest is kept: it cannot be shown again.

    A second factor that the user has set up is asked for all the same.
    """
    check(by, ACCOUNT, "manage")
    if not 1 <= hours <= MAX_LINK_HOURS:
        raise UserError(f"A sign-in link is good for 1 to {MAX_LINK_HOURS} hours, not {hours}.")
    if not user.is_active:
        raise UserError(f"The account '{user.username}' is disabled; it cannot sign in.")
    token = secrets.token_urlsafe(32)
    expires = now() + timedelta(hours=hours)
    link = SignInLink.objects.create(token_digest=token_digest(token), user=user, expires_at=expires)
    record("sign_in_link.make", "user", user.pk, by=by, link=link.pk, hours=hours)
    return reverse("sign_in", args=[token])


@transaction.atomic
def use_sign_in_link(token: str) -> User:
    """Burn the link and return its user; of two requests at once one gets it, the other raises DeadLink."""
    link = open_link(token)
    # one plain UPDATE with the condition in its own WHERE: the database lets a single writer through
    if link is None or not SignInLink.objects.filter(pk=link.pk, used_at=None).update(used_at=now()):
        raise DeadLink(_("This sign-in link was used already or has expired. Ask for a new one."))
    record("sign_in_link.use", "user", link.user_id, by=viewer_of(link.user), link=link.pk)
    return link.user


@transaction.atomic
def make_api_token(user: User, *, label: str, by: Viewer, days: int = 90) -> str:
    """Return a token with the rights of its user, shown this once; only its digest is kept."""
    _check_keeps_for(by, user)
    if not label.strip():
        raise UserError(_("A token needs a name that says what it is for."))
    if not 1 <= days <= MAX_TOKEN_DAYS:
        raise UserError(
            _("A token lives between 1 and %(most)d days, not %(days)d.") % {"most": MAX_TOKEN_DAYS, "days": days}
        )
    if open_tokens(viewer_of(user)).count() >= MAX_TOKENS:
        raise UserError(_("There are %(most)d tokens already. Revoke one first.") % {"most": MAX_TOKENS})
    token, moment = f"liandesk_{secrets.token_urlsafe(32)}", now()
    kept = ApiToken.objects.create(
        token_digest=token_digest(token),
        user=user,
        label=label.strip()[:80],
        created_at=moment,
        expires_at=moment + timedelta(days=days),
    )
    record("api_token.make", "api_token", kept.pk, by=by, user=user.pk, days=days)
    return token


@transaction.atomic
def revoke_api_token(token_id: int, *, by: Viewer) -> None:
    """Revoke a token at once; revoking it again changes nothing."""
    kept = ApiToken.objects.select_for_update().filter(pk=token_id).first()
    if kept is None or not may_keep_for(by, kept.user_id):
        raise UserError(_("There is no such token among yours."))
    if kept.revoked_at is None:
        kept.revoked_at = now()
        kept.save(update_fields=["revoked_at"])
        record("api_token.revoke", "api_token", kept.pk, by=by)


@transaction.atomic
def make_cast(*, by: Viewer, organisations: Mapping[str, str] | None = None) -> dict[str, User]:
    """Make the demo's cast, or bring it up to date; doing it again changes nothing.

    ``organisations`` maps Enterprise, OtherEnterprise, Hospital and OtherHospital to permanent organisation
    ids; a member that is not named keeps the organisation it has.
    """
    check(by, ACCOUNT, "manage")
    given = dict(organisations or {})
    for name in given.keys() - set(ORGANISATION_MEMBERS):
        raise UserError(f"'{name}' is not one of the cast with an organisation.{nearest(name, ORGANISATION_MEMBERS)}")
    return {member.name: _make_member(member, given, by) for member in CAST}


def _make_member(member: Member, organisations: Mapping[str, str], by: Viewer) -> User:
    names = {"name_zh": member.name_zh, "name_en": member.name_en, "is_demo": True}
    user, is_new = User.objects.get_or_create(username=member.name, defaults=names)
    if not user.is_demo:
        raise Conflict(f"'{member.name}' is the account of a real person; the cast cannot take its name.")
    if is_new:
        user.set_unusable_password()
        user.save(update_fields=["password"])
        record("account.add", "user", user.pk, by=by, is_demo=True)
    grant = grant_of(member, pack(), organisations)
    if grant is not None:
        _grant_only(user, grant, by)
    return user


def _grant_only(user: User, grant: Grant, by: Viewer) -> None:
    """Leave the user exactly this one membership."""
    user.memberships.exclude(role=grant.role, scope_kind=grant.scope_kind, scope_id=grant.scope_id).delete()
    _grant(user, grant, by)


def _grant(user: User, grant: Grant, by: Viewer) -> None:
    _check_grant(grant)
    membership, is_new = Membership.objects.get_or_create(
        user=user, role=grant.role, scope_kind=grant.scope_kind, scope_id=grant.scope_id
    )
    if is_new:
        record("account.grant", "user", user.pk, by=by, grant=str(membership))


def _check_grant(grant: Grant) -> None:
    """Refuse a role or place that does not exist: a mistyped scope would silently show nothing."""
    roles = [role for role in Role.values if role != Role.SYSTEM]
    _check_one_of("role", grant.role, roles)
    _check_one_of("scope kind", grant.scope_kind, ScopeKind.values)
    known = {
        ScopeKind.OFFICE: [office.code for office in pack().offices],
        ScopeKind.TOWN: [place.code for place in (*pack().towns, *pack().zones)],
        ScopeKind.DISTRICT: [pack().district.code],
    }
    places = known.get(ScopeKind(grant.scope_kind))
    if places is not None:
        _check_one_of(grant.scope_kind, grant.scope_id, places)
    elif not grant.scope_id:
        raise UserError(f"The scope '{grant.scope_kind}:' needs an id, as in organisation:o-1.")


def _check_one_of(what: str, name: str, valid: list[str]) -> None:
    if name not in valid:
        raise UserError(f"There is no {what} '{name}'.{nearest(name, valid)} Known: {', '.join(valid)}.")


def _check_keeps_for(by: Viewer, user: User) -> None:
    if not may_keep_for(by, user.pk):
        raise NotAllowed(_("Tokens and sessions are kept by the person themselves or by the operator."))


def _check_fields(user: User) -> None:
    try:
        user.full_clean(exclude=["password"])
    except ValidationError as error:
        raise UserError(f"The account was not made. {' '.join(error.messages)}") from error
