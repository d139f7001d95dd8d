"""An index of names as one table, and what of it a typed text means.

A table of 300,000 rows is scanned as fast as a database answers, needs no server's extension and is the same on every
database: what a query reads is 50 bytes a row.
"""

from __future__ import annotations

import re
import unicodedata
from functools import reduce
from operator import and_

import polars as pl

INDEX_SCHEMA: dict[str, type[pl.DataType]] = {
    "kind": pl.String,
    "id": pl.String,
    "title": pl.String,
    "detail": pl.String,
    "text": pl.String,  # every name and code, small letters, each on a line between line breaks
    "pinyin": pl.String,  # every Chinese name, a capital letter beginning each sign, names separated by a blank
}
LONGEST_QUERY = 60
_SPELLABLE = re.compile(r"[a-z]{2,}")


def build_index(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the index of things by their names.

    Parameters
    ----------
    rows : one row a thing with ``kind``, ``id``, ``title`` and ``detail`` (String) and ``names`` (List[String]): what
        it is also called and its codes, nulls allowed; further columns are kept as they are.

    Returns ``INDEX_SCHEMA`` and the further columns, in the order of the rows.
    """
    from liankit.search.pinyin import spell  # its dictionaries take 0.3 s to read: only whoever builds pays for them

    names = pl.concat_list(pl.col("title"), pl.col("names")).list.drop_nulls().list.unique(maintain_order=True)
    listed = rows.with_columns(names=names)
    spelled = spell(listed["names"].list.join("\n")).str.replace_all("\n", " ", literal=True)
    text = pl.format("\n{}\n", pl.col("names").list.join("\n").str.normalize("NFKC").str.to_lowercase())
    others = [name for name in rows.columns if name not in (*INDEX_SCHEMA, "names")]
    return listed.with_columns(text=text, pinyin=spelled).select(*INDEX_SCHEMA, *others)


def find(index: pl.DataFrame, text: str) -> pl.DataFrame:
    """Return the rows that a typed text means, the best first; no row for an empty text.

    Every word of the text must be found: as a part of a name or code, or, in Latin letters, as the pinyin, the initials
    or a mixture of both from the beginning of a sign on. Whole names and codes come first, then beginnings of names,
    then beginnings of their pinyin, then beginnings of words, then anything else; the shorter title before the longer.
    """
    asked = _normal(text)
    if not asked:
        return index.clear()
    hits = index.filter(reduce(and_, (_means(word) for word in asked.split())))
    return (
        hits.with_columns(_place=_place(asked)).sort("_place", pl.col("title").str.len_chars(), "title").drop("_place")
    )


def _normal(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).lower().split())[:LONGEST_QUERY]


def _means(word: str) -> pl.Expr:
    part = pl.col("text").str.contains(word, literal=True)
    return part | pl.col("pinyin").str.contains(_spelling(word)) if _SPELLABLE.fullmatch(word) else part


def _place(asked: str) -> pl.Expr:
    whole = pl.col("text").str.contains(f"\n{asked}\n", literal=True)
    begins = pl.col("text").str.contains(f"\n{asked}", literal=True)
    word = pl.col("text").str.contains(f" {asked}", literal=True)
    letters = asked.replace(" ", "")
    spelled = pl.col("pinyin").str.contains(f"(?:^| ){_spelling(letters)}") if _SPELLABLE.fullmatch(letters) else False
    return pl.when(whole).then(0).when(begins).then(1).when(spelled).then(2).when(word).then(3).otherwise(4)


def _spelling(letters: str) -> str:
    """Return the pattern of pinyin in which each letter goes on with its sign or begins the next one.

    >>> _spelling("hz")
    'H(?:z|[a-z]*Z)'
    """
    first, *rest = letters
    return first.upper() + "".join(f"(?:{letter}|[a-z]*{letter.upper()})" for letter in rest)
