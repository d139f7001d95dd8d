"""The plan's processes, each led from its start to its end in pages by the people whom it concerns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.liandesk.lists_world import ONE_RESIN
from tests.liandesk.test_list_levels import publish_levelled
from tests.liandesk.test_trials import book, row

from liandesk.act.deals.models import Deal
from liandesk.act.pipeline.models import LeadCredit
from liandesk.act.transfers.models import Transfer
from liandesk.act.trials.models import Startup
from liandesk.assess.lists import actions as lists
from liandesk.assess.lists.models import ListEntry
from liandesk.base.accounts.actions import add_user
from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import Grant, Role, ScopeKind, system_viewer, viewer_of
from liandesk.base.definitions.actions import take_over_packs
from liandesk.base.pack import pack
from liandesk.base.work.models import Case
from liandesk.know.registry.models import Organisation

OpenPage = Callable[..., Any]
LookAt = Callable[..., None]
PAPER = {"name": "paper.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 paper"}


@pytest.fixture(autouse=True)
def _processes(people: dict[str, Any]) -> None:
    """The processes of the packs, and a second person of the chain office."""
    by = system_viewer("test")
    take_over_packs(by=by)
    place = Grant(Role.CHAIN_OFFICE, ScopeKind.OFFICE, pack().chain_office)
    people["Second"] = add_user(name="Second", grants=[place], by=by)
    User.objects.filter(pk=people["Second"].pk).update(is_demo=True)  # as the cast: no second factor is asked for


def know(**names: str) -> None:
    """Let the organisations of the cast be known by name."""
    for pk, name in names.items():
        kind = "hospital" if pk.startswith("hospital") else "enterprise"
        town = pack().towns[0].code
        Organisation.objects.create(pk=pk.replace("_", "-"), name=name, kind=kind, town=town)


def read_again(page: Any) -> None:
    """Open the page of the case anew, also after a step that was refused."""
    page.goto(page.url.partition("/do/")[0])


def answer(place: Any, answers: dict[str, str]) -> None:
    """Fill in a form by the names of its fields."""
    for name, said in answers.items():
        field = place.locator(f"[name={name}]").first
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(said)
        else:
            field.fill(said)


def take(page: Any, step: str, answers: dict[str, str] | None = None, reason: str = "") -> None:
    """Take a step on the page of its case, by its key: its answers, or the reason that is its button."""
    read_again(page)
    form = page.locator(f"form[action$='/do/{step}']")
    unfolding = page.locator("details.case-step", has=form).locator("summary")
    if unfolding.count():
        unfolding.click()
    answer(form, answers or {})
    button = form.locator(f"button[value={reason}]") if reason else form.locator("button.btn-primary").last
    with page.expect_navigation():
        button.click()


def prove(page: Any, kind: str) -> None:
    """Give a file as evidence of something."""
    read_again(page)
    page.locator("#case_prove summary").click()
    answer(page.locator("#case_prove"), {"name": kind, "title": kind})
    page.set_input_files("#case_prove input[type=file]", PAPER)
    with page.expect_navigation():
        page.locator("#case_prove .form-buttons button").click()


def agree(page: Any, case: int) -> None:
    """Agree as the second person."""
    page.goto(f"/cases/{case}")
    with page.expect_navigation():
        page.click("button[value=approve]")


def opened(page: Any, process: str, title: str, answers: dict[str, str]) -> int:
    """Open a case by its form; return its number."""
    page.goto(f"/cases/new/{process}")
    answer(page.locator("#content"), {"title": title} | answers)
    return sent(page, title)


def sent(page: Any, title: str) -> int:
    page.click("#content .form-buttons .btn-primary")
    page.wait_for_url("**/cases/*")
    return Case.objects.get(title=title).pk


def test_a_deal_moves_the_entry_at_its_closing_and_its_level_at_the_evidence(
    people: dict[str, Any], open_page: OpenPage, look_at: LookAt, check_page: Any
) -> None:
    publish_levelled()
    lists.admit(ONE_RESIN, by=viewer_of(people["ChainOffice"]), version=0)
    office = open_page(f"/risks/{ONE_RESIN}", who="ChainOffice", language="en")
    office.click("#content a.btn:has-text('Open a deal')")
    check_page(office)
    said = {"deal_kind": "joint_venture", "switch_by": "second_source", "matter": "A plant with a maker at home"}
    answer(office.locator("#content"), {"title": "Resin plant"} | said)
    case = sent(office, "Resin plant")
    take(office, "contact", {"partner": "Maker A"})
    prove(office, "confidentiality")
    take(office, "agree_confidentiality")
    take(office, "start_diligence")
    take(office, "negotiate", {"diligence_text": "It can be done", "approval_needed": "none"})
    prove(office, "agreement")
    take(office, "sign", {"signed_on": "2024-09-20"})
    take(office, "close", {"measure": "The plant supplies", "effective_from": "2024-10-15"})
    assert ListEntry.objects.get(pk=ONE_RESIN).agreed_from is None, "one person alone moves nothing"
    second = open_page("/", who="Second", language="en", width=390)
    agree(second, case)
    entry = ListEntry.objects.get(pk=ONE_RESIN)
    assert str(entry.agreed_from) == "2024-10-15" and not entry.evidence_kind
    second.goto(f"/risks/{ONE_RESIN}")
    second.locator("text=2024-10-15").first.wait_for()
    prove(office, "switch")
    take(office, "prove_switch", {"switched_by": "second_source", "effect_text": "Three batches passed"})
    agree(second, case)
    deal = Deal.objects.get(case=case)
    assert ListEntry.objects.get(pk=ONE_RESIN).evidence_kind == "second_source"
    assert deal.level_before != deal.level_after
    look_at({"deals": "/deals/", "deal": f"/cases/{case}", "entry": f"/risks/{ONE_RESIN}"}, "deals")


def test_a_transfer_is_led_by_both_sides_and_counts_when_a_second_person_agrees(
    open_page: OpenPage, look_at: LookAt, check_page: Any
) -> None:
    know(enterprise_one="临平一号药业", enterprise_two="临平二号药业")
    phone = open_page("/services/", who="Enterprise", width=390)
    phone.click("#content a[href$='/cases/new/transfer']")
    check_page(phone)
    answer(phone.locator("#content"), {"origin": "need", "matter": "需要耐碱的亲和配基"})
    case = sent(phone, "需要耐碱的亲和配基")
    office = open_page(f"/cases/{case}", who="ChainOffice")
    take(office, "name_supply", {"supplier": "临平二号药业"})
    other = open_page(f"/cases/{case}", who="OtherEnterprise", width=390)
    prove(other, "confidentiality")
    take(other, "agree_confidentiality")
    take(phone, "visit", {"visited_on": "2024-03-01"})
    prove(office, "contract")
    said = {"mode": "transfer", "contract_kind": "transfer", "signed_on": "2024-04-01"}
    take(office, "agree", said | {"achievement_title": "耐碱配基", "achievement_number": "ZL202010123456.7"})
    take(office, "register_contract", {"registration_number": "2024-1", "registered_on": "2024-04-10"})
    take(office, "pay", {"paid_on": "2024-05-01"})
    take(office, "begin_local_output")
    prove(office, "registration")
    here = pack().towns[0].code
    take(office, "implement_by_contract", {"landed_at": here, "implemented_on": "2024-09-01", "reason": "whole"})
    assert Transfer.objects.get(case=case).verdict == "under_way", "one person alone counts nothing"
    agree(open_page("/", who="Second"), case)
    assert Transfer.objects.get(case=case).verdict == "counted"
    look_at({"transfers": "/transfers/", "transfer": f"/cases/{case}"}, "transfers")


def test_a_hospital_sends_a_sheet_of_dates_and_reads_its_own_times(
    open_page: OpenPage, look_at: LookAt, check_page: Any, tmp_path: Path
) -> None:
    know(hospital_one="临平一院", hospital_two="临平二院")
    hospital = open_page("/startups/import", who="Hospital")
    check_page(hospital)
    begun, own = date(2024, 3, 1), {"site": "临平一院"}
    rows = [row("B-1", begun, 100, **own), row("B-2", begun, initiated_on=date(2025, 3, 1), **own)]
    hospital.set_input_files("input[type=file]", str(book(tmp_path / "dates.xlsx", rows)))
    with hospital.expect_navigation():
        hospital.locator("#content form button.btn-primary").last.click()
    check_page(hospital)
    hospital.locator("#content td", has_text="启动会日期").first.wait_for()  # the wrong row is named with its column
    assert not Startup.objects.exists(), "looking writes nothing"
    with hospital.expect_navigation():
        hospital.locator("#content form:has(input[name=token]) button").first.click()
    assert set(Startup.objects.values_list("protocol", flat=True)) == {"B-1"}
    look_at({"times": "/startups/times", "startups": "/startups/"}, "startups", who="Hospital")
    other = open_page("/startups/", who="OtherHospital", width=390)
    assert not other.locator("text=B-1").count()


def test_a_product_is_tried_in_a_hospital_only_after_its_gate_and_another_persons_review(
    open_page: OpenPage, look_at: LookAt, check_page: Any
) -> None:
    know(enterprise_one="临平一号药业", hospital_one="临平一院")
    maker = open_page("/services/", who="Enterprise")
    maker.click("#content a[href$='/cases/new/product_pilot']")
    check_page(maker)
    answer(maker.locator("#content"), {"product": "一次性吻合器", "benefit": "价格低于进口，供货稳定"})
    maker.click("#content .form-buttons .btn-primary")
    maker.wait_for_url("**/cases/*")
    case = Case.objects.get(process="product_pilot").pk
    prove(maker, "licence")
    office = open_page(f"/cases/{case}", who="ChainOffice", width=390)
    gate = {"is_eligible": "yes", "price_is_fair": "yes", "price_compared_with": "省平台挂网价", "ip_is_own": "no"}
    take(office, "pass_gate", gate)
    assert Case.objects.get(pk=case).stages == ["proposed"], "one condition does not hold"
    take(office, "pass_gate", gate | {"ip_is_own": "yes"})
    second = open_page(f"/cases/{case}", who="Second")
    prove(second, "competition_review")
    take(second, "clear", {"competition_text": "不排除、限制竞争"})
    prove(office, "agreement")
    placed = {"trying_hospital": "临平一院", "pilot_until": "2024-12-31", "measures": "吻合口渗漏率"}
    take(office, "place", placed)
    hospital = open_page("/", who="Hospital", width=390)
    hospital.click("#content a:has-text('一次性吻合器')")
    check_page(hospital)
    prove(hospital, "pilot_report")
    take(hospital, "report_result", {"hospital_adopts": "yes", "result_text": "二十例无渗漏"})
    take(office, "adopt", reason="regular_use")
    agree(second, case)
    assert Case.objects.get(pk=case).outcome == "adopted_outcome"
    look_at({"services": "/services/", "pilot": f"/cases/{case}"}, "services", who="Enterprise")


def test_a_lead_is_first_come_first_served_and_its_credit_adds_up_to_one_after_a_hand_over(
    open_page: OpenPage, look_at: LookAt, check_page: Any
) -> None:
    asked = {"investor_name": "长三角药业有限公司", "matter": "层析填料产线", "kind": "new"}
    town = open_page("/", who="TownOfficer")
    case = opened(town, "investment_lead", "填料产线", asked)
    other = open_page("/cases/new/investment_lead", who="OtherTown", width=390)
    check_page(other)
    answer(other.locator("#content"), {"title": "填料产线二", **asked})
    other.click("#content .form-buttons .btn-primary")
    other.locator("#content", has_text="首谈权").wait_for()
    assert Case.objects.filter(process="investment_lead").count() == 1, "the first town keeps its investor"
    take(town, "answer", {"answer_text": "已电话答复"})
    take(town, "make_contact", {"contact_text": "看了厂房"})
    prove(town, "proposal")
    take(town, "propose")
    take(town, "submit")
    office = open_page(f"/cases/{case}", who="ChainOffice")
    prove(office, "review_record")
    take(office, "pass_review")
    prove(town, "agreement")
    signed = {"signed_on": "2024-09-20", "agreed_cny": "100000000", "site": "lease", "needs_licence": "no"}
    take(town, "sign", signed | {"is_fund_project": "no"})
    agree(office, case)
    handed = {"new_host": pack().towns[1].code, "kept_percent": "40", "why_handed_over": "有现成厂房"}
    take(town, "hand_over", handed)
    agree(office, case)
    shares = {one.town: one.share for one in LeadCredit.objects.all()}
    assert shares == {pack().towns[0].code: Decimal("0.4"), pack().towns[1].code: Decimal("0.6")}
    other.goto("/pipeline/")
    other.click("#content a:has-text('填料产线')")
    check_page(other)
    pages = {"pipeline": "/pipeline/", "cohorts": "/pipeline/cohorts/", "dates": "/pipeline/dates/"}
    look_at(pages | {"lead": f"/cases/{case}"}, "pipeline")
