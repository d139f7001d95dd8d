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


@dataclass(frozen=True)
class Events:
    """The events of one input: of which enterprise, from and until which day (since 1970), number and code of each.

    ``is_known`` says of which enterprises the list is known.
    """

    row: Ints
    day: Ints
    until: Ints
    number: Floats
    code: Ints
    codes: tuple[str, ...]
    is_known: npt.NDArray[np.bool_]


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
    kinds = {one.key: one for one in vocabulary.inputs}
    is_due = pl.col("date").is_null() | (pl.col("date") <= on)
    asked = facts.lazy().filter(pl.col("input").is_in(list(kinds)), is_due).select(*FACTS)
    rows = asked.with_columns(row=pl.col("enterprise").cast(pl.Enum(enterprises), strict=False).to_physical())
    known = rows.drop("enterprise").drop_nulls("row").sort("date", nulls_last=False, maintain_order=True).collect()
    lines = {str(name): part for (name,), part in known.partition_by("input", as_dict=True).items()}
    years = _years(lines, kinds, on)
    panel = Panel(enterprises, on, vocabulary, years, {}, {}, {}, {})
    for name, one in kinds.items():
        _FILL[one.kind](panel, one, lines.get(name, known.clear()))
    return panel


def _years(lines: Mapping[str, pl.DataFrame], kinds: Mapping[str, Input], on: date) -> tuple[int, ...]:
    """Return the years from the first that anything yearly is known of to the last that has ended."""
    firsts = [part["date"].min() for name, part in lines.items() if kinds[name].kind == "yearly"]
    first = min((day.year for day in firsts if isinstance(day, date)), default=on.year - 1)
    return tuple(range(max(min(first, on.year - 1), on.year - MOST_YEARS), on.year))


def _fill_yearly(panel: Panel, one: Input, lines: pl.DataFrame) -> None:
    values = np.full((len(panel.years), len(panel)), np.nan)
    dated = lines.filter(pl.col("date").dt.year().is_between(panel.years[0], panel.years[-1]))
    year = dated["date"].dt.year().to_numpy() - panel.years[0]
    values[year, dated["row"].to_numpy()] = dated["number"].to_numpy()
    panel.yearly[one.key] = values


def _fill_standing(panel: Panel, one: Input, lines: pl.DataFrame) -> None:
    values = np.full(len(panel), np.nan)
    values[lines["row"].to_numpy()] = lines["number"].to_numpy()
    panel.single[one.key] = values


def _fill_flag(panel: Panel, one: Input, lines: pl.DataFrame) -> None:
    said = {"yes": 1.0, "no": 0.0}
    as_number = pl.col("text").replace_strict(said, default=None, return_dtype=pl.Float64)
    _fill_standing(panel, one, lines.with_columns(number=pl.coalesce(as_number, "number")))


def _fill_date(panel: Panel, one: Input, lines: pl.DataFrame) -> None:
    """A day is a text, or the day of the fact."""
    day = pl.coalesce(pl.col("text").str.to_date("%Y-%m-%d", strict=False), "date")
    _fill_standing(panel, one, lines.with_columns(number=_days(day).cast(pl.Float64)))


def _fill_category(panel: Panel, one: Input, lines: pl.DataFrame) -> None:
    places, codes = _encoded(lines["text"])
    values = np.full(len(panel), -1, dtype=np.int32)
    values[lines["row"].to_numpy()] = places
    panel.coded[one.key] = (values, codes)


def _fill_events(panel: Panel, one: Input, lines: pl.DataFrame) -> None:
    is_known = np.full(len(panel), one.is_complete)
    is_known[lines["row"].to_numpy()] = True
    listed = lines.filter(pl.col("text").ne_missing(NOTHING))
    code, codes = _encoded(listed["text"])
    days = listed.select(day=_days(pl.col("date")).fill_null(0), until=_days(pl.col("until")).fill_null(_FOREVER))
    row, number = listed["row"].cast(pl.Int32).to_numpy(), listed["number"].to_numpy()
    day, until = days["day"].to_numpy(), days["until"].to_numpy()
    panel.events[one.key] = Events(row, day, until, number, code, codes, is_known)


_FILL: Mapping[str, Callable[[Panel, Input, pl.DataFrame], None]] = {
    "yearly": _fill_yearly,
    "standing": _fill_standing,
    "flag": _fill_flag,
    "date": _fill_date,
    "category": _fill_category,
    "events": _fill_events,
}


def _days(day: pl.Expr) -> pl.Expr:
    return (day - pl.lit(_EPOCH)).dt.total_days().cast(pl.Int32)


def _encoded(texts: pl.Series) -> tuple[Ints, tuple[str, ...]]:
    """Return the place of each text in the table of distinct ones, -1 for none; any number of texts."""
    codes = texts.drop_nulls().unique(maintain_order=True)
    places = texts.cast(pl.Enum(codes)).to_physical().cast(pl.Int32).fill_null(-1)
    return places.to_numpy(), tuple(codes)


def day_number(day: date) -> int:
    """Return the days of a day since 1970-01-01."""
    return (day - _EPOCH).days
