"""Pairs of records worth looking at, among all records at once."""

from __future__ import annotations

import json

import polars as pl

from liankit.entities.index import NameIndex
from liankit.entities.matching import Match, Settings
from liankit.entities.names import name_key

CANDIDATE_SCHEMA = {
    "left": pl.String,
    "right": pl.String,
    "score": pl.Float64,
    "decision": pl.String,
    "method": pl.String,
    "reasons": pl.String,  # JSON list of the fields of liankit.reasons.Reason
}
"""Columns of the pairs: ``left`` < ``right``, one line a pair."""


def candidates(records: pl.DataFrame, *, settings: Settings | None = None) -> pl.DataFrame:
    """Return pairs of records that may be one organisation, with the probability, a decision and the reasons.

    ``records``: record, name (String), and where present former_names (List[String]) and country (String); other
    columns are ignored. Records whose names are equal (``name_key``) are one name here and are represented by the first
    of them; blind codes ("Research Site 324") pair with nothing. Returns ``CANDIDATE_SCHEMA``, most probable first.

    Raises ``UserError`` naming a column that is missing.
    """
    chosen = settings or Settings.for_many()
    index = NameIndex(_one_a_key(records), settings=chosen)
    pairs = _pairs(index, chosen.review)
    rows = [
        (
            *pair,
            match.score,
            chosen.decide(match.comparison.method, match.score),
            match.comparison.method,
            _as_json(match),
        )
        for pair, match in pairs.items()
    ]
    found = pl.DataFrame(rows, schema=CANDIDATE_SCHEMA, orient="row")
    return found.sort("score", "left", "right", descending=[True, False, False])


def _pairs(index: NameIndex, review: float) -> dict[tuple[str, str], Match]:
    """Return the best match of every pair of records; of two names, the less probable of how each sees the other."""
    seen: dict[tuple[int, int], Match | None] = {}  # None: not probable enough from one side
    places = {id(entry): place for place, entry in enumerate(index.entries)}
    for place, entry in enumerate(index.entries):
        for match in index.matches(entry):
            other = places[id(match.entry)]
            pair = (min(place, other), max(place, other))
            seen[pair] = _less_probable(match, seen.get(pair, match), review)
    best: dict[tuple[str, str], Match] = {}
    for (place, other), found in seen.items():
        records = _ordered(index.entries[place].record, index.entries[other].record)
        if found and (records not in best or found.score > best[records].score):
            best[records] = found
    return best


def _less_probable(match: Match, other: Match | None, review: float) -> Match | None:
    if other is None or min(match.score, other.score) < review:
        return None
    return min(match, other, key=lambda one: one.score)


def _ordered(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)


def _one_a_key(records: pl.DataFrame) -> pl.DataFrame:
    """Keep the first record of each name and country."""
    if not {"record", "name"} <= set(records.columns):
        return records
    keyed = (
        records.filter(pl.col("name").is_not_null())
        .sort("record")
        .with_columns(key=pl.col("name").map_elements(name_key, return_dtype=pl.String))
    )
    return keyed.unique(
        ["key", "country"] if "country" in records.columns else ["key"], keep="first", maintain_order=True
    )


def _as_json(match: Match) -> str:
    reasons = [{**vars(reason), "params": dict(reason.params)} for reason in match.reasons()]
    return json.dumps(reasons, ensure_ascii=False)
