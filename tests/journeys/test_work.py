"""An instruction from issue to close, played by the people it concerns; its pages in both languages, at both widths."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from liandesk.base.accounts.roles import system_viewer, viewer_of
from liandesk.base.definitions.actions import take_over_packs
from liandesk.base.work.actions import NewCase, Step, act, open_case
from liandesk.base.work.models import Case
from liandesk.know.registry.models import Organisation

OpenPage = Callable[..., Any]


@pytest.fixture
def case(people: dict[str, Any]) -> Case:
    """An instruction that its office has signed for and reported as done."""
    take_over_packs(by=system_viewer("test"))
    parties = [("issuer", "office", "economy"), ("lead", "office", "market")]
    data = {"task": "落实第二厂区用地指标", "due": "2024-10-31"}
    made = open_case(NewCase("instruction", "落实第二厂区用地", parties, data), by=viewer_of(people["ChainOffice"]))
    officer = viewer_of(people["Officer"])
    made = act(made.pk, Step("do", 1, "sign_for"), by=officer)
    return act(made.pk, Step("prove", 2, "result", {"hash": "ab" * 32, "title": "会议纪要"}), by=officer)


def test_each_page_of_cases_is_readable(
    view: tuple[str, int], case: Case, open_page: OpenPage, check_page: Any, shot: Any
) -> None:
    language, width = view
    page = open_page("/", who="Officer", language=language, width=width)
    paths = {"home": "/", "case": f"/cases/{case.pk}", "board": "/cases/board/instruction", "cases": "/cases/"}
    if width == 390 and language == "en":
        paths |= {"correct": f"/cases/{case.pk}/correct/2", "start": "/cases/new"}
    for name, path in paths.items():
        assert page.goto(path).ok
        shot(page, f"work-{name}-{language}-{width}")
        check_page(page)


def test_an_instruction_is_opened_signed_for_and_closed_with_the_keyboard_and_by_four_eyes(
    case: Case, open_page: OpenPage, check_page: Any
) -> None:
    office = open_page("/cases/new/instruction", who="ChainOffice", language="en", width=390)
    check_page(office)
    office.fill("input[name=title]", "Second instruction")
    office.select_option("select[name=lead_place]", "office:market")
    office.fill("textarea[name=task]", "Do it")
    office.fill("input[name=due]", "2024-12-31")
    office.keyboard.press("Enter")
    office.wait_for_url("**/cases/*")
    officer = open_page("/", who="Officer", language="en")
    officer.click("text=Second instruction")
    officer.wait_for_url("**/cases/*")
    officer.locator("#content form button", has_text="Sign for").focus()
    with officer.expect_navigation():
        officer.keyboard.press("Enter")
    assert Case.objects.get(title="Second instruction").stages == ["in_hand"]


def test_an_enterprise_asks_on_a_phone_and_judges_the_answer_in_two_taps(
    case: Case, open_page: OpenPage, check_page: Any, shot: Any
) -> None:
    """企业诉求: asked in three questions, taken up, assigned, answered from the inbox, judged by the enterprise."""
    Organisation.objects.create(pk="enterprise-one", name="临平一号药业", kind="enterprise")
    phone = open_page("/", who="Enterprise", width=390)
    phone.click("#content a.btn-primary")
    check_page(phone)
    shot(phone, "work-request-new-390")
    phone.select_option("select[name=topic]", "energy")
    phone.fill("textarea[name=matter]", "三号车间蒸汽压力不足，每周停产一天")
    phone.click("#content .form-buttons .btn-primary")
    phone.wait_for_url("**/cases/*")
    made = Case.objects.get(title="三号车间蒸汽压力不足，每周停产一天")
    office = open_page("/", who="ChainOffice", width=390, script=False)
    office.locator(f"#case-{made.pk} form button").first.click()  # taken up in the line, without a script
    office.locator(f"#case-{made.pk} a.btn").click()
    office.locator(f"#case-{made.pk} summary", has_text="交办").click()
    office.select_option(f"#case-{made.pk} select[name=handling_office]", "market")
    office.locator(f"#case-{made.pk} details[open] .form-buttons button").click()
    officer = open_page("/", who="Officer")
    shot(officer, "work-request-officer-1440")
    officer.locator(f"#case-{made.pk} a.btn").click()  # unfolds in place
    officer.locator(f"#case-{made.pk} summary", has_text="答复企业").click()
    check_page(officer)
    officer.select_option(f"#case-{made.pk} select[name=answer_kind]", "done")
    officer.fill(f"#case-{made.pk} textarea[name=answer_text]", "已协调增压，下周恢复")
    officer.locator(f"#case-{made.pk} details[open] .form-buttons button").click()
    phone.goto("/")
    phone.locator(f"#case-{made.pk} a.btn").click()
    phone.locator(f"#case-{made.pk} .case-step >> text=已协调增压").wait_for()
    check_page(phone)
    shot(phone, "work-request-judge-390")
    phone.locator(f"#case-{made.pk} summary", has_text="满意").first.click()
    with phone.expect_navigation():
        phone.locator(f"#case-{made.pk} details[open] button").first.click()
    assert Case.objects.get(pk=made.pk).outcome == "met"


def test_a_joint_planning_decides_what_becomes_an_instruction_of_another_office(
    case: Case, open_page: OpenPage, check_page: Any, shot: Any
) -> None:
    """联席会商: called, held with minutes, a decision handed on; the officer finds it on the desk."""
    host = open_page("/cases/new/joint_planning", who="ChainOffice", language="en")
    check_page(host)
    host.fill("input[name=title]", "Second plant")
    host.fill("input[name=topic]", "Land of the second plant")
    host.fill("textarea[name=items]", "Land")
    host.locator("#content label", has_text="Bureau of Market Regulation").locator("input").check()
    host.click("#content .form-buttons .btn-primary")
    host.wait_for_url("**/cases/*")
    officer = open_page("/", who="Officer", language="en", width=390)
    take(officer, "Second plant", "Propose an item", {"textarea[name=proposed_item]": "Steam"})
    take(host, "", "Settle the agenda", {"input[name=called_for]": "2024-10-08", "textarea[name=final_items]": "Land"})
    host.locator("#case_prove summary").click()
    host.fill("#case_prove input[name=title]", "Minutes")
    minutes = {"name": "minutes.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 minutes"}
    host.set_input_files("#case_prove input[type=file]", minutes)
    with host.expect_navigation():
        host.locator("#case_prove .form-buttons button").click()
    take(host, "", "Record that it was held", {"textarea[name=conclusions]": "Land is found"})
    step = host.locator("details.case-step", has_text="Turn a decision")
    step.locator("summary").click()
    step.locator("select[name=decision_office]").select_option("market")
    step.locator("input[name=decision]").fill("Settle the land")
    step.locator("input[name=decision_due]").fill("2024-11-29")
    step.locator(".form-buttons button").click()
    host.locator("#cases-about a", has_text="Settle the land").wait_for()
    check_page(host)
    shot(host, "work-joint-planning-en-1440")
    officer.goto("/")
    officer.locator("#mine a", has_text="Settle the land").first.click()
    officer.locator("#content dd a", has_text="Second plant").wait_for()  # what it was opened from
    assert Case.objects.get(title="Settle the land").process == "instruction"


def take(page: Any, case: str, step: str, answers: dict[str, str]) -> None:
    """Unfold a step, on the page of the case or after opening it from the desk, answer it and take it."""
    page.reload()
    if case:
        page.locator("#content a", has_text=case).first.click()
    found = page.locator("details.case-step", has_text=step)
    found.locator("summary").click()
    for place, answer in answers.items():
        found.locator(place).fill(answer)
    with page.expect_navigation():
        found.locator(".form-buttons button").click()
