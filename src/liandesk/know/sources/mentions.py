"""Which organisation a row means: rows name organisations, with a credit code or without, and mean one record each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import polars as pl

from liandesk.know.sources.reading import Part
from liankit.entities import check_uscc, name_key, normalise_uscc

_LIKE_A_CODE = r"^[\s0-9A-Za-z-]{18,}$"


@dataclass(frozen=True)
class Mention:
    """A column that names organisations, the column of their codes ("" none), and where the record is put."""

    column: str
    code: str
    record: str


def _organisation(code: str = "uscc") -> tuple[Mention, ...]:
    return (Mention("organisation", code, "organisation"),)


MENTIONS: Mapping[str, tuple[Mention, ...]] = {
    "enterprises": (Mention("name", "uscc", "organisation"),),
    "facts": (Mention("enterprise", "", "organisation"),),
    "critical_inputs": (Mention("enterprise", "uscc", "organisation"),),
    "products": _organisation(),
    "supply_links": (Mention("supplier", "supplier_uscc", "supplier"), Mention("buyer", "buyer_uscc", "buyer")),
    "technologies": (Mention("backup_organisation", "", "backup_organisation"),),
    "resources": _organisation(),
    "titles": _organisation(),
    "trials": (Mention("hospital", "", "hospital"), Mention("sponsor", "", "sponsor")),
    "sites": _organisation(),
}
"""By table. A supplier of a critical input and the company of a lead stay text: they are often no registered name."""


@dataclass(frozen=True)
class Said:
    """What one column of organisations says.

    ``rows`` has ``sheet``, ``row``, ``who_name``, ``who_code`` in the order of the part; once placed, ``who`` too.
    """

    part: Part
    mention: Mention
    rows: pl.DataFrame


def mentions(parts: Iterable[Part], prefix: str) -> list[Said]:
    """Return every mention of an organisation with its record ``who``; ``prefix`` starts the records."""
    said = [_said(part, mention) for part in parts for mention in MENTIONS.get(part.table.name, ())]
    codes = _codes(said)
    return [Said(one.part, one.mention, _placed(one.rows, codes, prefix)) for one in said]


def key_of(name: str) -> str:
    """Return the key of a name; a name of which nothing is left keeps its own spelling."""
    return name_key(name) or name


def with_records(part: Part, said: Sequence[Said]) -> pl.DataFrame:
    """Return the part's rows with the records of the organisations that they mean."""
    placed = {one.mention.record: one.rows["who"] for one in said if one.part is part}
    return part.rows.with_columns(**placed)


def only_named(said: Sequence[Said]) -> list[tuple[Part, pl.DataFrame]]:
    """Return organisations that no sheet of enterprises describes, each once: organisation, name, uscc, sheet, row."""
    described = [one.rows["who"] for one in said if one.part.table.name == "enterprises"]
    known = pl.concat([pl.Series("who", [], dtype=pl.String), *described])
    found = []
    for one in said:
        only = one.rows.filter(~pl.col("who").is_in(known.implode()))
        only = only.unique("who", keep="first", maintain_order=True).sort("row")
        known = pl.concat([known, only["who"]])
        found.append((one.part, only.select("sheet", "row", organisation="who", name="who_name", uscc="who_code")))
    return found


def _said(part: Part, mention: Mention) -> Said:
    """Read one column of organisations; a credit code may stand in place of the name."""
    names = part.rows[mention.column]
    like_codes = names.filter(names.str.contains(_LIKE_A_CODE)).unique().drop_nulls()
    codes = {text: code for text in like_codes if check_uscc(code := normalise_uscc(text)) is None}
    in_place = pl.col(mention.column).replace_strict(codes, default=None, return_dtype=pl.String)
    given = pl.col(mention.code) if mention.code else pl.lit(None, pl.String)
    rows = part.rows.select(
        "sheet",
        "row",
        who_name=pl.when(in_place.is_null()).then(mention.column),
        who_code=pl.coalesce(in_place, given),
    )
    return Said(part, mention, rows)


def _codes(said: Iterable[Said]) -> dict[str, str]:
    """Return the one code that the files give a name, so that a row without it still means that organisation."""
    given = [one.rows.select("who_name", "who_code").drop_nulls().unique() for one in said]
    found: dict[str, set[str]] = {}
    for name, code in chain.from_iterable(frame.iter_rows() for frame in given):
        found.setdefault(key_of(name), set()).add(code)
    return {name: codes.pop() for name, codes in found.items() if len(codes) == 1}


def _placed(rows: pl.DataFrame, codes: Mapping[str, str], prefix: str) -> pl.DataFrame:
    """Add ``who``, the organisation's record: by its code, else by its name; null where neither is said."""
    names = {name: key_of(name) for name in rows["who_name"].unique().drop_nulls()}
    keys = {name: codes.get(key, key) for name, key in names.items()}
    by_name = pl.col("who_name").replace_strict(keys, default=None, return_dtype=pl.String)
    record = pl.concat_str(pl.lit(f"{prefix}:organisation:"), pl.coalesce("who_code", by_name))
    named = pl.col("who_name").is_not_null() | pl.col("who_code").is_not_null()
    return rows.with_columns(who=pl.when(named).then(record))
