"""Events as the tables that computation reads."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from liandesk.assess.events.models import HitKind
from liandesk.assess.events.queries import Dated
from liankit.risk.disruptions import EVENT_SCHEMA

_MAKERS = (HitKind.SUPPLIER, HitKind.ORGANISATION)


def events_frame(events: Iterable[Dated]) -> pl.DataFrame:
    """Return ``disruptions.EVENT_SCHEMA`` of events; what an event hits and is not matched is left out."""
    rows = [
        {
            "event": one.event,
            "start": one.began_on,
            "end": one.ended_on,
            "items": list(one.items),
            "makers": [object_id for kind, object_id in one.others if kind in _MAKERS],
        }
        for one in events
    ]
    return pl.DataFrame(rows, schema=EVENT_SCHEMA)
