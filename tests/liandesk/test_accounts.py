from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from liandesk.base.accounts.actions import make_cast
from liandesk.base.accounts.cast import NAMES, ORGANISATION_MEMBERS
from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import Grant, Role, ScopeKind, system_viewer, viewer_of
from liandesk.base.audit.models import AuditEvent
from liandesk.base.errors import Conflict, NotAllowed
from liandesk.base.pack import pack

BY = system_viewer("test")


def test_the_cast_is_complete_and_nobody_of_it_has_a_password(cast: dict[str, User]) -> None:
    assert tuple(cast) == NAMES
    assert not any(user.has_usable_password() for user in cast.values())
    assert all(user.is_demo and user.name_zh and user.name_en for user in cast.values())


def test_making_the_cast_again_changes_nothing(cast: dict[str, User]) -> None:
    before = AuditEvent.objects.count()
    again = make_cast(by=BY)
    assert {name: user.pk for name, user in again.items()} == {name: user.pk for name, user in cast.items()}
    assert AuditEvent.objects.count() == before
    assert viewer_of(again["Enterprise"]).scope_ids(Role.ENTERPRISE, ScopeKind.ORGANISATION)


def test_the_scopes_of_the_cast_are_places_of_the_pack(cast: dict[str, User]) -> None:
    def only(name: str) -> Grant:
        (grant,) = viewer_of(cast[name]).grants
        return grant

    assert only("ChainOffice").scope_id == pack().chain_office
    assert only("TownOfficer").scope_id == pack().towns[0].code
    assert only("OtherTown").scope_id == pack().towns[1].code
    office = only("Officer").scope_id
    assert office != pack().chain_office and office in {kind.owner for kind in pack().item_kinds}
    assert not viewer_of(cast["Outsider"]).grants


def test_members_of_organisations_have_no_right_until_their_organisation_is_known(db: None) -> None:
    made = make_cast(by=BY)
    assert not any(viewer_of(made[name]).grants for name in ORGANISATION_MEMBERS)


def test_the_cast_never_takes_over_a_real_account(db: None) -> None:
    User.objects.create(username="Bank")
    with pytest.raises(Conflict, match="real person"):
        make_cast(by=BY)


def test_only_the_operator_makes_accounts(cast: dict[str, User]) -> None:
    with pytest.raises(NotAllowed):
        make_cast(by=viewer_of(cast["ChainOffice"]))


def test_a_client_of_the_cast_is_signed_in(cast: dict[str, User], cast_client: Callable[[str], Client]) -> None:
    assert cast_client("Bank").session["_auth_user_id"] == str(cast["Bank"].pk)
