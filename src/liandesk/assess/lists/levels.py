"""The level an entry is shown with, and how old what it rests on is, by the thresholds in force.

An officer's level goes before the computed one; a switch that was proven brings the computed level down for as long as
the proof counts. Both stay beside what is shown.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date, timedelta
from functools import lru_cache

import polars as pl
from django.db.models import Case, CharField, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import StrIndex

from liandesk.assess.lists.models import ListEntry
from liandesk.base.clock import today
from liandesk.base.definitions.queries import in_force
from liankit.risk.levels import KEY, KIND, LEVELS, LevelScheme, build_levels, level_after

STALENESS = ("fresh", "ageing", "stale", "unknown")


def scheme(on: date | None = None) -> LevelScheme | None:
    """Return the thresholds in force on a day (today where none is given); None where no pack has any."""
    found = in_force(KIND, KEY, on)
    return _built(json.dumps(found.body, sort_keys=True)) if found else None


@lru_cache(maxsize=4)
def _built(body: str) -> LevelScheme:
    return build_levels(json.loads(body), KEY)


def after_evidence(entry: ListEntry) -> str:
    """Return the level after the switch that was proven; "" where none was, or the proof is too old."""
    found = scheme()
    if found is None or entry.evidenced_on is None:
        return ""
    age = (today() - entry.evidenced_on).days
    return level_after(entry.computed_level, entry.evidence_kind, age, found)


def shown_level(entry: ListEntry) -> str:
    """Return the level that an entry is shown with: an officer's, else that after evidence, else the computed one."""
    return entry.level or after_evidence(entry) or entry.computed_level


def with_shown_level(rows: QuerySet[ListEntry], hidden: Collection[str] = ()) -> QuerySet[ListEntry]:
    """Return entries with ``shown_level``; whoever is kept from computed levels is shown what an officer set."""
    if "computed_level" in hidden:
        return rows.annotate(shown_level=F("level"))
    own = When(~Q(level=""), then=F("level")), When(evidence_kind="", then=F("computed_level"))
    proven = [When(when, then=Value(level)) for level, when in _proven(scheme(), today())]
    return rows.annotate(shown_level=Case(*own, *proven, default=F("computed_level"), output_field=CharField()))


def _proven(found: LevelScheme | None, day: date) -> list[tuple[str, Q]]:
    """Return which entries a valid proof brings down to which level."""
    if found is None:
        return []
    since = day - timedelta(days=found.evidence.valid_days)
    return [
        (level, Q(evidence_kind=kind, evidenced_on__gte=since, computed_level__in=["", *_graver(level)]))
        for kind, level in found.evidence.levels.items()
    ]


def _graver(level: str) -> tuple[str, ...]:
    return LEVELS[: LEVELS.index(level)]


def gravity(name: str) -> Case:
    """Return the place of the level in a column, the gravest first, an unknown one last; for sorting."""
    return Case(When(**{name: ""}, then=Value(_LAST)), default=_place(name), output_field=IntegerField())


def shown_gravity() -> Case:
    """Return the place of ``shown_level``; what holds of most entries is asked first, as 50,000 are sorted by it."""
    proven = [When(when, then=Value(_ORDER.index(level) + 1)) for level, when in _proven(scheme(), today())]
    return Case(
        When(~Q(level=""), then=_place("level")),
        When(evidence_kind="", then=gravity("computed_level")),
        *proven,
        default=gravity("computed_level"),
        output_field=IntegerField(),
    )


_ORDER = " ".join(LEVELS)
_LAST = len(_ORDER) + 1


def _place(name: str) -> StrIndex:
    """Find the level in the text of all: several times as fast as comparing it with each."""
    return StrIndex(Value(_ORDER), F(name))


def shown_column() -> pl.Expr:
    """Return ``shown_level`` as an expression over ``rows.ROW_SCHEMA``."""
    found, day = scheme(), today()
    proven = [_proven_to(level, kinds, found, day) for level, kinds in _by_level(found).items()]
    own = pl.when(pl.col("level") != "").then("level")
    return pl.coalesce(own, *proven, "computed_level")


def _proven_to(level: str, kinds: list[str], found: LevelScheme | None, day: date) -> pl.Expr:
    since = day - timedelta(days=found.evidence.valid_days if found else 0)
    is_valid = pl.col("evidence_kind").is_in(kinds) & (pl.col("evidenced_on") >= since)
    return pl.when(is_valid & pl.col("computed_level").is_in(["", *_graver(level)])).then(pl.lit(level))


def _by_level(found: LevelScheme | None) -> dict[str, list[str]]:
    kinds: dict[str, list[str]] = {}
    for kind, level in found.evidence.levels.items() if found else ():
        kinds.setdefault(level, []).append(kind)
    return kinds


def staleness(facts_on: date | None, found: LevelScheme | None) -> str:
    """Return whether what an entry rests on is fresh, ageing or stale; "unknown" where it is not dated."""
    if facts_on is None or found is None:
        return "unknown"
    age = (today() - facts_on).days
    return "stale" if age >= found.ages.stale else "ageing" if age >= found.ages.ageing else "fresh"


def staleness_column() -> pl.Expr:
    """Return ``staleness`` as an expression over the column ``facts_on``."""
    found = scheme()
    if found is None:
        return pl.lit("unknown")
    ageing, stale = (today() - timedelta(days=days) for days in (found.ages.ageing, found.ages.stale))
    dated = pl.col("facts_on")
    aged = pl.when(dated <= stale).then(pl.lit("stale")).when(dated <= ageing).then(pl.lit("ageing"))
    return pl.when(dated.is_null()).then(pl.lit("unknown")).otherwise(aged.otherwise(pl.lit("fresh")))


def of_staleness(asked: str) -> Q:
    """Return the condition of the entries in one of ``STALENESS``."""
    found = scheme()
    if asked == "unknown" or found is None:
        return Q(facts_on=None) if asked == "unknown" else Q(pk__in=[])
    ageing, stale = (today() - timedelta(days=days) for days in (found.ages.ageing, found.ages.stale))
    ranges = {
        "fresh": Q(facts_on__gt=ageing),
        "ageing": Q(facts_on__gt=stale, facts_on__lte=ageing),
        "stale": Q(facts_on__lte=stale),
    }
    return ranges[asked]


def of_agreement(asked: str) -> Q:
    """Return the condition of the entries with a measure agreed, a switch proven, a proof that aged, or nothing."""
    found = scheme()
    since = today() - timedelta(days=found.evidence.valid_days if found else 0)
    conditions = {
        "agreed": Q(agreed_from__isnull=False, evidenced_on=None),
        "proven": Q(evidenced_on__gte=since),
        "aged": Q(evidenced_on__lt=since),
        "none": Q(agreed_from=None, evidenced_on=None),
    }
    return conditions[asked]
