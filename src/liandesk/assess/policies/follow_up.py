"""How far fulfilments came: clause by clause and town by town, where they were dropped and why, what was paid.

A town reads it as the answer to what became of its clauses and of its enterprises.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import Count, QuerySet, Sum

from liandesk.assess.policies.actions import PROCESS
from liandesk.assess.policies.definitions import policies_on
from liandesk.assess.policies.models import Fulfilment
from liandesk.assess.policies.policies import FULFILMENT
from liandesk.assess.policies.queries import fulfilments
from liandesk.assess.policies.wording import STAGES
from liandesk.base.accounts.access import check
from liandesk.base.accounts.roles import Viewer
from liandesk.base.clock import today
from liandesk.base.definitions.queries import in_force
from liandesk.base.work.queries import process_of
from liandesk.base.work.wording import said

REACHED = ("matched", "notified", "confirmed", "published", "listed", "paid")
"""The stages on the way, in their order."""
_NEWS_DAYS = 7
_GROUP = ("policy", "clause", "town", "stage", "dropped_from", "reason", "is_synthetic")


@dataclass
class FollowUp:
    """One clause in one town: how many came how far (``reached`` counts who was there or beyond), amounts in fen.

    ``dropped`` counts by (stage it had reached, code of the reason).
    """

    policy: str
    clause: str
    title: str
    town: str
    reached: Counter[str] = field(default_factory=Counter)
    dropped: Counter[tuple[str, str]] = field(default_factory=Counter)
    amount_fen: int = 0
    paid_fen: int = 0
    is_synthetic: bool = False

    @property
    def steps(self) -> list[tuple[str, int]]:
        """Each of ``REACHED`` with how many reached it."""
        return [(stage, self.reached[stage]) for stage in REACHED]


def years(viewer: Viewer) -> list[int]:
    """Return the years of which the viewer sees fulfilments, the last first."""
    check(viewer, FULFILMENT, "read")
    return sorted(set(fulfilments(viewer).order_by().values_list("year", flat=True)), reverse=True)


def follow_up(viewer: Viewer, year: int) -> list[FollowUp]:
    """Return a row for each clause and town of a year, of the enterprises that the viewer may see."""
    check(viewer, FULFILMENT, "read")
    found = fulfilments(viewer).filter(year=year).order_by().values(*_GROUP)
    titles = _titles()
    rows: dict[tuple[str, str, str], FollowUp] = {}
    for line in found.annotate(many=Count("pk"), amount=Sum("amount_fen"), paid=Sum("paid_fen")):
        policy, clause, town = line["policy"], line["clause"], line["town"]
        row = rows.setdefault(
            (policy, clause, town), FollowUp(policy, clause, titles.get((policy, clause), clause), town)
        )
        _add(row, line)
    return [rows[key] for key in sorted(rows)]


def _add(row: FollowUp, line: dict[str, Any]) -> None:
    is_dropped = line["stage"] == "dropped"
    furthest = line["dropped_from"] or REACHED[0] if is_dropped else line["stage"]
    for stage in REACHED[: REACHED.index(furthest) + 1]:
        row.reached[stage] += line["many"]
    if is_dropped:
        row.dropped[line["dropped_from"] or REACHED[0], line["reason"]] += line["many"]
    else:
        row.amount_fen += line["amount"] or 0
    row.paid_fen += line["paid"] or 0
    row.is_synthetic |= line["is_synthetic"]


def in_all(rows: Iterable[FollowUp]) -> FollowUp:
    """Return all rows as one, of no clause and no town."""
    total = FollowUp("", "", "", "")
    for row in rows:
        total.reached += row.reached
        total.dropped += row.dropped
        total.amount_fen += row.amount_fen
        total.paid_fen += row.paid_fen
        total.is_synthetic |= row.is_synthetic
    return total


def _titles() -> dict[tuple[str, str], str]:
    return {(policy.key, clause.key): said(clause.title) for policy in policies_on() for clause in policy.clauses}


def why_dropped(row: FollowUp) -> list[str]:
    """Return where and why fulfilments of a row were dropped, in the reader's language, the most frequent first."""
    reasons = reason_titles()
    return [f"{STAGES[stage]} → {reasons.get(code, code)}: {many}" for (stage, code), many in row.dropped.most_common()]


def reason_titles() -> dict[str, str]:
    """Return the reasons for which a fulfilment is dropped, by their codes, in the reader's language."""
    definition = in_force("process", PROCESS)
    outcome = process_of(definition).stage("dropped").outcome if definition else None
    return {reason.key: said(reason.title) for reason in outcome.reasons} if outcome else {}


def just_dropped(viewer: Viewer) -> QuerySet[Fulfilment]:
    """Return what the viewer sees that was dropped in the last days, the youngest first."""
    since = today() - timedelta(days=_NEWS_DAYS)
    found = fulfilments(viewer).filter(stage="dropped", case__ended_at__date__gte=since)
    return found.order_by("-case__ended_at")
