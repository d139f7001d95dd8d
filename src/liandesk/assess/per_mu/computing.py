"""From what is known of organisations to the scoring of all of them; what a figure's correction would change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from liankit.rules.panel import build_panel
from liankit.rules.per_mu import Assessment, Prepared, prepare
from liankit.rules.per_mu_method import Method, base_year
from liankit.rules.per_mu_moves import class_lines, moves
from liankit.rules.per_mu_table import table_of
from liankit.rules.vocabulary import Vocabulary

ORGANISATIONS = {"id": pl.String, "name": pl.String, "uscc": pl.String}


@dataclass(frozen=True)
class Corrected:
    """One figure of one organisation as it should have been: the yearly input, its year, and the right value."""

    organisation: str
    figure: str
    year: int
    value: float


def prepared_from(
    method: Method, facts: pl.DataFrame, organisations: pl.DataFrame, words: Vocabulary, on: date
) -> Prepared:
    """Return who is judged with which values; a plot's owner may be told by id, credit code or full name."""
    panel = build_panel(facts, words, on, organisations["id"].alias("enterprise"))
    table = table_of(method, panel)
    if method.plot_owner:
        owner = pl.col(method.plot_owner).replace_strict(_ids(organisations), default=None, return_dtype=pl.String)
        table = table.with_columns(owner)
    return prepare(method, table, base_year(on))


def _ids(organisations: pl.DataFrame) -> dict[str, str]:
    """Return the id that an id, a code or a name means; a name of two means nobody."""
    once = organisations.filter(pl.col("name").is_unique())
    by_name = dict(zip(once["name"], once["id"], strict=True))
    coded = organisations.filter(pl.col("uscc").fill_null("") != "")
    return by_name | dict(zip(coded["uscc"], coded["id"], strict=True)) | {key: key for key in organisations["id"]}


def with_figure(facts: pl.DataFrame, told: Corrected) -> pl.DataFrame:
    """Return the facts with one yearly figure in place of what was said of that year."""
    is_it = (
        (pl.col("enterprise") == told.organisation)
        & (pl.col("input") == told.figure)
        & (pl.col("date").dt.year() == told.year)
    )
    line = {
        "enterprise": told.organisation,
        "input": told.figure,
        "date": date(told.year, 12, 31),
        "until": None,
        "number": told.value,
        "text": None,
    }
    return pl.concat([facts.filter(~is_it.fill_null(False)), pl.DataFrame([line], schema=facts.schema)])


def difference(before: Assessment, after: Assessment, organisation: str) -> Mapping[str, object]:
    """Return what lies between two scorings: of one organisation, of the lines of its group, and who else moves."""
    lines = []
    for found in (before, after):
        line = found.table.filter(enterprise=organisation).row(0, named=True)
        lines.append({name: _finite(line[name]) for name in ("group", "low", "high", "best", "worst", "is_apart")})
    key = ["group", "is_apart", "class"]
    bounds = class_lines(before).join(class_lines(after), on=key, how="full", coalesce=True, suffix="_after")
    own = bounds.filter(pl.col(name).eq_missing(lines[1][name]) for name in ("group", "is_apart"))
    moved = moves(before, after).filter(pl.col("enterprise") != organisation)
    return {
        "before": lines[0],
        "after": lines[1],
        "lines": [{name: _finite(value) for name, value in line.items()} for line in own.to_dicts()],
        "moved": moved.select("enterprise", "before", "after").to_dicts(),
    }


def _finite(value: object) -> object:
    return None if value in (float("inf"), float("-inf")) else value
