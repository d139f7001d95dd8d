"""People around a case: a mention that is told, a task ticked, a deputy who acts, a chase; pages at both widths."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from liandesk.base.accounts.delegations import delegate
from liandesk.base.accounts.roles import system_viewer, viewer_of
from liandesk.base.clock import today
from liandesk.base.definitions.actions import take_over_packs
from liandesk.base.snapshots import store
from liandesk.base.teamwork.actions import say, watch
from liandesk.base.teamwork.chasing import chase
from liandesk.base.teamwork.models import Task
from liandesk.base.teamwork.naming import name_person
from liandesk.base.teamwork.sampling import Wanted, draw
from liandesk.base.teamwork.task_actions import add_task, finish_task
from liandesk.base.work.actions import NewCase, Step, act, open_case
from liandesk.base.work.models import Case, CaseEvent

PARTIES = [("issuer", "office", "economy"), ("lead", "office", "market")]


def opened(people: dict[str, Any], title: str, **more: Any) -> Case:
    """An instruction that was due yesterday."""
    data = {"task": title, "due": (today() - timedelta(1)).isoformat()}
    return open_case(NewCase("instruction", title, PARTIES, data, **more), by=viewer_of(people["ChainOffice"]))


@pytest.fixture
def case(people: dict[str, Any]) -> Case:
    """An overdue instruction with evidence, talked about, with tasks, chased once."""
    take_over_packs(by=system_viewer("test"))
    office, officer = viewer_of(people["ChainOffice"]), viewer_of(people["Officer"])
    made = opened(people, "落实第二厂区用地")
    act(made.pk, Step("do", 1, "sign_for"), by=officer)
    proof = {"hash": store.put_bytes(b"%PDF-1.7"), "title": "用地协调会纪要"}
    act(made.pk, Step("prove", 2, "result", proof), by=officer)
    say(made.pk, "@部门专员 请本周内反馈。", by=office)
    add_task(made.pk, "与镇街核对红线图", by=officer, who=people["Officer"], due=date(2024, 9, 27))
    finish_task(add_task(made.pk, "收齐企业材料", by=officer).pk, by=officer)
    watch(made.pk, by=office)
    chase([made.pk], by=office)
    return made


def test_each_page_of_teamwork_is_readable(case: Case, people: dict[str, Any], look_at: Any) -> None:
    secret = opened(people, "核实举报线索", is_restricted=True)
    name_person(secret.pk, "Officer", by=viewer_of(people["ChainOffice"]))
    sample = draw(Wanted(date(2000, 1, 1), today(), 5, design="risk"), by=viewer_of(people["Auditor"]))
    delegate(people["ChainOffice"], people["ChainChief"], today(), today(), by=viewer_of(people["ChainOffice"]))
    pages = {"case": f"/cases/{case.pk}", "restricted": f"/cases/{secret.pk}", "chases": "/chases"}
    pages |= {"digest": "/digest", "absence": "/me/absence", "calendar": "/me/calendar"}
    look_at({**pages, "samples": "/samples/", "sample": f"/samples/{sample.pk}"}, "teamwork")


def test_a_mention_reaches_a_person_who_ticks_a_task_and_has_a_deputy(
    case: Case, people: dict[str, Any], open_page: Callable[..., Any]
) -> None:
    office = open_page(f"/cases/{case.pk}", who="ChainOffice", language="en", width=390, script=False)
    office.fill("#comments textarea", "@Officer is the map there?")
    office.click("#comments .form-buttons button")
    assert "Told: Bureau officer" in office.inner_text("#content")
    officer = open_page("/", who="Officer", language="en")
    officer.locator("a", has_text="落实第二厂区用地").last.click()
    officer.locator("#tasks button[value=yes]").focus()
    with officer.expect_navigation():
        officer.keyboard.press("Enter")
    assert Task.objects.get(title="与镇街核对红线图").done_by == viewer_of(people["Officer"]).actor
    officer.goto("/me/absence")
    officer.fill("input[name=deputy]", "TownOfficer")
    officer.fill("input[name=last]", today().isoformat())
    with officer.expect_navigation():
        officer.keyboard.press("Enter")
    deputy = open_page(f"/cases/{case.pk}", who="TownOfficer", language="en")
    deputy.locator("summary", has_text="Report progress").first.click()
    deputy.locator("details[open] textarea").first.fill("the map is there")
    with deputy.expect_navigation():
        deputy.locator("details[open] .form-buttons button").first.click()
    last = CaseEvent.objects.filter(case=case).latest("number")
    assert (last.name, last.on_behalf_of) == ("feed_back", [viewer_of(people["Officer"]).actor])
