"""Two pictures of an appraisal: the interval of each unit's rank, and where a unit lies among the quartiles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, RANKS, RIGHT, ROW, TOP = 640, 440, 20, 26, 26
_LETTER = 8  # width of a Latin letter; a Chinese character takes two


@dataclass(frozen=True)
class Bar:
    """One unit: its line, the ends of its interval and its rank; ``says`` is read aloud."""

    name: str
    y: float
    left: float
    width: float
    x: float
    says: str


@dataclass(frozen=True)
class RankChart:
    """Ranks from 1 on the left; units without a rank are left out."""

    height: float
    marks: list[tuple[float, int]]
    bars: list[Bar]
    beside: int  # where the names end
    width: int


def rank_chart(rows: Sequence[tuple[str, int | None, float | None, float | None]]) -> RankChart:
    """Return the picture of (name, rank, best rank, worst rank), in their order."""
    ranked = [(name, rank, low, high) for name, rank, low, high in rows if rank and low and high]
    last = max(len(rows), 2)
    step, beside = (RANKS - RIGHT) / (last - 1), _beside([name for name, *_ranks in ranked])

    def at(rank: float) -> float:
        return round(beside + (min(rank, last) - 1) * step, 1)

    bars = [
        Bar(name, TOP + place * ROW + ROW / 2, at(low) - 5, at(high) - at(low) + 10, at(rank), _ends(low, high))
        for place, (name, rank, low, high) in enumerate(ranked)
    ]
    every = max(1, round(last / 10))
    marks = [(at(rank), rank) for rank in range(1, last + 1) if (rank - 1) % every == 0]
    return RankChart(TOP + len(bars) * ROW, marks, bars, beside, beside + RANKS)


def _beside(names: Sequence[str]) -> int:
    """Return the room that the longest name takes, with what is left free beside it."""
    letters = [sum(1 if char.isascii() else 2 for char in name) for name in names]
    return 20 + _LETTER * max(letters, default=0)


def _ends(low: float, high: float) -> str:
    return f"{low:g}" if low == high else f"{low:g}–{high:g}"


@dataclass(frozen=True)
class Strip:
    """Points from left to right: the middle half of the group, its median, the unit."""

    left: float
    width: float
    median: float
    own: float
    ends: tuple[float, float]
    right: int = WIDTH


def strip(own: float, quartiles: tuple[float, float, float]) -> Strip:
    """Return where a total lies beside the quartiles of its group."""
    low, middle, high = quartiles
    reach = max(abs(own - middle), high - middle, middle - low, 0.5) * 1.25
    first, last = middle - reach, middle + reach

    def at(points: float) -> float:
        return round((points - first) / (last - first) * WIDTH, 1)

    return Strip(at(low), round(at(high) - at(low), 1), at(middle), at(own), (round(first, 1), round(last, 1)))
