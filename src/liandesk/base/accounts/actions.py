"""Make accounts and the cast; every write is checked, atomic and audited."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from liandesk.base.accounts.access import check
from liandesk.base.accounts.cast import CAST, ORGANISATION_MEMBERS, Member, grant_of
from liandesk.base.accounts.models import Membership, User
from liandesk.base.accounts.policies import ACCOUNT
from liandesk.base.accounts.roles import Grant, Viewer
from liandesk.base.audit.actions import record
from liandesk.base.errors import Conflict, UserError
from liandesk.base.pack import pack
from liankit.errors import nearest


@transaction.atomic
def make_cast(*, by: Viewer, organisations: Mapping[str, str] | None = None) -> dict[str, User]:
    """Make the demo's cast, or bring it up to date; doing it again changes nothing.

    ``organisations`` maps Enterprise, OtherEnterprise, Hospital and OtherHospital to permanent organisation
    ids; a member that is not named keeps the organisation it has.
    """
    check(by, ACCOUNT, "manage")
    given = dict(organisations or {})
    for name in given.keys() - set(ORGANISATION_MEMBERS):
        raise UserError(
            f"'{name}' is not one of the cast with an organisation.{nearest(name, ORGANISATION_MEMBERS)}"
        )
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
    wanted = {"role": grant.role, "scope_kind": grant.scope_kind, "scope_id": grant.scope_id}
    user.memberships.exclude(**wanted).delete()
    membership, is_new = Membership.objects.get_or_create(user=user, **wanted)
    if is_new:
        record("account.grant", "user", user.pk, by=by, grant=str(membership))
