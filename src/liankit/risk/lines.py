"""The tables of an exposure as lines and links, over which losses are followed: for files, without a refresh.

A line is what one owner makes of one item. A product that is called as an item of the table of items, by its id or its
name, is that item, so a loss goes on to whoever buys it.
"""

from __future__ import annotations

import polars as pl

from liankit.risk.effects import Chain, entries_in_cny
from liankit.risk.exposure import Exposure
from liankit.risk.inputs import Inputs, agreed

_MARKET = "market"


def chain_of(found: Exposure, inputs: Inputs) -> Chain:
    """Return what losses are computed from, of an exposure and the checked tables that it was computed from."""
    names = inputs.items.drop_nulls("name").unique("name")
    items = dict(names.select("name", "item").rows())
    product = pl.col("product").fill_null("")
    uses = inputs.uses.with_columns(made=product.replace(items), line=_line("buyer", product.replace(items)))
    needs = uses.select("buyer", "item", "line").unique()
    links = _links(found.shares, needs)
    return Chain(
        entries=entries_in_cny(found.entries).with_columns(impact_basis=pl.lit("cascade")),
        shares=found.shares,
        needs=needs,
        lines=_lines(uses, links),
        links=links.select("supplier", "buyer", "item", "share_low", "share_high", "essential"),
    )


def _line(owner: str, item: str | pl.Expr) -> pl.Expr:
    return pl.format("{}|{}", pl.col(owner).fill_null(_MARKET), item)


def _links(shares: pl.DataFrame, needs: pl.DataFrame) -> pl.DataFrame:
    """Return who delivers to which line: named suppliers, and the market of an item to whoever named nobody."""
    named = shares.filter(pl.col("supplier").is_not_null(), pl.col("share_high") > 0)
    told = named.filter(pl.col("buyer").is_not_null()).join(needs, on=["buyer", "item"])
    offered = named.filter(pl.col("buyer").is_null()).with_columns(line=_line("buyer", pl.col("item")))
    silent = shares.filter((pl.col("basis") == "market") & pl.col("buyer").is_not_null()).join(
        needs, on=["buyer", "item"]
    )
    whole = {"share_low": pl.lit(1.0), "share_high": pl.lit(1.0), "supplier": pl.lit(None, pl.String)}
    parts = [part.select(*_LINK) for part in (told, offered, silent.with_columns(**whole))]
    links = pl.concat(parts).with_columns(
        owner="supplier", supplier=_line("supplier", pl.col("item")), buyer="line", essential=pl.lit(2, pl.Int8)
    )
    return links.filter(pl.col("supplier") != pl.col("buyer")).sort("supplier", "buyer", "item")


_LINK = ("supplier", "line", "item", "share_low", "share_high")


def _lines(uses: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """Return the products with their output, and the lines that only deliver."""
    products = uses.group_by("line").agg(
        pl.col("buyer").first().alias("owner"),
        pl.col("made").first().alias("item"),
        agreed("output_cny"),
        is_product=pl.lit(True),
    )
    sellers = links.select("owner", "item", line="supplier", is_product=pl.lit(False)).unique("line")
    only = sellers.join(products, on="line", how="anti")
    return pl.concat([products, only], how="diagonal_relaxed").sort("line")
