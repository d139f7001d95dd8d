"""A year's appraisal: the formula cannot be changed unseen, values are four-eyed, each unit reads its own result."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import translation
from docx import Document
from python_calamine import CalamineWorkbook
from tests.liandesk import appraisal_world
from tests.liandesk.appraisal_world import BY, PUBLISHER, YEAR
from tests.liandesk.language import assert_language

from liandesk.base.accounts.roles import Viewer, system_viewer
from liandesk.base.audit.models import AuditEvent
from liandesk.base.clock import today
from liandesk.base.definitions import actions as definitions
from liandesk.base.definitions.actions import take_over_packs
from liandesk.base.definitions.queries import in_force
from liandesk.base.errors import Conflict, NotAllowed, NotThere, UserError
from liandesk.base.pack import pack
from liandesk.base.ui.panels import inbox
from liandesk.base.work.actions import NewCase, Step, act, open_case
from liandesk.steer.appraisal import actions, excel, queries, standing
from liandesk.steer.appraisal.actions import Said
from liandesk.steer.appraisal.models import Appraisal, Formula, Given, Result
from liankit.calendars import add_working_days
from liankit.tables import read_table

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
TOWN, OTHER = pack().towns[0].code, pack().towns[1].code


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    take_over_packs(by=BY)
    with translation.override("en"):
        yield


@pytest.fixture
def year() -> Appraisal:
    return appraisal_world.published()


def _changed_definition(**more: Any) -> None:
    """Propose and publish a further version of the scheme, as two people do."""
    standing_one = in_force("appraisal", "annual")
    assert standing_one is not None
    text = yaml.safe_dump({**standing_one.body, **more}, allow_unicode=True)
    made = definitions.propose(by=BY, kind="appraisal", key="annual", text=text, effective_from=today())
    definitions.publish(made.pk, by=PUBLISHER)


def test_a_later_version_of_the_definition_changes_no_year_until_it_is_frozen_with_a_reason(year: Appraisal) -> None:
    before = queries.opened(BY, year.pk, 0)
    _changed_definition(efficacy={"c": 20, "d": 80})
    found = queries.formulas(BY, year.pk)
    assert found.is_outdated
    after = queries.opened(BY, year.pk, 0)
    assert after.groups[0].scored.totals.tolist() == before.groups[0].scored.totals.tolist()
    version = Appraisal.objects.get().version
    with pytest.raises(UserError, match="why the formula changes"):
        actions.freeze_again(year.pk, " ", by=BY, version=version)
    actions.freeze_again(year.pk, "the order of the district", by=BY, version=version)
    newest, oldest = queries.formulas(BY, year.pk).frozen
    assert [(one.where, one.before, one.after) for one in newest.changes] == [
        ("efficacy.c", 40, 20),
        ("efficacy.d", 60, 80),
    ]
    assert (newest.formula.reason, oldest.formula.number) == ("the order of the district", 1)


def test_a_formula_that_was_changed_behind_the_product_is_found_out_and_not_computed_by(year: Appraisal) -> None:
    formula = queries.formula_of(year)
    body = deepcopy(formula.definition.body)
    body["groups"][0]["items"][0]["draws"]["value"]["metric"] = "targets_on_path"  # where it is read from is frozen too
    type(formula.definition).objects.filter(pk=formula.definition_id).update(body=body)
    assert [one.is_intact for one in queries.formulas(BY, year.pk).frozen] == [False]
    with pytest.raises(standing.ChangedUnseen, match="Nothing is computed"):
        queries.opened(BY, year.pk)
    frozen = AuditEvent.objects.get(action="appraisal.freeze")
    assert frozen.details["hash"] == formula.hash, "the sealed log holds the hash beside the database"


@pytest.mark.parametrize("table", [Formula, Given, Result])
def test_no_connection_changes_what_was_frozen_given_or_published(year: Appraisal, table: Any) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        table.objects.filter(appraisal=year).update(appraisal=year)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table._meta.db_table}")


def test_a_formula_belongs_before_its_year_and_is_marked_for_good_where_it_came_late() -> None:
    early, late = actions.start(today().year + 1, by=BY), actions.start(today().year, by=BY)
    assert not queries.formula_of(early).is_late
    assert queries.formula_of(late).is_late
    with pytest.raises(Conflict):
        actions.start(today().year, by=BY)


def test_whoever_gave_values_cannot_publish_them_and_a_stale_page_publishes_nothing() -> None:
    made = actions.start(YEAR, by=BY)
    with pytest.raises(UserError, match="No values"):
        actions.publish(made.pk, by=PUBLISHER, version=0)
    actions.give(made.pk, list(appraisal_world.said_of(made.pk)), by=BY)
    with pytest.raises(NotAllowed, match="another person"):
        actions.publish(made.pk, by=BY, version=1)
    with pytest.raises(Conflict):
        actions.publish(made.pk, by=PUBLISHER, version=0)
    result = actions.publish(made.pk, by=PUBLISHER, version=1)
    assert result.objections_until == add_working_days(today(), 5).on
    with pytest.raises(UserError, match="published again"):
        actions.publish(made.pk, by=PUBLISHER, version=2)
    with pytest.raises(UserError, match="Nothing has changed"):
        actions.publish(made.pk, by=PUBLISHER, version=2, reason="again")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_publish_at_once_one_wins_and_there_is_one_result() -> None:
    made = actions.start(YEAR, by=BY)
    actions.give(made.pk, list(appraisal_world.said_of(made.pk)), by=BY)

    def publish(who: str) -> str:
        try:
            actions.publish(made.pk, by=system_viewer(who), version=1)
        except Conflict:
            return "refused"
        finally:
            connection.close()
        return "published"

    with ThreadPoolExecutor(2) as pool:
        outcome = sorted(pool.map(publish, ("one", "two")))
    assert (outcome, Result.objects.count()) == (["published", "refused"], 1)


def test_a_correction_is_a_further_row_and_the_publication_before_it_stays_as_it_was(year: Appraisal) -> None:
    first = queries.opened(BY, year.pk)
    actions.give(year.pk, [Said("towns", TOWN, "survey_answers", value=70.0, source="recounted")], by=BY)
    assert queries.opened(BY, year.pk).is_newer_given
    appraisal_world.publish(year, "an objection was upheld")
    assert len(queries.history_of(BY, year.pk, TOWN, "survey_answers")) == 2
    again, second = queries.opened(BY, year.pk, 1), queries.opened(BY, year.pk)
    assert again.groups[2].scored.totals.tolist() == first.groups[2].scored.totals.tolist()
    assert again.is_as_published
    assert second.groups[2].scored.totals.tolist() != first.groups[2].scored.totals.tolist()
    assert second.result is not None
    assert second.result.reason == "an objection was upheld"


def test_what_the_formula_does_not_ask_for_is_refused() -> None:
    made = actions.start(YEAR, by=BY)
    for said, why in (
        (Said("town", TOWN, "survey_answers"), "Did you mean 'towns'"),
        (Said("towns", "economy", "survey_answers"), "no unit"),
        (Said("towns", TOWN, "survey_answer"), "Did you mean 'survey_answers'"),
        (Said("towns", TOWN, "survey_answers", value=1.0, goal=2.0), "not measured by a goal"),
    ):
        with pytest.raises(UserError, match=why):
            actions.give(made.pk, [said], by=BY)
    assert Given.objects.count() == 0


def test_a_unit_reads_its_own_result_and_of_the_others_only_how_the_group_lies(
    year: Appraisal, viewer: Callable[[str], Viewer]
) -> None:
    own = queries.of_unit(viewer("TownOfficer"), year.pk, TOWN)
    assert own.rank == 8
    assert own.quartiles is not None
    assert all(line.way is not None for line in own.lines)
    for name, unit in (("TownOfficer", OTHER), ("OtherTown", TOWN), ("Officer", TOWN), ("Enterprise", TOWN)):
        with pytest.raises(UserError) as refused:
            queries.of_unit(viewer(name), year.pk, unit)
        assert isinstance(refused.value, NotThere | NotAllowed)
    zone = queries.of_unit(viewer("Auditor"), year.pk, pack().zones[0].code)
    assert zone.quartiles is None, "three zones: a distribution would tell the others' figures"


def test_an_objection_is_opened_within_its_days_and_judged_by_nobody_who_decided(
    viewer: Callable[[str], Viewer], monkeypatch: pytest.MonkeyPatch
) -> None:
    town, office = viewer("TownOfficer"), viewer("ChainOffice")
    year = appraisal_world.published(by=office)
    lines = [line for line in inbox(town) if str(YEAR) in line.title]
    assert [line.due for line in lines] == [add_working_days(today(), 5).on]
    said = {"against": "survey", "objection_grounds": "three forms were not counted"}
    new = NewCase("objection", "objection", [("objector", "town", TOWN)], said, ("appraised_unit", f"{year.pk}.{TOWN}"))
    case = open_case(new, by=town)
    with pytest.raises(NotAllowed, match="somebody else has to judge"):
        act(case.pk, Step("do", 1, "uphold", data={"uphold_text": "x"}, reason="facts_wrong"), by=office)
    with pytest.raises(NotThere):
        open_case(replace(new, subject=("appraised_unit", f"{year.pk}.{OTHER}")), by=town)
    monkeypatch.setenv("LIANDESK_TODAY", str(add_working_days(today(), 6).on))
    with pytest.raises(UserError, match="were open until"):
        open_case(new, by=town)


def test_the_sheet_goes_out_and_comes_back_with_its_faults_by_row(tmp_path: Path) -> None:
    made = actions.start(YEAR, by=BY)
    path = tmp_path / "values.xlsx"
    excel.write_sheet(path, made)
    scheme = standing.scheme_of(queries.formula_of(made))
    rows = read_table(path, excel.given_table(scheme)).rows
    assert rows.height == sum(len(standing.units_of(group)) * len(group.parts) for group in scheme.groups)
    name = pack().towns[0].text["zh"]
    filled = f"组别,单位,考核项,实绩,目标,依据\n镇街,{name},供应链问卷回收率,88,,回收台账\n"
    filled += f"镇街,{name},供应链问卷回收率,88,90,台账\n部门,{name},年度任务完成率,1,2,台账\n"
    filled += f"镇街,{name},重点项目投资完成率,1,2,\n"
    path = tmp_path / "values.csv"
    path.write_text(filled, encoding="utf-8")
    looked = excel.import_values(made.pk, path, by=BY, is_sure=False)
    assert (looked.written, len(looked.faults), Given.objects.count()) == (1, 3, 0)
    excel.import_values(made.pk, path, by=BY, is_sure=True)
    held = Given.objects.get()
    assert (held.value, held.goal, len(held.sheet)) == (88.0, None, 64)
    assert AuditEvent.objects.filter(action="appraisal.give").count() == 1


@pytest.fixture
def sign_in(cast_client: Callable[[str], Client]) -> SignIn:
    def signed_in(name: str, language: str = "en") -> Client:
        client = cast_client(name)
        client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
        return client

    return signed_in


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_pages_are_readable_in_both_languages(year: Appraisal, sign_in: SignIn, language: str) -> None:
    office, town = sign_in("ChainOffice", language), sign_in("TownOfficer", language)
    _changed_definition(objection_days=7)
    for path in ("", f"{year.pk}", f"{year.pk}?result=0", f"{year.pk}/formula", f"{year.pk}/import"):
        page = office.get(f"/appraisals/{path}")
        assert page.status_code == 200, path
        assert_language(page)
    for path in ("", f"{year.pk}/formula", f"{year.pk}/units/{TOWN}"):
        page = town.get(f"/appraisals/{path}")
        assert page.status_code == 200, path
        assert_language(page)


def test_the_chain_office_freezes_and_the_chain_chief_publishes_on_the_pages(sign_in: SignIn) -> None:
    office, chief = sign_in("ChainOffice"), sign_in("ChainChief")
    assert office.post("/appraisals/", {"year": "1999"}).status_code == 400
    place = office.post("/appraisals/", {"year": str(today().year + 1)}).headers["Location"]
    made = Appraisal.objects.get()
    assert place == f"/appraisals/{made.pk}/formula"
    actions.give(made.pk, list(appraisal_world.said_of(made.pk)), by=BY)
    chief.post(f"/appraisals/{made.pk}/publish", {"version": "1"})
    assert Result.objects.get().published_on == today()
    _changed_definition(objection_days=7)
    office.post(f"/appraisals/{made.pk}/formula", {"version": "2", "reason": "longer"})
    assert queries.formula_of(made).reason == "longer"


def test_the_copies_hold_the_table_and_leave_a_trace(year: Appraisal, sign_in: SignIn) -> None:
    client = sign_in("Auditor")
    book = b"".join(client.get(f"/appraisals/{year.pk}/export/xlsx").streaming_content)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_name("Towns").to_python()
    assert len(rows) == 9
    word = Document(io.BytesIO(b"".join(client.get(f"/appraisals/{year.pk}/export/docx").streaming_content)))
    assert [len(table.rows) for table in word.tables] == [len(pack().offices) + 1, 4, 9]
    assert AuditEvent.objects.filter(action="appraisal.export").count() == 2
    town, place = sign_in("TownOfficer"), f"/appraisals/{year.pk}/units"
    own = b"".join(town.get(f"{place}/{TOWN}/export/xlsx").streaming_content)
    assert len(CalamineWorkbook.from_filelike(io.BytesIO(own)).get_sheet_by_index(1).to_python()) == 11
    paper = Document(io.BytesIO(b"".join(town.get(f"{place}/{TOWN}/export/docx").streaming_content)))
    assert [len(table.rows) for table in paper.tables] == [11]
    told = "\n".join(one.text for one in paper.paragraphs)
    assert "8 / 8" in told
    assert [town.get(f"{place}/{OTHER}/export/{kind}").status_code for kind in ("xlsx", "docx")] == [404, 404]
    assert AuditEvent.objects.filter(action="appraisal.export_unit").count() == 2
    assert client.get(f"/appraisals/{year.pk}/export/pdf").status_code == 400


def test_the_api_says_the_same_as_the_pages(year: Appraisal, sign_in: SignIn) -> None:
    client = sign_in("ChainOffice")
    assert [one["year"] for one in client.get("/api/v1/appraisals").json()] == [YEAR]
    towns = client.get(f"/api/v1/appraisals/{year.pk}").json()[2]["units"]
    assert [row["rank"] for row in towns] == list(range(1, 9))
    own = client.get(f"/api/v1/appraisals/{year.pk}/units/{TOWN}").json()
    assert (own["rank"], date.fromisoformat(own["objections_until"]) > today()) == (8, True)
