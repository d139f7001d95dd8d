"""Which questions a round asks whom: only those whose answer can change an entry, the most useful first. Pure.

A question says why it is asked, one of ``WHY`` in the order of use. The impact is the enterprise's own, the direct
loss: what its buyers lose is theirs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

import polars as pl

from liandesk.base.pack import SurveyMode

WHY = (
    "always",  # the mode asks it of every input
    "nobody",  # no supplier is known: nothing can be said of the loss
    "no_end",  # the loss has no upper end
    "narrows",  # the interval of the loss becomes narrower
    "in_products",  # the loss is counted in products and would be in yuan
    "stock_unknown",  # the days without supply are unknown
    "switch_assumed",  # the time to switch is the one assumed for the kind of item
    "stale",  # nobody has confirmed it for long
)

CHOSEN_SCHEMA = {
    "organisation": pl.String,
    "place": pl.UInt32,
    "code": pl.String,
    "entry": pl.String,
    "item": pl.String,
    "item_name": pl.String,
    "product": pl.String,
    "why": pl.String,
    "measure": pl.String,
    "low": pl.Float64,
    "high": pl.Float64,
    "narrows": pl.Float64,
    "gap_low": pl.Float64,
    "gap_high": pl.Float64,
    "confirmed_on": pl.Date,
}

_CODES = {
    "ask_suppliers": "suppliers",
    "ask_shares": "suppliers",
    "ask_another_source": "another_source",
    "ask_output": "output",
}
"""Questions of the engine that an enterprise answers, and how the form asks them."""

Tables = Mapping[str, pl.DataFrame]


def choose(
    tables: Tables, organisations: Collection[str], mode: SurveyMode, *, today: date, confirm_months: int
) -> pl.DataFrame:
    """Return the questions for each of ``organisations`` with ``CHOSEN_SCHEMA``, at most what the mode asks.

    ``tables``: ``entries`` and ``questions`` of the engine, ``uses``, and ``confirmed`` (organisation, item,
    confirmed_on). Questions of one input stand together, at the place of the most useful of them.
    """
    inputs = tables["entries"].filter(pl.col("scope") == "input", pl.col("buyer").is_in(list(organisations)))
    inputs = inputs.join(
        tables["confirmed"].select("organisation", "item", "confirmed_on"),
        left_on=["buyer", "item"],
        right_on=["organisation", "item"],
        how="left",
    )
    holds_until = pl.col("confirmed_on").dt.offset_by(f"{confirm_months}mo")
    is_stale = (holds_until < today).fill_null(True)
    found = [
        *(_asked(inputs, code, "always") for code in mode.always),
        _of_engine(inputs, tables["questions"]),
        _asked(inputs.filter(pl.col("stock_days_low").is_null()), "stock", "stock_unknown"),
        _asked(inputs.filter(pl.col("switch_basis").fill_null("assumed") == "assumed"), "switch", "switch_assumed"),
        *(_asked(inputs.filter(is_stale), code, "stale") for code in ("suppliers", "stock")),
    ]
    return _placed(_of_products(_ordered(pl.concat(found)), tables["uses"]), mode.most_questions)


def _asked(inputs: pl.DataFrame, code: str, why: str) -> pl.DataFrame:
    return _columns(inputs.with_columns(code=pl.lit(code), why=pl.lit(why), narrows=pl.lit(None, pl.Float64)))


def _of_engine(inputs: pl.DataFrame, questions: pl.DataFrame) -> pl.DataFrame:
    """Return what the engine asks of an enterprise, with what the answer does to the interval."""
    mine = questions.filter(pl.col("to").str.starts_with("buyer:"), pl.col("code").is_in(list(_CODES)))
    renamed = mine.select("entry", "narrows", code=pl.col("code").replace(_CODES))
    asked = renamed.join(inputs.drop("narrows", strict=False), on="entry")
    is_bounded = pl.col("direct_high").is_not_null()
    why = (
        pl.when(pl.col("narrows").is_not_null())
        .then(pl.lit("narrows"))
        .when(pl.col("direct_low").is_null())
        .then(pl.lit("nobody"))
        .when((pl.col("code") == "output") & is_bounded)
        .then(pl.lit("in_products"))
        .otherwise(pl.lit("no_end"))
    )
    return _columns(asked.with_columns(why=why))


def _columns(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select(
        "entry", "item", "item_name", "code", "why", "narrows", "confirmed_on",
        organisation="buyer", measure="impact_measure", low="direct_low", high="direct_high",
        gap_low="gap_days_low", gap_high="gap_days_high",
    )  # fmt: skip


def _ordered(asked: pl.DataFrame) -> pl.DataFrame:
    """Order the questions of each enterprise by use, each once; yuan come before products."""
    turn = pl.col("why").replace_strict({why: place for place, why in enumerate(WHY)}, return_dtype=pl.Int32)
    by_use = asked.with_columns(turn=turn, in_yuan=(pl.col("measure") == "output_cny").fill_null(False)).sort(
        ["organisation", "turn", "in_yuan", "narrows", "low", "entry", "code"],
        descending=[False, False, True, True, True, False, False],
        nulls_last=True,
    )
    return by_use.unique(["organisation", "entry", "code"], keep="first", maintain_order=True)


def _of_products(asked: pl.DataFrame, uses: pl.DataFrame) -> pl.DataFrame:
    """Ask for an output once a product whose output is not known; an input without a product is asked as it is."""
    told = uses.group_by("buyer", "item", "product").agg(pl.col("output_cny").is_not_null().any())
    silent = told.filter(~pl.col("output_cny")).sort("product")
    silent = silent.select("item", "product", organisation="buyer", code=pl.lit("output"))
    each = asked.join(silent, on=["organisation", "item", "code"], how="left", maintain_order="left_right")
    return each.with_columns(pl.col("product").fill_null(""))


def _placed(asked: pl.DataFrame, most: int) -> pl.DataFrame:
    """Keep the most useful of each enterprise and put those of one input together."""
    kept = asked.with_columns(use=pl.int_range(pl.len()).over("organisation")).filter(pl.col("use") < most)
    grouped = kept.with_columns(first=pl.col("use").min().over("organisation", "entry"))
    ordered = grouped.sort("organisation", "first", "use")
    place = pl.int_range(1, pl.len() + 1).over("organisation")
    return ordered.with_columns(place=place).select(pl.col(name).cast(dtype) for name, dtype in CHOSEN_SCHEMA.items())
