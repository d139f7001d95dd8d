"""An index of names as one table, and what of it a typed text means.

A table of 300,000 rows is scanned as fast as a database answers, needs no server's extension and is the same on every
database: what a query reads is 50 bytes a row.
"""

from __future__ import annotations

import re
import unicodedata

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
BROAD = 20_000
"""Hits beyond which the order among the lesser ones means nothing."""
EVERYTHING = pl.lit(True)
_SPELLABLE = re.compile(r"[a-z]{2,}")


def build_index(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the index of things by their names.

    Parameters
    ----------
    rows : one row a thing with ``kind``, ``id``, ``title`` and ``detail`` (String) and ``names`` (List[String]): what
        it is also called and its codes, nulls allowed; further columns are kept as they are.

    Returns ``INDEX_SCHEMA`` and the further columns, the shortest titles first: a part of a short title is more of it.
    """
    from liankit.search.pinyin import spell  # its dictionaries take 0.3 s to read: only whoever builds pays for them

    names = pl.concat_list(pl.col("title"), pl.col("names")).list.drop_nulls().list.unique(maintain_order=True)
    listed = rows.with_columns(names=names)
    spelled = spell(listed["names"].list.join("\n")).str.replace_all("\n", " ", literal=True)
    text = listed["names"].list.join("\n").map_elements(lambda said: f"\n{_plain(said)}\n", return_dtype=pl.String)
    others = [name for name in rows.columns if name not in (*INDEX_SCHEMA, "names")]
    found = listed.with_columns(text=text, pinyin=spelled).select(*INDEX_SCHEMA, *others)
    return found.sort(pl.col("title").str.len_chars(), "title", "id")


def find(index: pl.DataFrame, text: str, *, where: pl.Expr = EVERYTHING, most: int = 20) -> pl.DataFrame:
    """Return what a typed text means: at most ``most`` rows of each kind, the best first, of those ``where`` holds."""
    return best(index, match(index, text), where=where, most=most)


def match(index: pl.DataFrame, text: str) -> pl.DataFrame:
    """Return ``kind`` and ``row`` (of the index) of everything that a typed text means, the best first.

    Every word of the text must be found: as a part of a name or code, or, in Latin letters, as the pinyin, the initials
    or a mixture of both from the beginning of a sign on. Whole names and codes come first, then beginnings of names,
    then beginnings of their pinyin, then beginnings of words, then anything else; the shorter title before the longer.
    Nothing for an empty text.
    """
    asked = _normal(text)
    hits = index.select("kind", "text", "pinyin").with_row_index("row")
    if not asked:
        return hits.select("kind", "row").clear()
    for word in sorted(asked.split(), key=len, reverse=True):  # a long word leaves the fewest to look at
        hits = hits.filter(_means(word))
    placed = hits.select("kind", "row", place=_place(asked, hits.height > BROAD))
    return placed.sort("place", maintain_order=True).drop("place")


def best(index: pl.DataFrame, matched: pl.DataFrame, *, where: pl.Expr = EVERYTHING, most: int = 20) -> pl.DataFrame:
    """Return at most ``most`` rows of each kind of what ``match`` found, in its order, among those ``where`` holds."""
    read = sorted({"kind", *where.meta.root_names()})
    allowed = index.select(read)[matched["row"]].with_columns(is_allowed=where)["is_allowed"]
    kept = matched.filter(allowed)
    return index[kept.group_by("kind", maintain_order=True).head(most)["row"]]


def _plain(text: str) -> str:
    """Return a text without differences of width and case, by the same tables on both sides."""
    return unicodedata.normalize("NFKC", text).lower()


def _normal(text: str) -> str:
    return " ".join(_plain(text).split())[:LONGEST_QUERY]


def _means(word: str) -> pl.Expr:
    part = pl.col("text").str.contains(word, literal=True)
    return part | pl.col("pinyin").str.contains(_spelling(word)) if _SPELLABLE.fullmatch(word) else part


def _place(asked: str, is_broad: bool) -> pl.Expr:
    """Return how well a hit fits; among very many only whole names and beginnings are told apart."""
    whole = pl.col("text").str.contains(f"\n{asked}\n", literal=True)
    begins = pl.col("text").str.contains(f"\n{asked}", literal=True)
    place = pl.when(whole).then(0).when(begins).then(1)
    if is_broad:
        return place.otherwise(4)
    letters = asked.replace(" ", "")
    spelled = (
        pl.col("pinyin").str.contains(f"^{_spelling(letters)}") if _SPELLABLE.fullmatch(letters) else pl.lit(False)
    )
    word = pl.col("text").str.contains(f" {asked}", literal=True)
    return place.when(spelled).then(2).when(word).then(3).otherwise(4)


def _spelling(letters: str) -> str:
    """Return the pattern of pinyin in which each letter goes on with its sign or begins the next one.

    >>> _spelling("hz")
    'H(?:z|[a-z]*Z)'
    """
    return letters[0].upper() + "".join(f"(?:{letter}|[a-z]*{letter.upper()})" for letter in letters[1:])
