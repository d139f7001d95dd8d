"""Texts of plans: sent, read, reviewed, read again, drafted; who may do what, and the pages."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation
from tests.liandesk.language import assert_language
from tests.liandesk.texts_world import BY, TEXT, key_of, sent

from liandesk.base.accounts.actions import make_cast
from liandesk.base.accounts.roles import viewer_of
from liandesk.base.audit.models import AuditEvent
from liandesk.base.definitions import actions as definitions
from liandesk.base.definitions.actions import take_over
from liandesk.base.definitions.packs import shipped
from liandesk.base.errors import Conflict, NotAllowed, NotThere, UserError
from liandesk.base.jobs.models import Job
from liandesk.base.snapshots import store
from liandesk.base.ui.panels import inbox, search
from liandesk.demo.texts import read_next_plan
from liandesk.steer.texts import actions, parses, queries, shown
from liandesk.steer.texts.models import Correction, Parse, PlanText
from liandesk.steer.texts.reviews import PLAN_KINDS, Review, review_of
from liankit.definitions import differences
from liankit.plan.model import KIND, build_plan

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def text() -> PlanText:
    return sent()


def _review(text: PlanText) -> Review:
    return review_of(PlanText.objects.get(pk=text.pk))


def _read_as(text: PlanText, rows: list[dict[str, Any]], content: str = "", parser: str = "next") -> None:
    """Let a later version of the parser have found other rows, or in another text."""
    last = text.parses.all()[0]
    found = store.put_bytes(json.dumps(rows).encode())
    read = store.put_bytes(content.encode()) if content else last.content
    Parse.objects.create(text=text, parser=parser, content=read, found=found, signs=1, counts={}, at=last.at)


def _rows(text: PlanText) -> list[dict[str, Any]]:
    return [dict(one.row) for one in _review(text).found]


def _accept_all(text: PlanText) -> None:
    for one in _review(text).found:
        actions.accept(text.pk, one.key, by=BY, version=0)


def test_a_text_is_read_by_a_job_and_every_stretch_is_where_it_says(text: PlanText) -> None:
    review = _review(text)
    assert (text.state, text.undecided) == ("read", 7)
    assert all(review.content[one.row["start"] : one.row["end"]] == one.row["text"] for one in review.found)
    assert "".join(piece.text for piece in shown.pieces(review)) == review.content == TEXT
    assert Job.objects.get(pk=text.job).params == {"text": text.pk}


def test_what_cannot_be_read_says_so_and_waits_in_the_inbox() -> None:
    made = actions.send(by=BY, plan="bad", title="Bad", name="empty.txt", content=b" \n")
    parses.run(Job.objects.get(pk=made.job))
    made.refresh_from_db()
    assert (made.state, bool(made.error)) == ("failed", True)
    assert any("empty.txt" in line.title for line in inbox(BY))
    with pytest.raises(UserError, match="forms are read"):
        actions.send(by=BY, plan="bad", title="Bad", name="bad.exe", content=b"MZ")
    with pytest.raises(UserError, match="at most"):
        actions.send(by=BY, plan="bad", title="Bad", name="bad.txt", content=b"")


def test_the_same_file_is_kept_once_a_plan(text: PlanText) -> None:
    with pytest.raises(Conflict):
        sent()
    assert sent(plan="another").blob == text.blob


def test_of_two_who_decide_about_one_place_the_first_wins_and_the_second_is_told(text: PlanText) -> None:
    key = key_of(_review(text), "target")
    actions.correct(text.pk, key, {"value": 9.0}, by=BY, version=0)
    with pytest.raises(Conflict):
        actions.reject(text.pk, key, by=BY, version=0)
    found = _review(text).one(key)
    assert found is not None
    assert (found.verdict, found.get("value"), found.row["value"]) == ("corrected", 9.0, 8.0)


def test_each_decision_is_one_event_and_what_is_said_as_found_is_no_correction(text: PlanText) -> None:
    key = key_of(_review(text), "target")
    before = AuditEvent.objects.count()
    held = actions.correct(text.pk, key, {"value": 8.0, "unit": "家"}, by=BY, version=0)
    assert (held.verdict, held.said, AuditEvent.objects.count() - before) == ("accepted", {}, 1)
    actions.reopen(text.pk, key, by=BY, version=held.version)
    assert (Correction.objects.count(), PlanText.objects.get(pk=text.pk).undecided) == (0, text.undecided)


def test_decisions_hold_when_the_text_is_read_again_elsewhere_in_other_spaces(text: PlanText) -> None:
    review = _review(text)
    unit, target = key_of(review, "unit", 1), key_of(review, "target")
    actions.correct(text.pk, unit, {"role": "lead"}, by=BY, version=0)
    actions.correct(text.pk, target, {"value": 9.0}, by=BY, version=0)
    moved = "新的前言一段。\n" + review.content
    shift = len("新的前言一段。\n")
    rows = [{**row, "start": row["start"] + shift, "end": row["end"] + shift} for row in _rows(text)]
    _read_as(text, rows, moved)
    said = {one.row["text"]: dict(one.said) for one in _review(text).found if one.said}
    assert list(said.values()) == [{"value": 9.0}, {"role": "lead"}]
    assert _review(text).orphans == ()


def test_a_decision_whose_place_is_gone_is_shown_apart_until_somebody_forgets_it(text: PlanText) -> None:
    key = key_of(_review(text), "target")
    actions.correct(text.pk, key, {"value": 9.0}, by=BY, version=0)
    _read_as(text, [row for row in _rows(text) if row["kind"] != "target"])
    (orphan,) = _review(text).orphans
    assert orphan.said == {"value": 9.0}
    with pytest.raises(NotThere):
        actions.accept(text.pk, key, by=BY, version=0)
    actions.drop_orphan(text.pk, orphan.pk, by=BY)
    assert _review(text).orphans == ()


def test_a_newer_parser_shows_what_it_changed(text: PlanText) -> None:
    assert queries.changes(BY, text.pk) is None
    _read_as(text, [{**row, "value": 80.0} if row["kind"] == "target" else row for row in _rows(text)])
    found = queries.changes(BY, text.pk)
    assert found is not None
    assert [(line.kind, dict(line.fields)) for line in found.lines] == [("changed", {"value": (8.0, 80.0)})]


def test_two_that_are_one_are_joined_and_taken_apart_again(text: PlanText) -> None:
    review = _review(text)
    first, second = key_of(review, "measure", 0), key_of(review, "measure", 1)
    actions.merge(text.pk, second, first, by=BY, version=0)
    kept, joined = _review(text).one(first), _review(text).one(second)
    assert kept is not None and joined is not None
    assert (kept.verdict, joined.verdict, joined.into) == ("corrected", "merged", first)
    assert kept.wording == review.one(first).wording + review.one(second).wording  # type: ignore[union-attr]
    with pytest.raises(UserError, match="same kind"):
        actions.merge(text.pk, first, key_of(review, "target"), by=BY, version=1)
    actions.reopen(text.pk, first, by=BY, version=1)
    assert [_review(text).one(key).verdict for key in (first, second)] == ["open", "open"]  # type: ignore[union-attr]


def test_a_programme_is_accepted_with_what_belongs_to_it_in_one_event(text: PlanText) -> None:
    before = AuditEvent.objects.count()
    programme = key_of(_review(text), "programme")
    assert actions.accept_below(text.pk, programme, by=BY) == 6
    assert AuditEvent.objects.count() - before == 1
    assert actions.accept_below(text.pk, programme, by=BY) == 0


def test_a_reviewed_text_becomes_a_plan_that_a_second_person_publishes(text: PlanText) -> None:
    people = make_cast(by=BY)
    office, chief = viewer_of(people["ChainOffice"]), viewer_of(people["ChainChief"])
    _accept_all(text)
    found = queries.drafted(office, "sample")
    build_plan(found.draft.body, "sample")
    made = actions.propose_plan("sample", by=office, effective_from=date(2024, 1, 1))
    with pytest.raises(NotAllowed):
        definitions.publish(made.pk, by=office)
    definitions.publish(made.pk, by=chief)
    again = queries.drafted(office, "sample")
    assert again.standing is not None
    assert again.draft.body == again.standing.body


def test_the_demo_has_a_synthetic_text_half_reviewed_and_only_one() -> None:
    people = make_cast(by=BY)
    waiting = read_next_plan(people)
    (found,) = PlanText.objects.all()
    assert (found.is_synthetic, found.state) == (True, "read")
    assert 0 < waiting < len([one for one in _review(found).found if one.kind in PLAN_KINDS])
    assert read_next_plan(people) == waiting
    build_plan(queries.drafted(BY, "next_plan").draft.body, "next_plan")


def test_who_may_not_review_sees_and_changes_nothing(text: PlanText) -> None:
    people = make_cast(by=BY, organisations={"Enterprise": "enterprise-one"})
    key = key_of(_review(text), "target")
    with pytest.raises(NotAllowed):
        actions.accept(text.pk, key, by=viewer_of(people["Officer"]), version=0)
    enterprise = viewer_of(people["Enterprise"])
    with pytest.raises(NotThere):
        queries.review(enterprise, text.pk)
    assert list(search(enterprise, "plan.txt")) == []
    assert [hit.title for hit in search(viewer_of(people["Officer"]), "plan.txt")] == ["plan.txt"]


def test_the_page_shows_each_stretch_with_a_way_to_what_was_found_and_back(cast_client: SignIn, text: PlanText) -> None:
    client = cast_client("ChainOffice")
    page = client.get(f"/plan-texts/{text.pk}").content.decode()
    for one in _review(text).found:
        if one.kind in ("programme", "target", "measure", "unit"):
            assert page.count(f'id="text-{one.key}"') == page.count(f'id="found-{one.key}"') == 1
            assert f'href="#text-{one.key}"' in page


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_speaks_one_language(cast_client: SignIn, text: PlanText, language: str) -> None:
    client = cast_client("ChainOffice")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    key = key_of(_review(text), "target")
    actions.correct(text.pk, key, {"value": 9.0}, by=BY, version=0)
    _read_as(text, [row for row in _rows(text) if row["kind"] != "target"])
    unit = key_of(_review(text), "unit")
    pages = ("", "new", f"{text.pk}", f"{text.pk}/changes", f"{text.pk}/found/{unit}", "plans/sample/draft")
    for page in pages:
        answer = client.get(f"/plan-texts/{page}")
        assert answer.status_code == 200, page
        assert_language(answer)


def test_a_form_sent_from_an_old_page_changes_nothing_and_says_so(cast_client: SignIn, text: PlanText) -> None:
    key = key_of(_review(text), "target")
    client = cast_client("ChainOffice")
    url = f"/plan-texts/{text.pk}/found/{key}"
    form = {"version": "0", "kind": "target", "wording": "八家", "comparator": ">=", "value": "9", "unit": "家"}
    form |= {"deadline": "2025-12-31", "counting": "cumulative", "commitment": "plain", "binding": "unstated"}
    assert client.post(url, form).status_code == 302
    assert client.post(url, {**form, "value": "10"}).status_code == 409
    assert client.post(f"{url}/decide", {"do": "accept", "version": "0"}).status_code == 409
    assert _review(text).one(key).get("value") == 9.0  # type: ignore[union-attr]


def test_a_file_is_sent_by_the_browser_and_its_draft_proposed(cast_client: SignIn) -> None:
    client = cast_client("ChainOffice")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    said = {"plan": "", "key": "fresh", "title": "新规划", "period_from": "2021-01-01", "period_to": "2025-12-31"}
    assert client.post("/plan-texts/new", {"file": SimpleUploadedFile("a.txt", TEXT.encode())}).status_code == 400
    answer = client.post("/plan-texts/new", {**said, "file": SimpleUploadedFile("a.txt", TEXT.encode())})
    made = PlanText.objects.get(plan="fresh")
    assert answer["Location"] == f"/plan-texts/{made.pk}"
    assert "The worker reads this text" in client.get(answer["Location"]).content.decode()
    parses.run(Job.objects.get(pk=made.job))
    _accept_all(made)
    page = client.get("/plan-texts/plans/fresh/draft")
    assert yaml.safe_load(page.context["text"])["key"] == "fresh"
    answer = client.post(
        "/plan-texts/plans/fresh/draft", {"text": page.context["text"], "effective_from": "2024-01-01"}
    )
    assert answer["Location"] == "/definitions/plan/fresh"
    assert json.loads(client.get(f"/plan-texts/{made.pk}/found.json").content)[0]["verdict"] == "accepted"


def test_the_real_fragments_confirm_the_plan_of_the_pack(real_data: Path) -> None:
    """What is accepted of them moves no number, unit or office of the pack's plan; read again, it stays accepted."""
    (ours,) = (one for one in shipped() if one.kind.code == KIND)
    take_over([ours], by=BY)
    for name in ("linping-plan-a.txt", "linping-plan-b.txt"):
        content = (real_data.parent / "plans" / name).read_text("utf-8")
        text = sent(content, name, plan=ours.key)
        for one in _review(text).found:
            if one.kind == "programme":
                actions.accept_below(text.pk, one.key, by=BY)
        accepted = [one.key for one in _review(text).found if one.is_kept]
        _read_as(text, _rows(text)[::-1])
        assert sorted(one.key for one in _review(text).found if one.is_kept) == sorted(accepted)
    found = queries.drafted(BY, ours.key)
    assert differences(ours.body, found.draft.body) == []
