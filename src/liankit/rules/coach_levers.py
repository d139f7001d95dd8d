"""What one enterprise can move by a day, and its facts after so many steps of each move.

The facts of the enterprise on a coming day are those of today. A year that ends between is open: what is known yearly
is carried forward into it, with what a year adds by itself; a year that has ended is never touched.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

from liankit.rules.panel import FACTS
from liankit.rules.vocabulary import Change, Input, Vocabulary

Steps = npt.NDArray[np.int64]
"""How many steps of each lever are taken: (rows, levers)."""
_ALWAYS = 1_000_000


@dataclass(frozen=True)
class Lever:
    """An input that can be moved, by at most ``most`` steps; ``value`` is what it is, None for what is no number."""

    input: Input
    change: Change
    most: int
    value: float | None

    def after(self, steps: int) -> float | None:
        """Return the value after so many steps, in the unit of the input."""
        return None if self.value is None else self.value + steps * self.change.step


@dataclass(frozen=True)
class Outset:
    """The facts of one enterprise on a day, and its levers.

    ``lines`` are facts with ``lever`` (its place, -1 for none), ``first`` and ``last`` (the line is there while so many
    steps of the lever are taken) and ``per_step`` (what a step adds to its number).
    """

    day: date
    levers: tuple[Lever, ...]
    lines: pl.DataFrame

    def varied(self, steps: Steps) -> pl.DataFrame:
        """Return the facts after each row of ``steps``, an enterprise a row, named by its place."""
        taken = np.hstack([steps, np.zeros((len(steps), 1), dtype=steps.dtype)])[:, self.lines["lever"].to_numpy()]
        is_there = (taken >= self.lines["first"].to_numpy()) & (taken <= self.lines["last"].to_numpy())
        row, line = np.nonzero(is_there)
        moved = pl.Series(taken[row, line]) * self.lines["per_step"].gather(line)
        facts = self.lines.select(name for name in FACTS if name != "enterprise")[line]
        named = facts.with_columns(enterprise=pl.Series(row).cast(pl.String), number=pl.col("number") + moved)
        return named.select(*FACTS)


def outset(facts: pl.DataFrame, vocabulary: Vocabulary, today: date, day: date) -> Outset:
    """Return what is known of an enterprise today, as it will stand on a day, and what can be moved until then.

    ``facts`` are lines with ``panel.FACTS`` of one enterprise.
    """
    known = carried(facts.filter(pl.col("date").is_null() | (pl.col("date") <= today)), vocabulary, today, day)
    levers: list[Lever] = []
    marked = [_marked(known.filter(~pl.col("input").is_in([one.key for one in _movable(vocabulary, today, day)])))]
    for one in _movable(vocabulary, today, day):
        lines = known.filter(input=one.key)
        lever, moved = _lever(one, lines, len(levers), today, day)
        marked.append(moved)
        levers += [lever] if lever else []
    return Outset(day, tuple(levers), pl.concat(marked))


def carried(facts: pl.DataFrame, vocabulary: Vocabulary, today: date, day: date) -> pl.DataFrame:
    """Return facts with a line for every open year of what is known yearly: the last value, and its yearly gain."""
    gains = {one.key: one.yearly_gain for one in vocabulary.inputs if one.kind == "yearly"}
    last = facts.filter(pl.col("input").is_in(list(gains)), pl.col("date").is_not_null()).sort("date")
    last = last.unique("input", keep="last", maintain_order=True)
    return pl.concat([facts, *(_carried(last, gains, year) for year in range(today.year, day.year))])


def _carried(last: pl.DataFrame, gains: Mapping[str, float], year: int) -> pl.DataFrame:
    years = year - pl.col("date").dt.year()
    gain = pl.Series([gains[name] for name in last["input"]], dtype=pl.Float64)
    return last.filter(years > 0).with_columns(
        number=pl.col("number") + gain * years, date=pl.lit(date(year, 12, 31)), until=pl.lit(None, pl.Date)
    )


def _movable(vocabulary: Vocabulary, today: date, day: date) -> list[Input]:
    """Return the inputs that can be moved by a day: those of a year only if one ends before it."""
    return [
        one
        for one in vocabulary.inputs
        if one.change
        and today + timedelta(days=one.change.days) <= day
        and (one.kind != "yearly" or day.year > today.year)
    ]


def _lever(one: Input, lines: pl.DataFrame, place: int, today: date, day: date) -> tuple[Lever | None, pl.DataFrame]:
    """Return the lever of an input and its lines; no lever where its value is not known, or it is there already."""
    assert one.change is not None
    if one.kind in ("flag", "category"):
        return _switch(one, one.change, lines, place, day)
    if one.kind == "events":
        return _added(one, one.change, lines, place, day)
    if lines.is_empty():
        return None, _marked(lines)
    moved = lines["date"].dt.year() >= today.year if one.kind == "yearly" else _is_latest(lines)
    value = float(lines.filter(moved)["number"][-1])
    most = _most(one.change, value)
    if most < 1:
        return None, _marked(lines)
    still = pl.when(moved)
    marked = _marked(lines).with_columns(
        lever=still.then(pl.lit(place)).otherwise(-1), per_step=still.then(pl.lit(one.change.step)).otherwise(0.0)
    )
    return Lever(one, one.change, most, value), marked


def _is_latest(lines: pl.DataFrame) -> pl.Series:
    """Say which line is the latest: the one in force; one without a day is older than any."""
    place = lines.with_row_index()["index"].to_list()
    days = lines["date"].to_list()
    latest = max(place, key=lambda at: (days[at] is not None, days[at], at) if days[at] else (False, date.min, at))
    return pl.Series([at == latest for at in place])


def _most(change: Change, value: float) -> int:
    """Return how many steps can be taken: nothing falls below 0."""
    return min(change.most, int(value / -change.step)) if change.step < 0 else change.most


def _switch(
    one: Input, change: Change, lines: pl.DataFrame, place: int, day: date
) -> tuple[Lever | None, pl.DataFrame]:
    text = change.code or "yes"
    if not lines.is_empty() and lines.filter(_is_latest(lines))["text"].item() == text:
        return None, _marked(lines)
    new = _line(one.key, day, text=text).with_columns(pl.lit(place).alias("lever"), pl.lit(1).alias("first"))
    return Lever(one, change, 1, None), pl.concat([_marked(lines), new.select(*_marked(lines).columns)])


def _added(one: Input, change: Change, lines: pl.DataFrame, place: int, day: date) -> tuple[Lever, pl.DataFrame]:
    """Return the lever of more events, the n-th of which is there from the n-th step on."""
    new = [
        _line(one.key, day, text=change.code or None, number=change.step).with_columns(
            pl.lit(place).alias("lever"), pl.lit(nth).alias("first")
        )
        for nth in range(1, change.most + 1)
    ]
    marked = _marked(lines.filter(pl.col("text").ne_missing("none")))
    nothing = _marked(lines.filter(pl.col("text").eq_missing("none"))).with_columns(lever=pl.lit(place), last=pl.lit(0))
    return Lever(one, change, change.most, None), pl.concat(
        [marked, nothing, *(n.select(*marked.columns) for n in new)]
    )


def _line(name: str, day: date, *, text: str | None, number: float | None = None) -> pl.DataFrame:
    cells = {"enterprise": "", "input": name, "date": day, "until": None, "number": number, "text": text}
    return _marked(pl.DataFrame([cells], schema=FACTS))


def _marked(lines: pl.DataFrame) -> pl.DataFrame:
    return lines.select(*FACTS).with_columns(
        lever=pl.lit(-1), first=pl.lit(0), last=pl.lit(_ALWAYS), per_step=pl.lit(0.0)
    )
