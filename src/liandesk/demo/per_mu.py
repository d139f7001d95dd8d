"""What the demo's per-mu office published, mostly the class that is computed, and the objections to it. Synthetic."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
from django.db.models import F

from liandesk.assess.per_mu.computing import Corrected
from liandesk.assess.per_mu.definitions import method_of
from liandesk.assess.per_mu.importing import import_results
from liandesk.assess.per_mu.models import Result
from liandesk.assess.per_mu.policies import PROCESS, SUBJECT
from liandesk.assess.per_mu.queries import effect_of, figure_of, lines, results
from liandesk.base.accounts.cast import officers_office
from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import Viewer, viewer_of
from liandesk.base.pack import pack
from liandesk.base.work.actions import NewCase, Step, act, open_case, open_following

PUBLISHED_ON = "2024-06-28"
EVERY = 8
"""Of so many enterprises one was judged a class lower than is computed."""


def publish_per_mu(people: Mapping[str, User]) -> int:
    """Take over the published table once, of those whose class is certain; return how many rows it has."""
    office = viewer_of(people["ChainOffice"])
    sure = lines(office, method_of()).filter(best_at__isnull=False, best_at=F("worst_at")).order_by("name", "pk")
    if results(office).exists() or not sure:
        return 0
    keys = [one.key for one in method_of().classes]
    below = {**dict(pairwise(keys)), keys[-1]: keys[-1]}
    rows = [
        (one.organisation, 2023, below[one.best] if at % EVERY == 0 else one.best, "区亩均办（合成）", PUBLISHED_ON)
        for at, one in enumerate(sure)
    ]
    columns = ["organisation", "year", "result", "publisher", "published_on"]
    with tempfile.TemporaryDirectory() as folder:
        sheet = Path(folder) / "per_mu.csv"
        pl.DataFrame(rows, schema=columns, orient="row").write_csv(sheet)
        written = import_results(sheet, by=office, is_sure=True).written
    _object(office, viewer_of(people["Officer"]), viewer_of(people["Enterprise"]))
    return written


def _object(office: Viewer, officer: Viewer, owner: Viewer) -> None:
    """One enterprise objects and waits; of another the objection was upheld and the result published anew."""
    if (own := results(owner).first()) is not None:
        _open(own, owner, "energy_tce", 0.8, "外购蒸汽被重复计入综合能耗，附能源审计报告。")
    others = results(office).filter(result="c")
    if (other := next((one for one in others if one != own and _would_rise(one)), None)) is None:
        return
    case_events = _open(other, office, "land_mu", 0.6, "出让合同附图显示，用地中含市政代征道路，应予扣除。")
    known = figure_of(other.organisation, "land_mu", other.year) or 0.0
    decided = {
        "corrected_value": round(known * 0.6, 1),
        "class_anew": "b",
        "decision_text": "经核对不动产权证与测绘图，代征道路不计入用地面积。",
    }
    act(case_events[0], Step("do", case_events[1], "uphold", decided, "figure_wrong"), by=officer)


def _would_rise(found: Result) -> bool:
    """Say whether it would be computed a class better with less land."""
    known = figure_of(found.organisation, "land_mu", found.year)
    if known is None:
        return False
    told = Corrected(found.organisation, "land_mu", found.year, round(known * 0.6, 1))
    effect: Mapping[str, Any] = effect_of(method_of(), told)
    return bool(effect["before"]["best"] == "c" and effect["after"]["worst"] == "b")


def _open(found: Result, by: Viewer, figure: str, share: float, why: str) -> tuple[int, int]:
    """Open an objection that a figure is only a share of what was taken; return the case and how many events it has."""
    known = figure_of(found.organisation, figure, found.year) or 0.0
    said = {"figure": figure, "stated_value": round(known * share, 1), "objection_grounds": why}
    parties = [("objector", "organisation", found.organisation), ("decider", "office", officers_office(pack()))]
    new = NewCase(
        PROCESS,
        f"对 {found.year} 年度亩均评价结果的异议",
        parties,
        said,
        (SUBJECT, str(found.pk)),
        is_synthetic=True,
    )
    is_own = found.organisation in {one.scope_id for one in by.grants}
    case = open_case(new, by=by) if is_own else open_following(new, by=by)
    return case.pk, case.events_count
