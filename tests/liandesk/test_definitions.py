"""Definitions: one person proposes, another publishes; what the packs ship is taken over once."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.test import Client
from django.utils import translation

from liandesk.base.accounts.actions import make_cast
from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import Viewer, system_viewer, viewer_of
from liandesk.base.audit.models import AuditEvent
from liandesk.base.clock import today
from liandesk.base.definitions import actions, packs, queries
from liandesk.base.definitions.models import Definition
from liandesk.base.definitions.packs import as_text
from liandesk.base.errors import Conflict, NotAllowed, UserError
from liankit.definitions import digest
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
    assert queries.not_taken_over(packs.shipped()) == []
    assert AuditEvent.objects.filter(action="definition.import").count() == Definition.objects.count()
    Definition.objects.filter(kind="thresholds").delete()
    assert [one.key for one in queries.not_taken_over(packs.shipped())] == ["risk_level"]
    assert actions.take_over_packs(by=BY) == 1


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
    told = client.get(path, headers={"accept-language": "zh-hans"}).content.decode()
    assert "clocks.signing.days" in told and "时限 › 签收时限 › 天数" in told and "<svg" in told
    assert client.post(f"/definitions/versions/{made.pk}/publish").status_code == 302
    assert shipped() == made
    exported = client.get(f"{path}/2.yaml").content.decode()
    assert yaml.safe_load(exported) == made.body


def written(folder: Path, name: str, text: str) -> Path:
    file = folder / "processes" / f"{name}.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return folder


def test_what_is_exported_as_a_pack_comes_back_equal(people: dict[str, User], tmp_path: Path) -> None:
    call_command("definitions", "export", str(tmp_path / "ours"))
    before = {(one.kind, one.key): one.hash for one in queries.all_in_force()}
    call_command("definitions", "check", str(tmp_path / "ours"))
    found = packs.of_folder(tmp_path / "ours")
    assert {(one.kind.code, one.key): digest(one.body) for one in found} == before
    assert actions.take_over(found, by=BY) == 0
    Definition.objects.all().delete()
    call_command("definitions", "import", str(tmp_path / "ours"))
    assert {(one.kind, one.key): one.hash for one in queries.all_in_force()} == before
    with pytest.raises(UserError, match="nowhere"):
        packs.of_folder(tmp_path / "nowhere")


PROVINCE = "clocks: [{ key: signing, days: 2, source: 省里通知 }]"
DISTRICT = """
title: { zh: 区交办, en: District instruction }
clocks: [{ key: signing, days: 1 }, { key: answering, remove: true }]
"""


def three_levels(folder: Path, district: str = DISTRICT) -> list[packs.Shipped]:
    """Return what cn, a province and a district together say of the instruction."""
    country = written(folder / "cn", "instruction", as_text(shipped()))
    province = written(folder / "zhejiang", "instruction", PROVINCE)
    last = written(folder / "linping_biomed", "instruction", district)
    return packs.joined((one.name, one) for one in (country, province, last))


def test_three_packs_extend_one_another_part_by_part(people: dict[str, User], tmp_path: Path) -> None:
    (found,) = three_levels(tmp_path)
    clocks = {clock["key"]: clock for clock in found.body["clocks"]}
    assert found.body["title"]["zh"] == "区交办" and "answering" not in clocks
    assert (clocks["signing"]["days"], clocks["signing"]["source"]) == (1, "省里通知")
    assert (found.pack, found.file) == ("linping_biomed", "linping_biomed/processes/instruction.yaml")
    assert len(found.body["stages"]) == len(shipped().body["stages"])


@pytest.mark.parametrize(
    ("district", "said"),
    [
        ("stages: [{ key: issued, lead: laed }]", "stages.issued.lead: there is no role 'laed'. Did you mean 'lead'?"),
        ("clock: []", "clock: nobody reads a key of this name. Did you mean 'clocks'?"),
        ("key: instructions", "its key is 'instructions', it stands under 'instruction'"),
        ("a: [", "this is no YAML"),
    ],
)
def test_a_mistake_in_a_pack_names_its_file_the_key_and_the_nearest_name(
    people: dict[str, User], tmp_path: Path, district: str, said: str
) -> None:
    with translation.override("en"), pytest.raises((UserError, KitError)) as refused:
        three_levels(tmp_path, district)
    assert str(refused.value).startswith("linping_biomed/processes/instruction.yaml: ") and said in str(refused.value)
