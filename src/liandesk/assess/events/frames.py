"""Events as the tables that computation reads."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from liandesk.assess.events.models import HitKind
from liandesk.assess.events.queries import Dated
from liankit.risk.disruptions import EVENT_SCHEMA

_KINDS = {
    "makers": (HitKind.SUPPLIER, HitKind.ORGANISATION),
    "countries": (HitKind.COUNTRY,),
    "towns": (HitKind.TOWN,),
}


def events_frame(events: Iterable[Dated]) -> pl.DataFrame:
    """Return ``disruptions.EVENT_SCHEMA`` of events; what an event hits and is not matched is left out."""
    rows = [
        {
            "event": one.event,
            "start": one.began_on,
            "end": one.ended_on,
            "items": list(one.items),
            **{name: [found for kind, found in one.others if kind in kinds] for name, kinds in _KINDS.items()},
        }
        for one in events
    ]
    return pl.DataFrame(rows, schema=EVENT_SCHEMA)
