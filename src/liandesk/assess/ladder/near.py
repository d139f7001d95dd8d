"""Near-misses: enterprises that are one or two clauses short of their next rung, with the clauses and the gaps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl
from django.http import FileResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _c

from liandesk.assess.ladder.models import Rung
from liandesk.assess.ladder.queries import FAMILY, rungs, title_names
from liandesk.assess.rules import queries as rules
from liandesk.assess.rules.tables import NEW
from liandesk.assess.rules.wording import Words, said, value_said
from liandesk.base.accounts.roles import Viewer
from liandesk.base.clock import today
from liandesk.base.ui.copies import send, write_copy
from liandesk.base.ui.listing import ListColumn, Listing
from liankit.rules.evaluate import Grades, grade
from liankit.rules.missing import missing_clauses
from liankit.rules.panel import build_panel
from liankit.rules.scheme import Compare
from liankit.rules.versions import governing

MOST = 2
"""So many clauses short is near."""


@dataclass(frozen=True)
class Gap:
    """A clause that is not met: what it asks, and what the enterprise has; empty where nothing is measured."""

    title: str
    condition: str
    value: str


@dataclass(frozen=True)
class NearMiss:
    """An enterprise, and what is between it and its next rung."""

    row: Rung
    gaps: list[Gap]


def near_misses(viewer: Viewer) -> list[NearMiss]:
    """Return who is one or two clauses short with nothing unknown, those with the fewest first."""
    rows = list(rungs(viewer).filter(failed__range=(1, MOST), unknown=0).order_by("failed", "next", "name"))
    facts, words, law = rules.facts_of(viewer, [row.pk for row in rows]), rules.vocabulary(), rules.schemes()
    found: dict[str, list[Gap]] = {}
    for code in {row.next for row in rows}:
        scheme = governing([one for one in law if one.family == FAMILY], code, NEW, today())
        asked = [row.pk for row in rows if row.next == code]
        if scheme:
            (graded,) = grade([scheme], build_panel(facts, words, today(), pl.Series(asked)))
            said_by = Words(scheme, words)
            found |= {pk: list(_gaps(graded, said_by, at)) for at, pk in enumerate(asked)}
    return [NearMiss(row, found.get(row.pk, [])) for row in rows]


def _gaps(graded: Grades, words: Words, row: int) -> Iterator[Gap]:
    for one in missing_clauses(graded, row).clauses:
        node = one.node
        is_measured = not (isinstance(node, Compare) and node.is_ is not None)
        unit = words.unit_of(node.quantity) if isinstance(node, Compare) else "points"
        value = value_said(float(one.low[row]), unit) if len(one.low) and is_measured else ""
        yield Gap(said(node.title), words.condition(node), value)


def send_near(found: list[NearMiss], kind: str, *, by: Viewer) -> FileResponse:
    """Send the near-misses as a file, a clause that is not met a row."""
    names = {code: said(text) for code, text in title_names().items()}
    columns = (
        ListColumn("name", _("Enterprise")),
        ListColumn("town", _("Town"), "term", group="towns", may_be_empty=True),
        ListColumn("held", _c("ladder", "Awarded"), "choice", choices=names, may_be_empty=True),
        ListColumn("next", _("Next rung"), "choice", choices=names),
        ListColumn("failed", _("Clauses short"), "number"),
        ListColumn("clause", _("Clause")),
        ListColumn("condition", _("Rule")),
        ListColumn("value", _("Value"), may_be_empty=True),
    )
    rows = [_line(one.row, gap) for one in found for gap in one.gaps]
    listing = Listing("near_misses", _("Near-misses"), columns, (), "", (), "")
    return send(
        kind,
        lambda path: write_copy(listing, rows, columns, path, by=by, kind=kind, seen_as=str(_("one or two short"))),
    )


@dataclass(frozen=True)
class _Line:
    name: str
    town: str
    held: str
    next: str
    failed: int | None
    clause: str
    condition: str
    value: str
    is_synthetic: bool


def _line(row: Rung, gap: Gap) -> _Line:
    return _Line(
        row.name, row.town, row.held, row.next, row.failed, gap.title, gap.condition, gap.value, row.is_synthetic
    )
