"""The entries of the risk list: which there are, which list of suppliers each looks at, and what follows for each."""

from __future__ import annotations

import polars as pl

from liankit.errors import UserError
from liankit.risk.concentration import MEASURES, bound_concentration
from liankit.risk.inputs import Inputs
from liankit.risk.losses import add_losses
from liankit.risk.reach import input_reach, item_reach
from liankit.risk.suppliers import LIST_KEYS, read_links


def build_entries(inputs: Inputs, home_country: str, share_tolerance: float) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return one unordered row an entry with suppliers, bounds, reach and impact, before ranks and questions.

    Beside it the ``links`` of the lists that the entries look at, see ``suppliers.read_links``.
    """
    needs = input_reach(inputs.uses)
    lists, links = read_links(inputs, needs.select("buyer", "item", "another_source"), share_tolerance)
    lists = lists.join(bound_concentration(links, home_country), on="list").with_columns(_falls_short(share_tolerance))
    entries = pl.concat([_inputs(needs, lists), _items(inputs, needs, lists)], how="diagonal_relaxed")
    entries = entries.join(inputs.listing.rename({"complete": "listed"}), on="item", how="left")
    entries = entries.join(lists, left_on=["basis", "list_buyer", "item"], right_on=LIST_KEYS, how="left")
    entries = entries.join(inputs.items.rename({"name": "item_name"}), on="item")
    entries = entries.join(_outgrown(lists), on="item", how="left")
    _check_keys(entries)
    judged = entries.with_columns(_is_claimed(), _has_other())
    judged = judged.with_columns(_is_complete(), *_contradictions()).with_columns(_sole_source())
    return _add_impact(add_losses(_choose_bounds(judged), links)), links


def _inputs(needs: pl.DataFrame, lists: pl.DataFrame) -> pl.DataFrame:
    """Let each (buyer, item) look at its own suppliers, or at the market's where it named none."""
    declared = lists.filter(pl.col("basis") == "declared").select("buyer", "item", pl.lit(True).alias("names"))
    market = lists.filter(pl.col("basis") == "market").select("item", pl.lit(True).alias("offered"))
    seen = needs.join(declared, on=["buyer", "item"], how="left").join(market, on="item", how="left")
    return seen.with_columns(
        (pl.lit("input:") + pl.col("buyer") + pl.lit(":") + pl.col("item")).alias("entry"),
        pl.lit("input").alias("scope"),
        pl.when("names").then(pl.lit("declared")).when("offered").then(pl.lit("market")).alias("basis"),
        pl.when("names").then("buyer").otherwise(pl.lit("")).alias("list_buyer"),
    ).drop("names", "offered")


def _items(inputs: Inputs, needs: pl.DataFrame, lists: pl.DataFrame) -> pl.DataFrame:
    supplied = lists.filter(pl.col("basis") == "all").select("item", "basis")
    reach = item_reach(inputs.uses, needs)
    items = reach.join(supplied, on="item", how="full", coalesce=True)
    return items.with_columns(
        (pl.lit("item:") + pl.col("item")).alias("entry"), pl.lit("item").alias("scope"), pl.lit("").alias("list_buyer")
    )


def _check_keys(entries: pl.DataFrame) -> None:
    twice = entries.filter(pl.col("entry").is_duplicated())["entry"].sort()
    if len(twice):
        raise UserError(f"Two inputs have the same key {twice[0]!r}: a ':' in the id of a buyer; give it another id.")


def _falls_short(share_tolerance: float) -> pl.Expr:
    """Whether all listed shares are known and miss 1: somebody else must supply the rest."""
    return ((pl.col("blanks") == 0) & (pl.col("rest") > share_tolerance)).alias("falls_short")


def _outgrown(lists: pl.DataFrame) -> pl.DataFrame:
    """Return the items of which a buyer names as many suppliers as are listed and still buys from somebody else."""
    listed = lists.filter(pl.col("basis") == "all").select("item", pl.col("suppliers").alias("all"))
    short = lists.filter((pl.col("basis") == "declared") & pl.col("falls_short")).join(listed, on="item")
    found = short.filter(pl.col("suppliers") >= pl.col("all")).select("item").unique()
    return found.with_columns(pl.lit(True).alias("outgrown"))


def _has_other() -> pl.Expr:
    """Whether a buyer says that it has another source."""
    return (pl.col("another_source").fill_null(False) | pl.col("says_yes").fill_null(False)).alias("has_other")


def _is_claimed() -> pl.Expr:
    """Whether the list of an item names somebody and claims to be exhaustive."""
    claimed = pl.col("listed").fill_null(False) & (pl.col("named") > 0) & (pl.col("basis") != "declared")
    return claimed.fill_null(False).alias("claimed")


def _no_other() -> pl.Expr:
    return ~pl.col("another_source").fill_null(True)


def _is_complete() -> pl.Expr:
    """Whether nobody supplies but the suppliers listed.

    So it is where a buyer has one supplier and says there is no other source, and where the list of an item claims it
    and no buyer disproves it.
    """
    one = pl.col("suppliers") == 1
    complete = (one & _no_other()) | (pl.col("claimed") & ~_is_disproved())
    return pl.when(pl.col("basis").is_not_null()).then(complete & ~pl.col("falls_short")).alias("complete")


def _is_disproved() -> pl.Expr:
    """Whether a buyer has another source than the only one listed, or buys more than all listed deliver to it."""
    return ((pl.col("suppliers") == 1) & pl.col("has_other")) | pl.col("outgrown").fill_null(False)


def _contradictions() -> list[pl.Expr]:
    """Mark what two statements contradict: "no other source" beside two, a full list beside another source."""
    several = (pl.col("named") >= 2) | pl.col("falls_short")
    denied = (pl.col("basis") == "declared") & _no_other() & several
    disproved = pl.col("claimed") & (_is_disproved() | pl.col("falls_short"))
    return [
        (pl.col("conflict_another_source").fill_null(False) | denied.fill_null(False)).alias("conflict_another_source"),
        disproved.fill_null(False).alias("conflict_list"),
    ]


def _sole_source() -> pl.Expr:
    """Whether there is one source, in three values; "no other source" counts even where the market has several."""
    one, chosen = pl.col("suppliers") == 1, (pl.col("basis") == "market") & _no_other()
    return (
        pl.when(pl.col("basis").is_null())
        .then(None)
        .when(chosen | (one & pl.col("complete")))
        .then(True)
        .when((pl.col("suppliers") >= 2) | pl.col("has_other"))
        .then(False)
        .alias("sole_source")
    )


def _choose_bounds(entries: pl.DataFrame) -> pl.DataFrame:
    """Take the closed bounds of a complete list, the open ones otherwise; one source has all, in one country."""
    sole = pl.col("sole_source").fill_null(False)
    chosen = []
    for measure in MEASURES:
        for end in ("low", "high"):
            bound = pl.when("complete").then(f"closed_{measure}_{end}").otherwise(f"open_{measure}_{end}")
            if measure != "import_share":
                bound = pl.when(sole).then(1.0).otherwise(bound)
            chosen.append(bound.alias(f"{measure}_{end}"))
    proven = pl.col("first_is_largest") | (sole & (pl.col("suppliers") == 1))
    return entries.with_columns(*chosen, pl.when(proven).then("first_supplier").alias("share_supplier"))


def _add_impact(entries: pl.DataFrame) -> pl.DataFrame:
    """Turn the loss of the worst supplier into the impact: without an upper end while an output is unknown."""
    known = pl.col("share_low").is_not_null() & pl.col("reach").is_not_null()
    low, high = _without_noise(pl.col("loss_low")), _without_noise(pl.col("loss_high"))
    return entries.with_columns(
        pl.when(known).then(low).alias("impact_low"),
        pl.when(known & pl.col("bounded")).then(high).alias("impact_high"),
        pl.when(known).then("measure").alias("impact_measure"),
        pl.when(known).then(low).alias("direct_low"),
        pl.when(known & pl.col("bounded")).then(high).alias("direct_high"),
        *(pl.lit(None, pl.Float64).alias(name) for name in _NOT_KNOWN_HERE),
    )


_NOT_KNOWN_HERE = (
    "likelihood_low",
    "likelihood_high",
    "coverage_low",
    "coverage_high",
    "hit_enterprises",
    "hit_products",
    "impact_share_low",
    "impact_share_high",
    "first_stop_low",
    "first_stop_high",
    "rank_width",
    "unknowns",
    "facts_on",
    "computed_level",
    "computed_level_most",
)
"""What is told by dated events, by ``onward``, which knows who buys what stops, and by ``clocks`` and ``levels``."""


def _without_noise(value: pl.Expr) -> pl.Expr:
    """Round to 12 digits, so that a third of 6 products and a half of 4 are the tie they are."""
    return value.round_sig_figs(12)
