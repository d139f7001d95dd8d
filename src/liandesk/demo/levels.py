"""Levels of the demo's entries: one that an officer set otherwise, one measure agreed, one switch proven."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from liandesk.assess.lists.actions import assign, report
from liandesk.assess.lists.life import case_of
from liandesk.assess.lists.models import EntryState, ListEntry
from liandesk.assess.lists.queries import entries
from liandesk.base.accounts.cast import officers_office
from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import Viewer, viewer_of
from liandesk.base.clock import today
from liandesk.base.pack import pack
from liandesk.base.snapshots import store
from liandesk.base.work.actions import Step, act

SKIPPED = 4
"""The gravest entries keep their offices."""

_PAPER = b"%PDF-1.4\n% synthetic report of the demo\n%%EOF\n"


def tell_levels(people: Mapping[str, User]) -> int:
    """Let the officer set one level, agree on a measure and prove another; once. Return how many entries."""
    office, officer = viewer_of(people["ChainOffice"]), viewer_of(people["Officer"])
    if entries(office).exclude(level="").exists():
        return 0
    admitted = entries(office).filter(state=EntryState.ADMITTED).order_by("position")[SKIPPED:]
    untouched = [entry for entry in admitted if (case := case_of(entry)) and case.stages == ["admitted"]][:3]
    for entry, do in zip(untouched, (_set, _agree, _prove), strict=False):
        do(_handed_over(entry, office), officer, office)
    return len(untouched)


def _handed_over(entry: ListEntry, office: Viewer) -> ListEntry:
    """Let the chain office give an entry to the officer's office."""
    owner = officers_office(pack())
    return assign(entry.key, by=office, version=entry.version, owner_office=owner, due_date=entry.due_date)


def _set(entry: ListEntry, officer: Viewer, office: Viewer) -> None:
    reason = "企业自备两年用量，近期不会停产。"
    report(entry.key, by=officer, version=entry.version, level="yellow", level_reason=reason, measure="按季核对储备")


def _agree(entry: ListEntry, officer: Viewer, office: Viewer) -> None:
    _do(entry, officer, "take_up")
    effective = (today() + timedelta(days=45)).isoformat()
    _do(entry, officer, "agree", measure="与国内厂商签订供货协议并完成三批验证", effective_from=effective)
    _do(entry, office, "agree", "approve")


def _prove(entry: ListEntry, officer: Viewer, office: Viewer) -> None:
    _agree(entry, officer, office)
    _do(entry, officer, "effect", "prove", hash=store.put_bytes(_PAPER), title="三批验证报告（合成）")
    _do(entry, officer, "prove_effect", effect_text="三批验证合格，第二来源已放行。")
    _do(entry, office, "close", reason="second_source")


def _do(entry: ListEntry, by: Viewer, name: str, kind: Any = "do", *, reason: str = "", **data: Any) -> None:
    case = case_of(entry)
    if case is not None:
        act(case.pk, Step(kind, case.events_count, name, data, reason=reason), by=by)
