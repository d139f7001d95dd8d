"""The published result of one unit as a workbook or a Word document: what its page shows, and nothing of the others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
from django.http import FileResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext as _c

from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import today
from liandesk.base.snapshots.store import file_digest
from liandesk.base.ui.copies import about_copy, mark_of, send, watermark
from liandesk.base.ui.display import language
from liandesk.base.ui.word import add_about, open_paper
from liandesk.steer.appraisal.copies import add_frame, check_kind
from liandesk.steer.appraisal.origins import Origin
from liandesk.steer.appraisal.queries import UnitResult
from liandesk.steer.appraisal.shown import LineShown, unit_shown
from liandesk.steer.appraisal.wording import title_of
from liankit.tables.write import Cover, Page, Sheet, write_workbook


def send_unit_copy(found: UnitResult, kind: str, *, by: Viewer) -> FileResponse:
    """Send the result of a unit in the reader's language; raise UserError for a kind that is none of ``COPY_KINDS``."""
    check_kind(kind)
    result = found.result

    def write(path: Path) -> str:
        (_write_excel if kind == "xlsx" else _write_word)(found, path, by)
        told = {"unit": found.unit, "result": result.number, "kind": kind, "file": file_digest(path)}
        record("appraisal.export_unit", "appraisal", result.appraisal_id, by=by, **told)
        synthetic = "-synthetic" if result.is_synthetic else ""
        return f"appraisal-{result.appraisal.year}-{found.unit}_{today():%Y-%m-%d}{synthetic}.{kind}"

    return send(kind, write)


def _title(found: UnitResult) -> str:
    return f"{found.name} · {title_of(found.group)} · {found.result.appraisal.year}"


def _frame(shown: dict[str, Any], found: UnitResult) -> pl.DataFrame:
    """Return the items and what was added: a row each, as the page has them."""
    rows = [_item(one, found) for one in shown["lines"]]
    rows += [_added(title, one.times, one.points) for title, one in shown["added"]]
    numbers = dict.fromkeys((_("Points"), _("Weight used"), *_quartile_heads()), pl.Float64)
    return pl.DataFrame(rows, schema_overrides=numbers)


def _quartile_heads() -> tuple[str, str, str]:
    return _("Lower quartile of the group"), _("Median of the group"), _("Upper quartile of the group")


def _item(one: LineShown, found: UnitResult) -> dict[str, Any]:
    weight = round(one.line.weight * 100, 2)
    ends = one.line.quartiles or (None, None, None)
    return {
        _c("appraisal", "Item"): f"{one.title} ({one.method})",
        _("Value"): "; ".join(f"{name} {text}" for name, text in one.numbers) or None,
        _("Rests on"): "; ".join([one.evidence, *map(_origin, one.origins), *_recorded(one)]).strip("; "),
        _("Points"): one.points,
        _("Weight used"): weight,
        **dict(zip(_quartile_heads(), [end and round(end, 2) for end in ends], strict=True)),
        _("What alone would raise the rank"): _way(one, found),
    }


def _origin(one: Origin) -> str:
    counted = f", {one.counted}" if one.counted else ""
    return f"{one.number}: {one.name}, {one.on.isoformat()}{counted}"


def _recorded(one: LineShown) -> list[str]:
    told = ", ".join(f"{name} {text}" for name, text in one.recorded)
    return [_("the records give %(numbers)s") % {"numbers": told}] if told else []


def _way(one: LineShown, found: UnitResult) -> str:
    if found.is_first:
        return _("it is first")
    if one.needed and one.line.way:
        return f"{one.needed} · " + _("to rank %(rank)s") % {"rank": one.line.way.rank}
    return _("reporting the value") if one.points is None else _("no change of it alone")


def _added(title: str, times: float | None, points: float | None) -> dict[str, Any]:
    heads = (_c("appraisal", "Item"), _("Value"), _("Points"))
    return dict(zip(heads, (title, None if times is None else f"{times:g}", points), strict=True))


def _about(found: UnitResult, shown: dict[str, Any], by: Viewer) -> tuple[tuple[str, str], ...]:
    result, rank = found.result, f"{found.rank} / {found.units}" if found.rank else _("unknown")
    total = _("unknown") if shown["total"] is None else f"{shown['total']:g}"
    lines = [
        (_("Total"), total),
        (_("Rank"), rank),
        (_("Quartiles of the group"), " · ".join(f"{end:.2f}" for end in found.quartiles or ()) or _("not shown")),
        (_("Formula"), f"{result.formula.number} · {result.formula.hash}"),
        (_("Published"), result.published_on.isoformat()),
        (_("Objections until"), result.objections_until.isoformat()),
    ]
    return about_copy(lines, is_synthetic=result.is_synthetic, by=by)


def _write_excel(found: UnitResult, path: Path, by: Viewer) -> None:
    shown = unit_shown(found)
    header = f"{_title(found)} · {mark_of(found.result.is_synthetic)}"
    cover = Cover(_("About this copy"), _title(found), _about(found, shown, by))
    paper = Page("A4", header=header, footer=watermark(by))
    write_workbook(path, [Sheet(found.name, _frame(shown, found))], cover=cover, page=paper, language=language())


def _write_word(found: UnitResult, path: Path, by: Viewer) -> None:
    shown = unit_shown(found)
    mark = mark_of(found.result.is_synthetic)
    paper = open_paper(_title(found), mark=mark, footer=watermark(by), size=9, is_across=True, sides=12)
    about = _about(found, shown, by)
    for label, text in about[:3]:
        paper.add_paragraph(f"{label}: {text}")
    add_frame(paper, _frame(shown, found))
    add_about(paper, about[3:])
    paper.save(str(path))
