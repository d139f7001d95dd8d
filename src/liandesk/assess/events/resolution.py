"""What decides whether a forecast came true: a rule that is frozen when the forecast is made.

In words: a disruption in force hits it at some time after the forecast was made and by the end of its horizon. Its rule
holds the item and, of one enterprise's input, the makers that the enterprise was known to buy from. Where these are,
for a disruption of a country or a town, is read from the published snapshot when the outcome is decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import polars as pl
from django.db.models import Q, QuerySet

from liandesk.assess.events.frames import events_frame
from liandesk.assess.events.models import Event, Forecast, HitKind
from liandesk.assess.events.queries import dated
from liandesk.base.clock import today
from liandesk.base.snapshots.queries import published, table
from liankit.risk.disruptions import MAKER_SCHEMA, PLACE_SCHEMA, UNIT_SCHEMA, hits_of, places_of

CODE = "disruption"
_BATCH = 1000


def rule_of(item: str, makers: Iterable[str], *, takes_any: bool) -> dict[str, Any]:
    """Return the rule of an entry; ``takes_any``: whoever the maker is, for an item as a whole."""
    return {"code": CODE, "item": item, "makers": sorted(makers), "takes_any": takes_any}


def settle(rows: QuerySet[Forecast]) -> int:
    """Write the outcomes that follow from the events in force and the day; return how many changed."""
    forecasts = list(rows)
    if not forecasts:
        return 0
    first = _first_hits(forecasts)
    changed = [found for found in forecasts if _decide(found, first.get(found.pk))]
    Forecast.objects.bulk_update(changed, ["outcome", "resolved_on", "resolved_by"], batch_size=_BATCH)
    return len(changed)


def touched_by(found: Event) -> QuerySet[Forecast]:
    """Return the forecasts whose outcome an event may decide or has decided."""
    items = [hit.object_id for hit in found.hits.all() if hit.kind == HitKind.ITEM and hit.object_id]
    named = Q(item__in=items) if items else Q()
    return Forecast.objects.filter(named | Q(resolved_by=found))


def _first_hits(forecasts: list[Forecast]) -> Mapping[int, tuple[int, date]]:
    """Return of each forecast that came true the first event that makes it so, and since when."""
    units = pl.DataFrame(
        [(str(one.pk), one.rule["item"], one.rule["takes_any"]) for one in forecasts], schema=UNIT_SCHEMA, orient="row"
    )
    makers = [(str(one.pk), maker) for one in forecasts for maker in one.rule["makers"]]
    delivered = pl.DataFrame(makers, schema=MAKER_SCHEMA, orient="row")
    hits = hits_of(units, delivered, events_frame(dated()), _places())
    spans = pl.DataFrame(
        [(str(one.pk), one.made_on, min(one.horizon_end, today())) for one in forecasts],
        schema={"unit": pl.String, "made_on": pl.Date, "until": pl.Date},
        orient="row",
    )
    during = (pl.col("start") <= pl.col("until")) & (pl.col("end").is_null() | (pl.col("end") > pl.col("made_on")))
    since = pl.max_horizontal("start", "made_on").alias("since")
    found = hits.join(spans, on="unit").filter(during).with_columns(since).sort("since", "event")
    rows = found.unique("unit", keep="first", maintain_order=True).select("unit", "event", "since").iter_rows()
    return {int(unit): (event, day) for unit, event, day in rows}


def _places() -> pl.DataFrame:
    """Return where the makers of the published snapshot are, nowhere before the first refresh."""
    snapshot = published()
    if snapshot is None:
        return pl.DataFrame(schema=PLACE_SCHEMA)
    return places_of(*(table(snapshot, name).collect() for name in ("supplies", "organisations")))


def _decide(found: Forecast, hit: tuple[int, date] | None) -> bool:
    """Set the outcome of a forecast; say whether it changed."""
    before = (found.outcome, found.resolved_on, found.resolved_by_id)
    is_over = found.horizon_end < today()
    found.outcome = True if hit else False if is_over else None
    found.resolved_by_id, found.resolved_on = hit or (None, found.horizon_end if is_over else None)
    return before != (found.outcome, found.resolved_on, found.resolved_by_id)
