"""What an entry reaches: the products, buyers and output that stop when the item is wholly lost, and the time left.

Reach counts the uses that the table ``uses`` has; a use nobody told of is not in it. A product is a buyer's: two
buyers who make the same one are two products. Products of one buyer without a name count as one.
"""

from __future__ import annotations

import polars as pl

DAYS_PER_MONTH = 30.4


def input_reach(uses: pl.DataFrame) -> pl.DataFrame:
    """Return one row a (buyer, item): reach, ``another_source`` (null where unknown or contradicted) and the gap.

    Columns: ``reach_products``, ``reach_buyers``, ``output_low_cny``, ``output_high_cny`` (null: no upper bound),
    ``another_source``, ``conflict_*``, and in days ``stock_days_*``, ``switch_days_*``,
    ``gap_days_*`` (switch less stock), each null unless known, with
    ``switch_basis``: what the buyer declared goes before what was assumed.
    """
    inputs = uses.group_by("buyer", "item").agg(
        *_reach(),
        _another_source(),
        (pl.col("says_yes").any() & pl.col("says_no").any()).alias("conflict_another_source"),
        pl.col("stock_low").min().alias("stock_days_low"),
        pl.col("stock_high").max().alias("stock_days_high"),
        pl.col("declared_low", "assumed_low").min(),
        pl.col("declared_high", "assumed_high").max(),
    )
    inputs = inputs.with_columns(
        (pl.coalesce("declared_low", "assumed_low") * DAYS_PER_MONTH).alias("switch_days_low"),
        (pl.coalesce("declared_high", "assumed_high") * DAYS_PER_MONTH).alias("switch_days_high"),
        _switch_basis(),
    )
    return inputs.drop("declared_low", "assumed_low", "declared_high", "assumed_high").with_columns(
        (pl.col("switch_days_low") - pl.col("stock_days_high")).alias("gap_days_low"),
        (pl.col("switch_days_high") - pl.col("stock_days_low")).alias("gap_days_high"),
    )


def item_reach(uses: pl.DataFrame, inputs: pl.DataFrame) -> pl.DataFrame:
    """Return one row an item: reach over all buyers, and the worst gap of any buyer.

    ``gap_days_low`` is the greatest lower end over the buyers whose gap is known, held by ``worst_buyer``;
    ``gap_days_high`` the greatest upper end, null while the gap of any buyer is unknown. ``says_yes``: a buyer has
    another source. Stock and time to switch are a buyer's, not an item's: an item has none of its own.
    ``switch_basis`` is "assumed" where it is for any buyer.
    """
    worst = pl.col("buyer").sort_by(
        ["gap_days_low", "gap_days_high", "buyer"], descending=[True, True, False], nulls_last=True
    )
    gap_known = pl.col("gap_days_low").is_not_null()
    gaps = inputs.group_by("item").agg(
        pl.col("gap_days_low").max(),
        pl.when(gap_known.all()).then(pl.col("gap_days_high").max()).alias("gap_days_high"),
        pl.when(gap_known.any()).then(worst.first()).alias("worst_buyer"),
        pl.when((pl.col("switch_basis") == "assumed").any())
        .then(pl.lit("assumed"))
        .otherwise(pl.col("switch_basis").max())
        .alias("switch_basis"),
        pl.col("another_source").any().alias("says_yes"),
        pl.col("conflict_another_source").any(),
    )
    return uses.group_by("item").agg(*_reach()).join(gaps, on="item")


def _reach() -> list[pl.Expr]:
    output, known = pl.col("output_cny"), pl.col("output_cny").is_not_null()
    return [
        pl.len().cast(pl.Int64).alias("reach_products"),  # uses has one row a (buyer, item, product)
        pl.col("buyer").n_unique().cast(pl.Int64).alias("reach_buyers"),
        pl.when(known.any()).then(output.sum()).alias("output_low_cny"),
        pl.when(known.all()).then(output.sum()).alias("output_high_cny"),
        pl.col("conflict_output").any(),
    ]


def _switch_basis() -> pl.Expr:
    """What a buyer declared goes before what was assumed for it."""
    declared, assumed = pl.col("declared_low").is_not_null(), pl.col("assumed_low").is_not_null()
    basis = pl.when(declared).then(pl.lit("declared")).when(assumed).then(pl.lit("assumed"))
    return basis.alias("switch_basis")


def _another_source() -> pl.Expr:
    yes, no = pl.col("says_yes").any(), pl.col("says_no").any()
    return pl.when(yes & ~no).then(True).when(no & ~yes).then(False).alias("another_source")
