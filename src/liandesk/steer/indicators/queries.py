"""Read indicators and their values. What a viewer may not see is neither found nor counted."""

from __future__ import annotations

import json
from collections.abc import Mapping
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
from liandesk.steer.indicators.claims import standing_claims
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
        return _counted(key, scope, known_at)
    standing = standing_claims({key: found}, known_at)
    return [value_of(one) for one in standing if one.scope == scope]


def values_by_scope(viewer: Viewer, key: str) -> dict[str, list[Value]]:
    """Return the values of each town or office of an indicator that the viewer may see, by scope."""
    found = indicator(viewer, key)
    if found.disaggregation == "none":
        return {}
    terms = pack().towns if found.disaggregation == "town" else pack().offices
    scopes = (f"{found.disaggregation}:{term.code}" for term in terms)
    values_of = ((scope, values(viewer, key, scope=scope)) for scope in scopes)
    return {scope: told for scope, told in values_of if told}


def offices_of(found: Indicator) -> str:
    """Return the offices of an indicator as a column of the access matrix."""
    return barred(found.offices)


def _counted(key: str, scope: str, known_at: datetime | None) -> list[Value]:
    snapshot = published(SNAPSHOT) if known_at is None else _published_at(known_at)
    if snapshot is None:
        return []
    rows = table(snapshot, "indicator_values").filter(pl.col("indicator") == key, pl.col("scope") == scope).sort("on")
    return [
        Value(
            row["on"],
            row["value"],
            "computed",
            scope,
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


def latest_values(viewer: Viewer) -> Mapping[str, Value]:
    """Return the last known value of the district of each indicator that the viewer may see."""
    if not can(viewer, INDICATOR, "read"):
        return {}
    standing = [one for one in standing_claims(all_indicators()) if one.scope == ""]
    last = {one.indicator: value_of(one) for one in sorted(standing, key=lambda one: one.on)}
    snapshot = published(SNAPSHOT)
    if snapshot:
        rows = table(snapshot, "indicator_values").filter(pl.col("scope") == "", pl.col("value").is_not_null())
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
