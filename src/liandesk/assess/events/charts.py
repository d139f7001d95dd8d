"""The picture of calibration: what was forecast against what happened, with the diagonal of a perfect forecaster."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

SIZE, LEFT, TOP = 300, 48, 10
"""Of the square in the picture, and where it begins; room for the labels is left of it and below."""


@dataclass(frozen=True)
class Dot:
    """One bin: its place in the picture, the ends of its interval, and how it reads."""

    x: float
    y: float
    top: float
    bottom: float
    radius: float
    says: str


@dataclass(frozen=True)
class Tick:
    """A place on both axes and its label."""

    x: float
    y: float
    label: str


@dataclass(frozen=True)
class Picture:
    """Everything the template draws."""

    dots: list[Dot]
    ticks: list[Tick]
    left: int = LEFT
    top: int = TOP
    right: int = LEFT + SIZE
    bottom: int = TOP + SIZE
    width: int = LEFT + SIZE + 24
    height: int = TOP + SIZE + 52


def calibration(bins: pl.DataFrame) -> Picture | None:
    """Draw ``scores.reliability``; None where there is nothing to draw."""
    if bins.is_empty():
        return None
    most = max(bins["n"])
    dots = [_dot(row, most) for row in bins.iter_rows(named=True)]
    return Picture(dots, [Tick(_x(share / 100), _y(share / 100), f"{share} %") for share in range(0, 101, 25)])


def _dot(row: dict[str, float], most: float) -> Dot:
    says = f"{row['forecast']:.0%} → {row['observed']:.0%} ({row['observed_low']:.0%}–{row['observed_high']:.0%})"
    return Dot(
        _x(row["forecast"]),
        _y(row["observed"]),
        _y(row["observed_high"]),
        _y(row["observed_low"]),
        round(3 + 4 * (row["n"] / most) ** 0.5, 1),
        says,
    )


def _x(share: float) -> float:
    return round(LEFT + SIZE * share, 1)


def _y(share: float) -> float:
    return round(TOP + SIZE * (1 - share), 1)
