"""A deal agreed, then its switch proven: the entry, its indicator and an appraisal move each at its own moment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from django.test import Client
from tests.liandesk.language import assert_language
from tests.liandesk.lists_world import BY, ENTERPRISE, OFFICE, ONE, ONE_RESIN, english, viewer
from tests.liandesk.test_list_levels import publish_levelled

from liandesk.act.deals import insiders, queries
from liandesk.act.deals.models import Deal
from liandesk.assess.lists import actions as lists
from liandesk.assess.lists.levels import shown_level
from liandesk.assess.lists.life import case_of
from liandesk.assess.lists.models import EntryEvent, ListEntry
from liandesk.base.accounts.actions import make_cast
from liandesk.base.accounts.models import User
from liandesk.base.accounts.queries import names_of
from liandesk.base.accounts.roles import Role, ScopeKind, Viewer, system_viewer, viewer_of
from liandesk.base.audit.models import AuditEvent
from liandesk.base.clock import today
from liandesk.base.definitions import actions as definitions
from liandesk.base.definitions.queries import in_force
from liandesk.base.errors import NotAllowed, NotThere, UserError
from liandesk.base.metrics import METRICS
from liandesk.base.snapshots import store
from liandesk.base.teamwork.naming import name_person, unname_person
from liandesk.base.ui.panels import panels
from liandesk.base.work.actions import IllegalStep, NewCase, Step, act, open_case
from liandesk.base.work.excel import new_table
from liandesk.base.work.excel_actions import import_cases
from liandesk.base.work.models import Case
from liandesk.base.work.queries import process_of
from liandesk.steer.appraisal import actions as appraisals
from liandesk.steer.appraisal import drawing
from liandesk.steer.indicators import queries as indicators
from liandesk.steer.indicators.jobs import compute_now
from liankit.tables.write import Sheet, write_workbook

__all__ = ["english"]
pytestmark = pytest.mark.django_db

SECOND = viewer(Role.CHAIN_OFFICE, ScopeKind.OFFICE, "economy", 1012)
CLOSED_ON, FROM, PROVEN_ON, LATER = "2024-09-30", "2024-10-15", "2024-11-01", "2024-12-31"


@pytest.fixture(autouse=True)
def world(db: None, english: None) -> None:
    """A levelled list, on which the resin of the first enterprise stands as red, admitted."""
    definitions.take_over_packs(by=BY)
    publish_levelled()
    lists.admit(ONE_RESIN, by=OFFICE, version=0)


def entry() -> ListEntry:
    return ListEntry.objects.get(pk=ONE_RESIN)


def new(by: Viewer = OFFICE, title: str = "耐碱填料合资", **more: Any) -> Case:
    parties = [("lead", "office", "economy"), ("enterprise", "organisation", ONE)]
    data = {"deal_kind": "joint_venture", "switch_by": "second_source", "matter": "与国内厂商合资"}
    made: dict[str, Any] = {"subject": ("entry", ONE_RESIN)} | more
    return open_case(NewCase("deal", title, parties, data, **made), by=by)


def do(case: Case, name: str, by: Viewer = OFFICE, kind: Any = "do", reason: str = "", **data: Any) -> Case:
    return act(case.pk, Step(kind, Case.objects.get(pk=case.pk).events_count, name, data, reason), by=by)


def prove(case: Case, kind: str, by: Viewer = OFFICE) -> Case:
    return do(case, kind, by, "prove", hash=store.put_bytes(b"%PDF"), title=kind)


def signed(case: Case, by: Viewer = OFFICE) -> Case:
    do(case, "contact", by, partner="甲厂", partner_country="CN")
    prove(case, "confidentiality", by)
    do(case, "agree_confidentiality", by)
    do(case, "start_diligence", by)
    do(case, "negotiate", by, diligence_text="可行", approval_needed="none")
    prove(case, "agreement", by)
    return do(case, "sign", by, signed_on="2024-09-20")


def closed(case: Case, by: Viewer = OFFICE, second: Viewer = SECOND) -> Case:
    do(case, "close", by, measure="合资工厂供货", effective_from=FROM)
    return do(case, "close", second, "approve")


def proven(case: Case, by: Viewer = OFFICE, second: Viewer = SECOND) -> Case:
    prove(case, "switch", by)
    do(case, "prove_switch", by, switched_by="second_source", effect_text="三批合格")
    return do(case, "prove_switch", second, "approve")


def count(name: str, **by: Any) -> tuple[float | None, tuple[str, ...]]:
    (found,) = METRICS[name](today(), by=by.get("by", "none"), of=())
    return found.value, found.ids


def an_appraisal_that_rests_on_it() -> int:
    """Freeze a formula in which the bureaus' evidence is the share of their risks with a measure, by the indicator."""
    standing = in_force("appraisal", "annual")
    assert standing is not None
    body = {**standing.body, "title": {"zh": "按措施", "en": "By measures"}}
    offices = body["groups"][0]
    item = next(one for one in offices["items"] if one["key"] == "evidence_checked")
    item["draws"] = {"value": {"indicator": "entries_with_measure", "times": 100}}
    made = definitions.propose(
        by=BY, kind="appraisal", key="annual", text=yaml.safe_dump(body, allow_unicode=True), effective_from=today()
    )
    definitions.publish(made.pk, by=system_viewer("publisher"))
    return appraisals.start(today().year, by=BY).pk


def drawn(year: int) -> tuple[float | None, list[str]]:
    found = next(one for one in drawing.draws(BY, year) if (one.unit, one.item.key) == ("economy", "evidence_checked"))
    return found.numbers["value"], found.drawn["value"]["ids"]


def indicator(key: str) -> float | None:
    return indicators.values(OFFICE, key)[-1].value


def test_entry_indicator_and_appraisal_move_each_at_its_moment_and_say_why(monkeypatch: pytest.MonkeyPatch) -> None:
    year = an_appraisal_that_rests_on_it()
    assert count("deals_closed") == (None, ()), "before any deal was opened nothing is known"
    case = signed(new())
    do(case, "close", measure="合资工厂供货", effective_from=FROM)
    assert entry().agreed_from is None and count("deals_closed") == (0, ()), "one person proposes; nothing moves"
    do(case, "close", SECOND, "approve")
    assert (entry().agreed_from, entry().measure) == (date(2024, 10, 15), "合资工厂供货")
    assert shown_level(entry()) == "red", "what is agreed moves no level"
    assert count("deals_closed") == (1, (str(case.pk),))
    assert (count("entries_with_measure"), drawn(year)) == ((0.0, ()), (0.0, []))

    monkeypatch.setenv("LIANDESK_TODAY", FROM)
    assert count("entries_with_measure") == (1.0, (ONE_RESIN,)) and drawn(year) == (100.0, [ONE_RESIN])
    compute_now()
    assert [indicator(key) for key in ("entries_with_measure", "cooperation_deals")] == [1, 1]

    monkeypatch.setenv("LIANDESK_TODAY", PROVEN_ON)
    proven(case)
    assert (entry().evidence_kind, entry().evidenced_on) == ("second_source", date(2024, 11, 1))
    assert shown_level(entry()) == "blue" and count("switches_evidenced") == (1, (str(case.pk),))
    deal = Deal.objects.get()
    assert (deal.level_before, deal.level_after, deal.evidence) == ("red", "blue", "proven")
    told = [(event.action, event.reason) for event in EntryEvent.objects.exclude(reason="").order_by("pk")]
    assert told == [("agree", f"Agreed in case #{case.pk}."), ("prove", f"Proven in case #{case.pk}.")]


def test_the_town_is_appraised_by_the_entry_once_its_own_case_closes_it_on_the_proof_of_the_deal() -> None:
    proven(closed(signed(new())))
    assert count("entries_closed", by="town") == (0, ())
    own = case_of(entry())
    assert own is not None
    do(own, "take_up")
    do(own, "agree", measure="以合资供货为措施", effective_from=FROM)
    do(own, "agree", SECOND, "approve")
    prove(own, "effect")
    do(own, "prove_effect", effect_text="见合作项目")
    do(own, "close", SECOND, reason="second_source")
    assert count("entries_closed", by="town") == (1, (ONE_RESIN,))


def test_the_later_agreement_wins_and_when_it_falls_through_the_earlier_holds_again() -> None:
    own = case_of(entry())
    assert own is not None
    do(own, "take_up")
    do(own, "agree", measure="备货半年", effective_from="2024-10-01")
    do(own, "agree", SECOND, "approve")
    case = proven(closed(signed(new())))
    assert (entry().measure, entry().agreed_from) == ("合资工厂供货", date(2024, 10, 15))
    do(case, "fall_through_later", reason="broken")
    assert (entry().measure, entry().agreed_from) == ("备货半年", date(2024, 10, 1))
    assert (entry().evidenced_on, shown_level(entry())) == (None, "red"), "what it proved holds no longer"
    assert count("deals_closed") == (0, ()) == count("switches_evidenced")
    do(own, "change_measure")
    assert entry().agreed_from is None
    assert [event.reason for event in EntryEvent.objects.filter(action="agree").order_by("pk")] == [
        f"Agreed in case #{own.pk}.",
        f"Agreed in case #{case.pk}; it takes the place of what was agreed in case #{own.pk}.",
        f"What was agreed in case #{case.pk} no longer holds; what holds is what was agreed in case #{own.pk}.",
        f"What was agreed in case #{own.pk} no longer holds.",
    ]


def test_an_earlier_case_that_gives_up_leaves_what_a_later_deal_agreed() -> None:
    own = case_of(entry())
    assert own is not None
    do(own, "take_up")
    do(own, "agree", measure="备货半年", effective_from="2024-10-01")
    do(own, "agree", SECOND, "approve")
    closed(signed(new()))
    do(own, "change_measure")
    assert (entry().measure, entry().agreed_from) == ("合资工厂供货", date(2024, 10, 15))


def test_changed_terms_hold_no_more_until_they_are_closed_anew_and_a_deal_given_up_leaves_no_trace() -> None:
    case = closed(signed(new()))
    do(case, "reopen_terms")
    assert entry().agreed_from is None and count("deals_closed") == (0, ())
    do(case, "give_up_signed", reason="terms")
    assert Deal.objects.get().evidence == "lost" and not EntryEvent.objects.filter(action="prove").exists()


def test_nobody_confirms_their_own_proposal_and_what_two_confirmed_is_not_corrected_by_one() -> None:
    case = signed(new())
    do(case, "close", measure="x", effective_from=FROM)
    with pytest.raises(IllegalStep, match="may not be who agrees"):
        do(case, "close", OFFICE, "approve")
    case = do(case, "close", SECOND, "approve")
    number = case.events.get(name="close", kind="do").number
    with pytest.raises(NotAllowed, match="Two persons confirmed"):
        do(case, str(number), OFFICE, "correct", data={"effective_from": "2024-01-01"})
    with pytest.raises(IllegalStep):
        do(case, "prove_switch", switched_by="second_source", effect_text="x")
    assert entry().agreed_from == date(2024, 10, 15)


def test_a_deal_closes_a_weak_link_that_its_opener_sees() -> None:
    for subject in (("", ""), ("organisation", ONE), ("entry", "input:nobody:nothing")):
        with pytest.raises(UserError, match="closes a weak link"):
            new(subject=subject)
    assert not Case.objects.filter(process="deal").exists()
    assert new(ENTERPRISE).deal.weak_link == "层析填料 临安生物一号有限公司"


@pytest.fixture
def people() -> Mapping[str, User]:
    return make_cast(by=BY, organisations={"Enterprise": ONE, "OtherEnterprise": "enterprise-two"})


def secret(people: Mapping[str, User]) -> Case:
    """A restricted deal that names two persons, closed by them."""
    one, two = viewer_of(people["Officer"]), viewer_of(people["ChainOffice"])
    parties = [("lead", "office", "market")]
    data = {"deal_kind": "acquisition", "switch_by": "domestic_source", "matter": "Hushed matter", "partner": "Hushed"}
    made = NewCase("deal", "Hushed deal", parties, data, ("entry", ONE_RESIN), is_restricted=True, named=[two.actor])
    ListEntry.objects.filter(pk=ONE_RESIN).update(owner_office="market")
    return closed(signed(open_case(made, by=one), one), one, two)


DOORS = (
    "/deals/",
    "/deals/export/csv",
    "/api/v1/deals",
    f"/risks/{ONE_RESIN}",
    f"/api/v1/risks/{ONE_RESIN}",
    "/search?q=Hush",
    "/cases/board/deal",
    "/indicators/cooperation_deals",
    "/",
)


def test_a_restricted_deal_is_told_to_nobody_it_does_not_name_and_counts_all_the_same(
    people: Mapping[str, User],
) -> None:
    case = secret(people)
    compute_now()
    chief, client = viewer_of(people["ChainChief"]), Client()
    client.force_login(people["ChainChief"])
    for path in DOORS:
        answer = client.get(path, HTTP_ACCEPT_LANGUAGE="en")
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert answer.status_code == 200, path
        assert "Hushed" not in content.decode() and f"case #{case.pk}" not in content.decode(), path
    assert "agreed, effective from 2024-10-15" in client.get(f"/risks/{ONE_RESIN}", HTTP_ACCEPT_LANGUAGE="en").text
    assert entry().measure == "" and "Agreed in a restricted case." in [one.reason for one in entry().events.all()]
    assert count("deals_closed") == (1, ()), "it counts and is not named"
    assert METRICS["deals_closed"](today(), by="town", of=()) == [], "no town tells where it is made"
    Deal.objects.update(closed_on=None)
    assert count("deals_closed") == (None, ()), "before its closing no count tells that there is one"
    assert not queries.deals(chief).exists() and not queries.deals(viewer_of(people["Auditor"])).exists()
    assert queries.deals(viewer_of(people["Officer"])).get().pk == case.pk
    for path in (f"/deals/{case.pk}/insiders", f"/api/v1/deals/{case.pk}/insiders", f"/cases/{case.pk}"):
        assert client.get(path).status_code == 404


def test_the_insider_register_keeps_who_was_named_by_whom_and_only_who_is_named_reads_it(
    people: Mapping[str, User],
) -> None:
    case = secret(people)
    officer, office, auditor = (viewer_of(people[name]) for name in ("Officer", "ChainOffice", "Auditor"))
    with pytest.raises(NotThere):
        insiders.register(auditor, case.pk)
    name_person(case.pk, "auditor", by=officer)
    unname_person(case.pk, case.named.get(person=office.actor).pk, by=officer)
    assert AuditEvent.objects.filter(action="case.name", object_id=str(case.pk)).count() == 1
    told = {one.person: (one.by, bool(one.left_at)) for one in insiders.register(auditor, case.pk)}
    name = names_of([officer.actor])[officer.actor]
    assert told == {officer.actor: (name, False), office.actor: (name, True), auditor.actor: (name, False)}
    with pytest.raises(NotThere):
        insiders.register(office, case.pk)
    pages = {who: Client() for who in ("Officer", "Auditor", "ChainOffice")}
    for who, page in pages.items():
        page.force_login(people[who])
    copy = f"/deals/{case.pk}/insiders/export/csv"
    assert [pages[who].get(copy).status_code for who in ("Auditor", "Officer", "ChainOffice")] == [200, 403, 404]
    assert AuditEvent.objects.filter(action="list.export", object_id=f"deal-{case.pk}-insiders").count() == 1
    for language in ("en", "zh-hans"):
        pages["Auditor"].cookies["django_language"] = language
        assert_language(pages["Auditor"].get(f"/deals/{case.pk}/insiders"))


def test_the_board_tells_of_the_weak_link_and_a_copy_holds_no_more_than_it(people: Mapping[str, User]) -> None:
    proven(closed(signed(new())))
    new(title="Second idea")
    (link,) = queries.by_weak_link(OFFICE, queries.deals(OFFICE))
    assert (link.entry, link.level, len(link.lines)) == (ONE_RESIN, "blue", 2)
    (kind,) = queries.by_kind(queries.deals(OFFICE))
    assert kind == ("joint_venture", [("nothing", 1), ("agreed", 0), ("proven", 1), ("lost", 0)], 2)
    pages = {name: Client() for name in ("ChainOffice", "Enterprise", "OtherEnterprise", "Bank")}
    for name, page in pages.items():
        page.force_login(people[name])
    for path in ("/deals/", "/deals/export/csv", "/api/v1/deals"):
        shown = {}
        for name, page in pages.items():
            found = page.get(path)
            shown[name] = b"".join(found.streaming_content).decode() if found.streaming else found.content.decode()
            assert found.status_code == (403 if name == "Bank" else 200)
        assert "Second idea" in shown["ChainOffice"] and "Second idea" in shown["Enterprise"]
        assert "Second idea" not in shown["OtherEnterprise"]
    one = next(row for row in pages["Enterprise"].get("/api/v1/deals").json()["items"] if row["evidence"] == "proven")
    assert (one["level_before"], one["level_after"]) == (None, None), "levels tell of others than the enterprise"
    assert pages["ChainOffice"].get("/api/v1/deals").json()["items"][1]["level_after"] == "blue"
    for language in ("en", "zh-hans"):
        pages["ChainOffice"].cookies["django_language"] = language
        assert_language(pages["ChainOffice"].get("/deals/"))
        assert_language(pages["ChainOffice"].get(f"/cases/{Deal.objects.last().pk}"))


def test_the_page_of_an_entry_names_its_deals_and_opens_one_with_what_is_known(people: Mapping[str, User]) -> None:
    closed(signed(new()))
    found = next(one for one in panels("entry", OFFICE, ONE_RESIN) if one.template == "deals/_of_entry.html")
    assert [line.deal.evidence for line in found.context["lines"]] == ["agreed"]
    client = Client()
    client.force_login(people["ChainOffice"])
    shown = client.get(found.context["url"], HTTP_ACCEPT_LANGUAGE="en").text
    assert "Deal for 层析填料 临安生物一号有限公司" in shown


def test_a_workbook_opens_deals_about_what_its_rows_name(tmp_path: Path) -> None:
    found = in_force("process", "deal")
    assert found is not None
    process = process_of(found)
    table = new_table(process, OFFICE)
    told = {"enterprise_organisation": ONE, "deal_kind": "licence", "switch_by": "second_source", "matter": "许可"}
    names = {"Named": str(entry()), "By its id": f"entry:{ONE_RESIN}", "Unheard of": "no such thing", "Nothing": None}
    rows = [{**told, "title": title, "about": about} for title, about in names.items()]
    heads = {column.name: column.head("en") for column in table.columns}
    path = tmp_path / "deals.xlsx"
    write_workbook(path, [Sheet(table.sheet, pl.DataFrame(rows), None, heads)], language="en")
    outcome = import_cases(path, process, by=OFFICE, is_sure=True)
    assert set(Deal.objects.values_list("title", "entry")) == {("Named", ONE_RESIN), ("By its id", ONE_RESIN)}
    assert [(fault.row, fault.column) for fault in outcome.faults] == [(4, "Concerns"), (5, "")]
    assert "no such thing" in outcome.faults[0].why and "weak link" in outcome.faults[1].why
