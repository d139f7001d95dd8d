"""What lists of rows that cases write have in common: a title that leads to the case, and why it ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from liandesk.base.accounts.roles import Viewer
from liandesk.base.definitions.queries import in_force
from liandesk.base.ui.listing import ListColumn
from liandesk.base.ui.templatetags.ui import data
from liandesk.base.work.queries import cases, process_of
from liandesk.base.work.wording import said


@dataclass(frozen=True)
class SeenColumn(ListColumn):
    """It leads to the page of what it names, where the viewer may open that; ``by``: the field that says which."""

    seen: frozenset[Any] = frozenset()
    by: str = "pk"

    def render(self, row: Model) -> SafeString | str:
        return super().render(row) if getattr(row, self.by) in self.seen else data(self.value(row))


def cases_seen(viewer: Viewer, process: str) -> frozenset[int]:
    """Return the cases of a process that the viewer may open."""
    return frozenset(cases(viewer).filter(process=process).values_list("pk", flat=True))


def title_column(viewer: Viewer, process: str, title: str | Promise) -> SeenColumn:
    """Return the column of the title; it leads to the case."""
    seen = cases_seen(viewer, process)
    return SeenColumn("title", title, link=lambda row: reverse("case", args=[row.case_id]), seen=seen, by="case_id")


def reason_titles(process: str) -> dict[str, str]:
    """Return the reasons of every end of the process in force by their codes, in the reader's language."""
    definition = in_force("process", process)
    stages = process_of(definition).stages if definition else ()
    return {one.key: said(one.title) for stage in stages if stage.outcome for one in stage.outcome.reasons}


def reason_column(process: str, *, is_first: bool = True) -> ListColumn:
    """Return the column of why it ended, in the words of the process."""
    told = reason_titles(process)
    return ListColumn(
        "reason", _("Why it ended"), "choice", choices=told, is_filter=True, may_be_empty=True, is_first=is_first
    )
