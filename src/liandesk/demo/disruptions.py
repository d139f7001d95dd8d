"""Invented disruptions of the demo's items, 2021 to 2024, what the model makes of them, and what two offices say.

The past is entered as a file of the chain office; one notice waits to be confirmed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from liandesk.assess.events import actions, forecast_queries, hindcasts, ledger, queries
from liandesk.assess.events.files import find_in_notices
from liandesk.assess.events.models import Cause, EventSource, HitKind
from liandesk.assess.events.said import Hit, Said
from liandesk.assess.lists.models import EntryState
from liandesk.assess.lists.queries import entries
from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import Viewer, system_viewer, viewer_of
from liandesk.base.clock import today
from liandesk.base.pack import pack
from liandesk.base.snapshots.queries import published, table
from liankit.risk.history import add_months
from liankit.synthetic.events import draw_disruptions

FIRST = date(2021, 1, 1)
_SOURCE = "合成断供事件（演示）"
_WHY = {
    Cause.RAW_MATERIAL: "原料短缺",
    Cause.PRODUCTION: "生产环节故障",
    Cause.HALT: "厂商停止供应",
    Cause.DEMAND: "需求激增",
    Cause.QUALITY: "质量问题",
    Cause.LOGISTICS: "运输延误",
    Cause.TRADE: "出口限制",
}


def enter_disruptions(people: Mapping[str, User], seed: int) -> int:
    """Let the chain office load the past disruptions, once; return how many there are."""
    office = viewer_of(people["ChainOffice"])
    if queries.events(office).exists() or (supplies := _supplies()).is_empty():
        return 0
    rows = draw_disruptions(supplies, home=pack().home_country, first=FIRST, last=today(), seed=seed)
    actions.enter_many([_said(row) for row in rows.iter_rows(named=True)], by=office, are_confirmed=True)
    actions.enter_many(_noticed(rows.row(-1, named=True)), by=office, are_confirmed=False)
    return rows.height


def _supplies() -> pl.DataFrame:
    snapshot = published()
    assert snapshot is not None
    items = table(snapshot, "items").select("item", item_name="name")
    told = table(snapshot, "supplies").drop_nulls(["supplier", "supplier_name"])
    return told.join(items, on="item").select("item", "item_name", "supplier", "supplier_name", "country").collect()


def _said(row: Mapping[str, Any]) -> Said:
    sentence = f"{row['supplier_name']}表示，因{_WHY[row['cause']]}导致{row['item_name']}短缺。"
    return Said(
        cause=row["cause"],
        title=f"{row['item_name']}断供",
        began_on=row["began_on"],
        ended_on=row["ended_on"],
        hits=(
            Hit(HitKind.ITEM, row["item_name"], row["item"]),
            Hit(HitKind.SUPPLIER, row["supplier_name"], row["supplier"]),
        ),
        text=sentence,
        span=(0, len(sentence)),
        source=EventSource.FILE,
        source_name=_SOURCE,
        is_synthetic=True,
    )


def _noticed(row: Mapping[str, Any]) -> list[Said]:
    """Return what is found in an invented notice of the item that was hit last; it waits for a person."""
    text = (
        f"1.{row['supplier_name']}表示，因原料问题目前控货中，预计2025年第一季恢复正常供应。\n"
        "2.建议使用同类产品替代，如：演示替代品甲（国药准字H00000001）（订购请洽演示供应有限公司）。"
    )
    notice = pl.DataFrame({"product": [row["item_name"]], "licence": [None], "told_on": [today()], "text": [text]})
    found = find_in_notices(notice, "合成供应公告（演示）", [None]).rows
    return [Said(**{**vars(said), "is_synthetic": True}) for said in found]


def forecast(people: Mapping[str, User]) -> int:
    """Try the model a year and a half ago, and let two offices say a number of their own; return the forecasts."""
    office, officer = viewer_of(people["ChainOffice"]), viewer_of(people["Officer"])
    if forecast_queries.forecasts(office).filter(source="office").exists():
        return 0
    hindcasts.keep_hindcasts(add_months(today(), -18), by=system_viewer("command"))
    for by, likelihood, reason in (
        (office, 0.35, "主要来源国已宣布出口许可管理，预计一年内影响交付。"),
        (officer, 0.1, "供应商已在国内建仓，近两年未断供。"),
    ):
        _say(by, likelihood, reason)
    return forecast_queries.forecasts(office).count()


def _say(by: Viewer, likelihood: float, reason: str) -> None:
    led = entries(by).filter(state=EntryState.ADMITTED, owner_office=actions.office_of(by))  # it may see more
    entry = led.order_by("position").first()
    if entry:
        ledger.say_likelihood(entry.key, likelihood, reason, by=by, low=likelihood / 2, high=min(1.0, 2 * likelihood))
