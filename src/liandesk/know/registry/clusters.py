"""Records become organisations: exact identifiers first, then the same normalised name.

Pure: tables in, tables out. What a person would have to judge (typos, abbreviations, renames) stays apart here.
An organisation keeps its permanent id when records join it; a new one is minted from its first record.
"""

from __future__ import annotations

import base64
import hashlib

import polars as pl

from liankit.entities import name_key

FIELDS = {
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


def short_id(prefix: str, text: str) -> str:
    """Return a permanent id of 11 characters made from a text: a prefix and 50 bits of its SHA-256."""
    digest = hashlib.sha256(text.encode()).digest()
    return prefix + base64.b32encode(digest).decode()[:10]


def cluster(records: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Return ``record, organisation`` for organisation records.

    Parameters
    ----------
    records : columns record, name, uscc (null unknown), one row a record.
    known : columns record, organisation: what earlier refreshes decided.

    Two records are one organisation when they share a credit code, or a normalised name and no two codes speak
    against it. A name shared by several codes binds nobody who has no code.
    """
    keyed = records.select(
        "record", uscc="uscc", name_key=pl.col("name").map_elements(name_key, return_dtype=pl.String)
    )
    codes = keyed.group_by("name_key").agg(code=pl.col("uscc").drop_nulls().unique().sort())
    bound = keyed.join(codes, on="name_key", how="left", nulls_equal=True).with_columns(
        key=pl.coalesce(
            "uscc",
            pl.when(pl.col("code").list.len() == 1).then(pl.col("code").list.first()),
            pl.concat_str(pl.lit("name:"), "name_key"),
            "record",
        )
    )
    return _with_ids(bound.select("record", "key"), known)


def _with_ids(bound: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Give each cluster the smallest id its records already had, each id to one cluster, or mint one."""
    claims = (
        bound.join(known, on="record", how="left")
        .group_by("key")
        .agg(first=pl.col("record").min(), claimed=pl.col("organisation").min())
    )
    claims = claims.sort("first").with_columns(claimed=pl.when(pl.col("claimed").is_first_distinct()).then("claimed"))
    minted = pl.col("first").map_elements(lambda record: short_id("O", record), return_dtype=pl.String)
    ids = claims.select("key", organisation=pl.coalesce("claimed", minted))
    return bound.join(ids, on="key").select("record", "organisation").sort("record")


def organisations(records: pl.DataFrame, members: pl.DataFrame, precedence: tuple[str, ...]) -> pl.DataFrame:
    """Return one row an organisation: each field from the most trusted source that says it.

    ``records`` has record and ``FIELDS``; ``members`` record, organisation; the source is the record's first part.
    """
    rank = {name: place for place, name in enumerate(precedence)}
    source = pl.col("record").str.split(":").list.first()
    ordered = records.join(members, on="record").with_columns(
        trust=source.replace_strict(rank, default=len(rank), return_dtype=pl.Int32)
    )
    fields = [pl.col(name).drop_nulls().first() for name in FIELDS]
    synthetic = (source == "synthetic").all()
    return (
        ordered.sort("trust", "record")
        .group_by("organisation", maintain_order=True)
        .agg(*fields, is_synthetic=synthetic)
        .rename({"organisation": "id", "role": "kind"})
        .sort("id")
    )
