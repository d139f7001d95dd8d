"""The charts of a report as they are drawn: shares of the room there is, and the words beside them.

``charts.typ`` draws them, for the PDF as part of its page, for Word as pictures of points.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

from liandesk.steer.reports.writing.fonts import CHOICES, LATIN, chosen
from liandesk.steer.reports.writing.paper import Bars, Lines, Paper, Trace

_PICTURES = "#set page(width: 156mm, height: auto, margin: 0pt)\n#for one in paper.charts { page(chart(one)) }"
_POINTS_AN_INCH = 200.0
_STEPS = 5  # of the axis of values, about
_APART = 0.075  # of the height: two lines of words fit no closer
_BYTES_A_LINE = 33  # of the words at an end: a Chinese sign has three and is twice as wide as a letter
_MOST_WORDS = 8  # values that are printed beside their points


def draw(paper: Paper) -> list[bytes]:
    """Return the pictures of a report's charts as PNG, in order; the same chart gives the same bytes.

    Raises UserError where no font with Chinese signs is installed.
    """
    import typst

    said = {"fonts": fonts(), "charts": drawings(paper)}
    if not said["charts"]:
        return []
    made = typst.compile(
        source(_PICTURES), font_paths=installed(), format="png", ppi=_POINTS_AN_INCH, sys_inputs=inputs(said)
    )
    return made if isinstance(made, list) else [made]


def drawings(paper: Paper) -> list[dict[str, Any]]:
    """Return the charts of a report as ``charts.typ`` reads them, in order."""
    return [_bars(one, paper) if isinstance(one, Bars) else _lines(one, paper) for one in paper.charts()]


def source(template: str) -> bytes:
    """Return a template with what it is given and the charts before it."""
    charts = files("liandesk.steer.reports.writing").joinpath("charts.typ").read_text(encoding="utf-8")
    return f"#let paper = json(bytes(sys.inputs.paper))\n{charts}\n{template}".encode()


def inputs(said: Mapping[str, Any]) -> dict[str, str]:
    """Return what a template is given."""
    return {"paper": json.dumps(said, ensure_ascii=False)}


@lru_cache(maxsize=1)
def installed() -> Any:
    """Return the fonts of this machine; looked for once."""
    import typst

    return typst.Fonts()


def fonts() -> dict[str, list[str]]:
    """Return the fonts of each role; raise UserError where none has Chinese signs."""
    families = installed().families()
    return {role: [LATIN, chosen(role, families)] for role in CHOICES}


def _amount(paper: Paper, number: str) -> float:
    return float(paper.ledger.numbers[number].value or 0)


def _bars(chart: Bars, paper: Paper) -> dict[str, Any]:
    amounts = [[_amount(paper, number) for number in ids] for _name, ids in chart.series]
    ends = [sum(row) if chart.is_stacked else max(row) for row in zip(*amounts, strict=True)]
    most = max(ends, default=0.0)
    series = [{"name": name, "values": [_bar(paper, number, most) for number in ids]} for name, ids in chart.series]
    said = {"kind": "bars", "unit": _unit(chart.unit, paper), "labels": list(chart.labels), "series": series}
    return said | {"stacked": chart.is_stacked}


def _bar(paper: Paper, number: str, most: float) -> dict[str, Any]:
    share = max(_amount(paper, number), 0.0) / most if most > 0 else 0.0
    return {"share": round(share, 6), "words": paper.printed(number)}


def _unit(unit: str, paper: Paper) -> str:
    return f"（{unit}）" if paper.language == "zh" else f"({unit})"


def _lines(chart: Lines, paper: Paper) -> dict[str, Any]:
    """Place the points of lines: time from the first day to the last, values from zero, or the least below it."""
    days = [day for trace in chart.traces for day, _number in trace.points]
    ids = [number for trace in chart.traces for _day, number in trace.points]
    amounts = [_amount(paper, number) for number in (*ids, *(one for _day, *ends in chart.band for one in ends))]
    ticks = _ticks(min(0.0, *amounts), max(amounts))
    room = _Room(min(days), max(days), ticks[0], ticks[-1], paper)
    lines = [
        {
            "kind": trace.kind,
            "points": [room.point(day, number) for day, number in trace.points],
            "said": _said(trace, room),
        }
        for trace in chart.traces
    ]
    band = [room.point(day, low) for day, low, _high in chart.band]
    band += [room.point(day, high) for day, _low, high in reversed(chart.band)]
    years = range(room.first.year, room.last.year + 1)
    return {
        "kind": "lines",
        "unit": _unit(chart.unit, paper),
        "up": [[room.up(tick), f"{tick:g}"] for tick in ticks],
        "along": [
            [room.along(day), str(day.year)] for day in (date(year, 1, 1) for year in years) if day >= room.first
        ],
        "band": band,
        "lines": lines,
        "ends": _spread([(room.up(_amount(paper, number)), _words(paper, words)) for number, words in chart.ends]),
    }


class _Room:
    """Where a day and an amount lie in a chart, each from 0 to 1."""

    def __init__(self, first: date, last: date, least: float, most: float, paper: Paper) -> None:
        self.first, self.last, self._least, self._most, self.paper = first, last, least, most, paper

    def along(self, day: date) -> float:
        return round((day - self.first).days / max((self.last - self.first).days, 1), 6)

    def up(self, amount: float) -> float:
        return round((amount - self._least) / (self._most - self._least), 6)

    def point(self, day: date, number: str) -> list[float]:
        return [self.along(day), self.up(_amount(self.paper, number))]


def _said(trace: Trace, room: _Room) -> list[list[Any]]:
    """Return the words beside the values: their name and each number, the first and the last where there are many.

    The first stand below their point: the path tends to lie above it. Other lines have their words at their end.
    """
    if trace.kind != "values":
        return []
    shown = [*trace.points[:1], *trace.points[-1:]] if len(trace.points) > _MOST_WORDS else trace.points
    words = [room.paper.printed(number) for _day, number in shown]
    words[0] = f"{trace.name} {words[0]}"
    return [[*room.point(*point), one, place > 0] for place, (point, one) in enumerate(zip(shown, words, strict=True))]


def _words(paper: Paper, text: str) -> str:
    return "".join(words for _name, words in paper.pieces(text))


def _ticks(least: float, most: float) -> list[float]:
    """Return round numbers from no more than ``least`` to no less than ``most``."""
    rough = (most - least or 1.0) / _STEPS
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor >= rough * (1 - 1e-9))
    return [round(step * place, 9) for place in range(math.floor(least / step), math.ceil(most / step) + 1)]


def _spread(ends: Sequence[tuple[float, str]]) -> list[list[float | str]]:
    """Move the words at the ends of lines apart where they would lie on each other."""
    placed: list[list[float | str]] = []
    below = -math.inf
    for up, words in sorted(ends):
        below = max(up, below + _APART * (1 + len(words.encode()) // _BYTES_A_LINE))
        placed.append([below, words])
    return placed
