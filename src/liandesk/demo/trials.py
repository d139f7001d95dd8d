"""Trials of the demo's two hospitals and of local sponsors elsewhere, each sent in as a sheet of dates. Synthetic."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl

from liandesk.act.trials import actions, queries
from liandesk.act.trials.sheet import trial_table
from liandesk.base.accounts.models import User
from liandesk.base.accounts.queries import scope_name
from liandesk.base.accounts.roles import Role, ScopeKind, Viewer, viewer_of
from liandesk.base.clock import today
from liankit.tables.write import Sheet, write_workbook

_AT = {
    "institution_on": 0.2,
    "ethics_accepted_on": 0.1,
    "ethics_on": 0.3,
    "contract_on": 0.55,
    "genetic_on": 0.4,
    "submitted_on": 0.05,
    "authority_on": 0.7,
    "initiated_on": 0.85,
    "first_patient_on": 1.0,
}
"""When each milestone is reached, as a share of the whole start-up."""
_SUBMITTED = ("ind_60", "ind_30", "device_approval")
_OWN = {
    "Hospital": (
        ("HC-101", "双抗注射液Ⅰ期（合成）", "ind_60", 400, 168),
        ("HC-102", "小分子抑制剂Ⅰ期（合成）", "ind_30", 300, 104),
        ("HC-103", "缓释片生物等效性（合成）", "bioequivalence", 260, 76),
        ("HC-104", "心血管支架（合成）", "device_approval", 250, 131),
        ("HC-105", "吸入制剂真实世界研究（合成）", "investigator", 15, 60),
    ),
    "OtherHospital": (
        ("HC-201", "可吸收缝合材料（合成）", "device_filing", 320, 88),
        ("HC-202", "抗体偶联药物Ⅰ期（合成）", "ind_60", 310, 196),
        ("HC-204", "细胞因子制剂Ⅱ期（合成）", "ind_30", 70, 150),
        ("HC-101", "双抗注射液Ⅰ期（合成）", "ind_60", 40, 160),
    ),
    "Enterprise": (("HC-301", "重组蛋白注射液Ⅲ期（合成）", "ind_60", 350, 149),),
    "OtherEnterprise": (
        ("HC-401", "骨修复材料（合成）", "device_approval", 280, 118),
        ("HC-402", "口服速释片生物等效性（合成）", "bioequivalence", 210, 92),
    ),
}
"""By member: number, title, variant, how many days ago the institution accepted it, how many days it takes in all."""
_GIVEN_UP = ("HC-299", "外用凝胶（合成）", "device_filing", 180, 400)


def start_trials(people: Mapping[str, User]) -> int:
    """Send the sheets once, one trial given up, and call a joint session; return how many trials there are."""
    office = viewer_of(people["ChainOffice"])
    if queries.startups(office).exists():
        return 0
    for name, trials in _OWN.items():
        member = viewer_of(people[name])
        own = [_row(member, *one) for one in trials if _organisation(member)]
        _send(own, member)
    other = viewer_of(people["OtherHospital"])
    if _organisation(other):
        end = {"ended_on": today() - timedelta(120), "end_reason": "ethics_refused"}
        known = {name: value for name, value in _row(other, *_GIVEN_UP).items() if name not in _AT}
        _send([known | end], other)
    _call(office)
    return queries.startups(office).count()


def _organisation(member: Viewer) -> str:
    roles = (Role.HOSPITAL, Role.ENTERPRISE)
    return min((one for role in roles for one in member.scope_ids(role, ScopeKind.ORGANISATION)), default="")


def _row(member: Viewer, number: str, title: str, variant: str, ago: int, length: int) -> dict[str, Any]:
    """Return one row of the sheet: the milestones that lie before today."""
    accepted, name = today() - timedelta(ago), scope_name(ScopeKind.ORGANISATION, _organisation(member))
    at_hospital = Role.HOSPITAL in member.roles
    row: dict[str, Any] = {"protocol": number, "title": title, "variant": variant}
    row |= {
        "sponsor": "区外申办者（合成）" if at_hospital else name,
        "site": name if at_hospital else f"区外机构 {number}（合成）",
    }
    row |= {"sponsor_place": "outside" if at_hospital else "local", "site_place": "local" if at_hospital else "outside"}
    row |= {"contacted_on": accepted - timedelta(30), "accepted_on": accepted} | _dates(accepted, length, variant)
    return row | ({"genetic_way": "not_needed"} if "genetic_on" in row else {})


def _dates(accepted: date, length: int, variant: str) -> dict[str, date]:
    days = {name: accepted + timedelta(round(length * share)) for name, share in _AT.items()}
    if variant not in _SUBMITTED:
        del days["submitted_on"]
    return {name: day for name, day in days.items() if day <= today()}


def _send(rows: list[dict[str, Any]], by: Viewer) -> None:
    table = trial_table()
    told = [{name: row.get(name) for name in table.names()} for row in rows]
    frame = pl.DataFrame(told, schema={column.name: column.dtype for column in table.columns})
    with TemporaryDirectory() as folder:
        path = Path(folder) / "trials.xlsx"
        write_workbook(path, [Sheet(table.sheet_name("zh"), frame, table)], language="zh")
        actions.import_dates(path, by=by, is_sure=True, is_synthetic=True)


def _call(office: Viewer) -> None:
    waiting = [one.pk for one in queries.waiting_for_reviewers(office)][:2]
    if waiting:
        session = actions.Session("临床试验审评集中对接", today() + timedelta(14))
        actions.call_session(waiting, session, by=office)
