"""Two incident rooms of the demo: one that is worked in, one that was closed and left a lesson. All is synthetic."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from liandesk.assess.events.actions import end, enter
from liandesk.assess.events.models import Event
from liandesk.assess.events.said import Hit, Said
from liandesk.assess.incidents import drafts, queries
from liandesk.assess.incidents.actions import open_room, state_reason
from liandesk.assess.incidents.models import Incident
from liandesk.base.accounts.cast import officers_office
from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import Viewer, viewer_of
from liandesk.base.clock import today
from liandesk.base.pack import pack
from liandesk.base.snapshots.queries import published, table
from liandesk.base.teamwork.actions import say
from liandesk.base.teamwork.task_actions import finish_task
from liandesk.base.work.actions import Step, act
from liandesk.base.work.models import Case

SENT = 3
"""Messages that were sent in the room that is open."""


def meet_incidents(people: dict[str, User]) -> int:
    """Open a room about the supplier of the gravest input and close another; return how many rooms there are."""
    office, officer = viewer_of(people["ChainOffice"]), viewer_of(people["Officer"])
    if queries.incidents(office).exists():
        return 0
    suppliers = _critical_suppliers()
    if len(suppliers) > 1:
        _closed(_disrupted(suppliers[1], "质量问题停止供货", "quality", 60, by=officer), officer, office)
    if suppliers:
        _open(_disrupted(suppliers[0], "突发停产，暂停供货", "production", 4, by=office), office, officer)
    return queries.incidents(office).count()


def _critical_suppliers() -> list[tuple[str, str]]:
    """Return the id and name of the suppliers whose loss costs a single enterprise most, each once."""
    snapshot = published()
    if snapshot is None:
        return []
    names = table(snapshot, "supplies").select("supplier", "supplier_name").unique("supplier")
    grave = table(snapshot, "entries").filter(scope="input").drop_nulls("critical_supplier")
    found = grave.sort("impact_low", "entry", descending=[True, False], nulls_last=True)
    found = found.unique("critical_supplier", keep="first", maintain_order=True).head(2)
    named = found.join(names, left_on="critical_supplier", right_on="supplier", maintain_order="left")
    return named.select(pl.col("critical_supplier"), "supplier_name").collect().rows()


def _disrupted(supplier: tuple[str, str], what: str, cause: str, days_ago: int, *, by: Viewer) -> Event:
    ident, name = supplier
    hit = Hit("supplier", name, ident)
    said = Said(cause, f"{name}{what}", today() - timedelta(days=days_ago), (hit,), is_synthetic=True)
    return enter(said, by=by)


def _open(event: Event, office: Viewer, officer: Viewer) -> None:
    """Begin to meet it, do the first task, tell some enterprises."""
    room = open_room([event.pk], by=office)
    lead = officer if _leads(room, officers_office(pack())) else office
    _step(room, "respond", {"finding": "已与供应商及企业核实，情况属实；先查库存，再启动备份来源。"}, by=lead)
    say(room.case_id, "请各单位每日16时前更新任务进展。", by=office)
    finish_task(room.tasks.order_by("pk")[0].task_id, by=office)
    for message in room.messages.all()[:SENT]:
        drafts.send(message.pk, by=office, version=message.version)


def _closed(event: Event, officer: Viewer, office: Viewer) -> None:
    """Settle what is grave, end the disruption, propose the end, agree as another person."""
    room = open_room([event.pk], by=officer)
    own = officers_office(pack())
    if not _leads(room, own):
        act(room.case_id, Step("assign", _seen(room), "lead", holders={"lead": [f"office:{own}"]}), by=office)
    _step(room, "respond", {"finding": "影响范围有限，企业库存可支撑至恢复供货。"}, by=officer)
    for one in room.tasks.exclude(entry=None).order_by("pk")[:2]:
        finish_task(one.task_id, by=officer)
    for entry in queries.unsettled(room):
        state_reason(entry.pk, "库存可支撑至恢复供货", by=officer)
    end(event.pk, today() - timedelta(days=20), by=officer, version=event.version)
    said = {
        "event_end": "ended",
        "what_was_done": "供应商完成整改并恢复供货，企业未停产。",
        "lesson": "单一来源物料应在日常完成第二来源的质量比对，出现质量问题时可直接进入三批验证。",
    }
    _step(room, "close", said, by=officer, reason="supply_restored")
    act(room.case_id, Step("approve", _seen(room), "close"), by=office)


def _leads(room: Incident, office: str) -> bool:
    return room.case.parties.filter(role="lead", scope_id=office).exists()


def _step(room: Incident, name: str, said: dict[str, str], *, by: Viewer, reason: str = "") -> None:
    act(room.case_id, Step("do", _seen(room), name, said, reason), by=by)


def _seen(room: Incident) -> int:
    return Case.objects.get(pk=room.case_id).events_count
