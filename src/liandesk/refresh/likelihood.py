"""How likely the entries are disrupted within twelve months: a step over the events in force.

Without events of its class an entry keeps an unknown likelihood; a prior of the pack never takes its place.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from liandesk.assess.events.frames import events_frame
from liandesk.assess.events.queries import dated, events_digest
from liandesk.base.clock import today
from liankit.risk.outlook import NONE, estimate, take_outlook, tell_outlook

Tables = dict[str, pl.DataFrame]
INPUTS = ("entries", "reasons", "supplies", "organisations")
"""The tables that the step reads."""


def params_of_likelihood() -> Any:
    """Return what the step depends on beside its tables: the events in force and, where there are any, the day."""
    return [events_digest(), today().isoformat() if dated() else None]


def add_likelihoods(tables: Tables, day: date) -> Tables:
    """Return ``entries``, ``reasons`` and ``likelihoods`` by the events that were known on a day."""
    events = events_frame(dated())
    entries, supplies, organisations = (tables[name] for name in ("entries", "supplies", "organisations"))
    found = NONE if events.is_empty() else estimate(entries, supplies, organisations, events, day)
    return {
        "entries": take_outlook(tables["entries"], found),
        "reasons": tell_outlook(tables["reasons"], found),
        "likelihoods": found.likelihoods,
    }
