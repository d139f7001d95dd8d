from __future__ import annotations

import logging
from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from liandesk.base.accounts.actions import make_cast
from liandesk.base.accounts.cast import NAMES, ORGANISATION_MEMBERS
from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import Grant, Role, ScopeKind, system_viewer, viewer_of
from liandesk.base.audit.models import AuditEvent
from liandesk.base.errors import Conflict, NotAllowed, UserError
from liandesk.base.logs import JsonFormatter
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


def _run(*words: str) -> str:
    out = StringIO()
    call_command("user", *words, stdout=out)
    return out.getvalue()


def test_the_command_makes_an_account_with_its_scope_and_a_first_link(db: None) -> None:
    said = _run("add", "zhang.san", "--role", "town_officer", "--scope", f"town:{pack().towns[0].code}")
    user = User.objects.get(username="zhang.san")
    assert viewer_of(user).scope_ids(Role.TOWN_OFFICER, ScopeKind.TOWN) == {pack().towns[0].code}
    assert not user.has_usable_password() and "/sign-in/" in said
    assert "town_officer@town" in _run("list")


@pytest.mark.parametrize("scope", ["town:330113999", "village:1", "organisation:", "town"])
def test_a_scope_that_does_not_exist_is_refused_and_nothing_is_made(db: None, scope: str) -> None:
    with pytest.raises(UserError):
        _run("add", "zhang.san", "--role", "town_officer", "--scope", scope)
    assert not User.objects.exists()


def test_names_differing_in_case_only_are_one_account(db: None) -> None:
    _run("add", "zhang.san")
    with pytest.raises(Conflict):
        _run("add", "Zhang.San")


def test_an_unknown_name_is_answered_with_the_nearest(cast: dict[str, User]) -> None:
    with pytest.raises(CommandError, match="Did you mean 'Officer'"):
        _run("disable", "Oficer")


def test_disabling_closes_the_account_and_keeps_it(cast: dict[str, User]) -> None:
    _run("disable", "Bank")
    assert not viewer_of(User.objects.get(username="Bank")).grants
    assert "disabled" in next(line for line in _run("list").splitlines() if line.startswith("Bank"))


def test_the_command_acts_in_the_name_of_the_operator_when_told(cast: dict[str, User]) -> None:
    _run("--by", "Operator", "link", "Bank")
    assert AuditEvent.objects.get(action="sign_in_link.make").actor == f"user:{cast['Operator'].pk}"
    with pytest.raises(NotAllowed):
        _run("--by", "Auditor", "link", "Bank")


def test_the_command_prints_a_link_for_each_of_the_cast(db: None) -> None:
    lines = _run("cast", "--organisation", "Enterprise=O1").splitlines()
    assert [line.partition("\t")[0] for line in lines] == list(NAMES)
    assert viewer_of(User.objects.get(username="Enterprise")).scope_ids("enterprise", "organisation") == {"O1"}


def test_logs_never_hold_a_link_that_may_still_sign_in() -> None:
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, "Forbidden: /sign-in/abc-DEF_1", (), None)
    assert "abc-DEF_1" not in JsonFormatter().format(record)
