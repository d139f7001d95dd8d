"""A restricted case is seen by the persons it names and by nobody else, whichever door they try."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from django.test import Client

from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import Viewer, system_viewer
from liandesk.base.audit.models import AuditEvent
from liandesk.base.errors import NotAllowed, NotThere, UserError
from liandesk.base.teamwork.actions import say, watch
from liandesk.base.teamwork.digest_actions import make_digests
from liandesk.base.teamwork.naming import may_name, name_person, named_people, unname_person
from liandesk.base.teamwork.task_actions import add_task
from liandesk.base.work.actions import NewCase, open_case
from liandesk.base.work.models import Case, CaseEvent
from liandesk.base.work.queries import cases, seen_by

pytestmark = pytest.mark.django_db

DOORS = (
    "/",
    "/search?q=Hush",
    "/api/v1/search?q=Hush",
    "/cases/?show=hand",
    "/cases/?show=open",
    "/cases/export/csv?show=open",
    "/cases/board/instruction",
    "/api/v1/cases",
    "/digest",
    "/chases",
)


@pytest.fixture
def secret(instruction: Case, viewer: Callable[[str], Viewer]) -> Case:
    """An instruction that names its opener and, beside the parties' offices, the review expert."""
    parties = [("issuer", "office", "economy"), ("lead", "office", "market")]
    data = {"task": "Hushed task", "due": "2024-10-31"}
    named = [viewer("Expert").actor]
    new = NewCase("instruction", "Hushed", parties, data, is_restricted=True, named=named)
    return open_case(new, by=viewer("ChainOffice"))


def test_whoever_opened_it_names_more_and_fewer_and_each_leaves_an_event(
    secret: Case, viewer: Callable[[str], Viewer]
) -> None:
    office = viewer("ChainOffice")
    assert {one.name: one.may_go for one in named_people(office, secret)} == {
        "Chain office clerk": False,
        "Review expert": True,
    }
    assert not cases(viewer("Officer")).filter(pk=secret.pk).exists()
    row = name_person(secret.pk, "officer", by=office)
    name_person(secret.pk, "部门专员", by=office)
    assert cases(viewer("Officer")).filter(pk=secret.pk).exists()
    unname_person(secret.pk, row.pk, by=office)
    assert not cases(viewer("Officer")).filter(pk=secret.pk).exists()
    done = AuditEvent.objects.filter(action__in=["case.name", "case.unname"]).values_list("action", flat=True)
    assert sorted(done) == ["case.name", "case.unname"]


def test_both_conditions_let_the_same_cases_through(
    secret: Case, instruction: Case, viewer: Callable[[str], Viewer], cast: dict[str, User]
) -> None:
    """Looked up as a whole, or probed for each: of the restricted case and the public one for everybody."""
    seen = {name: set(cases(viewer(name))) for name in cast}
    assert {frozenset(found) for found in seen.values()} >= {frozenset({secret, instruction}), frozenset()}
    for name, found in seen.items():
        probed = CaseEvent.objects.filter(seen_by(viewer(name), "case")).values_list("case", flat=True)
        assert set(Case.objects.filter(seen_by(viewer(name)))) == found, name
        assert set(probed) == {case.pk for case in found}, name


def test_nobody_else_says_who_sees_it(secret: Case, instruction: Case, viewer: Callable[[str], Viewer]) -> None:
    office, expert = viewer("ChainOffice"), viewer("Expert")
    for by, error in ((expert, NotAllowed), (viewer("Officer"), NotThere), (viewer("ChainChief"), NotThere)):
        with pytest.raises(error):
            name_person(secret.pk, "Officer", by=by)
    for pk in secret.named.values_list("pk", flat=True):
        with pytest.raises(NotAllowed):
            unname_person(secret.pk, pk, by=expert)
    with pytest.raises(UserError, match="stays named"):
        unname_person(secret.pk, secret.named.get(person=office.actor).pk, by=office)
    with pytest.raises(UserError, match="nobody's name"):
        name_person(secret.pk, "nobody", by=office)
    assert not may_name(office, instruction)


def text_of(answer: Any) -> str:
    """Return what an answer says, streamed or not."""
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()


def test_no_door_shows_it_to_those_it_does_not_name(
    secret: Case,
    viewer: Callable[[str], Viewer],
    cast: dict[str, User],
    cast_client: Callable[[str], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two who would see it were it not restricted; one had a task, a mention and a watch while they were named."""
    office = viewer("ChainOffice")
    row = name_person(secret.pk, "Officer", by=office)
    say(secret.pk, "@Officer Hushed", by=office)
    add_task(secret.pk, "Hushed", by=office, who=cast["Officer"])
    watch(secret.pk, by=viewer("Officer"))
    monkeypatch.setenv("LIANDESK_TODAY", "2024-11-04")
    make_digests(by=system_viewer("test"))
    for path in DOORS:
        who = "ChainOffice" if path == "/chases" else "Officer"
        assert "Hushed" in text_of(cast_client(who).get(path)), path
    unname_person(secret.pk, row.pk, by=office)
    for path, name in product(DOORS, ("Officer", "ChainChief")):
        assert "Hushed" not in text_of(cast_client(name).get(path)), (path, name)


def test_people_are_named_in_pages(secret: Case, cast_client: Callable[[str], Client]) -> None:
    office, path = cast_client("ChainOffice"), f"/cases/{secret.pk}/named"
    assert office.post(path, {"account": "Officer"}).status_code == 302
    assert cast_client("Expert").post(path, {"account": "Officer"}).status_code == 403
    row = secret.named.order_by("-id")[0]
    assert cast_client("TownOfficer").post(f"{path}/{row.pk}").status_code == 404
    assert office.post(f"{path}/{row.pk}").status_code == 302
    assert office.post(path, {"account": ""}).status_code == 400
