"""The ledger of forecasts: each likelihood is kept when it is published, so that it can be scored later.

A number of the model is kept when it differs from the last one kept of its entry, and at least once a month.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import polars as pl
from django.db import transaction
from django.utils.translation import gettext as _

from liandesk.assess.events.actions import office_of
from liandesk.assess.events.models import Forecast, ForecastSource
from liandesk.assess.events.policies import FORECAST
from liandesk.assess.events.resolution import rule_of, settle
from liandesk.assess.lists.models import ListEntry
from liandesk.assess.lists.queries import as_row, entry
from liandesk.base.accounts.access import check
from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import today
from liandesk.base.errors import UserError
from liandesk.base.snapshots import store
from liandesk.base.snapshots.models import Snapshot
from liandesk.base.snapshots.queries import published, table
from liankit.risk.disruptions import units_of
from liankit.risk.history import add_months
from liankit.risk.outlook import HORIZON_MONTHS

DIFFERS = 0.005
"""By how much a likelihood differs that is kept anew."""
_BATCH = 1000
_MADE_BY = "system:refresh"
_COPIED = ("item", "item_name", "item_kind", "organisation", "organisation_name", "town", "owner_office")


def keep_published(snapshot: Snapshot) -> Mapping[str, int]:
    """Keep the likelihoods of a snapshot that is being published, and settle what is open; return the counts."""
    if "likelihoods" not in snapshot.tables:
        return {}
    found = store.get_frame(snapshot.tables["likelihoods"])
    makers = makers_of(snapshot)
    fresh = _fresh(found, snapshot.today)
    made = forecasts_of(fresh, makers, snapshot, made_on=snapshot.today)
    Forecast.objects.bulk_create(made, batch_size=_BATCH)
    settled = settle(Forecast.objects.filter(outcome=None))
    return {"forecasts": len(made), "forecasts_settled": settled}


def makers_of(snapshot: Snapshot) -> Mapping[str, list[str]]:
    """Return from whom each entry of a snapshot is known to buy."""
    tables = (table(snapshot, name).collect() for name in ("entries", "supplies"))
    _units, makers = units_of(*tables)
    return dict(makers.group_by("unit").agg("maker").iter_rows())


def _fresh(found: pl.DataFrame, day: date) -> pl.DataFrame:
    """Return the likelihoods to keep: new, different from the last kept, or a month after it."""
    kept = Forecast.objects.filter(source=ForecastSource.MODEL, is_hindcast=False).order_by("made_on", "pk")
    schema = {"entry": pl.String, "before": pl.Float64, "kept_on": pl.Date}
    last = pl.DataFrame(list(kept.values_list("entry", "likelihood", "made_on")), schema=schema, orient="row")
    last = last.unique("entry", keep="last", maintain_order=True)
    differs = (pl.col("likelihood") - pl.col("before")).abs() > DIFFERS
    is_old = pl.col("kept_on").dt.offset_by("1mo") <= day
    return found.join(last, on="entry", how="left").filter(pl.col("before").is_null() | differs | is_old)


def forecasts_of(
    rows: pl.DataFrame,
    makers: Mapping[str, list[str]],
    snapshot: Snapshot,
    *,
    made_on: date,
    is_hindcast: bool = False,
) -> list[Forecast]:
    """Return unsaved forecasts of the model's likelihoods (``outlook.OUTLOOK_SCHEMA``) for entries of the list."""
    entries = ListEntry.objects.in_bulk(rows["entry"].to_list())
    until = add_months(made_on, HORIZON_MONTHS)
    return [
        Forecast(
            **_of_entry(entries[row["entry"]], makers),
            made_on=made_on,
            horizon_end=until,
            likelihood=row["likelihood"],
            likelihood_low=row["likelihood_low"],
            likelihood_high=row["likelihood_high"],
            source=ForecastSource.MODEL,
            model=row["model"],
            made_by=_MADE_BY,
            base_rate=row["base_rate"],
            events_known=row["events"],
            is_hindcast=is_hindcast,
            snapshot=snapshot.key,
        )
        for row in rows.iter_rows(named=True)
        if row["entry"] in entries
    ]


def _of_entry(found: ListEntry, makers: Mapping[str, Iterable[str]]) -> dict[str, Any]:
    """Return what a forecast keeps of its entry: the names of the day, and the rule that decides it."""
    kept = {name: getattr(found, name) for name in _COPIED}
    rule = rule_of(found.item, makers.get(found.key, ()), takes_any=found.scope == "item")
    return {**kept, "entry": found.key, "rule": rule, "is_synthetic": found.is_synthetic}


@transaction.atomic
def say_likelihood(
    key: str, likelihood: float, reason: str, *, by: Viewer, low: float | None = None, high: float | None = None
) -> Forecast:
    """Keep an office's own number on an entry, with its reason; it stands beside the model's and is scored like it.

    ``low`` and ``high`` are the ends of its interval, the number itself where they are left out.
    """
    check(by, FORECAST, "make")
    found = entry(by, key)
    check(by, FORECAST, "make", as_row(found))
    low, high = (likelihood if end is None else end for end in (low, high))
    if not 0 <= low <= likelihood <= high <= 1:
        raise UserError(_("A likelihood lies between 0 and 100 %, within its interval."))
    if not reason.strip():
        raise UserError(_("Say in a few words what the number rests on."))
    snapshot = published()
    made = Forecast.objects.create(
        **_of_entry(found, makers_of(snapshot) if snapshot else {}),
        made_on=today(),
        horizon_end=add_months(today(), HORIZON_MONTHS),
        likelihood=likelihood,
        likelihood_low=low,
        likelihood_high=high,
        source=ForecastSource.OFFICE,
        office=office_of(by),
        made_by=by.actor,
        reason=reason.strip()[:400],
        snapshot=snapshot.key if snapshot else "",
    )
    settle(Forecast.objects.filter(pk=made.pk))
    record("forecast.make", "forecast", made.pk, by=by)
    return made
