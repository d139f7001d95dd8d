"""Pairs of records worth looking at, among all records at once."""

from __future__ import annotations

import json

import polars as pl

from liankit.entities.index import Hit, NameIndex, Settings, entries_of
from liankit.entities.names import name_key
from liankit.reasons import Reason

CANDIDATE_SCHEMA = {
    "left": pl.String,
    "right": pl.String,
    "score": pl.Float64,
    "decision": pl.String,
    "method": pl.String,
    "reasons": pl.String,  # JSON list of the fields of liankit.reasons.Reason
}
"""Columns of the pairs: ``left`` < ``right``, one line a pair."""

_BATCH = Settings(looked_at=15, most=3_000)


def candidates(records: pl.DataFrame, *, settings: Settings | None = None) -> pl.DataFrame:
    """Return pairs of records that may be one organisation, with the probability, a decision and the reasons.

    ``records``: record, name (String), and where present former_names (List[String]) and country (String); other
    columns are ignored. Records whose names are equal (``name_key``) are one name here and are represented by the first
    of them; blind codes ("Research Site 324") pair with nothing. Returns ``CANDIDATE_SCHEMA``, most probable first.

    Raises ``UserError`` naming a column that is missing.
    """
    chosen = settings or _BATCH
    index = NameIndex(_one_a_key(records), settings=chosen)
    pairs: dict[tuple[str, str], Hit] = {}
    for entry in entries_of(_one_a_key(records)):
        for hit in index.matches(entry):
            if hit.score < chosen.review:
                break
            pair = (min(entry.record, hit.record), max(entry.record, hit.record))
            if pair not in pairs or hit.score > pairs[pair].score:
                pairs[pair] = hit
    rows = [(*pair, hit.score, hit.decision, hit.method, _as_json(hit.reasons)) for pair, hit in pairs.items()]
    found = pl.DataFrame(rows, schema=CANDIDATE_SCHEMA, orient="row")
    return found.sort("score", "left", "right", descending=[True, False, False])


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


def _as_json(reasons: tuple[Reason, ...]) -> str:
    return json.dumps([{**vars(reason), "params": dict(reason.params)} for reason in reasons], ensure_ascii=False)
