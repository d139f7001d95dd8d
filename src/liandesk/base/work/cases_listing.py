"""The table of cases: its columns and what it is asked by; nothing in it replays a case."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from liandesk.base.accounts.roles import Viewer
from liandesk.base.pack import pack
from liandesk.base.ui.display import language
from liandesk.base.ui.listing import ListColumn, Listing, Question
from liandesk.base.work import queries
from liandesk.base.work.models import Case, Party, Stay
from liandesk.base.work.tables import stage_titles
from liandesk.base.work.wording import said
from liankit.process import Process

SHOWN: Mapping[str, Callable[[Viewer], QuerySet[Case]]] = {
    "mine": queries.mine,
    "hand": queries.in_hand,
    "office": queries.of_office,
    "others": queries.waiting_on_others,
    "overdue": queries.overdue,
    "open": queries.open_cases,
    "ended": queries.ended_cases,
}
"""Which cases the table shows, by the answer to its first question."""


@dataclass(frozen=True)
class StageColumn(ListColumn):
    """The titles of the stages a case is in, or of the end it came to."""

    def value(self, row: Model) -> Any:
        return "、".join(stage_titles(row))  # type: ignore[arg-type]


@dataclass(frozen=True)
class DayColumn(ListColumn):
    """A moment as its day in the district."""

    def value(self, row: Model) -> Any:
        held = getattr(row, self.name)
        return timezone.localdate(held) if held else None


def processes() -> dict[str, Process]:
    """Return the processes in force, by key."""
    return {key: queries.process_of(definition) for key, definition in queries.in_force_today().items()}


def listing(found: Mapping[str, Process]) -> Listing:
    """Return the table of cases with the names of processes and of their ends."""
    ends = {stage.outcome.key: said(stage.outcome.title) for p in found.values() for stage in p.stages if stage.outcome}
    columns = (
        ListColumn("title", _("Case"), link=lambda row: reverse("case", args=[row.pk])),
        ListColumn(
            "process",
            pgettext_lazy("definition", "Process"),
            "choice",
            choices={key: said(process.title) for key, process in found.items()},
            is_filter=True,
            may_be_empty=True,
        ),
        StageColumn("stages", pgettext_lazy("case", "Stage")),
        DayColumn("entered_at", _("In this stage since"), "date", may_be_empty=True),
        ListColumn("due", _("Due"), "date", choices=_DUE, is_filter=True, may_be_empty=True),
        DayColumn("opened_at", _("Opened on"), "date", is_first=False),
        DayColumn("changed_at", _("Last changed"), "date"),
        DayColumn("ended_at", _("Ended on"), "date", is_first=False, may_be_empty=True),
        ListColumn(
            "outcome", _("How it ended"), "choice", choices=ends, is_filter=True, is_first=False, may_be_empty=True
        ),
    )
    return Listing("cases", _("Cases"), columns, ("title",), _("Title contains"), queries.EARLIEST_DUE, _EMPTY)


_DUE = {"past": _("overdue"), "future": _("still to come")}
_EMPTY = _("A case is opened by an office, by an enterprise's request, or by an entry of a list.")


def questions(known: Mapping[str, Process], process: str) -> Sequence[Question]:
    """Return what is asked beside the columns: whose cases, which office takes part, the stage of one process."""
    titles = {
        "hand": _now("In hand"),
        "mine": _now("My turn"),
        "office": _now("My office's"),
        "others": _now("Waiting on others"),
        "overdue": _now("Overdue"),
        "open": _now("All open"),
        "ended": _now("Ended"),
    }
    offices = [(office.code, office.text[language()]) for office in pack().offices]
    asked = [
        Question("show", _("Which cases"), list(titles.items()), lambda _show: Q()),  # the rows are chosen before
        Question("office", _("Office that takes part"), offices, _has_office, is_data=True),
    ]
    if found := known.get(process):
        stages = [(stage.key, said(stage.title)) for stage in found.stages]
        title = pgettext_lazy("case", "Stage")
        asked.append(Question("stage", title, stages, lambda stage: _is_in(process, stage), is_data=True))
    return asked


def _has_office(code: str) -> Q:
    return Q(Exists(Party.objects.filter(case=OuterRef("pk"), scope_kind="office", scope_id=code)))


def _is_in(process: str, stage: str) -> Q:
    return Q(pk__in=Stay.objects.filter(process=process, stage=stage, left_at=None).values("case"))


def rows(viewer: Viewer, show: str) -> QuerySet[Case]:
    """Return the cases that the first question lets through: without an answer all that one sees."""
    found = SHOWN.get(show, queries.cases)(viewer)
    return found.select_related("definition").defer("definition__body")
