"""What an organisation's records say together: its fields, and where it is. Pure: tables in, tables out."""

from __future__ import annotations

import polars as pl

from liandesk.base.facts.schema import Schema
from liandesk.know.registry.clusters import short_id

FIELDS: Schema = {
    "name": pl.String,
    "name_en": pl.String,
    "role": pl.String,
    "uscc": pl.String,
    "country": pl.String,
    "country_basis": pl.String,
    "town": pl.String,
    "zone": pl.String,
    "segment": pl.String,
}
PLACE_SCHEMA: Schema = {
    "key": pl.String,
    "organisation": pl.String,
    "kind": pl.String,  # town | zone
    "code": pl.String,
    "since": pl.Date,
    "until": pl.Date,
    "source": pl.String,
}


def organisations(facts: pl.DataFrame, members: pl.DataFrame, precedence: tuple[str, ...]) -> pl.DataFrame:
    """Return one row an organisation: each of ``FIELDS`` as the most trusted source says it, the latest word first.

    Parameters
    ----------
    facts : lines of ``facts.schema.KNOWN_SCHEMA``; members : record, organisation.

    Returns ``id``, ``FIELDS`` with ``role`` called ``kind``, and ``is_synthetic``: whether all its records are.
    """
    said = facts.filter(pl.col("attribute").is_in(list(FIELDS)) & pl.col("text").is_not_null())
    best = trusted_first(said.join(members, on="record"), precedence).unique(
        ["organisation", "attribute"], keep="first", maintain_order=True
    )
    wide = best.pivot(on="attribute", on_columns=list(FIELDS), index="organisation", values="text")
    synthetic = members.group_by("organisation").agg(is_synthetic=pl.col("record").str.starts_with("synthetic:").all())
    return (
        synthetic.join(wide, on="organisation", how="left")
        .select(
            id="organisation",
            **{("kind" if name == "role" else name): pl.col(name) for name in FIELDS},
            is_synthetic="is_synthetic",
        )
        .sort("id")
    )


def trusted_numbers(
    facts: pl.DataFrame, members: pl.DataFrame, attribute: str, precedence: tuple[str, ...]
) -> pl.DataFrame:
    """Return ``organisation`` and the ``number`` that its most trusted source gives an attribute, the latest word."""
    said = facts.filter(kind="organisation", attribute=attribute).filter(pl.col("number").is_not_null())
    trusted = trusted_first(said.join(members, on="record"), precedence)
    return trusted.unique("organisation", keep="first", maintain_order=True).select("organisation", "number")


def trusted_first(said: pl.DataFrame, precedence: tuple[str, ...]) -> pl.DataFrame:
    """Order lines: the source's precedence, the latest day, a record with a code, the latest word."""
    rank = {name: place for place, name in enumerate(precedence)}
    coded = said.filter(pl.col("attribute") == "uscc")["record"].unique()
    trust = pl.col("source").replace_strict(rank, default=len(rank), return_dtype=pl.Int32)
    return said.with_columns(trust=trust, coded=pl.col("record").is_in(coded.implode())).sort(
        ["trust", "valid_from", "coded", "recorded_at", "record"],
        descending=[False, True, True, True, False],
        nulls_last=True,
    )


def places(facts: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """Return where each organisation is or was (``PLACE_SCHEMA``): towns and zones, several at a time.

    A later dated word of the same record ends the earlier one on the day before; two records may name two zones.
    """
    said = facts.filter(pl.col("attribute").is_in(["town", "zone"]) & (pl.col("kind") == "organisation"))
    following = pl.col("valid_from").shift(-1).over("record", "attribute")
    dated = said.sort("record", "attribute", "valid_from", nulls_last=False).with_columns(
        until=following - pl.duration(days=1)
    )
    found = dated.join(members, on="record").select(
        "organisation", "source", "until", kind="attribute", code="text", since="valid_from"
    )
    told = found.group_by("organisation", "kind", "code", "since", "source").agg(
        until=pl.when(pl.col("until").null_count() == 0).then(pl.col("until").max())
    )
    text = pl.concat_str(pl.all().cast(pl.String).fill_null(""), separator="\x1f")
    return (
        told.with_columns(key=text.map_elements(lambda said: short_id("L", said), return_dtype=pl.String))
        .select(pl.col(name).cast(dtype) for name, dtype in PLACE_SCHEMA.items())
        .sort("organisation", "kind", "code", "since", "source")
    )
