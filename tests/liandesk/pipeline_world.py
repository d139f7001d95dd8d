"""Investment leads led on by the people whose turn it is: two towns, and two of the chain office."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tests.liandesk.lists_world import BY, viewer

from liandesk.act.pipeline.models import LeadCredit, Project
from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import Role, ScopeKind, Viewer, viewer_of
from liandesk.base.definitions.actions import shipped, take_over
from liandesk.base.pack import pack
from liandesk.base.work.actions import NewCase, Step, act, open_case
from liandesk.base.work.models import Case

HERE, THERE, THIRD = (town.code for town in pack().towns[:3])
TOWN, OTHER, FAR = (
    viewer(Role.TOWN_OFFICER, ScopeKind.TOWN, code, 1004 + place) for place, code in enumerate((HERE, THERE, THIRD))
)
OFFICE, SECOND = (viewer(Role.CHAIN_OFFICE, ScopeKind.OFFICE, pack().chain_office, number) for number in (1001, 1002))
INVESTOR = "杭州甲生物科技有限公司"

_SIGNED = {"signed_on": "2024-09-20", "agreed_cny": 1e8, "site": "land", "needs_licence": "no", "is_fund_project": "no"}
SAID: Mapping[str, Mapping[str, Any]] = {
    "answer": {"answer_text": "x"},
    "make_contact": {"contact_text": "x"},
    "sign": _SIGNED,
    "start_unlicensed": {"produced_on": "2024-09-25"},
    "start_production": {"produced_on": "2024-09-25"},
    "report": {"progress": "x", "has_progress": "no"},
    "hand_over": {"why_handed_over": "x"},
}
"""What a step says unless a test says otherwise."""
PROOFS: Mapping[str, tuple[str, ...]] = {
    "propose": ("proposal",),
    "pass_review": ("review_record",),
    "sign": ("agreement",),
    "register": ("business_licence",),
    "obtain_land": ("land_contract",),
    "sign_lease": ("lease",),
    "get_permits": ("permits",),
    "fit_out": ("permits",),
    "complete": ("completion",),
    "obtain_licence": ("production_licence", "gmp_inspection"),
    "start_production": ("production_proof",),
    "start_unlicensed": ("production_proof",),
    "reach_capacity": ("output_proof",),
    "keep": ("audit_record",),
}
OF_TWO = frozenset({"sign", "start_production", "start_unlicensed", "hand_over", "keep"})
OF_OFFICE = frozenset({"pass_review", "keep"})
TO_CLEARED = "answer make_contact propose submit pass_review"


def take_over_processes() -> None:
    """Publish what leads need of the packs: the rest would take each test a fifth of a second."""
    keys = ("investment_lead", "lead_dispute", "major_project", "fund_project_guarantee")
    take_over([one for one in shipped() if one.kind.code == "process" and one.key in keys], by=BY)


def lead(by: Viewer = TOWN, town: str = HERE, name: str = INVESTOR, code: str = "", **more: Any) -> Case:
    data = {"investor_name": name, "credit_code": code, "matter": name, "kind": "new"}
    new = NewCase("investment_lead", more.pop("title", "甲项目"), [("host", "town", town)], data, **more)
    return open_case(new, by=by)


def act_on(pk: int, kind: Any, name: str, by: Viewer, data: Mapping[str, Any], **more: Any) -> Case:
    return act(pk, Step(kind, Case.objects.get(pk=pk).events_count, name, data, **more), by=by)


def go(case: Case, steps: str, by: Viewer = TOWN, *, at: datetime | None = None, reason: str = "", **said: Any) -> Case:
    """Take steps one after another, each with its proofs and, where two are needed, the second person."""
    for name in steps.split():
        who = OFFICE if name in OF_OFFICE else by
        for proof in PROOFS.get(name, ()):
            act_on(case.pk, "prove", proof, who, {"hash": "ab", "title": proof}, at=at)
        act_on(case.pk, "do", name, who, {**SAID.get(name, {}), **said}, reason=reason, at=at)
        if name in OF_TWO:
            act_on(case.pk, "approve", name, SECOND, {}, at=at)
    return Case.objects.get(pk=case.pk)


def project(case: Case) -> Project:
    return Project.objects.get(case=case)


def shares(case: Case) -> dict[str, float]:
    return {one.town: float(one.share) for one in LeadCredit.objects.filter(case=case)}


def marked_projects(users: Mapping[str, User]) -> None:
    """Record a lead of the town officer, and a restricted one that names only its opener."""
    town = viewer_of(users["TownOfficer"])
    lead(town, name="MarkProject", title="MarkProject")
    lead(viewer_of(users["ChainOffice"]), name="MarkRestricted", title="MarkRestricted", is_restricted=True)


PLACE: Mapping[str, object] = {"office": pack().chain_office, "town": HERE, "credited": f"|{HERE}|"}
"""Where the marked lead stands in the access matrix."""
