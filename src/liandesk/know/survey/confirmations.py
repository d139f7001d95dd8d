"""Since when what is known of an enterprise's need of an item is confirmed; for refresh steps, which have no viewer."""

from __future__ import annotations

import hashlib
from datetime import date

import polars as pl

from liandesk.know.registry.queries import merged_into
from liandesk.know.survey.models import Confirmation

CONFIRMED_SCHEMA = {
    "organisation": pl.String,  # its permanent id of today
    "item": pl.String,
    "confirmed_on": pl.Date,
    "round": pl.Int64,
    "is_on_behalf": pl.Boolean,  # an officer entered it and the enterprise has not confirmed it yet
}
"""Columns of ``confirmed_on``."""


def confirmed_on(on: date | None = None) -> pl.DataFrame:
    """Return the last confirmation of each (organisation, item), by ``on`` (None: ever), with ``CONFIRMED_SCHEMA``.

    A pair without a row was never confirmed: that is not known, and not old. What organisations that were merged said
    counts for the one that stands for them.
    """
    said = Confirmation.objects.all() if on is None else Confirmation.objects.filter(confirmed_on__lte=on)
    rows = said.values_list(*CONFIRMED_SCHEMA)
    frame = pl.DataFrame(list(rows), schema=CONFIRMED_SCHEMA, orient="row")
    stands = merged_into(frame["organisation"].unique().to_list())
    latest = frame.with_columns(pl.col("organisation").replace(stands)).sort("confirmed_on", "is_on_behalf")
    return latest.unique(["organisation", "item"], keep="last").sort("organisation", "item")


def confirmations_digest() -> str:
    """Return a hash that changes whenever something is confirmed or a merge moves it."""
    return hashlib.sha256(confirmed_on().write_csv().encode()).hexdigest()
