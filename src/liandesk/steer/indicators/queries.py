"""Read indicators and their values. What a viewer may not see is neither found nor counted."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from liandesk.base.accounts.access import barred, can, check, visibility
from liandesk.base.accounts.roles import Viewer
from liandesk.base.errors import NotThere
from liandesk.base.pack import pack
from liandesk.base.snapshots.models import Publication, Snapshot
from liandesk.base.snapshots.queries import published, table
from liandesk.steer.indicators.claims import last_claims, last_claims_by_scope, standing_claims
from liandesk.steer.indicators.definitions import all_indicators
from liandesk.steer.indicators.models import Claim, Fact, State
from liandesk.steer.indicators.policies import CLAIM, INDICATOR
from liankit.errors import nearest
from liankit.plan.indicators import Indicator

SNAPSHOT = "indicators"
"""The name under which values and lights are published."""

NEXT = {State.CLAIMED: "verify", State.VERIFIED: "approve"}
"""The next step of a claim that waits."""


@dataclass(frozen=True)
class Value:
    """What an indicator is held to have been on a day. ``state`` is that of its claim, or "computed".

    ``evidence`` is the hash of the file it is read from; ``ids`` are the records that were counted.
    """

    on: date
    value: float | None
    state: str
    scope: str = ""
    evidence: str = ""
    is_synthetic: bool = False
    recorded_at: datetime | None = None
    ids: tuple[str, ...] = ()
    evidence_on: date | None = None
    claim: int | None = None


def known(key: str) -> Indicator:
    """Return an indicator in force; NotThere names the nearest one. For programs and actions."""
    found = all_indicators()
    if key not in found:
        raise NotThere(_("There is no indicator '%(key)s'.") % {"key": key} + nearest(key, found))
    return found[key]


def indicators(viewer: Viewer) -> list[Indicator]:
    """Return the indicators in force that the viewer may see, by key."""
    return list(all_indicators().values()) if can(viewer, INDICATOR, "read") else []


def indicator(viewer: Viewer, key: str) -> Indicator:
    """Return one indicator; NotThere when there is none for the viewer."""
    found = next((one for one in indicators(viewer) if one.key == key), None)
    if found is None:
        raise NotThere(_("There is no such indicator for you. The list shows those you may see."))
    return found


def values(viewer: Viewer, key: str, *, scope: str = "", known_at: datetime | None = None) -> list[Value]:
    """Return the values that stand of an indicator, by day: counted, or claimed and approved.

    ``known_at`` asks for what was known at a moment: counted values as the snapshot of that moment has them.
    """
    found = indicator(viewer, key)
    if not found.is_entered:
        return [one for one in _counted(key, known_at) if one.scope == scope]
    return [value_of(one) for one in standing_claims({key: found}, known_at, scope=scope)]


def values_of_parts(viewer: Viewer, key: str) -> list[Value]:
    """Return the values of the towns or offices of an indicator, town by town in the pack's order, by day."""
    found = indicator(viewer, key)
    told = map(value_of, standing_claims({key: found})) if found.is_entered else _counted(key)
    return _in_order(found, told)


def last_of_parts(viewer: Viewer, key: str) -> list[Value]:
    """Return the last value of each town or office of an indicator, in the pack's order."""
    found = indicator(viewer, key)
    told = map(value_of, last_claims_by_scope(key, found)) if found.is_entered else _counted(key)
    return _in_order(found, {one.scope: one for one in told}.values())


def _in_order(found: Indicator, told: Iterable[Value]) -> list[Value]:
    """Return values of the units that the pack has, unit by unit."""
    terms = {"town": pack().towns, "office": pack().offices}.get(found.disaggregation, ())
    places = {f"{found.disaggregation}:{term.code}": place for place, term in enumerate(terms)}
    return sorted((one for one in told if one.scope in places), key=lambda one: places[one.scope])


def offices_of(found: Indicator) -> str:
    """Return the offices of an indicator as a column of the access matrix."""
    return barred(found.offices)


def _counted(key: str, known_at: datetime | None = None) -> list[Value]:
    snapshot = published(SNAPSHOT) if known_at is None else _published_at(known_at)
    if snapshot is None:
        return []
    rows = table(snapshot, "indicator_values").filter(pl.col("indicator") == key).sort("on")
    return [
        Value(
            row["on"],
            row["value"],
            "computed",
            row["scope"],
            is_synthetic=row["is_synthetic"],
            recorded_at=snapshot.created_at,
            ids=tuple(json.loads(row["ids"])),
            evidence_on=row["evidence_on"],
        )
        for row in rows.collect().to_dicts()
    ]


def _published_at(moment: datetime) -> Snapshot | None:
    past = Publication.objects.select_related("snapshot").filter(name=SNAPSHOT, published_at__lte=moment)
    found = past.order_by("-id").first()
    return found.snapshot if found else None


def value_of(found: Claim) -> Value:
    """Return a claim as a value."""
    return Value(
        found.on,
        found.value,
        found.state,
        found.scope,
        found.evidence,
        found.is_synthetic,
        found.recorded_at,
        evidence_on=found.on,
        claim=found.pk,
    )


def latest_values(viewer: Viewer, wanted: Iterable[Indicator]) -> Mapping[str, Value]:
    """Return the last known value of the district of each of these indicators, if the viewer may see it."""
    if not can(viewer, INDICATOR, "read"):
        return {}
    known = {one.key: one for one in wanted}
    last = {one.indicator: value_of(one) for one in last_claims(known, scope="")}
    counted = [key for key, one in known.items() if not one.is_entered]
    snapshot = published(SNAPSHOT) if counted else None
    if snapshot:
        is_asked = pl.col("indicator").is_in(counted) & (pl.col("scope") == "") & pl.col("value").is_not_null()
        rows = table(snapshot, "indicator_values").filter(is_asked)
        for row in rows.sort("on").group_by("indicator", maintain_order=True).last().collect().to_dicts():
            last[row["indicator"]] = Value(
                row["on"], row["value"], "computed", is_synthetic=row["is_synthetic"], evidence_on=row["evidence_on"]
            )
    return last


def claims(viewer: Viewer) -> QuerySet[Claim]:
    """Return the claims that the viewer may see, newest first: approved or not, those of their own offices or towns."""
    return Claim.objects.filter(visibility(viewer, CLAIM).as_q()).order_by("-on", "-pk")


def claim(viewer: Viewer, pk: int) -> Claim:
    """Return one claim; NotThere when there is none for the viewer."""
    found = claims(viewer).filter(pk=pk).first()
    if found is None:
        raise NotThere(_("There is no such claim for you."))
    return found


def as_row(found: Claim) -> dict[str, object]:
    """Return the fields that the access matrix looks at."""
    return {"owner": found.owner, "offices": found.offices, "town": found.town}


def steps_of(viewer: Viewer, found: Claim) -> tuple[str, ...]:
    """Return what the viewer may do with a claim now: verify, approve, refuse. Never twice the same person."""
    step = NEXT.get(State(found.state))
    if step is None or not can(viewer, CLAIM, step, as_row(found)):
        return ()
    return ("refuse",) if viewer.actor in (found.claimed_by, found.verified_by) else (step, "refuse")


def waiting_for(viewer: Viewer) -> list[Claim]:
    """Return the claims whose next step this viewer may take, the oldest first."""
    waiting = claims(viewer).filter(state__in=NEXT).order_by("pk")
    return [one for one in waiting if len(steps_of(viewer, one)) > 1]


def facts(viewer: Viewer, key: str) -> QuerySet[Fact]:
    """Return the facts of an indicator with the shares of offices in them."""
    check(viewer, INDICATOR, "read")
    return Fact.objects.filter(indicator=key).prefetch_related("credits")
