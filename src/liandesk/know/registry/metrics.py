"""What is counted of organisations: those that were given a title by a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.timezone import localdate

from liandesk.base import metrics
from liandesk.base.clock import today
from liandesk.base.facts.queries import landings_in_force
from liandesk.base.metrics import By, Metric, Row
from liandesk.know.registry.things_models import Thing


def register() -> None:
    metrics.register("titles", titles)


def titles(day: date, *, by: By, of: Sequence[str]) -> list[Metric]:
    """Count the organisations that had been given one of these titles by a day; one without a day is left out.

    A title that ended since was given all the same: this counts what was reached in all. The evidence is the register,
    as old as what was last loaded into it: that nobody was given a title since makes it no older.
    """
    found = list(Thing.objects.filter(kind="title", is_current=True, name__in=of).order_by("pk"))
    given = [(one, date.fromisoformat(on)) for one in found if (on := one.attributes.get("awarded_on"))]
    first: dict[str, Row] = {}
    loaded = _loaded_by(day)
    for one, on in sorted(given, key=lambda pair: pair[1]):
        if on <= day:
            holder = one.organisation or one.organisation_name
            first.setdefault(holder, Row(holder, one.town if by == "town" else "", True, loaded, one.is_synthetic))
    return metrics.tally(first.values(), by) if given else metrics.unknown()


def _loaded_by(day: date) -> date:
    """Return when something was last loaded, up to a day; of a day gone by it is not asked how old it was."""
    if day < today():
        return day
    return min([day, *(localdate(landing.recorded_at) for landing in landings_in_force().order_by("-recorded_at")[:1])])
