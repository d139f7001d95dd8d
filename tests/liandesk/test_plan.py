"""The plan's pages: the tree, programmes, offices with their cases, coverage; who sees them; copies; the command."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from docx import Document
from python_calamine import CalamineWorkbook

from liandesk.base.accounts.roles import Viewer, system_viewer
from liandesk.base.definitions import actions as definitions
from liandesk.base.definitions.actions import take_over_packs
from liandesk.base.definitions.packs import as_text
from liandesk.base.definitions.queries import in_force
from liandesk.base.errors import NotAllowed
from liandesk.base.pack import pack
from liandesk.base.ui import panels
from liandesk.base.work.actions import NewCase, open_case
from liandesk.steer.plan import lights, queries
from liandesk.steer.plan.executors import executing
from liankit.errors import UserError as KitError
from liankit.plan.lint import lint_plan

pytestmark = pytest.mark.django_db
BY = system_viewer("test")
KEY = "linping_biomed_2025"
Viewers = Callable[[str], Viewer]
Clients = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _in_force(in_english: None) -> None:
    take_over_packs(by=BY)


def _page(client: Client, path: str) -> str:
    answer = client.get(path, headers={"accept-language": "en"})
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_the_tree_shows_every_programme_the_missing_ones_as_missing(cast_client: Clients) -> None:
    said = _page(cast_client("ChainOffice"), "/plan/")
    for title in ("Enterprises listed at home and abroad", "Precise international co-operation along the chain"):
        assert title in said
    assert said.count("not in the text") == 2
    assert said.count("only in part") == 11  # one programme, ten chapters outside the programmes
    assert "at least 5 companies" in said and "at least 100 projects" in said
    assert "Not known" in said  # no light was computed


def test_a_programme_shows_its_owners_targets_and_what_executes_its_measures(cast_client: Clients) -> None:
    said = _page(cast_client("Officer"), "/plan/programmes/cooperation")
    assert "presumed to lead" in said
    assert 'href="/risks/"' in said and 'href="/backups/"' in said  # the two lists that the plan asks for
    assert "/definitions/process/risk_entry" in said
    assert 'href="/interventions/"' not in said  # the register is no page of a bureau
    assert "The plan gives no number here" in said


def test_an_unknown_baseline_stays_unknown(cast_client: Clients) -> None:
    said = _page(cast_client("ChainOffice"), "/plan/targets/listing.listed_companies")
    baseline = said.split("Baseline</dt>")[1].split("</dd>")[0]
    assert "unknown" in baseline and "0 companies" not in baseline


@pytest.mark.parametrize("path", ["programmes/none", "targets/listing.none", "measures/none", "offices/none"])
def test_what_the_plan_does_not_have_is_not_found(path: str, cast_client: Clients) -> None:
    assert cast_client("ChainOffice").get(f"/plan/{path}").status_code == 404


def test_nobody_outside_the_administration_reads_the_plans_pages(cast_client: Clients, viewer: Viewers) -> None:
    for name in ("Enterprise", "Hospital", "Bank", "Expert", "Outsider"):
        assert queries.plan(viewer(name)) is None and queries.target(viewer(name), "listing.listed_companies") is None
        assert cast_client(name).get("/plan/").status_code == 403, name
        hits = panels.search(viewer(name), "listed companies")
        assert not [hit for hit in hits if hit.url.startswith("/plan/")], name  # experts read what they may rate
    for name in ("Officer", "TownOfficer"):
        assert cast_client(name).get("/plan/").status_code == 200
        assert cast_client(name).get("/plan/coverage").status_code == 403
        with pytest.raises(NotAllowed):
            queries.findings(viewer(name))


def test_a_case_about_a_measure_is_on_the_pages_of_the_measure_its_programme_and_its_office(
    cast_client: Clients, viewer: Viewers
) -> None:
    parties = [("issuer", "office", "economy"), ("lead", "office", "market")]
    new = NewCase("instruction", "Advise the candidates", parties, {"task": "x", "due": "2024-10-31"})
    open_case(NewCase(**{**vars(new), "subject": ("measure", "listing.candidates")}), by=viewer("ChainOffice"))
    client = cast_client("ChainOffice")
    for path in ("measures/listing.candidates", "programmes/listing", "offices/market"):
        assert "Advise the candidates" in _page(client, f"/plan/{path}"), path
    assert "Advise the candidates" not in _page(client, "/plan/programmes/brands")


def test_one_office_is_found_by_its_old_name_and_by_either_nameplate(viewer: Viewers) -> None:
    for name in ("知识产权局", "市场监督管理局", "工商局"):
        hits = [item.url for item in panels.search(viewer("ChainOffice"), name)]
        assert hits == ["/plan/offices/market"], name


def test_an_office_is_called_by_a_name_only_while_it_holds() -> None:
    office = next(one for one in pack().offices if one.code == "market")
    (alias,) = [one for one in office.aliases if one.until]
    assert alias.until is not None
    assert alias.name in office.names(alias.until)
    assert alias.name not in office.names(alias.until.replace(year=alias.until.year + 1))
    assert set(office.nameplates) <= set(office.names())


def test_the_coverage_page_says_what_nothing_executes_and_who_answers_for_nothing(cast_client: Clients) -> None:
    said = _page(cast_client("ChainOffice"), "/plan/coverage")
    assert "Nothing executes this duty" in said and said.count("No office answers for it") == 1  # once, with its places
    assert "waits to be confirmed: Bureau of Economy and Science" in said
    found = queries.findings(BY)
    assert [one for one in found if one.severity == "fault"] == []
    assert {one.where for one in found if one.code == "plan_programme_missing"} == {"missing_4", "missing_5"}


def test_a_measure_bound_to_what_was_taken_away_is_a_dead_binding() -> None:
    found = queries.plan(BY)
    assert found is not None
    body = found.model_dump(mode="json", by_alias=True)
    body["programmes"][5]["measures"][0]["executes"] = [{"kind": "list", "key": "risk"}]
    (fault, *_) = lint_plan(type(found).model_validate(body), executing().here)
    assert (fault.code, fault.where, fault.params["meant"]) == (
        "plan_misspelt_binding",
        "cooperation.risk_lists",
        "risks",
    )


def test_a_plan_that_names_an_unknown_office_is_not_proposed(viewer: Viewers) -> None:
    held = in_force("plan", KEY)
    assert held is not None
    wrong = as_text(held).replace("office: insurance", "office: insurence")
    with pytest.raises(KitError, match="Did you mean 'insurance'"):
        definitions.propose(
            kind="plan", key=KEY, text=wrong, effective_from=held.effective_from, by=viewer("ChainOffice")
        )


def test_a_light_that_an_app_registers_stands_beside_its_target(
    cast_client: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    red = lights.Light("red", reported="green", url="/somewhere")
    monkeypatch.setattr(lights, "LIGHTS", [lambda _viewer, ids: {"listing.listed_companies": red}])
    said = _page(cast_client("ChainChief"), "/plan/")
    assert "light-red is-computed" in said and "light-green is-reported" in said and 'href="/somewhere"' in said
    assert "light-grey" in said  # the other target


def test_the_table_of_programmes_and_units_comes_as_word_and_excel(cast_client: Clients) -> None:
    client = cast_client("ChainOffice")
    word = Document(BytesIO(b"".join(client.get("/plan/export/docx")))).tables[0]
    assert len(word.rows) == 18
    book = CalamineWorkbook.from_filelike(
        BytesIO(b"".join(client.get("/plan/export/xlsx", headers={"accept-language": "en"})))
    )
    rows = [str(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names]
    assert any("Enterprises listed at home" in sheet for sheet in rows)
    assert client.get("/plan/export/pdf").status_code == 400


def test_the_api_gives_the_plan_its_clauses_and_findings(cast_client: Clients) -> None:
    client = cast_client("ChainOffice")
    assert client.get("/api/v1/plan").json()["key"] == KEY
    clauses = client.get("/api/v1/plan/clauses").json()
    assert {clause["kind"] for clause in clauses} == {"target", "measure", "duty"}
    assert len({clause["id"] for clause in clauses}) == len(clauses)
    assert {one["severity"] for one in client.get("/api/v1/plan/findings").json()} <= {"fault", "gap"}


def test_the_command_fails_on_a_fault_only(tmp_path, capsys: pytest.CaptureFixture[str]) -> None:  # type: ignore[no-untyped-def]
    held = in_force("plan", KEY)
    assert held is not None
    file = tmp_path / "plan.yaml"
    text = as_text(held).replace("indicator: listed_companies", "indicator: null")
    file.write_text(text.replace("indicator: conversion_projects", "indicator: null"), encoding="utf-8")
    call_command("plan", "lint", str(file))
    with pytest.raises(CommandError):
        call_command("plan", "lint", str(file), "--strict")
    file.write_text(as_text(held).replace("key: risk_entry", "key: risk_antry"), encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("plan", "lint", str(file))
