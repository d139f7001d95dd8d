"""A report as tagged PDF, set by Typst; its annex of numbers leads to where each one stands."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from liandesk.steer.reports.writing.charts import drawings, fonts, inputs, installed, source
from liandesk.steer.reports.writing.paper import Bars, Block, Lines, Paper, Rows, Section, annex, numbered
from liandesk.steer.reports.writing.word import plain


def to_pdf(paper: Paper) -> bytes:
    """Return the report as PDF; the same report gives the same bytes on the same machine.

    Raises UserError where no font with Chinese signs is installed.
    """
    import typst

    said = {"fonts": fonts(), "charts": drawings(paper), **_said(paper)}
    template = files("liandesk.steer.reports.writing").joinpath("report.typ").read_text(encoding="utf-8")
    return typst.compile(source(template), font_paths=installed(), format="pdf", sys_inputs=inputs(said))


def _said(paper: Paper) -> dict[str, Any]:
    """Return the report as the template reads it."""
    charts = {id(chart): place for place, chart in enumerate(paper.charts())}
    sections = [
        {
            "title": f"{numbered(place, paper.language)}{section.title}",
            "blocks": _blocks(paper, section, charts),
        }
        for place, section in enumerate(paper.sections, start=1)
    ]
    placed = sorted({name for text in _texts(paper) for name, _words in paper.pieces(text) if name})
    return {
        "title": paper.title,
        "subtitle": paper.subtitle,
        "mark": paper.mark,
        "language": paper.language,
        "sections": sections,
        "placed": placed,
        "annex": _rows(annex(paper)),
        "about": [list(line) for line in paper.about],
    }


def _blocks(paper: Paper, section: Section, charts: Mapping[int, int]) -> list[dict[str, Any]]:
    titles = section.headings(paper.language)
    return [
        {"kind": "sub", "title": titles[place]} if place in titles else _block(paper, block, charts)
        for place, block in enumerate(section.blocks)
    ]


def _block(paper: Paper, block: Block, charts: Mapping[int, int]) -> dict[str, Any]:
    if isinstance(block, Rows):
        cells = [[list(paper.pieces(text)) for text in row] for row in block.cells]
        return {"kind": "rows", **_rows(block), "cells": cells}
    if isinstance(block, Bars | Lines):
        pieces = list(paper.pieces(block.says))
        alt = plain(paper, block.says)
        return {"kind": "chart", "title": block.title, "chart": charts[id(block)], "alt": alt, "pieces": pieces}
    return {"kind": "text", "pieces": list(paper.pieces(str(block)))}


def _rows(rows: Rows) -> dict[str, Any]:
    cells = [list(row) for row in rows.cells]
    return {"title": rows.title, "heads": list(rows.heads), "cells": cells, "shares": rows.shares}


def _texts(paper: Paper) -> list[str]:
    """Return every text of the body that may hold numbers."""
    blocks = [block for section in paper.sections for block in section.blocks]
    tables = [text for block in blocks if isinstance(block, Rows) for row in block.cells for text in row]
    return [block for block in blocks if isinstance(block, str)] + [chart.says for chart in paper.charts()] + tables
