"""What somebody says of a disruption, checked before it is kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from liandesk.assess.events.models import Cause, Event, EventHit, EventSource, HitKind
from liandesk.base.clock import today
from liandesk.base.errors import UserError


@dataclass(frozen=True)
class Hit:
    """One thing that is hit, as it is called; ``object_id`` is empty while nobody knows which one it is."""

    kind: str
    name: str
    object_id: str = ""


@dataclass(frozen=True)
class Said:
    """A disruption as it was typed, stood in a file, or was found in a notice.

    ``span``: the characters of ``text`` that say it. ``number``: the row of the file or notices it came from, which
    tells two rows apart that say the same of two things.
    """

    cause: str
    title: str
    began_on: date
    hits: tuple[Hit, ...]
    expected_until: date | None = None
    ended_on: date | None = None
    text: str = ""
    span: tuple[int, int] | None = None
    licence: str = ""
    alternatives: tuple[Mapping[str, str | None], ...] = field(default=())
    source: str = EventSource.TYPED
    source_name: str = ""
    is_synthetic: bool = False


def check_said(said: Said) -> None:
    """Raise UserError for what cannot be: nothing hit, an end before the beginning, a day still to come."""
    if not said.hits:
        raise UserError(_("Say what is hit: an item, an organisation, a supplier, a country or a town."))
    if said.cause not in Cause.values or any(hit.kind not in HitKind.values for hit in said.hits):
        raise UserError(_("There is no such cause, or no such kind of thing that is hit."))
    if said.began_on > today():
        raise UserError(_("A disruption that has not begun is a forecast. Enter it when it begins."))
    if said.ended_on and said.ended_on < said.began_on:
        raise UserError(_("It ends before it begins. Check the two dates."))


def digest(said: Said) -> str:
    """Return what tells this disruption from another: loading the same rows twice doubles nothing."""
    hits = sorted(asdict(hit)["kind"] + hit.name for hit in said.hits)
    body = [said.cause, said.began_on.isoformat(), said.title, said.licence, hits, said.text]
    return hashlib.sha256(json.dumps(body, ensure_ascii=False).encode()).hexdigest()


def as_event(said: Said) -> Event:
    """Return the unsaved event with these words."""
    start, end = said.span or (None, None)
    return Event(
        cause=said.cause,
        title=said.title[:200],
        began_on=said.began_on,
        expected_until=said.expected_until,
        ended_on=said.ended_on,
        source=said.source,
        source_name=said.source_name[:200],
        text=said.text,
        span_start=start,
        span_end=end,
        licence=said.licence[:60],
        alternatives=[dict(one) for one in said.alternatives],
        key="" if said.source == EventSource.TYPED else digest(said),
        is_synthetic=said.is_synthetic,
    )


def as_hits(event: Event, said: Said) -> list[EventHit]:
    """Return the unsaved hits of a saved event."""
    return [EventHit(event=event, kind=hit.kind, name=hit.name[:200], object_id=hit.object_id) for hit in said.hits]
