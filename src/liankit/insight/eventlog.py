"""An event log in the columns that process-mining tools read (XES, IEEE 1849-2023, flattened as they do)."""

from __future__ import annotations

import polars as pl

COLUMNS = {
    "case": "case:concept:name",
    "title": "case:title",
    "process": "case:process",
    "version": "case:version",
    "activity": "concept:name",
    "at": "time:timestamp",
    "actor": "org:resource",
    "role": "org:role",
    "group": "org:group",
    "reason": "reason",
    "lifecycle": "lifecycle:transition",
}
"""The column of the log by the name of what we hold."""


def event_log(events: pl.DataFrame) -> pl.DataFrame:
    """Return events under the names of process mining, in the order of cases and times; what is not there is left out.

    ``events`` has ``case``, ``activity`` and ``at`` and any others of ``COLUMNS``. Each event is one that is complete.
    Times are written as ISO 8601 in UTC.
    """
    dated = events.sort("case", "at", maintain_order=True).with_columns(
        pl.col("at").dt.convert_time_zone("UTC").dt.strftime("%Y-%m-%dT%H:%M:%S%.3fZ"), lifecycle=pl.lit("complete")
    )
    return dated.select(pl.col(own).alias(name) for own, name in COLUMNS.items() if own in dated.columns)
