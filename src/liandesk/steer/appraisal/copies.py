"""The table of an appraisal as a workbook, one sheet a group, or as a Word document; a copy leaves a trace."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from django.http import FileResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext as _c

from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import today
from liandesk.base.errors import UserError
from liandesk.base.snapshots.store import file_digest
from liandesk.base.ui.copies import about_copy, mark_of, send, watermark
from liandesk.base.ui.display import language
from liandesk.base.ui.word import add_about, add_table, open_paper
from liandesk.steer.appraisal import standing
from liandesk.steer.appraisal.queries import GroupResult, Opened
from liandesk.steer.appraisal.wording import title_of
from liankit.errors import nearest
from liankit.tables.write import Cover, Page, Sheet, write_workbook

COPY_KINDS = ("xlsx", "docx")
_PLACES = 2


def send_copy(found: Opened, kind: str, *, by: Viewer) -> FileResponse:
    """Send the table in the reader's language; raise UserError for a kind that is none of ``COPY_KINDS``."""
    check_kind(kind)

    def write(path: Path) -> str:
        (_write_excel if kind == "xlsx" else _write_word)(found, path, by)
        record("appraisal.export", "appraisal", found.appraisal.pk, by=by, kind=kind, file=file_digest(path))
        synthetic = "-synthetic" if found.is_synthetic else ""
        return f"appraisal-{found.appraisal.year}_{today():%Y-%m-%d}{synthetic}.{kind}"

    return send(kind, write)


def check_kind(kind: str) -> None:
    """Raise UserError for a kind of file that is none of ``COPY_KINDS``."""
    if kind not in COPY_KINDS:
        said = _("'%(name)s' is none of %(valid)s.") % {"name": kind, "valid": ", ".join(COPY_KINDS)}
        raise UserError(said + nearest(kind, COPY_KINDS))


def _title(found: Opened) -> str:
    return f"{title_of(standing.scheme_of(found.formula))} · {found.appraisal.year}"


def _about(found: Opened, by: Viewer) -> tuple[tuple[str, str], ...]:
    published = found.result.published_on.isoformat() if found.result else _("not published")
    lines = (
        (_("Formula"), f"{found.formula.number} · {found.formula.hash}"),
        (_("Published"), published),
        (_("Missing values"), _missing(found)),
    )
    return about_copy(lines, is_synthetic=found.is_synthetic, by=by)


def _missing(found: Opened) -> str:
    count = sum(int(np.isnan(one.scored.scores).sum()) for one in found.groups)
    return _("%(count)s; their weight lies on the other items of the unit, none counts as zero") % {"count": count}


def frame_of(one: GroupResult) -> pl.DataFrame:
    """Return a group as a table: rank, unit, total, interval of ranks, points of each item, what was added."""
    scored, rows = one.scored, one.order
    sets = one.intervals
    numbers: dict[str, Any] = {
        _("Rank"): scored.ranks,
        _("Total"): scored.totals.round(_PLACES),
        _("Rank, at best"): sets.rank_low,
        _("Rank, at worst"): sets.rank_high,
        **{title_of(item): scored.scores[:, place].round(_PLACES) for place, item in enumerate(one.group.items)},
        _c("appraisal", "Added"): scored.bonus,
        _c("appraisal", "Taken off"): scored.penalty,
    }
    named = {_("Unit"): [standing.unit_name(one.group, scored.units[row]) for row in rows]}
    return pl.DataFrame(named | {name: values[rows] for name, values in numbers.items()}).fill_nan(None)


def _write_excel(found: Opened, path: Path, by: Viewer) -> None:
    sheets = [Sheet(title_of(one.group), frame_of(one)) for one in found.groups]
    paper = Page("A3", header=f"{_title(found)} · {mark_of(found.is_synthetic)}", footer=watermark(by))
    cover = Cover(_("About this copy"), _title(found), _about(found, by))
    write_workbook(path, sheets, cover=cover, page=paper, language=language())


def _write_word(found: Opened, path: Path, by: Viewer) -> None:
    mark = mark_of(found.is_synthetic)
    paper = open_paper(_title(found), mark=mark, footer=watermark(by), size=9, is_across=True, sides=12)
    for one in found.groups:
        paper.add_paragraph(title_of(one.group), style="Heading 1")
        add_frame(paper, frame_of(one))
    add_about(paper, _about(found, by))
    paper.save(str(path))


def add_frame(paper: Any, frame: pl.DataFrame) -> None:
    """Add a table to a Word document; an empty cell is unknown."""
    add_table(paper, frame.columns, ([_cell(value) for value in row] for row in frame.iter_rows()))


def _cell(value: float | str | None) -> str:
    if value is None:
        return _("unknown")
    return value if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")
