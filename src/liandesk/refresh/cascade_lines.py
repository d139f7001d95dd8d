"""The chain's tables become lines, links and coverage: the network over which a cascade runs. Pure.

A line is what one owner makes of one item: a product that somebody said depends on an input, or what a supplier
delivers. A product that others buy as an item is one line, so losses go on. Who named no supplier buys from the market
of the item, a line of nobody's; so links grow with suppliers plus buyers, never with suppliers times buyers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from liandesk.base.pack import Pack
from liandesk.know.registry.clusters import node_id, short_id
from liandesk.know.registry.profiles import trusted_numbers
from liankit.risk.inputs import agreed

Tables = dict[str, pl.DataFrame]


@dataclass(frozen=True)
class Network:
    """``lines`` and ``links`` as the snapshot keeps them; ``needs``: buyer, item, the line that stops for lack of it.

    ``coverage``: organisation, coverage_low, coverage_high; one row an organisation whose purchases are known.
    """

    lines: pl.DataFrame
    links: pl.DataFrame
    needs: pl.DataFrame
    coverage: pl.DataFrame


def build_network(tables: Tables, pack: Pack) -> Network:
    """Build the network of ``supplies``, ``uses``, ``shares``, ``items``, ``organisations``, ``facts``, ``members``."""
    products = tables["uses"]["product"].replace("", None)
    uses = tables["uses"].with_columns(product_item=_each_once(products, node_id))
    uses = uses.with_columns(line=_line_ids(uses, "buyer", "product_item"))
    coverage = _coverage(tables, pack)
    return Network(
        lines=_lines(uses, tables, coverage, pack),
        links=_links(_needs(uses), tables),
        needs=_needs(uses).select("buyer", "item", "line"),
        coverage=coverage,
    )


def _line_ids(rows: pl.DataFrame, owner: str, item: str) -> pl.Series:
    """Return the permanent id of each row's line; a market has no owner, an unnamed product no item."""
    key = pl.concat_str(pl.col(owner).fill_null(""), pl.col(item).fill_null(""), separator="|")
    return _each_once(rows.select(key).to_series(), lambda text: short_id("N", text))


def _each_once(texts: pl.Series, name: Callable[[str], str]) -> pl.Series:
    """Map texts, each different one once: hashing takes longer than everything else here."""
    different = texts.drop_nulls().unique()
    return texts.replace_strict(different, different.map_elements(name, return_dtype=pl.String), default=None)


def _lines(uses: pl.DataFrame, tables: Tables, coverage: pl.DataFrame, pack: Pack) -> pl.DataFrame:
    is_made_up = pl.col("record").str.starts_with("synthetic:").alias("is_made_up")
    product: dict[str, str | pl.Expr] = {
        "owner": "buyer",
        "item": "product_item",
        "item_name": "product",
        "is_product": pl.lit(True),
    }
    products = uses.select("output_cny", is_made_up, **product)
    named = tables["items"].select("item", item_name="name")
    supplied = tables["supplies"].filter(pl.col("supplier").is_not_null())
    made = supplied.select("item", is_made_up, owner="supplier", name="supplier_name").join(named, on="item")
    sold_to_all = tables["shares"].filter(pl.col("basis") == "market").select("item").unique().join(named, on="item")
    every = pl.concat([products, made, sold_to_all], how="diagonal_relaxed")
    lines = every.group_by("owner", "item").agg(
        agreed("output_cny"),
        pl.col("item_name", "name").drop_nulls().first(),
        pl.col("is_product", "is_made_up").any(),
    )
    return _with_owners(lines, tables["organisations"], coverage, pack)


def _with_owners(lines: pl.DataFrame, organisations: pl.DataFrame, coverage: pl.DataFrame, pack: Pack) -> pl.DataFrame:
    owners = organisations.select("town", "is_synthetic", owner="id", organisation="id", known_name="name")
    covered = coverage.select(owner="organisation", coverage="coverage_low")
    joined = lines.join(owners, on="owner", how="left").join(covered, on="owner", how="left")
    return joined.select(
        _line_ids(joined, "owner", "item").alias("line"),
        "owner",
        "organisation",
        pl.coalesce("known_name", "name").alias("name"),
        "item",
        "item_name",
        "output_cny",
        pl.col("town").is_in([town.code for town in pack.towns]).fill_null(False).alias("is_district"),
        pl.col("is_product").fill_null(False),
        "town",
        "coverage",
        pl.coalesce("is_synthetic", "is_made_up").alias("is_synthetic"),
    ).sort("line")


def _needs(uses: pl.DataFrame) -> pl.DataFrame:
    """One row a (buyer, item, line): how essential the item is (null: only a supply link tells of it) and its stock."""
    is_said = pl.col("record").str.split(":").list.get(1, null_on_oob=True).ne_missing("supply")
    return uses.group_by("buyer", "item", "line").agg(
        essential=pl.when(is_said.any()).then(pl.lit(2, pl.Int8)),
        stock_days_low=pl.col("stock_days").min(),
        stock_days_high=pl.col("stock_days").max(),
        is_synthetic=pl.col("record").str.starts_with("synthetic:").any(),
    )


def _links(needs: pl.DataFrame, tables: Tables) -> pl.DataFrame:
    shares = tables["shares"].with_columns(nobody=pl.lit(None, pl.String))
    shares = shares.with_columns(
        from_line=_line_ids(shares, "supplier", "item"), market=_line_ids(shares, "nobody", "item")
    )
    of_market = shares.filter(pl.col("basis") == "market", pl.col("buyer").is_null())
    declared = shares.filter(pl.col("buyer").is_not_null() & pl.col("supplier").is_not_null())
    silent = shares.filter(pl.col("basis") == "market", pl.col("buyer").is_not_null()).select(
        "buyer", "item", "basis", "market"
    )
    parts = [
        declared.join(needs, on=["buyer", "item"]).with_columns(supplier="from_line", to="line"),
        of_market.with_columns(supplier="from_line", to="market", essential=pl.lit(2, pl.Int8)),
        silent.join(needs, on=["buyer", "item"]).with_columns(
            supplier="market", to="line", share_low=pl.lit(1.0), share_high=pl.lit(1.0)
        ),
    ]
    links = pl.concat(parts, how="diagonal_relaxed").filter(pl.col("supplier") != pl.col("to"))
    return links.select(*_LINK, buyer="to", is_synthetic=pl.col("is_synthetic").fill_null(False)).sort(
        "supplier", "buyer", "item"
    )


_LINK = ("supplier", "item", "share_low", "share_high", "essential", "stock_days_low", "stock_days_high", "basis")


def _coverage(tables: Tables, pack: Pack) -> pl.DataFrame:
    """Return what share of an organisation's purchases its known links cover: at least what known amounts sum to."""
    bought = tables["supplies"].filter(pl.col("buyer").is_not_null() & pl.col("supplier").is_not_null())
    once = bought.group_by("buyer", "item", "supplier").agg(agreed("amount_cny"))
    amounts = once.group_by(organisation="buyer").agg(
        known=pl.col("amount_cny").sum(), all_known=pl.col("amount_cny").is_not_null().all()
    )
    low = (pl.col("known").fill_null(0.0) / pl.col("purchases_cny")).clip(upper_bound=1.0)
    covered = _purchases(tables, pack).join(amounts, on="organisation", how="left").with_columns(coverage_low=low)
    high = pl.when(pl.col("all_known").fill_null(True)).then("coverage_low").otherwise(1.0)
    return covered.select("organisation", "coverage_low", coverage_high=high)


def _purchases(tables: Tables, pack: Pack) -> pl.DataFrame:
    """Return the purchases of a year of each organisation, as its most trusted source says; 0 is no answer."""
    said = trusted_numbers(tables["facts"], tables["members"], "purchases_cny", pack.source_precedence)
    return said.select("organisation", purchases_cny="number").filter(pl.col("purchases_cny") > 0)
