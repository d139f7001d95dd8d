"""Which pairs of organisations a person has to judge, and what a judgement would change. Pure: tables in, tables out.

A pair that somebody judged is not asked again, not even through other records of the same two organisations.
"""

from __future__ import annotations

import polars as pl

from liandesk.base.facts.schema import Schema
from liandesk.know.registry.clusters import latest, short_id

REVIEW_SCHEMA: Schema = {
    "key": pl.String,
    "left": pl.String,  # the two records that look most alike
    "right": pl.String,
    "left_organisation": pl.String,
    "right_organisation": pl.String,
    "left_name": pl.String,
    "right_name": pl.String,
    "score": pl.Float64,
    "method": pl.String,
    "reasons": pl.String,  # JSON list of liankit.reasons.Reason
    "entries": pl.Int64,
    "output_cny": pl.Float64,
    "suppliers": pl.Int64,
    "is_synthetic": pl.Boolean,
}


def queue(
    pairs: pl.DataFrame,
    members: pl.DataFrame,
    judgements: pl.DataFrame,
    organisations: pl.DataFrame,
    supplies: pl.DataFrame,
    uses: pl.DataFrame,
) -> pl.DataFrame:
    """Return the pairs to judge (``REVIEW_SCHEMA``), those first that would change most.

    Parameters
    ----------
    pairs, members, judgements : as ``clusters.cluster`` takes and gives them; organisations : id, name, is_synthetic;
        supplies : item, supplier; uses : item, buyer, output_cny.

    A merge would give the inputs of the side with fewer to the other, and take one supplier from each item that both
    supply. ``entries`` counts the inputs that move and the uses of those items, ``output_cny`` is the output that is
    known behind them, ``suppliers`` the number of those items.
    """
    asked = _asked(pairs, members, judgements)
    changes = _changes(asked, supplies, uses)
    names = organisations.select("id", "name", "is_synthetic")
    named = (
        asked.join(changes, on="key", how="left", maintain_order="left")
        .join(
            names.rename({"name": "left_name", "is_synthetic": "left_synthetic"}),
            left_on="left_organisation",
            right_on="id",
            how="left",
        )
        .join(
            names.rename({"name": "right_name", "is_synthetic": "right_synthetic"}),
            left_on="right_organisation",
            right_on="id",
            how="left",
        )
        .with_columns(is_synthetic=pl.col("left_synthetic") & pl.col("right_synthetic"))
    )
    order = ["entries", "output_cny", "suppliers", "score", "key"]
    return named.select(pl.col(name).cast(dtype) for name, dtype in REVIEW_SCHEMA.items()).sort(
        order, descending=[True, True, True, True, False], nulls_last=True
    )


def _asked(pairs: pl.DataFrame, members: pl.DataFrame, judgements: pl.DataFrame) -> pl.DataFrame:
    """Return one pair of records for each pair of organisations that is not judged: the most alike."""
    placed = _placed(pairs, members)
    judged = _placed(latest(judgements), members).select("one", "other").unique()
    best = (
        placed.join(judged, on=["one", "other"], how="anti")
        .sort(["score", "left", "right"], descending=[True, False, False])
        .unique(["one", "other"], keep="first", maintain_order=True)
    )
    text = pl.concat_str("left", pl.lit("\x1f"), "right")
    return best.with_columns(key=text.map_elements(lambda pair: short_id("P", pair), return_dtype=pl.String))


def _placed(pairs: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """Add the organisations of both records, and the two in one order; pairs inside an organisation are left out."""
    left = members.rename({"organisation": "left_organisation"})
    right = members.rename({"organisation": "right_organisation"})
    placed = pairs.join(left, left_on="left", right_on="record").join(right, left_on="right", right_on="record")
    both = ("left_organisation", "right_organisation")
    return placed.filter(pl.col(both[0]) != pl.col(both[1])).with_columns(
        one=pl.min_horizontal(both), other=pl.max_horizontal(both)
    )


def _changes(asked: pl.DataFrame, supplies: pl.DataFrame, uses: pl.DataFrame) -> pl.DataFrame:
    """Return ``key, entries, output_cny, suppliers`` for every pair."""
    both = asked.select("key", "one", "other")
    moving = _moving(both, uses)
    shared = _shared(both, supplies)
    of_items = (
        shared.join(uses.select("item", "output_cny"), on="item", how="left")
        .group_by("key")
        .agg(shared_entries=pl.len(), shared_output=_known_sum("output_cny"), suppliers=pl.col("item").n_unique())
    )
    joined = both.join(moving, on="key", how="left").join(of_items, on="key", how="left")
    output = pl.concat_list("moving_output", "shared_output")
    return joined.select(
        "key",
        entries=pl.sum_horizontal("moving_entries", "shared_entries"),
        output_cny=pl.when(output.list.drop_nulls().list.len() > 0).then(output.list.sum()),
        suppliers=pl.col("suppliers").fill_null(0),
    )


def _moving(both: pl.DataFrame, uses: pl.DataFrame) -> pl.DataFrame:
    """Return what the side with fewer inputs would bring."""
    inputs = uses.group_by("buyer").agg(
        moving_entries=pl.col("item").n_unique(), moving_output=_known_sum("output_cny")
    )
    sides = pl.concat([both.select("key", buyer="one"), both.select("key", buyer="other")])
    counted = sides.join(inputs, on="buyer", how="left").with_columns(pl.col("moving_entries").fill_null(0))
    return counted.sort("moving_entries", "buyer").unique("key", keep="first", maintain_order=True).drop("buyer")


def _shared(both: pl.DataFrame, supplies: pl.DataFrame) -> pl.DataFrame:
    """Return ``key, item``: what both sides supply."""
    supplied = supplies.select("supplier", "item").drop_nulls().unique()
    first = both.join(supplied, left_on="one", right_on="supplier")
    return first.join(supplied, left_on=["other", "item"], right_on=["supplier", "item"], how="semi").select(
        "key", "item"
    )


def _known_sum(name: str) -> pl.Expr:
    return pl.when(pl.col(name).count() > 0).then(pl.col(name).sum())
