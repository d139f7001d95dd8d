"""The two pictures of the report, as SVG text: scores by rank, and how much of the sum lies with how few."""

from __future__ import annotations

from html import escape
from typing import TypeVar

import numpy as np

from liankit.risk.cascade.tables import Floats

WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 480, 300, 64, 16, 28, 48
POINTS = 200
Place = TypeVar("Place", float, Floats)


def draw_profile(scores: Floats) -> str:
    """Draw the scores above 0, highest first, by rank; both axes by powers of ten."""
    rank = np.unique(np.geomspace(1, len(scores), POINTS).astype(int))
    decades = max(1, int(np.ceil(np.log10(len(scores)))))
    low = min(-1, int(np.floor(np.log10(max(scores[-1], 1e-12)))))
    across = np.log10(rank) / decades
    upward = 1 - np.log10(np.maximum(scores[rank - 1], 1e-12)) / low
    said = f"The score falls from {scores[0]:.3g} at rank 1 to {scores[-1]:.2g} at rank {len(scores):,}."
    return _chart(
        said,
        _line(across, upward),
        {place / decades: f"{10**place:,}" for place in range(decades + 1)},
        {1 - power / low: f"1e{power}" if power else "1" for power in range(0, low - 1, -max(1, -low // 5))},
        "Rank (powers of ten)",
        "ESRI (powers of ten)",
    )


def draw_concentration(scores: Floats) -> str:
    """Draw which share of the sum of scores, highest first, lies with which share of the firms."""
    firms, held = np.linspace(0, 1, POINTS), np.concatenate(([0], np.cumsum(scores) / scores.sum()))
    upward = np.interp(firms, np.linspace(0, 1, len(held)), held)
    said = f"The first tenth of the firms holds {np.interp(0.1, firms, upward):.0%} of the sum of all scores."
    marks = {share: f"{share:.0%}" for share in (0.0, 0.25, 0.5, 0.75, 1.0)}
    even = f'<g class="even">{_line(np.array([0.0, 1.0]), np.array([0.0, 1.0]))}</g>'
    return _chart(
        said, even + _line(firms, upward), marks, marks, "Share of the firms, worst first", "Share of the sum"
    )


def _line(across: Floats, upward: Floats) -> str:
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(_x(across), _y(upward), strict=True))
    return f'<polyline points="{points}"/>'


def _chart(said: str, body: str, below: dict[float, str], beside: dict[float, str], x_title: str, y_title: str) -> str:
    marks = "".join(
        f'<line x1="{_x(at):.1f}" x2="{_x(at):.1f}" y1="{_y(0)}" y2="{_y(1)}"/>'
        f'<text x="{_x(at):.1f}" y="{_y(0) + 18}" text-anchor="middle">{text}</text>'
        for at, text in below.items()
    ) + "".join(
        f'<line x1="{_x(0)}" x2="{_x(1)}" y1="{_y(at):.1f}" y2="{_y(at):.1f}"/>'
        f'<text x="{_x(0) - 6}" y="{_y(at) + 4:.1f}" text-anchor="end">{text}</text>'
        for at, text in beside.items()
    )
    titles = (
        f'<text x="{_x(0.5)}" y="{HEIGHT - 6}" text-anchor="middle">{escape(x_title)}</text>'
        f'<text transform="translate(12 {_y(0.5)}) rotate(-90)" text-anchor="middle">{escape(y_title)}</text>'
    )
    head = f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(said)}">'
    return f"<figure>{head}{marks}{titles}{body}</svg><figcaption>{escape(said)}</figcaption></figure>"


def _x(share: Place) -> Place:
    return LEFT + (WIDTH - LEFT - RIGHT) * share


def _y(share: Place) -> Place:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share
