"""Running cases keep their version until a map that another person published takes them over, one event each."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.test import Client
from tests.liandesk.conftest import BACKEND

from liandesk.base.accounts.actions import make_cast
from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import Viewer, system_viewer, viewer_of
from liandesk.base.audit.models import AuditEvent
from liandesk.base.clock import today
from liandesk.base.definitions import actions as definitions
from liandesk.base.definitions.models import Definition
from liandesk.base.definitions.queries import in_force
from liandesk.base.errors import NotAllowed, NotThere, UserError
from liandesk.base.work import migration_queries, queries
from liandesk.base.work.actions import NewCase, Step, act, open_case
from liandesk.base.work.migration_actions import migrate_cases
from liandesk.base.work.models import Case
from liankit.errors import UserError as KitError

BY = system_viewer("test")
KEY = "instruction_1_2"
pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> dict[str, User]:
    definitions.take_over_packs(by=BY)
    return make_cast(by=BY)


@pytest.fixture
def office(people: dict[str, User]) -> Viewer:
    return viewer_of(people["ChainOffice"])


@pytest.fixture
def officer(people: dict[str, User]) -> Viewer:
    return viewer_of(people["Officer"])


def opened(by: Viewer, title: str, **more: Any) -> Case:
    scope = next(grant.scope_id for grant in by.grants if grant.scope_kind == "office")
    parties = [("issuer", "office", scope), ("lead", "office", scope)]
    data = {"task": "find a second source", "due": "2024-12-31"}
    return open_case(NewCase("instruction", title, parties, data, **more), by=by)


def renamed(body: dict[str, Any]) -> dict[str, Any]:
    """Return version 2: the stage `issued` is called `waiting`, nothing else."""
    said = yaml.safe_dump(body, allow_unicode=True).replace("issued", "waiting")
    return yaml.safe_load(said)


def publish(kind: str, key: str, body: dict[str, Any], by: Viewer) -> Definition:
    text = yaml.safe_dump(body, allow_unicode=True)
    made = definitions.propose(by=by, kind=kind, key=key, text=text, effective_from=today())
    return definitions.publish(made.pk, by=BY)


def second_version(by: Viewer) -> Definition:
    found = in_force("process", "instruction")
    assert found is not None
    return publish("process", "instruction", renamed(found.body), by)


def mapped(by: Viewer, **changes: Any) -> Definition:
    title = {"zh": "对照", "en": "Map"}
    body = {"key": KEY, "title": title, "process": "instruction", "from": 1, "to": 2, "stages": {"issued": "waiting"}}
    return publish("migration", KEY, {**body, **changes}, by)


def test_a_running_case_keeps_its_version_until_it_is_taken_over(office: Viewer) -> None:
    old = opened(office, "old")
    second_version(office)
    new = opened(office, "new")
    assert (old.definition.version, new.definition.version) == (1, 2)
    mapped(office)
    trial = migration_queries.try_map(office, KEY)
    assert (trial.standing, trial.goes, trial.refused) == (1, 1, [])
    before = AuditEvent.objects.count()
    assert migrate_cases(KEY, by=office).gone == 1
    assert AuditEvent.objects.count() == before + 1
    old.refresh_from_db()
    assert (old.definition.version, old.stages, old.events_count) == (2, ["waiting"], 2)
    columns = queries.computed(old)
    assert {name: getattr(old, name) for name in columns} == columns
    act(old.pk, Step("do", 2, name="sign_for"), by=office)
    old.refresh_from_db()
    assert old.stages == ["in_hand"]
    assert migrate_cases(KEY, by=office).gone == 0


def test_a_case_that_does_not_fit_stays_and_says_why(office: Viewer) -> None:
    waiting, in_hand = opened(office, "waiting"), opened(office, "in hand")
    act(in_hand.pk, Step("do", 1, name="sign_for"), by=office)
    second_version(office)
    mapped(office, stages={"issued": None})
    trial = migration_queries.try_map(office, KEY)
    assert trial.goes == 1 and [case.pk for case, _said in trial.refused] == [waiting.pk]
    moved = migrate_cases(KEY, by=office)
    assert moved.gone == 1 and list(moved.stayed) == [waiting.pk]
    waiting.refresh_from_db()
    assert (waiting.definition.version, waiting.events_count) == (1, 1)


def test_a_restricted_case_is_taken_over_and_told_to_nobody_it_does_not_name(officer: Viewer, office: Viewer) -> None:
    opened(officer, "restricted", is_restricted=True)
    second_version(officer)
    mapped(officer, stages={"issued": None})
    trial = migration_queries.try_map(office, KEY)
    assert (trial.refused, trial.hidden, trial.goes) == ([], 1, 0)


def test_a_map_is_checked_against_both_versions_when_it_is_proposed(office: Viewer) -> None:
    with pytest.raises(UserError, match="2"):
        mapped(office)
    second_version(office)
    with pytest.raises(KitError, match="Did you mean 'waiting'"):
        mapped(office, stages={"issued": "waitin"})
    with pytest.raises(NotThere):
        migration_queries.try_map(office, KEY)


def test_only_who_may_publish_takes_cases_over(
    people: dict[str, User], office: Viewer, officer: Viewer, client: Client
) -> None:
    second_version(office)
    mapped(office)
    for name in ("Officer", "TownOfficer", "Enterprise"):
        client.force_login(people[name], backend=BACKEND)
        assert client.get(f"/cases/migrations/{KEY}").status_code == 403
        assert client.post(f"/cases/migrations/{KEY}").status_code == 403
    with pytest.raises(NotAllowed):
        migration_queries.try_map(officer, KEY)
    with pytest.raises(NotAllowed):
        migrate_cases(KEY, by=officer)


def test_the_pages_lead_from_a_version_to_the_map_and_to_the_trial(
    people: dict[str, User], office: Viewer, client: Client
) -> None:
    old = opened(office, "old")
    second_version(office)
    client.force_login(people["ChainOffice"], backend=BACKEND)
    assert f"/definitions/migration/{KEY}/propose" in client.get("/definitions/process/instruction").content.decode()
    draft = client.get(f"/definitions/migration/{KEY}/propose").content.decode()
    assert "issued: null" in draft or "issued: waiting" in draft
    mapped(office)
    assert f"/cases/migrations/{KEY}" in client.get(f"/definitions/migration/{KEY}").content.decode()
    assert client.get(f"/cases/migrations/{KEY}").status_code == 200
    assert client.post(f"/cases/migrations/{KEY}").status_code == 302
    assert Case.objects.get(pk=old.pk).definition.version == 2
    act(old.pk, Step("do", 2, name="sign_for"), by=office)
    shown = client.get(f"/cases/{old.pk}", headers={"accept-language": "en"}).content.decode()
    assert "Sign for" in shown and "went over to a later version" in shown
    assert client.get("/cases/migrations/none").status_code == 404


def test_the_command_tries_and_applies(office: Viewer, capsys: pytest.CaptureFixture[str]) -> None:
    opened(office, "old")
    second_version(office)
    mapped(office)
    call_command("migrate-cases", KEY)
    assert "1 of 1 running cases would go over. Nothing was written." in capsys.readouterr().out
    call_command("migrate-cases", KEY, apply=True)
    assert "1 cases went over, 0 stay." in capsys.readouterr().out
