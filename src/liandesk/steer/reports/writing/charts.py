"""The charts of a report as pictures: grouped or stacked bars with their values beside them."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from liandesk.steer.reports.writing.fonts import HEADING, chosen
from liandesk.steer.reports.writing.paper import Chart, Paper

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLOURS = ("#7fb2e5", "#f2b45c", "#c4c4c4", "#8ccf9f", "#d9a5cf")  # black is read on each; told apart in grey, too
_WIDTH_INCHES = 6.14  # the 156 mm of a page's text
_BAR_INCHES = 0.24


@dataclass(frozen=True)
class Picture:
    """A chart as points for Word and as lines for PDF."""

    png: bytes
    svg: bytes


def draw(paper: Paper) -> list[Picture]:
    """Return the pictures of a report's charts, in order; the same chart gives the same bytes.

    Raises UserError where no font with Chinese signs is installed.
    """
    import matplotlib
    from matplotlib import font_manager

    font = chosen(HEADING, {font.name for font in font_manager.fontManager.ttflist})
    with matplotlib.rc_context(
        {"font.family": font, "font.size": 9, "svg.hashsalt": "liandesk", "axes.unicode_minus": False}
    ):
        return [_drawn(chart, paper) for chart in paper.charts()]


def _drawn(chart: Chart, paper: Paper) -> Picture:
    from matplotlib.figure import Figure

    rows = len(chart.labels) * (1 if chart.is_stacked else len(chart.series))
    figure = Figure(figsize=(_WIDTH_INCHES, 1.1 + _BAR_INCHES * (rows + len(chart.labels))), layout="constrained")
    _fill(figure.subplots(), chart, paper)
    figure.draw_without_rendering()
    figure.set_layout_engine("none")  # laid out once for both
    return Picture(_saved(figure, "png", {"Software": None}), _saved(figure, "svg", {"Date": None}))


def _saved(figure: Figure, kind: str, metadata: dict[str, Any]) -> bytes:
    target = io.BytesIO()
    figure.savefig(target, format=kind, dpi=200, metadata=metadata)
    return target.getvalue()


def _fill(axes: Axes, chart: Chart, paper: Paper) -> None:
    from matplotlib.ticker import MaxNLocator

    height = 0.8 if chart.is_stacked else 0.8 / len(chart.series)
    starts = [0.0] * len(chart.labels)
    for place, (name, ids) in enumerate(chart.series):
        values = [float(paper.ledger.numbers[number].value or 0) for number in ids]
        offset = 0.0 if chart.is_stacked else (place + 0.5) * height - 0.4
        at = [row + offset for row in range(len(chart.labels))]
        bars = axes.barh(at, values, height * 0.92, left=starts, color=_COLOURS[place], label=name)
        said = [_said(paper, number, chart.is_stacked) for number in ids]
        axes.bar_label(
            bars, said, padding=0 if chart.is_stacked else 3, label_type="center" if chart.is_stacked else "edge"
        )
        if chart.is_stacked:
            starts = [start + value for start, value in zip(starts, values, strict=True)]
    axes.set_yticks(range(len(chart.labels)), chart.labels)
    axes.invert_yaxis()
    axes.set_xlabel(chart.unit)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.margins(x=0.1)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(loc="lower center", bbox_to_anchor=(0.4, 1.0), ncols=len(chart.series), frameon=False)


def _said(paper: Paper, number: str, is_stacked: bool) -> str:
    """Return the words beside a bar; nothing within a stack where there is no bar."""
    return "" if is_stacked and paper.ledger.numbers[number].value in (None, "0") else paper.printed(number)
