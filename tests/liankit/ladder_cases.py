"""A synthetic district under the shipped schemes, as the site grades it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from liankit.rules.evaluate import Grades, grade
from liankit.rules.packs import read_lineage
from liankit.rules.panel import FACTS, build_panel
from liankit.synthetic import District

RULES = read_lineage()
SCHEMES = {one.key: one for one in RULES.schemes}
TODAY = date(2024, 9, 30)


def facts_of(made: District) -> pl.DataFrame:
    """Return what a district hands in, and its titles by their names, with ``panel.FACTS``."""
    number = pl.col("value").cast(pl.Float64, strict=False)
    text = pl.when(number.is_null()).then("value")
    stated = made.facts.select(
        pl.col("enterprise"),
        pl.col("attribute").alias("input"),
        pl.col("as_of").alias("date"),
        pl.lit(None, dtype=pl.Date).alias("until"),
        number.alias("number"),
        text.alias("text"),
    )
    titles = next(one for one in RULES.vocabulary.inputs if one.key == "titles")
    codes = {name: code.code for code in titles.codes for name in (code.title.zh, *code.names)}
    held = made.listed["titles"].select(
        pl.col("organisation").alias("enterprise"),
        pl.lit("titles").alias("input"),
        pl.col("awarded_on").alias("date"),
        pl.col("expires_on").alias("until"),
        pl.lit(None, dtype=pl.Float64).alias("number"),
        pl.col("title").replace_strict(codes, default=None, return_dtype=pl.String).alias("text"),
    )
    return pl.concat([stated, held.drop_nulls("text")]).cast(FACTS)


def grades_of(made: District, schemes: Sequence[str], enterprises: Sequence[str], on: date = TODAY) -> list[Grades]:
    """Return how enterprises of a district stand under schemes."""
    panel = build_panel(facts_of(made), RULES.vocabulary, on, pl.Series(enterprises))
    return grade([SCHEMES[key] for key in schemes], panel)
