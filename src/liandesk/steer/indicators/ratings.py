"""Read the ratings of targets: as the lights count them, and as each reader may see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import polars as pl
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from liandesk.base.accounts.access import Visibility, can, visibility
from liandesk.base.accounts.roles import Viewer
from liandesk.base.clock import today
from liandesk.base.errors import NotThere
from liandesk.steer.indicators.definitions import Grade, LightRules, light_rules
from liandesk.steer.indicators.models import Rating
from liandesk.steer.indicators.policies import INDICATOR, RATING
from liankit.plan.ratings import RATING_SCHEMA

State = Literal["counts", "old", "renewed", "unknown"]


@dataclass(frozen=True)
class Given:
    """A rating as a reader sees it. ``state``: whether it is among those that count, too old, or renewed since.

    ``grade`` is None ("unknown") where the rules of lights have it no more; ``is_named`` False: its author is not told.
    """

    rating: Rating
    grade: Grade | None
    state: State
    is_named: bool


def known_ratings(known_at: datetime | None = None) -> QuerySet[Rating]:
    """Return every rating that was recorded until a moment, each after those that it renews; for programs."""
    found = Rating.objects.order_by("on", "pk")
    return found if known_at is None else found.filter(recorded_at__lte=known_at)


def rating_table(rules: LightRules, known_at: datetime | None = None) -> pl.DataFrame:
    """Return the ratings whose grade the rules know: ``RATING_SCHEMA`` and is_synthetic."""
    shares = {grade.key: grade.share for grade in rules.grades}
    found = known_ratings(known_at).filter(grade__in=shares)
    rows = [(one.target, one.rated_by, one.on, shares[one.grade], one.is_synthetic) for one in found]
    return pl.DataFrame(rows, schema={**RATING_SCHEMA, "is_synthetic": pl.Boolean}, orient="row")


def ratings(viewer: Viewer, target: str, *, known_at: datetime | None = None) -> list[Given]:
    """Return the ratings of a target that the viewer may see, newest first; ``known_at``: as known at a moment."""
    if not can(viewer, INDICATOR, "read"):
        return []
    rules, seen = light_rules(), visibility(viewer, RATING)
    rows = list(known_ratings(known_at).filter(target=target))
    newest = {one.rated_by: one.pk for one in rows if rules.grade(one.grade)}
    return [
        Given(one, rules.grade(one.grade), _state(one, newest, rules), _is_named(one, viewer, seen))
        for one in reversed(rows)
        if _is_open_to(one, viewer, seen)
    ]


def _is_open_to(one: Rating, viewer: Viewer, seen: Visibility) -> bool:
    return one.rated_by == viewer.actor or seen.allows({"lead": one.lead, "offices": one.offices})


def _is_named(one: Rating, viewer: Viewer, seen: Visibility) -> bool:
    return one.rated_by == viewer.actor or "rated_by" not in seen.hidden


def _state(one: Rating, newest: dict[str, int], rules: LightRules) -> State:
    if rules.grade(one.grade) is None:
        return "unknown"
    if newest[one.rated_by] != one.pk:
        return "renewed"
    is_fresh = one.on >= today() - timedelta(days=rules.thresholds.rating_max_days)
    return "counts" if is_fresh else "old"


def evidence_of(viewer: Viewer, pk: int) -> Rating:
    """Return a rating with evidence; NotThere when there is none for the viewer."""
    found = Rating.objects.filter(pk=pk).exclude(evidence="").first()
    if found is None or not _is_open_to(found, viewer, visibility(viewer, RATING)):
        raise NotThere(_("There is no such evidence for you."))
    return found
