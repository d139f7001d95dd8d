"""Leave out of the facts what organisations took their consent back for. Pure: tables in, tables out."""

from __future__ import annotations

import polars as pl

from liandesk.base.facts.schema import Schema

ENDED_SCHEMA: Schema = {"organisation": pl.String, "item": pl.String}
OF_ITSELF = "organisation."
"""An item that starts so is one attribute of the organisation; others are kinds of facts that point to it."""

_POINTS = ("organisation", "supplier", "buyer")


def withhold(facts: pl.DataFrame, members: pl.DataFrame, aliases: pl.DataFrame, ended: pl.DataFrame) -> pl.DataFrame:
    """Return the facts that may be computed with.

    Parameters
    ----------
    facts : record, kind, attribute, text …; members : record, organisation; aliases : alias, organisation; ended :
        ``ENDED_SCHEMA``. An organisation that was merged ends its items for the one it is part of now.
    """
    now = ended.join(aliases, left_on="organisation", right_on="alias", how="left").select(
        "item", organisation=pl.coalesce("organisation_right", "organisation")
    )
    own = now.join(members, on="organisation").select("record", "item")
    kinds = own.filter(~pl.col("item").str.starts_with(OF_ITSELF))
    pointing = facts.filter(pl.col("attribute").is_in(_POINTS) & pl.col("kind").is_in(kinds["item"].unique().implode()))
    left_out = pointing.join(kinds, left_on=["text", "kind"], right_on=["record", "item"], how="semi")
    attributes = own.select("record", base=pl.col("item").str.strip_prefix(OF_ITSELF))
    kept = facts.join(left_out.select("record").unique(), on="record", how="anti", maintain_order="left")
    base = pl.when(pl.col("kind") == "organisation").then(pl.col("attribute").str.split(".").list.first())
    return (
        kept.with_columns(base=base)
        .join(attributes, on=["record", "base"], how="anti", maintain_order="left")
        .drop("base")
    )
