"""What stops when one supplier is lost, and which supplier stops most.

The loss of supplier s of an item is the sum over its buyers of (share of the buyer's purchases that s delivers) x
(reach of the buyer). A buyer that named suppliers is judged by its own list, any other by the market's. Bounds of one
buyer's share from one supplier, with ``rest`` = 1 - sum of its known shares:

=============================  =====================  =====================
supplier                       lowest                 highest
=============================  =====================  =====================
the only one of a sole source  1                      1
listed, share known            the share              the share
listed, share unknown          0                      ``rest``
not listed, list complete      0                      0
not listed, list open          0                      ``rest``
=============================  =====================  =====================

A supplier nobody named may be anybody. Buyers choose independently, so the greatest loss of s is the sum of its
highest shares. Least, the worst supplier stops what one supplier is proven to stop; what the worst of one buyer stops
for that buyer alone; and, where nobody but n listed suppliers exists, an n-th of the whole (the largest of n losses
is at least their mean).

``reach`` is the output known of; unknown output adds nothing to a lower end and leaves the upper one open. The
``unbounded`` columns count the buyers of unknown output that a supplier may deliver to.
Everything is one row a link or a buyer, never a supplier x buyer: buyers of one market are summed first, and a
supplier not on a list costs nothing, being a correction to the item's sum of ``elsewhere``.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from liankit.risk.thresholds import EPSILON

_FACES = ("reach", "unbounded")
"""What is summed over buyers: their reach, and how many of them have no upper bound of it."""


def add_losses(entries: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """Return the entries with what the loss of their worst supplier stops, at the output known of.

    Columns added: ``measure`` ("output_cny" where any output is known, else "products", null without a use),
    ``reach`` in it, ``bounded`` (whether all of it is known), ``loss_low``, ``loss_high``, ``closed_loss_low``,
    ``closed_loss_high`` (were nobody else to supply), ``largest_supplier`` (proven to stop most), ``critical_supplier``
    with ``critical_low`` and ``critical_high`` (greatest proven loss; null: no upper bound) and ``impact_basis``.
    ``links`` has ``list``, ``supplier``, ``share``. Time grows with the rows of both (n log n for the sorts).
    """
    entries = entries.with_columns(_measure())
    entries = entries.with_columns(_reach().alias("reach"), _is_bounded().alias("bounded"))
    is_input = pl.col("scope") == "input"
    inputs, items = entries.filter(is_input), entries.filter(~is_input)
    return pl.concat([_of_inputs(inputs), _of_items(items, inputs, links)], how="diagonal_relaxed")


def _measure() -> pl.Expr:
    in_yuan, counted = pl.col("output_low_cny").is_not_null(), pl.col("reach_products").is_not_null()
    measure = pl.when(in_yuan).then(pl.lit("output_cny")).when(counted).then(pl.lit("products"))
    return measure.alias("measure")


def _reach() -> pl.Expr:
    in_yuan = pl.col("measure") == "output_cny"
    return pl.when(in_yuan).then(pl.col("output_low_cny").fill_null(0.0)).otherwise("reach_products").cast(pl.Float64)


def _is_bounded() -> pl.Expr:
    return (pl.col("measure") != "output_cny") | pl.col("output_high_cny").is_not_null()


def _of_inputs(inputs: pl.DataFrame) -> pl.DataFrame:
    """One buyer: the loss is its largest share x its reach."""
    reach, alone = pl.col("reach"), pl.col("suppliers") == 1
    closed = {end: pl.col(f"closed_share_{end}") * reach for end in ("low", "high")}
    proven = pl.when(_has_one_source()).then(1.0).otherwise("first_share") * reach
    is_critical = (proven > 0) & pl.col("first_supplier").is_not_null()
    return inputs.with_columns(
        *((pl.col(f"share_{end}") * reach).alias(f"loss_{end}") for end in closed),
        *(pl.when(alone).then(reach).otherwise(loss).alias(f"closed_loss_{end}") for end, loss in closed.items()),
        pl.col("share_supplier").alias("largest_supplier"),
        pl.when(is_critical).then("first_supplier").alias("critical_supplier"),
        pl.when(is_critical).then(proven).alias("critical_low"),
        pl.when(is_critical & pl.col("bounded")).then(proven).alias("critical_high"),
        pl.col("basis").alias("impact_basis"),
    )


def _has_one_source() -> pl.Expr:
    """Whether the buyer's whole supply comes from the one supplier on its list."""
    return (pl.col("sole_source") & (pl.col("suppliers") == 1)).fill_null(False)


def _of_items(items: pl.DataFrame, inputs: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    buyers = _buyers(items, inputs)
    suppliers = _suppliers(buyers, links)
    sums = buyers.group_by("item").agg(
        *(pl.col(f"elsewhere_{face}").sum() for face in _FACES),
        (pl.col("share_low").fill_null(0.0) * pl.col("reach")).max().alias("one_buyer"),
        _impact_basis(),
    )
    found = items.join(sums, on="item", how="left").join(_worst(suppliers), on="item", how="left")
    return found.with_columns(*_bounds()).with_columns(_largest(), *_critical())


def _buyers(items: pl.DataFrame, inputs: pl.DataFrame) -> pl.DataFrame:
    """Return one row a (buyer, item): reach in the item's measure, what is surely from its one source, and what a
    supplier not on its list may deliver (``elsewhere_*``)."""
    seen = inputs.drop("measure").join(items.select("item", "measure"), on="item").with_columns(
        _reach().alias("reach"), (~_is_bounded()).cast(pl.Float64).alias("unbounded")
    )  # fmt: skip
    nameless = (pl.col("named") == 0).fill_null(False)
    away = pl.when(nameless).then("share_high").when("complete").then(0.0).otherwise(pl.col("rest").fill_null(1.0))
    sole = _has_one_source() & ~nameless
    return seen.select(
        "item", "list", "basis", "rest", "share_low", "reach", "unbounded",
        *(pl.when(sole).then(face).otherwise(0.0).alias(f"sole_{face}") for face in _FACES),
        (away * pl.col("reach")).alias("elsewhere_reach"),
        ((away > EPSILON) * pl.col("unbounded")).alias("elsewhere_unbounded"),
    )  # fmt: skip


def _suppliers(buyers: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """Return one row an (item, supplier) on the list of any buyer: ``low`` and ``high`` of what its loss stops, and
    whether buyers of unknown output make it ``unbounded``."""
    totals = pl.col("elsewhere_reach", "elsewhere_unbounded").sum().name.prefix("all_")
    sums = [pl.col(f"{part}{face}").sum() for part in ("", "sole_", "elsewhere_") for face in _FACES]
    lists = buyers.filter(pl.col("list").is_not_null()).group_by("item", "list").agg(pl.col("rest").first(), *sums)
    lists = lists.join(buyers.group_by("item").agg(totals), on="item")
    rows = links.filter(pl.col("supplier").is_not_null()).join(lists, on="list")
    high = pl.col("all_elsewhere_reach").first() + pl.col("more_reach").sum()
    reachable = pl.col("all_elsewhere_unbounded").first() + pl.col("more_unbounded").sum()
    return rows.with_columns(*_of_link()).group_by("item", "supplier").agg(
        pl.col("low").sum().round_sig_figs(12),
        high.clip(0.0).round_sig_figs(12).alias("high"),
        (reachable > 0).alias("unbounded"),
    )  # fmt: skip


def _of_link() -> list[pl.Expr]:
    """What the buyers of a list lose with one supplier on it: at least, and at most beyond what they would lose with
    a supplier not on it."""
    share, other = pl.col("share"), pl.col("reach") - pl.col("sole_reach")
    most = pl.coalesce(share, "rest")
    exposed = (most > EPSILON) * (pl.col("unbounded") - pl.col("sole_unbounded"))
    return [
        (pl.col("sole_reach") + other * share.fill_null(0.0)).alias("low"),
        (pl.col("sole_reach") + other * most - pl.col("elsewhere_reach")).alias("more_reach"),
        (pl.col("sole_unbounded") + exposed - pl.col("elsewhere_unbounded")).alias("more_unbounded"),
    ]


def _worst(suppliers: pl.DataFrame) -> pl.DataFrame:
    """Return one row an item: the supplier of greatest ``low``, and the greatest ``high`` of all and of the others."""
    upper = pl.when("unbounded").then(np.inf).otherwise("high").alias("upper")
    ordered = suppliers.with_columns(upper).sort("low", "upper", "supplier", descending=[True, True, False])
    return ordered.group_by("item", maintain_order=True).agg(
        pl.len().alias("seen"),
        pl.col("supplier", "low", "upper").first().name.prefix("worst_"),
        pl.col("low").slice(1).max().alias("others_low"),
        pl.col("upper").slice(1).max().alias("others_upper"),
        pl.col("high").max().alias("highest"),
    )


def _impact_basis() -> pl.Expr:
    basis = pl.col("basis")
    mixed = pl.when(basis.is_not_null().any()).then(pl.lit("mixed"))
    is_one = basis.is_not_null().all() & (basis.n_unique() == 1)
    return pl.when(is_one).then(basis.first()).otherwise(mixed).alias("impact_basis")


def _bounds() -> list[pl.Expr]:
    complete, mean = pl.col("complete").fill_null(False), pl.col("reach") / pl.col("suppliers")
    unseen = (pl.col("named") > pl.col("seen").fill_null(0)).fill_null(False)  # listed, but by no buyer
    of_unseen = pl.when(unseen).then("elsewhere_reach")
    of_anybody = pl.when(unseen | ~complete).then("elsewhere_reach")
    high, closed_high = pl.max_horizontal("highest", of_anybody), pl.max_horizontal("highest", of_unseen)
    proven = pl.max_horizontal("worst_low", "one_buyer")
    low, closed_low = pl.max_horizontal(proven, pl.when(complete).then(mean)), pl.max_horizontal(proven, mean)
    alone = pl.col("suppliers") == 1
    return [
        pl.min_horizontal(low, high).alias("loss_low"),  # shares that miss 1 within the tolerance
        high.alias("loss_high"),
        pl.when(alone).then("reach").otherwise(pl.min_horizontal(closed_low, closed_high)).alias("closed_loss_low"),
        pl.when(alone).then("reach").otherwise(closed_high).alias("closed_loss_high"),
    ]


def _critical() -> list[pl.Expr]:
    """Name the supplier whose loss is proven to stop most; the only one of a complete list has all."""
    only, finite = _has_one_source(), pl.col("worst_upper").is_finite()
    low = pl.when(only).then("loss_low").otherwise("worst_low")
    high = pl.when(only & pl.col("bounded")).then("loss_high").when(~only & finite).then("worst_upper")
    named = {
        "critical_supplier": pl.when(only).then("first_supplier").otherwise("worst_supplier"),
        "critical_low": low,
        "critical_high": high,
    }
    return [pl.when(low > 0).then(value).alias(name) for name, value in named.items()]


def _largest() -> pl.Expr:
    """Name the supplier whose loss is proven to stop at least as much as that of any other, named or not."""
    unseen = (pl.col("named") > pl.col("seen")) | ~pl.col("complete")
    endless = pl.when(pl.col("elsewhere_unbounded") > 0).then(np.inf).otherwise("elsewhere_reach")
    others = pl.max_horizontal("others_upper", pl.when(unseen).then(endless), 0.0)
    ahead = pl.col("worst_low") > pl.col("others_low").fill_null(0.0)
    proven = ahead & (pl.col("worst_low") >= others)
    only = _has_one_source() & (pl.col("loss_low") > 0)
    supplier = pl.when(only).then("first_supplier").when(proven).then("worst_supplier")
    return supplier.alias("largest_supplier")
