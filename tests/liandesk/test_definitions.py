"""Definitions: one person proposes, another publishes; what the packs ship is taken over once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import yaml
from django.test import Client
from django.utils import translation

from liandesk.base.accounts.actions import make_cast
from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import Viewer, system_viewer, viewer_of
from liandesk.base.audit.models import AuditEvent
from liandesk.base.clock import today
from liandesk.base.definitions import actions, queries
from liandesk.base.definitions.models import Definition
from liandesk.base.definitions.views import as_text
from liandesk.base.errors import Conflict, NotAllowed, UserError
from liankit.errors import UserError as KitError

BY = system_viewer("test")
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> dict[str, User]:
    with translation.override("en"):
        actions.take_over_packs(by=BY)
    return make_cast(by=BY)


@pytest.fixture
def officer(people: dict[str, User]) -> Viewer:
    return viewer_of(people["Officer"])


@pytest.fixture
def office(people: dict[str, User]) -> Viewer:
    return viewer_of(people["ChainOffice"])


def shipped() -> Definition:
    found = queries.in_force("process", "instruction")
    assert found is not None
    return found


def changed_text() -> str:
    body = shipped().body
    signing = next(clock for clock in body["clocks"] if clock["key"] == "signing")
    signing |= {"days": 2, "source": "district office notice"}
    return yaml.safe_dump(body, allow_unicode=True)


def propose(by: Viewer, text: str | None = None, effective_from: date | None = None) -> Definition:
    said = {"kind": "process", "key": "instruction", "text": text or changed_text()}
    return actions.propose(by=by, effective_from=effective_from or today(), **said)


def test_what_the_packs_ship_is_taken_over_once(people: dict[str, User]) -> None:
    assert shipped().version == 1 and shipped().origin == "cn"
    assert actions.take_over_packs(by=BY) == 0
    assert AuditEvent.objects.filter(action="definition.import").count() == Definition.objects.count()


def test_a_version_is_in_force_only_when_another_person_published_it(officer: Viewer, office: Viewer) -> None:
    made = propose(officer)
    assert shipped().version == 1
    with pytest.raises(NotAllowed):
        actions.publish(made.pk, by=officer)
    actions.publish(made.pk, by=office)
    assert shipped() == made
    first = Definition.objects.get(key="instruction", version=1)
    actions.publish(propose(office, as_text(first), today() + timedelta(30)).pk, by=BY)
    assert shipped() == made  # the third one is not in force yet


def test_who_proposed_it_cannot_publish_it(office: Viewer) -> None:
    with pytest.raises(NotAllowed, match=r"cannot publish|另一|他人"):
        actions.publish(propose(office).pk, by=office)


def test_a_text_with_mistakes_or_without_a_change_writes_nothing(officer: Viewer) -> None:
    for wrong, said in [("a: [", "YAML"), (changed_text().replace("lead: lead", "lead: laed"), "Did you mean 'lead'")]:
        with pytest.raises((UserError, KitError), match=said):
            propose(officer, wrong)
    with pytest.raises(UserError):
        propose(officer, as_text(shipped()))
    assert Definition.objects.filter(key="instruction").count() == 1


def test_what_a_version_changed_is_said_part_by_part(officer: Viewer) -> None:
    made = propose(officer)
    found = {change.where: (change.before, change.after) for change in queries.changes(officer, made)}
    assert found == {"clocks.signing.days": (None, 2), "clocks.signing.source": (None, "district office notice")}


def test_a_proposal_is_answered_once(officer: Viewer, office: Viewer) -> None:
    made = propose(officer)
    actions.withdraw(made.pk, by=officer)
    with pytest.raises(Conflict):
        actions.publish(made.pk, by=office)
    assert propose(officer).version == 3


def test_the_pages_propose_publish_and_wait_in_the_inbox(people: dict[str, User], client: Client) -> None:
    client.force_login(people["Officer"], backend=BACKEND)
    form: dict[str, Any] = {"text": changed_text(), "effective_from": today().isoformat()}
    path = "/definitions/process/instruction"
    assert client.post(f"{path}/propose", {**form, "text": "a: ["}).status_code == 400
    assert client.post(f"{path}/propose", form).status_code == 302
    made = Definition.objects.get(version=2)
    assert client.post(f"/definitions/versions/{made.pk}/publish").status_code == 403
    client.force_login(people["ChainOffice"], backend=BACKEND)
    assert path in client.get("/").content.decode()
    assert "clocks.signing.days" in client.get(path).content.decode()
    assert client.post(f"/definitions/versions/{made.pk}/publish").status_code == 302
    assert shipped() == made
    exported = client.get(f"{path}/2.yaml").content.decode()
    assert yaml.safe_load(exported) == made.body
