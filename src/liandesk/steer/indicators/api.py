"""Indicators, their values and the lights of targets through the API; null is unknown, shares run from 0 to 1."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import File, Form, Router, Schema
from ninja.files import UploadedFile
from pydantic import Field

from liandesk.base.accounts.access import check
from liandesk.base.accounts.http import Request
from liandesk.base.clock import today
from liandesk.base.errors import NotThere, UserError
from liandesk.steer.indicators import actions, light_actions, progress, queries, rating_actions, ratings
from liandesk.steer.indicators.forms import ClaimForm
from liandesk.steer.indicators.models import Claim, Report
from liandesk.steer.indicators.policies import CLAIM, INDICATOR
from liandesk.steer.indicators.progress import Progress
from liankit.plan.indicators import Indicator

router = Router(tags=["indicators"])


class IndicatorOut(Schema):
    """An indicator as it is defined, and its last value of the district."""

    key: str
    title: dict[str, str]
    definition: dict[str, str]
    unit: Any
    direction: str
    counting: str
    period: str
    disaggregation: str
    source: Any
    owner: str
    contributors: list[str]
    value: float | None
    on: date | None
    is_synthetic: bool


class ValueOut(Schema):
    """A value that stands; ``evidence`` is the hash of the file it is read from, empty for a counted one."""

    on: date
    value: float | None
    state: str
    scope: str
    evidence: str
    is_synthetic: bool
    recorded_at: datetime | None


class ClaimOut(Schema):
    """A claim and how far it is; ``version`` goes with the next step."""

    id: int
    indicator: str
    on: date
    scope: str
    value: float
    state: str
    evidence: str
    version: int
    is_synthetic: bool


class ClaimIn(Schema):
    """A value that is claimed; its evidence is the file that is sent along."""

    value: float
    on: date
    scope: str = ""
    office: str = ""
    note: Annotated[str, Field(max_length=400)] = ""
    corrects: int | None = None


class StepIn(Schema):
    """A step of a claim by the version that was seen; a refusal gives its reason."""

    version: int
    reason: Annotated[str, Field(max_length=400)] = ""


class ReportIn(Schema):
    """The light that the office reports, and why."""

    colour: Literal["green", "yellow", "red", "grey"]
    reason: Annotated[str, Field(min_length=1, max_length=1000)]


class RatingIn(Schema):
    """A rating: a grade of the rules of lights, what it rests on, the day it speaks of (today where none is given)."""

    grade: str
    note: Annotated[str, Field(min_length=1, max_length=1000)]
    on: date | None = None


class RatingOut(Schema):
    """A rating by somebody independent. ``share`` is what its grade stands for, null where the rules have it no more.

    ``rated_by`` is null where the reader is not told the name; ``state``: counts, old, renewed, unknown.
    """

    id: int
    grade: str
    share: float | None
    note: str
    on: date
    state: str
    role: str
    office: str
    rated_by: str | None
    evidence: str
    is_synthetic: bool
    recorded_at: datetime


class LightOut(Schema):
    """How a target stands: the computed light with its numbers and reasons, and the reported one (null: none)."""

    target: str
    indicator: str
    light: str
    reported: str | None
    goal: float
    until: date
    value: float | None
    value_on: date | None
    completion: float | None
    time_progress: float
    expected: float | None
    interval: list[float] | None
    probability: list[float] | None
    to_green: dict[str, float]
    reasons: list[dict[str, Any]]
    is_synthetic: bool


@router.get("/indicators", response=list[IndicatorOut], url_name="indicators")
def list_indicators(request: Request) -> object:
    """Return the indicators in force."""
    check(request.viewer, INDICATOR, "read")
    found = queries.indicators(request.viewer)
    last = queries.latest_values(request.viewer, found)
    return [_told(one, last.get(one.key)) for one in found]


def _told(one: Indicator, last: queries.Value | None) -> dict[str, object]:
    said = one.model_dump(exclude={"numerator", "denominator", "needs_approval"})
    value = {"value": last.value, "on": last.on, "is_synthetic": last.is_synthetic} if last else {}
    return {**said, "value": None, "on": None, "is_synthetic": False, **value}


@router.get("/indicators/{str:key}/values", response=list[ValueOut], url_name="indicator_values")
def list_values(request: Request, key: str, scope: str = "", known_at: datetime | None = None) -> object:
    """Return the values that stand, by day; ``known_at``: as they were known at a moment."""
    return queries.values(request.viewer, key, scope=scope, known_at=known_at)


@router.post("/indicators/{str:key}/claims", response=ClaimOut, url_name="indicator_claim")
def claim(request: Request, key: str, said: Form[ClaimIn], file: File[UploadedFile]) -> Claim:
    """Claim a value with its evidence."""
    check(request.viewer, CLAIM, "claim")
    found = queries.indicator(request.viewer, key)
    told = said.dict(exclude={"corrects"})
    share = {"value": said.value * 100} if found.unit == "share" else {}
    form = ClaimForm({**told, **share}, {"file": file}, indicator=found, viewer=request.viewer)
    if not form.is_valid():
        raise UserError("; ".join(f"{name}: {' '.join(map(str, errors))}" for name, errors in form.errors.items()))
    evidence = form.evidence
    return actions.claim(key, actions.Said(**told), evidence, by=request.viewer, corrects=said.corrects)


@router.post("/indicator-claims/{int:pk}/{str:step}", response=ClaimOut, url_name="claim_step")
def step_claim(request: Request, pk: int, step: Literal["verify", "approve", "refuse"], said: StepIn) -> Claim:
    """Verify, approve or refuse a claim; 409 where somebody took the step first."""
    if step == "refuse":
        return actions.refuse(pk, by=request.viewer, version=said.version, reason=said.reason)
    take = actions.verify if step == "verify" else actions.approve
    return take(pk, by=request.viewer, version=said.version)


@router.get("/targets/lights", response=list[LightOut], url_name="target_lights")
def list_lights(request: Request) -> object:
    """Return how every measured target stands."""
    check(request.viewer, INDICATOR, "read")
    return [_light(one) for one in progress.progress_of_all(request.viewer)]


@router.post("/targets/{str:target}/light", response=LightOut, url_name="target_report")
def report(request: Request, target: str, said: ReportIn) -> object:
    """Report the light of a target in the name of its lead office."""
    made: Report = light_actions.report_light(target, said.colour, said.reason, by=request.viewer)
    found = progress.progress_of(request.viewer, made.target)
    if found is None:
        raise NotThere("Nothing is computed of this target for you.")
    return _light(found)


@router.get("/targets/{str:target}/ratings", response=list[RatingOut], url_name="target_ratings")
def list_ratings(request: Request, target: str, known_at: datetime | None = None) -> object:
    """Return the ratings of a target that you may see, newest first; ``known_at``: as they were known at a moment."""
    if progress.progress_of(request.viewer, target) is None:
        raise NotThere("Nothing is computed of such a target for you.")
    return [_rating(one) for one in ratings.ratings(request.viewer, target, known_at=known_at)]


@router.post("/targets/{str:target}/rate", response=RatingOut, url_name="target_rate")
def rate(request: Request, target: str, said: RatingIn) -> object:
    """Rate a target that you do not answer for, or renew your rating."""
    rated = rating_actions.Said(said.grade, said.note, said.on or today())
    made = rating_actions.rate(target, rated, by=request.viewer)
    return next(_rating(one) for one in ratings.ratings(request.viewer, target) if one.rating.pk == made.pk)


def _rating(one: ratings.Given) -> dict[str, object]:
    same = ("id", "grade", "note", "on", "role", "office", "evidence", "is_synthetic", "recorded_at")
    return {
        **{name: getattr(one.rating, name) for name in same},
        "share": one.grade.share if one.grade else None,
        "state": one.state,
        "rated_by": one.rating.rated_by if one.is_named else None,
    }


def _light(one: Progress) -> dict[str, object]:
    reasons = [{**vars(reason), "params": dict(reason.params)} for reason in one.reasons]
    same = ("target", "indicator", "light", "value", "value_on", "completion", "time_progress", "expected")
    told = {name: getattr(one, name) for name in (*same, "interval", "probability", "to_green", "is_synthetic")}
    return {
        **told,
        "reported": one.report.colour if one.report else None,
        "goal": one.computed["goal"],
        "until": one.computed["until"],
        "reasons": reasons,
    }
