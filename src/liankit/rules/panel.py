"""What is known of many enterprises on a day, as arrays: enterprises x years, flags, codes, and lists of events.

The order of enterprises is that in which they first stand in the facts; every array follows it. NaN is unknown, -1 an
unknown code.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from liankit.rules.vocabulary import Input, Vocabulary

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]

FACTS: dict[str, type[pl.DataType]] = {
    "enterprise": pl.String,
    "input": pl.String,
    "date": pl.Date,  # yearly: a day of the year; events: when it began to count; null: not dated
    "until": pl.Date,  # the last day of an event; null: without end
    "number": pl.Float64,
    "text": pl.String,  # yes or no of a flag, the code of an event or a category, an ISO day
}
"""Columns of the facts that schemes are graded on: one line says one thing of one enterprise."""
MOST_YEARS = 10
NOTHING = "none"
"""The text of an event that says that there are none."""
_EPOCH = date(1970, 1, 1)
_FOREVER = np.iinfo(np.int32).max
UNDATED = np.iinfo(np.int32).min
"""The day of a line that has none: before any other."""


@dataclass(frozen=True)
class Events:
    """The events of one input: of which enterprise, from and until which day (since 1970), number and code of each.

    ``day`` is UNDATED and ``code`` -1 where it is not said. ``is_known`` says of which enterprises the list is known.
    """

    row: Ints
    day: Ints
    until: Ints
    number: Floats
    code: Ints
    codes: tuple[str, ...]
    is_known: npt.NDArray[np.bool_]

    def take(self, rows: Ints, place: Ints) -> Events:
        """Return those of some enterprises; ``place`` says where each enterprise comes to stand, -1: nowhere."""
        row = place[self.row]
        kept = row >= 0
        day, until, number, code = self.day[kept], self.until[kept], self.number[kept], self.code[kept]
        return Events(row[kept], day, until, number, code, self.codes, self.is_known[rows])


@dataclass(frozen=True)
class Panel:
    """The facts of enterprises on the day ``on``, and what was computed from them.

    ``yearly`` arrays are (years, enterprises), the last row being the last year that has ended; ``single`` are flags
    (1, 0), numbers, and days since 1970; ``coded`` are places in a table of codes.
    """

    enterprises: pl.Series
    on: date
    vocabulary: Vocabulary
    years: tuple[int, ...]
    yearly: dict[str, Floats]
    single: dict[str, Floats]
    coded: dict[str, tuple[Ints, tuple[str, ...]]]
    events: dict[str, Events]
    computed: dict[str, Floats] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.enterprises)

    def take(self, rows: Ints) -> Panel:
        """Return some enterprises of it, by their places, in the order given; nothing is computed anew."""
        place = np.full(len(self), -1, dtype=np.int32)
        place[rows] = np.arange(len(rows), dtype=np.int32)
        return Panel(
            self.enterprises.gather(rows),
            self.on,
            self.vocabulary,
            self.years,
            {name: values[:, rows] for name, values in self.yearly.items()},
            {name: values[rows] for name, values in self.single.items()},
            {name: (values[rows], codes) for name, (values, codes) in self.coded.items()},
            {name: events.take(rows, place) for name, events in self.events.items()},
            {name: values[..., rows] for name, values in self.computed.items()},
        )

    @cached_property
    def formulas(self) -> Mapping[str, str]:
        """The formulas of the vocabulary by key."""
        return {one.key: one.formula for one in self.vocabulary.quantities}


def build_panel(facts: pl.DataFrame, vocabulary: Vocabulary, on: date, enterprises: pl.Series | None = None) -> Panel:
    """Return the facts as arrays on a day: only what is dated by then, or not dated at all.

    Parameters
    ----------
    facts : lines of ``FACTS``; what no input of the vocabulary names is left out.
    enterprises : which, in which order; None: those of the facts.

    A yearly fact without a day is of no year, so it is left out; of two in one year the later counts.
    """
    if enterprises is None:
        enterprises = facts["enterprise"].unique(maintain_order=True)
    enterprises = enterprises.alias("enterprise")
    read = _Reader(facts, enterprises, vocabulary, on)
    texts = _Texts(read.texts)
    panel = Panel(enterprises, on, vocabulary, read.years(), {}, {}, {}, {})
    for one in vocabulary.inputs:
        _FILL[one.kind](panel, one, read.lines(one.key), texts)
    return panel


@dataclass(frozen=True)
class _Lines:
    """The lines of one input: enterprise, day and last day since 1970, number, place of the text (-1: none)."""

    row: Ints
    day: Ints
    until: Ints
    number: Floats
    text: Ints


@dataclass(frozen=True)
class _Texts:
    """All texts, and what each means as a number; no text, at -1, means none."""

    table: pl.Series

    @cached_property
    def names(self) -> list[str]:
        """The texts themselves: to take a few of a list costs less than to gather them of a column."""
        return self.table.to_list()

    @cached_property
    def flags(self) -> Floats:
        """1 for yes, 0 for no."""
        return self._meaning(pl.col("text").replace_strict({"yes": 1.0, "no": 0.0}, default=None))

    @cached_property
    def days(self) -> Floats:
        """The days since 1970 of an ISO day."""
        return self._meaning(_days(pl.col("text").str.to_date("%Y-%m-%d", strict=False)))

    def _meaning(self, of: pl.Expr) -> Floats:
        meant = self.table.to_frame("text").select(of.cast(pl.Float64).fill_null(np.nan)).to_series()
        return np.append(meant.to_numpy(), np.nan)


class _Reader:
    """Facts as arrays, input by input. Strings are looked up once for all lines: there are millions of them."""

    def __init__(self, facts: pl.DataFrame, enterprises: pl.Series, vocabulary: Vocabulary, on: date) -> None:
        self.vocabulary, self.on = vocabulary, on
        self.texts = facts["text"].drop_nulls().unique(maintain_order=True)
        names = pl.Series([one.key for one in vocabulary.inputs], dtype=pl.String)
        self.places = {key: at for at, key in enumerate(names)}
        due = facts.lazy().filter(pl.col("date").is_null() | (pl.col("date") <= on))
        asked = due.select(
            row=_place("enterprise", enterprises),
            input=_place("input", names).cast(pl.Int16),
            day=_days(pl.col("date")).fill_null(UNDATED),
            until=_days(pl.col("until")).fill_null(_FOREVER),
            number=pl.col("number").fill_null(np.nan),
            text=_place("text", self.texts).fill_null(-1),
        )
        known = asked.drop_nulls(["row", "input"]).collect()
        inputs = known["input"].to_numpy()
        order = np.argsort(inputs, kind="stable")
        self.ends = np.searchsorted(inputs[order], np.arange(len(names) + 1))
        self.columns = {name: known[name].to_numpy()[order] for name in ("row", "day", "until", "number", "text")}

    def lines(self, key: str) -> _Lines:
        at = self.places[key]
        part = slice(self.ends[at], self.ends[at + 1])
        return _Lines(**{name: column[part] for name, column in self.columns.items()})

    def years(self) -> tuple[int, ...]:
        """Return the years from the first that anything yearly is known of to the last that has ended."""
        last = self.on.year - 1
        yearly = (self.lines(one.key).day for one in self.vocabulary.inputs if one.kind == "yearly")
        firsts = [_year(days.min()) for day in yearly if len(days := day[day != UNDATED])]
        return tuple(range(max(min([*firsts, last]), last + 1 - MOST_YEARS), last + 1))


def _place(name: str, table: pl.Series) -> pl.Expr:
    return pl.col(name).cast(pl.Enum(table), strict=False).to_physical().cast(pl.Int32)


def _year(day: int) -> int:
    return date.fromordinal(_EPOCH.toordinal() + int(day)).year


def _latest(place: npt.NDArray[np.integer], day: Ints) -> npt.NDArray[np.integer]:
    """Return an order in which the latest line of each place comes last; an undated one is older than any."""
    is_single = not len(place) or np.bincount(place).max() == 1
    return np.arange(len(place)) if is_single else np.argsort(day, kind="stable")


def _fill_yearly(panel: Panel, one: Input, lines: _Lines, texts: _Texts) -> None:
    values = np.full((len(panel.years), len(panel)), np.nan)
    starts = [day_number(date(year, 1, 1)) for year in (*panel.years, panel.on.year)]
    year = np.searchsorted(starts, lines.day, side="right") - 1
    is_asked = (year >= 0) & (year < len(panel.years))
    place = year[is_asked] * len(panel) + lines.row[is_asked]
    order = _latest(place, lines.day[is_asked])
    values.reshape(-1)[place[order]] = lines.number[is_asked][order]
    panel.yearly[one.key] = values


def _fill_standing(panel: Panel, one: Input, lines: _Lines, texts: _Texts) -> None:
    panel.single[one.key] = _spread(panel, lines, lines.number)


def _fill_flag(panel: Panel, one: Input, lines: _Lines, texts: _Texts) -> None:
    said = texts.flags[lines.text]
    panel.single[one.key] = _spread(panel, lines, np.where(np.isnan(said), lines.number, said))


def _fill_date(panel: Panel, one: Input, lines: _Lines, texts: _Texts) -> None:
    """A day is a text, or the day of the fact."""
    said = texts.days[lines.text]
    day = np.where(lines.day == UNDATED, np.nan, lines.day)
    panel.single[one.key] = _spread(panel, lines, np.where(np.isnan(said), day, said))


def _fill_category(panel: Panel, one: Input, lines: _Lines, texts: _Texts) -> None:
    places, codes = _own_codes(lines, texts)
    values = np.full(len(panel), -1, dtype=np.int32)
    order = _latest(lines.row, lines.day)
    values[lines.row[order]] = places[order]
    panel.coded[one.key] = (values, codes)


def _fill_events(panel: Panel, one: Input, lines: _Lines, texts: _Texts) -> None:
    is_known = np.full(len(panel), one.is_complete)
    is_known[lines.row] = True
    places, codes = _own_codes(lines, texts)
    is_listed = places != (codes.index(NOTHING) if NOTHING in codes else len(codes))
    row, day, until, number = (side[is_listed] for side in (lines.row, lines.day, lines.until, lines.number))
    panel.events[one.key] = Events(row, day, until, number, places[is_listed], codes, is_known)


_FILL: Mapping[str, Callable[[Panel, Input, _Lines, _Texts], None]] = {
    "yearly": _fill_yearly,
    "standing": _fill_standing,
    "flag": _fill_flag,
    "date": _fill_date,
    "category": _fill_category,
    "events": _fill_events,
}


def _days(day: pl.Expr) -> pl.Expr:
    return day.cast(pl.Date).to_physical()


def _spread(panel: Panel, lines: _Lines, numbers: Floats) -> Floats:
    """Return the latest number of each enterprise; NaN where there is none."""
    values = np.full(len(panel), np.nan)
    order = _latest(lines.row, lines.day)
    values[lines.row[order]] = numbers[order]
    return values


def _own_codes(lines: _Lines, texts: _Texts) -> tuple[Ints, tuple[str, ...]]:
    """Return the place of each line's text in the table of those of its input, -1 for none; any number of texts."""
    own = np.flatnonzero(np.bincount(lines.text + 1)[1:])
    places = np.full(len(texts.names) + 1, -1, dtype=np.int32)
    places[own] = np.arange(len(own))
    return places[lines.text], tuple(texts.names[at] for at in own)


def day_number(day: date) -> int:
    """Return the days of a day since 1970-01-01."""
    return (day - _EPOCH).days
