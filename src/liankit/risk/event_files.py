"""Dated events and features of units as files have them, read into what a back-test needs.

Events come as *spells* (a unit, when it began and, if known, ended) or as *observations*: lists taken on certain days
of what was going on then, each with the day it was taken. An observation says that the unit was in the event from its
start, where the list tells it, to the day of the list; it is known from that day.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from liankit.errors import UserError, nearest
from liankit.risk.unit_names import match_names

ROLES: Mapping[str, tuple[str, ...]] = {
    "unit": ("unit", "entry", "item", "generic_name", "product", "name"),
    "seen": ("as_of", "seen_on", "observed_on"),
    "start": ("start", "began_on", "from", "initial_posting_date", "date"),
    "end": ("end", "ended_on", "until"),
    "status": ("status",),
    "outcome": ("outcome", "happened"),
}
"""What the columns of events and outcomes are called where nobody says it, in the order of preference."""

GOING_ON = ("current", "ongoing", "open", "active")
"""Values of the status that count as an event where nobody names others, in small letters."""

_FEW_KINDS = 10
_DAYS = ("seen", "start", "end")
_TRUE, _FALSE = ("1", "1.0", "true", "yes"), ("0", "0.0", "false", "no")
_DATE = re.compile(r"(?<!\d)(\d{4})[-_](\d{2})(?:[-_](\d{2}))?(?!\d)")


@dataclass(frozen=True)
class Events:
    """Events of units, and what could not be read: counted, not guessed."""

    table: pl.DataFrame  # unit, start, end, known_on
    days: list[date] | None  # on which lists were taken; None: spells
    names: int  # different names of what was going on
    unmatched: tuple[str, ...]  # of these, the names of no unit
    undated: int  # rows without a date

    @property
    def last(self) -> date | None:
        """Return the last day of which anything is known."""
        known = self.days or self.table["known_on"].drop_nulls().to_list()
        return max(known, default=None)


@dataclass(frozen=True)
class Units:
    """The units and their features: ``numbers`` has ``unit`` and one column a feature, with the day of its validity."""

    keys: pl.DataFrame  # unit and the text columns of the file
    numbers: pl.DataFrame
    valid_from: Mapping[str, date]


def read_units(table: pl.DataFrame, name: str, valid_from: date | None = None) -> Units:
    """Read a table of units: text columns say which unit, numeric ones are features.

    The unit is the column ``unit``, else the first text column, with the second in brackets where there is one. A text
    column of few different values makes a feature of each value but the first: what a unit is, it always was. Any other
    feature is valid from the last date in its name, else from ``valid_from``, else from the date in ``name``, the
    file's; a month counts from its first day.

    Raises ``UserError`` where a unit stands twice, no column is text, or a date is found nowhere.
    """
    numeric = [column for column in table.columns if column != "unit" and _is_numeric(table[column])]
    texts = [column for column in table.columns if column not in numeric]
    if not texts:
        raise UserError(f"{name}: no column is text; one must name the unit.")
    first, *more = ["unit"] if "unit" in texts else texts[:2]
    unit = pl.format("{} [{}]", first, *more) if more else pl.col(first)
    keys = table.select(unit.alias("unit"), pl.exclude("unit", *numeric)).cast(pl.String)
    if keys["unit"].is_duplicated().any():
        twice = keys.filter(pl.col("unit").is_duplicated())["unit"][0]
        raise UserError(f"{name}: the unit {twice!r} stands there twice. Keep one row a unit.")
    fallback = valid_from or date_in(name)
    dated = {column: date_in(column) or fallback for column in numeric}
    undated = [column for column, day in dated.items() if day is None]
    if undated:
        raise UserError(
            f"{name}: neither its name nor that of the column {undated[0]!r} has a date. Say from when the features"
            " were known: --features-of 2023-04-06."
        )
    kinds = _kinds(keys)
    numbers = table.select(keys["unit"], *(pl.col(column).cast(pl.Float64) for column in numeric), *kinds)
    always = dict.fromkeys((kind.name for kind in kinds), date.min)
    return Units(keys, numbers, {column: day for column, day in dated.items() if day is not None} | always)


def read_events(
    table: pl.DataFrame, units: Units, columns: Mapping[str, str] | None = None, going_on: tuple[str, ...] = ()
) -> Events:
    """Read a table of events: ``columns`` maps roles (``ROLES``) to names where detection would go wrong.

    ``going_on`` are the values of the status that count. Raises ``UserError`` naming a column or role that is missing.
    """
    named = find_columns(table, columns or {})
    if "unit" not in named or not {"seen", "start"} & set(named):
        raise UserError(
            f"The events need a column of units and one of dates; there are {', '.join(table.columns)}."
            " Map them: --column unit=… --column start=…"
        )
    kept = _going_on(table, named, going_on)
    day = {role: _to_date(kept[named[role]]) for role in _DAYS if role in named}
    rows = kept.select(pl.col(named["unit"]).cast(pl.String).alias("name")).with_columns(
        *(day[role].alias(role) if role in day else pl.lit(None, pl.Date).alias(role) for role in _DAYS)
    )
    spells = _spells(rows, is_observed="seen" in named)
    matched = match_names(rows["name"], name_parts(units))
    events = spells.join(matched, on="name").select("unit", "start", "end", "known_on")
    dated = pl.all_horizontal(pl.col("start", "known_on").is_not_null())
    days = sorted(_to_date(table[named["seen"]]).drop_nulls().unique()) if "seen" in named else None
    lost = matched.filter(pl.col("unit").is_null())["name"]
    found = events.filter(dated & pl.col("unit").is_not_null())
    return Events(found, days, matched.height, tuple(lost), events.height - events.filter(dated).height)


def read_outcomes(table: pl.DataFrame, units: Units, columns: Mapping[str, str] | None = None) -> pl.Series | None:
    """Return what came of each unit, in their order, null where the table does not say; None: it has no outcomes.

    The table has ``outcome`` (yes or no, 1 or 0) beside ``unit`` or the text columns of the features. Raises
    ``UserError`` for another value, or where no row is a unit's.
    """
    named = find_columns(table, columns or {})
    if "outcome" not in named:
        return None
    value = pl.col(named["outcome"]).cast(pl.String).str.strip_chars().str.to_lowercase().alias("told")
    told = table.select(_spelt(table, units, named), value).drop_nulls()
    strange = told.filter(~pl.col("told").is_in([*_TRUE, *_FALSE]))
    if len(strange):
        raise UserError(f"The outcome {strange['told'][0]!r} is neither yes nor no (1 or 0).")
    said = told.group_by("spelt").agg(pl.col("told").is_in(_TRUE).any().alias("happened"))
    mine = units.keys.select(_spelling([pl.col("unit")]))
    found = mine.join(said, on="spelt", how="left", maintain_order="left")["happened"]
    if found.is_null().all():
        raise UserError(f"No row of the outcomes is of a unit of the features, as {units.keys['unit'][0]!r}.")
    return found


def _spelt(table: pl.DataFrame, units: Units, named: Mapping[str, str]) -> pl.Expr:
    """Return what unit a row of outcomes names: by its id, else by the text columns that make one."""
    texts = [column for column in units.keys.columns if column in table.columns and column != "unit"][:2]
    columns = [named["unit"]] if "unit" in table.columns or (not texts and "unit" in named) else texts
    if not columns:
        raise UserError(f"The outcomes need the column unit; there are {', '.join(table.columns)}.")
    return _spelling([pl.col(name).cast(pl.String) for name in columns])


def _spelling(parts: list[pl.Expr]) -> pl.Expr:
    """Return an id by its letters and digits alone: "A; B [x]", "a; b|x" and the columns "A; B", "x" are one."""
    return pl.concat_str(parts).str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}]", "").alias("spelt")


def find_columns(table: pl.DataFrame, given: Mapping[str, str]) -> dict[str, str]:
    """Return the column of each role: as given, else the first of ``ROLES`` that the table has."""
    for role, column in given.items():
        if role not in ROLES:
            raise UserError(f"--column {role}: there is no such role.{nearest(role, ROLES)} Roles: {', '.join(ROLES)}.")
        if column not in table.columns:
            raise UserError(f"--column {role}={column}: no such column.{nearest(column, table.columns)}")
    detected = {role: next((name for name in names if name in table.columns), None) for role, names in ROLES.items()}
    return {role: name for role, name in detected.items() if name} | dict(given)


def date_in(text: str) -> date | None:
    """Return the last date written in a name, as 2023-04-06 or 2023_04; of a month its first day.

    >>> date_in("ever_2019_12_to_2023_04"), date_in("features")
    (datetime.date(2023, 4, 1), None)
    """
    found = [
        date(int(year), int(month), int(day or 1))
        for year, month, day in _DATE.findall(text)
        if 1 <= int(month) <= 12 and 1 <= int(day or 1) <= calendar.monthrange(int(year), int(month))[1]
    ]
    return found[-1] if found else None


def name_parts(units: Units) -> pl.DataFrame:
    """Return the units as ``match_names`` wants them: the first text column has the parts, the second the qualifier."""
    texts = [column for column in units.keys.columns if column != "unit"]
    parts = pl.col(texts[0] if texts else "unit")
    qualifier = pl.col(texts[1]) if len(texts) > 1 else pl.lit("")
    return units.keys.select("unit", parts.fill_null("").alias("parts"), qualifier.fill_null("").alias("qualifier"))


def _kinds(keys: pl.DataFrame) -> list[pl.Series]:
    """Return 1 or 0 for each value but the first of the text columns that sort the units into few kinds."""
    return [
        (keys[column] == value).cast(pl.Float64).alias(f"{column}={value}")
        for column in keys.columns
        if column != "unit" and keys[column].n_unique() <= _FEW_KINDS
        for value in keys[column].drop_nulls().unique().sort()[1:]
    ]


def _is_numeric(values: pl.Series) -> bool:
    known = values.drop_nulls()
    return values.dtype.is_numeric() or (
        len(known) > 0 and values.dtype == pl.String and known.cast(pl.Float64, strict=False).is_not_null().all()
    )


def _going_on(table: pl.DataFrame, named: Mapping[str, str], going_on: tuple[str, ...]) -> pl.DataFrame:
    """Keep the rows whose status says that the event is going on; all of a table of spells where none is named."""
    if "status" not in named or not (going_on or "seen" in named):
        return table
    wanted = [value.casefold() for value in going_on or GOING_ON]
    kept = table.filter(pl.col(named["status"]).cast(pl.String).str.to_lowercase().is_in(wanted))
    if kept.is_empty():
        values = table[named["status"]].cast(pl.String).drop_nulls().unique().sort().head(8)
        raise UserError(f"No status is {' or '.join(wanted)}; there are {', '.join(values)}. Name them: --status …")
    return kept


def _to_date(values: pl.Series) -> pl.Series:
    return (
        values.str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
        if values.dtype == pl.String
        else values.cast(pl.Date)
    )


def _spells(rows: pl.DataFrame, *, is_observed: bool) -> pl.DataFrame:
    if not is_observed:
        return rows.with_columns(pl.col("start").alias("known_on"))
    start = pl.min_horizontal(pl.coalesce("start", "seen"), "seen")  # a list cannot tell of what begins after it
    return rows.with_columns(start.alias("start"), pl.col("seen").alias("end"), pl.col("seen").alias("known_on"))
