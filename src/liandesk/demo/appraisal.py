"""The demo's appraisal of the year before: frozen in its December, filled in, published; one town objects.

What the records hold is drawn from them, the rest is entered. The year that runs is drawn as of today.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import numpy as np

from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import ScopeKind, Viewer, viewer_of
from liandesk.base.clock import today
from liandesk.base.pack import pack
from liandesk.base.work.actions import NewCase, open_case
from liandesk.steer.appraisal import actions, drawing, queries, standing
from liandesk.steer.appraisal.actions import Said
from liandesk.steer.appraisal.models import Appraisal
from liandesk.steer.appraisal.shown import SUBJECT
from liandesk.steer.indicators import actions as claims
from liandesk.steer.indicators.actions import Evidence
from liandesk.steer.indicators.actions import Said as Claimed
from liankit.plan.appraisal_scheme import Group, Item

SOURCE = "合成演示数据"
OUTPUT = "chain_output"
_RETURNED = {"TownOfficer": (62_400.0, 67_300.0), "OtherTown": (41_200.0, 44_900.0)}
"""What two towns claim as their output of the year before last and of the last."""
_PUBLISHED_AGO = timedelta(days=3)  # objections are still open on the demo's day


def appraise(people: dict[str, User], seed: int) -> int:
    """Let the chain office appraise the last whole year and freeze the formula of the one that runs."""
    office, chief = viewer_of(people["ChainOffice"]), viewer_of(people["ChainChief"])
    if queries.appraisals(office):
        return 0
    last = today().year - 1
    with _on(date(last - 1, 12, 20)):
        made = actions.start(last, by=office)
    with _on(date(last, 12, 19)):
        actions.start(last + 1, by=office)
    _claim_output(people, last)
    told = drawing.draws(office, made.pk)
    written = actions.draw_values(made.pk, by=office, seen=drawing.seen_of(told))
    from_records = {(one.unit, one.item.key) for one in told if one.is_known}
    entered = [one for one in _values(made, seed) if (one.unit, one.item) not in from_records]
    written += actions.give(made.pk, entered, by=office, is_synthetic=True)
    with _on(today() - _PUBLISHED_AGO):
        actions.publish(made.pk, by=chief, version=Appraisal.objects.get(pk=made.pk).version)
    _object(made, people["TownOfficer"])
    _draw_running_year(last + 1, office)
    return written


def _claim_output(people: dict[str, User], last: int) -> None:
    """Two towns claim their output of two years; the last of one is verified and not approved yet."""
    office, chief = viewer_of(people["ChainOffice"]), viewer_of(people["ChainChief"])
    evidence = Evidence("合成报表.pdf", "%PDF-1.4 合成演示数据，不是真实材料".encode())
    for (name, values), town in zip(_RETURNED.items(), pack().towns, strict=False):
        for year, value in zip((last - 1, last), values, strict=True):
            said = Claimed(value, date(year, 12, 31), f"town:{town.code}")
            made = claims.claim(OUTPUT, said, evidence, by=viewer_of(people[name]), is_synthetic=True)
            claims.verify(made.pk, by=office, version=1)
            if (name, year) != ("OtherTown", last):
                claims.approve(made.pk, by=chief, version=2)


def _draw_running_year(year: int, office: Viewer) -> None:
    """Draw what stands so far; one office says otherwise than its task sheet."""
    running = next(one for one in queries.appraisals(office) if one.year == year)
    found = drawing.draws(office, running.pk)
    actions.draw_values(running.pk, by=office, seen=drawing.seen_of(found))
    told = next((one for one in found if one.item.key == "tasks_done" and one.is_known), None)
    if told:
        said = Said(told.group.key, told.unit, told.item.key, value=1.0, goal=told.numbers["goal"], source=SOURCE)
        actions.give(running.pk, [said], by=office, is_synthetic=True)


@contextmanager
def _on(day: date) -> Iterator[None]:
    """Let what is done be done on a day of the past: the demo's story began before its date."""
    before = os.environ.get("LIANDESK_TODAY")
    os.environ["LIANDESK_TODAY"] = day.isoformat()
    try:
        yield
    finally:
        if before is None:
            del os.environ["LIANDESK_TODAY"]
        else:
            os.environ["LIANDESK_TODAY"] = before


def _values(made: Appraisal, seed: int) -> Iterator[Said]:
    random = np.random.default_rng(seed)
    for group in standing.scheme_of(queries.formula_of(made)).groups:
        for unit in standing.units_of(group):
            skill = random.normal()  # who is good at one thing is often good at the next
            yield from (_item(random, group, unit, item, skill) for item in group.items)
            for one in group.adjustments:
                yield Said(group.key, unit, one.key, float(random.poisson(0.4)), source=SOURCE)


def _item(random: np.random.Generator, group: Group, unit: str, item: Item, skill: float) -> Said:
    """Return a plausible value by the method of the item; a few are unknown."""
    if random.random() < 0.03:
        return Said(group.key, unit, item.key, source=SOURCE)
    luck = 0.6 * skill + 0.8 * random.normal()
    numbers = _numbers(random, item, luck)
    kept = {name: round(float(numbers[name]), 1) for name in item.needs}
    return Said(group.key, unit, item.key, **kept, source=SOURCE)


def _numbers(random: np.random.Generator, item: Item, luck: float) -> dict[str, float]:
    if item.measure == "completion":
        goal = float(random.integers(20, 80))
        base = goal * 0.4
        return {"value": max(0.0, goal * (0.92 + 0.08 * luck)), "goal": goal, "base": base}
    if item.measure in ("growth", "contribution"):
        base = float(random.integers(8_000, 90_000))
        return {"value": base * (1.07 + 0.05 * luck), "base": base}
    if isinstance(item.good, float) and isinstance(item.bad, float):
        middle, span = (item.good + item.bad) / 2, item.good - item.bad
        return {"value": float(np.clip(middle + span * (0.2 + 0.2 * luck), 0, 100))}
    return {"value": max(2.0, 7.0 - 1.5 * luck)}


def _object(made: Appraisal, officer: User) -> None:
    """The first town objects to its result; the chain office has it in its inbox."""
    town = pack().towns[0]
    said = {
        "against": f"{made.year} 年度分类考核：问卷回收率",
        "objection_grounds": "有两份问卷由企业在截止日当天补交，未计入回收数，请核对收件时间。",
        "wanted": "按实际收件时间重新计算本项",
    }
    parties = [("objector", str(ScopeKind.TOWN), town.code)]
    new = NewCase(
        "objection",
        f"{town.text['zh']}对 {made.year} 年度考核结果的异议",
        parties,
        said,
        (SUBJECT, f"{made.pk}.{town.code}"),
        is_synthetic=True,
    )
    open_case(new, by=viewer_of(officer))
