"""The backup list of the demo's district: technologies taken up, candidates accepted, drills held and overdue."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

from liandesk.assess.backups import actions, proposals
from liandesk.assess.backups.models import Backup, Technology
from liandesk.assess.backups.queries import candidates_of, overdue_drills, technologies
from liandesk.assess.backups.rules import rules
from liandesk.assess.lists.models import EntryState
from liandesk.assess.lists.queries import entries
from liandesk.base.accounts.cast import officers_office
from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import Viewer, viewer_of
from liandesk.base.clock import today
from liandesk.base.pack import pack

_TAKEN_UP = 8
_ENTRIES = 4


class Stage(NamedTuple):
    """How far a backup has come: steps done, days from today of the last and the next drill."""

    steps: int
    change_class: str
    trl: int
    drill: int | None
    result: str
    next: int | None


_STAGES = (
    Stage(7, "moderate", 9, -200, "passed", 165),
    Stage(7, "minor", 9, -420, "passed", -55),
    Stage(4, "major", 7, None, "", 60),
    Stage(2, "", 6, None, "", None),
    Stage(5, "moderate", 8, -90, "partly", -10),
)


def keep_backups(people: Mapping[str, User]) -> int:
    """Put backups on the list once, as the chain office would; return how many there are."""
    office = viewer_of(people["ChainOffice"])
    if technologies(office).exists():
        return Backup.objects.count()
    offered = proposals.proposals(office)
    with_backups = [one.key for one in offered if one.backup][:_TAKEN_UP]
    proposals.take_proposals(with_backups or [one.key for one in offered[:_TAKEN_UP]], by=office)
    _accept(office)
    for place, held in enumerate(Backup.objects.order_by("pk")):
        _bring_on(held, _STAGES[place % len(_STAGES)], office)
    _stock(office)
    _hand_over(office)
    return Backup.objects.count()


def _accept(office: Viewer) -> None:
    """Take up the first candidate of the gravest entries that have one."""
    top = entries(office).filter(state=EntryState.ADMITTED, scope="item").order_by("position")
    items = [entry.item for entry in top]
    offered = candidates_of(office, items).unique("item", keep="first", maintain_order=True)
    for one in offered.head(_ENTRIES).iter_rows(named=True):
        proposals.accept_candidate(one["item"], one["candidate"] or "", one["via_name"], by=office)


def _bring_on(held: Backup, stage: Stage, office: Viewer) -> None:
    """Let a backup stand where its stage says, by the acts of a person."""
    path = rules().path_of(held.type)
    done = [step.key for step in path.steps][: stage.steps]
    said = {"steps_done": done, "trl": stage.trl, "change_class": stage.change_class}
    actions.change_backup(held.pk, said, by=office, version=_version(held))
    if stage.drill is not None:
        _drill(held, stage.drill, stage.result, office)
    if stage.next is not None:
        day = today() + timedelta(days=stage.next)
        actions.plan_drill(held.pk, day, by=office, version=_version(held))


def _drill(held: Backup, days: int, result: str, office: Viewer) -> None:
    day = today() + timedelta(days=days)
    drill = actions.plan_drill(held.pk, day, by=office, version=_version(held))
    failed = "切换后首批收率低于验收标准，需复核工艺参数。" if result != "passed" else ""
    evidence = "演练记录（合成数据）"
    actions.record_drill(
        drill.pk, result, by=office, version=_version(held), done_on=day, what_failed=failed, evidence=evidence
    )


def _stock(office: Viewer) -> None:
    """One item is also held in stock, which lengthens the time to survive."""
    row = technologies(office).filter(kind="item").order_by("pk").first()
    if row is not None:
        said = {
            "type": "stock",
            "holder_name": "区级应急储备（示例）",
            "stock_days": 45.0,
            "steps_done": ["decision", "purchase"],
        }
        actions.add_backup(row.pk, said, by=office, version=_version_of(row), is_synthetic=True)


def _hand_over(office: Viewer) -> None:
    """The bureau officer keeps the row whose drill is the longest overdue."""
    late = overdue_drills(office).first()
    if late is not None:
        said = {"owner_office": officers_office(pack())}
        actions.change_technology(late.technology_id, said, by=office, version=late.technology.version)


def _version(held: Backup) -> int:
    return _version_of(held.technology)


def _version_of(row: Technology) -> int:
    row.refresh_from_db()
    return row.version
