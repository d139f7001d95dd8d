"""What was asked for at the windows, as a list; the load of the windows, as columns of a copy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _c

from liandesk.base.ui.listing import ListColumn, Listing, Question
from liandesk.base.work import cases_listing
from liandesk.base.work.models import Case, Party
from liandesk.base.work.queries import EARLIEST_DUE, process_of
from liandesk.base.work.wording import holder_name, said
from liankit.process import Process


@dataclass(frozen=True)
class TurnColumn(ListColumn):
    """Who has to act next."""

    def value(self, row: Model) -> Any:
        turn = turn_of(row)  # type: ignore[arg-type]
        return "、".join(dict.fromkeys(holder_name(party.scope_kind, party.scope_id) for party in turn))


def turn_of(case: Case) -> list[Party]:
    """Return who is waited for: the holders of the roles that lead where the case is, else whoever can act at all.

    Whoever asked may nearly always withdraw; that makes it not their turn. ``case`` is one of ``queries.asked``.
    """
    acting: list[Party] = case.turn  # type: ignore[attr-defined]
    process = process_of(case.definition)
    leads = {process.stage(key).lead for key in case.stages}
    return [party for party in acting if party.role in leads] or acting


@dataclass(frozen=True)
class AnswerColumn(ListColumn):
    """How a case ended, with the reason that was given."""

    def value(self, row: Model) -> Any:
        return answer_of(row)  # type: ignore[arg-type]


def answer_of(case: Case) -> str:
    """Return how a case ended and why, in words; empty while it is open."""
    ends = (stage.outcome for stage in process_of(case.definition).stages if stage.outcome)
    end = next((end for end in ends if end.key == case.outcome), None)
    if end is None:
        return ""
    why = next((said(reason.title) for reason in end.reasons if reason.key == case.reason), "")
    return " · ".join(dict.fromkeys(part for part in (said(end.title), why) if part))


def asked(known: Mapping[str, Process]) -> Listing:
    """Return the list of what was asked for."""
    own = {column.name: column for column in cases_listing.listing(known).columns}
    columns = (
        own["title"],
        own["process"],
        own["stages"],
        TurnColumn("awaits", _("Whose turn it is"), may_be_empty=True),
        own["entered_at"],
        own["due"],
        AnswerColumn("outcome", _c("service", "Answered with"), may_be_empty=True),
        own["opened_at"],
        own["ended_at"],
    )
    return Listing("services", _("Service window"), columns, ("title",), _("Title contains"), EARLIEST_DUE, _EMPTY)


_EMPTY = _("What you ask for at a window above stands here, with whose turn it is.")


def questions() -> list[Question]:
    """Return what is asked beside the columns: whether it is still open."""
    titles = [("open", str(_c("service", "In hand"))), ("ended", str(_c("service", "Answered")))]
    return [Question("state", _c("service", "State"), titles, lambda state: Q(ended_at__isnull=state == "open"))]


LOAD_COLUMNS = (
    ListColumn("window", _("Window")),
    ListColumn("title", _c("service", "What is asked for")),
    ListColumn("open", _c("service", "In hand"), "number"),
    ListColumn("overdue", _c("service", "Overdue"), "number"),
    ListColumn("ended", _("Ended this year"), "number"),
)
LOAD = Listing("service_load", _("Load of the windows"), LOAD_COLUMNS, (), "", (), "")
