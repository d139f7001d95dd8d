"""Work on the plan beside the year's task sheet: an instruction on a measure, a meeting on a programme, a letter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import Viewer, viewer_of
from liandesk.base.clock import today
from liandesk.base.pack import pack
from liandesk.base.work.actions import NewCase, open_case
from liandesk.steer.plan.queries import cases_of, plan
from liankit.plan.model import Plan


def work_on_plan(people: Mapping[str, User]) -> int:
    """Open the cases once, as the chain office would; return how many there are about the plan's measures."""
    office = viewer_of(people["ChainOffice"])
    found = plan(office)
    if found is None:
        return 0
    if not cases_of(office, list(found.clauses)).filter(process="instruction").exists():
        _instruct(found, office)
        _meet(found, office)
        _ask(found, office)
    return cases_of(office, list(found.clauses)).count()


def _executed_by(found: Plan, process: str) -> str:
    """Return the id of the first measure that a process executes, "" for none."""
    bound = (part for part, one in found.clauses.items() if any(held.key == process for held in one.executes))
    return next(bound, "")


def _instruct(found: Plan, office: Viewer) -> None:
    """The office that is presumed to lead the first target's programme is asked for a list of candidates."""
    target = next(iter(found.targets))
    programme, units = found.programme_of(target), found.units_of(target)
    measure = programme.measures[1] if programme and len(programme.measures) > 1 else None
    if programme and measure and units:
        parties = [("issuer", "office", pack().chain_office), ("lead", "office", units[0].office)]
        said = {"task": "请更新重点企业名单，并注明每家所处阶段与需协调事项。", "origin": "meeting", "due": _day(20)}
        about = ("measure", f"{programme.key}.{measure.key}")
        open_case(NewCase("instruction", "更新重点企业名单", parties, said, about, is_synthetic=True), by=office)


def _meet(found: Plan, office: Viewer) -> None:
    """A meeting is called on the programme with the most measures bound to something."""
    programme = max(found.programmes, key=lambda one: sum(bool(measure.executes) for measure in one.measures))
    partners = [("member", "office", unit.office) for unit in programme.units if unit.office != pack().chain_office][:1]
    said = {"topic": "工程推进会商", "items": "清单进展\n尚无抓手的举措"}
    parties = [("host", "office", pack().chain_office), *partners]
    about = ("programme", programme.key)
    open_case(NewCase("joint_planning", "工程推进会商", parties, said, about, is_synthetic=True), by=office)


def _ask(found: Plan, office: Viewer) -> None:
    """A letter upwards is drafted for a measure that such letters execute."""
    bound = _executed_by(found, "upward_request")
    if bound:
        said = {
            "level": "province",
            "sort": "platform",
            "addressee": "省级主管部门",
            "ask": found.clauses[bound].text.zh,
            "grounds": "规划举措需要省级支持。",
        }
        drafter = [("drafter", "office", pack().chain_office)]
        about = ("measure", bound)
        open_case(NewCase("upward_request", "规划举措争取省级支持", drafter, said, about, is_synthetic=True), by=office)


def _day(days: int) -> str:
    return (today() + timedelta(days=days)).isoformat()
