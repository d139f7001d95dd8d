"""Disruptions and forecasts for tests: a marked one of each for the access world, and a few words to make more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from liandesk.assess.events import actions, ledger
from liandesk.assess.events.models import Event, EventSource, HitKind
from liandesk.assess.events.said import Hit, Said
from liandesk.assess.lists.models import ListEntry
from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import Viewer, system_viewer, viewer_of
from liandesk.base.pack import pack

BY = system_viewer("test")
BEGAN = date(2024, 3, 1)
PLACE = {"office": pack().chain_office}
"""Where the marked disruption stands in the access matrix."""


def said(*hits: Hit, **more: Any) -> Said:
    """Return a disruption that began in spring 2024; ``more`` says it otherwise."""
    fields: dict[str, Any] = {"cause": "quality", "title": "a halt", "began_on": BEGAN, "hits": hits}
    return Said(**(fields | more))


def of_item(item: str, name: str = "resin") -> Hit:
    return Hit(HitKind.ITEM, name, item)


def noticed(by: Viewer = BY, **more: Any) -> Event:
    """Keep one disruption that was found in a notice and waits for a person."""
    fields: dict[str, Any] = {"source": EventSource.NOTICE, "text": "因原料問題導致缺藥。", "span": (0, 10)}
    kept = actions.enter_many([said(of_item(""), **(fields | more))], by=by, are_confirmed=False)
    return Event.objects.get(batch=kept.batch)


def marked_events(users: Mapping[str, User], entry: ListEntry) -> dict[str, tuple[object, ...]]:
    """Keep a marked disruption that waits, and an office's marked number on an entry; return what routes show."""
    office = viewer_of(users["ChainOffice"])
    found = noticed(office, title="MarkEvent", text="MarkNotice 缺药。", source_name="MarkSource")
    ledger.say_likelihood(entry.key, 0.2, "MarkForecast", by=office)
    hit = found.hits.get().pk
    return {"event": (found.pk,), "hit": (found.pk, hit), "batch": (found.batch,)}
