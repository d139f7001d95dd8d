"""The kinds ``indicator`` and ``lights``: what is counted, and from where on a light is yellow or red."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Annotated, Any

from django.utils.translation import gettext as _now
from django.utils.translation import pgettext_lazy
from pydantic import Field

from liandesk.base.definitions.kinds import KINDS, Kind
from liandesk.base.definitions.queries import hashes_in_force, in_force, with_hash
from liandesk.base.errors import UserError
from liandesk.base.metrics import METRICS
from liandesk.base.pack import pack
from liankit.errors import nearest
from liankit.plan.indicators import Computed, Indicator, build_indicator
from liankit.plan.lights import LightThresholds
from liankit.process.check import DefinitionError, Fault, build_part
from liankit.process.definition import Coded, Part, Text

INDICATOR, LIGHTS = "indicator", "lights"


Days = Annotated[int, Field(ge=0)]
Share = Annotated[float, Field(ge=-1, le=1)]


class Thresholds(Part):
    """Where the colours begin: ``LightThresholds`` as a definition says it."""

    deviation_green: Share
    deviation_yellow: Share
    probability_green: Share
    probability_yellow: Share
    evidence_green_days: Days
    evidence_grey_days: Days
    rating_green: Share
    rating_yellow: Share
    rating_at_least: Annotated[int, Field(ge=1)] = 2
    rating_max_days: Days = 180
    rating_apart: Annotated[float, Field(gt=0, le=1)] = 0.4


class Grade(Coded):
    """What somebody independent may say of a target, and the confidence from 0 to 1 that it stands for."""

    share: Annotated[float, Field(ge=0, le=1)]


class LightRules(Coded):
    """The rules of lights: thresholds, and the working days an office has to answer before others are told.

    Without ``grades`` nobody is asked for ratings.
    """

    source: Text
    reply_working_days: Days
    thresholds: Thresholds
    grades_source: Text | None = None
    grades: tuple[Grade, ...] = ()

    @property
    def built(self) -> LightThresholds:
        return LightThresholds(**self.thresholds.model_dump())

    def grade(self, key: str) -> Grade | None:
        """Return the grade with a key; None for one that these rules do not know."""
        return next((one for one in self.grades if one.key == key), None)


def build_rules(body: Any, file: str) -> LightRules:
    """Return the rules of a parsed body; raise DefinitionError with every mistake."""
    return build_part(LightRules, body, file)


def _check_here(body: Any, file: str) -> None:
    """Check that the offices are the pack's and that the metric is one that is counted."""
    found = build_indicator(body, file)
    offices = [office.code for office in pack().offices]
    faults = [
        Fault("owner, contributors", f"the pack has no office '{office}'.{nearest(office, offices)}")
        for office in found.offices
        if office not in offices
    ]
    if isinstance(found.source, Computed) and found.source.metric not in METRICS:
        name = found.source.metric
        faults.append(Fault("source.metric", f"nothing counts '{name}'.{nearest(name, METRICS)}"))
    if faults:
        raise DefinitionError(file, faults)


def register() -> None:
    KINDS[INDICATOR] = Kind(
        INDICATOR, pgettext_lazy("definition", "Indicator"), "indicators", build_indicator, _check_here
    )
    KINDS[LIGHTS] = Kind(LIGHTS, pgettext_lazy("definition", "Rules of lights"), "lights", build_rules)


def all_indicators(on: date | None = None) -> dict[str, Indicator]:
    """Return the indicators in force on a day (today where none is given) by key; for programs and queries."""
    return {key: _built(digest) for key, digest in hashes_in_force(INDICATOR, on).items()}


@lru_cache(maxsize=4096)
def _built(digest: str) -> Indicator:
    found = with_hash(INDICATOR, digest)
    return build_indicator(found.body, str(found))


def light_rules() -> LightRules:
    """Return the rules in force today; UserError where nobody has put any into force."""
    found = in_force(LIGHTS, LIGHTS)
    if found is None:
        raise UserError(_now("No rules of lights are in force. Take them over: liandesk definitions import."))
    return build_rules(found.body, str(found))
