"""Tags of the pages of the backup list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.db.models import TextChoices
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext as _c

from liandesk.assess.backups import wording
from liandesk.assess.backups.models import (
    Alert,
    BackupType,
    ChangeClass,
    DrillResult,
    TechnologyKind,
    TechnologyStatus,
)
from liandesk.assess.backups.rules import rules
from liandesk.assess.lists.wording import CONFIDENCE, office
from liandesk.base.countries import country_name
from liandesk.base.pack import pack
from liandesk.base.ui.display import language
from liandesk.base.ui.templatetags.ui import data, interval, unknown
from liankit.reasons import Reason
from liankit.risk.candidates import reasons_of_candidate

register = template.Library()


@register.simple_tag
def country(code: str) -> SafeString | str:
    """Return the name of a country by its code."""
    return data(country_name(code, language()))


@register.simple_tag
def level_name(level: int) -> SafeString | str:
    """Return a technology readiness level with its name."""
    return data(f"{level} {rules().level_name(level, language())}")


@register.simple_tag
def change_class(code: str) -> SafeString | str:
    """Return how long the filing of a class of change takes, with where that comes from and how sure it is."""
    found = next((one for one in rules().change_classes if one.key == code), None)
    if found is None:
        return ""
    sure = _("confidence: %(confidence)s") % {"confidence": CONFIDENCE[found.confidence]}
    return format_html("{} · {} · {}", interval(found.months, "months"), data(found.source), sure)


@register.simple_tag
def technology_kind(code: str) -> str:
    """Return what a kind of technology is called."""
    return str(TechnologyKind(code).label)


@register.simple_tag
def basis(code: str) -> str:
    """Return on what a candidate rests."""
    return str(wording.BASES[code])


@register.filter
def candidate_reasons(row: Mapping[str, Any]) -> tuple[Reason, ...]:
    """Return why a candidate is offered."""
    return reasons_of_candidate(dict(row), pack().home_country)


@register.simple_tag
def done(action: str) -> str:
    """Return what somebody did, for a history."""
    return str(wording.ACTIONS[action])


@register.simple_tag
def moved(name: str, pair: Sequence[Any]) -> SafeString:
    """Return one change of a history: title, before, after."""
    before, after = (_said(name, value) for value in pair)
    return format_html("{}: {} → {}", wording.FIELDS[name], before, after)


def _said(name: str, value: Any) -> SafeString | str:
    if value is None and name == "next_drill":
        return str(wording.DRILL_STATES["none"])
    if value is None or value == "":
        return unknown()
    if name == "steps_done":
        return data("、".join(_step_title(key) for key in value)) if value else _c("steps", "none")
    if name in _CHOICES:
        return str(_CHOICES[name](value).label)
    return data(office(value, language()) if name == "owner_office" else value)


_CHOICES: Mapping[str, type[TextChoices]] = {
    "kind": TechnologyKind,
    "status": TechnologyStatus,
    "ip_warning": Alert,
    "type": BackupType,
    "change_class": ChangeClass,
    "last_result": DrillResult,
}


def _step_title(key: str) -> str:
    """Return the title of a step; one that the rules no longer have by its key."""
    steps = (step for path in rules().paths for step in path.steps)
    found = next((step.title for step in steps if step.key == key), None)
    return key if found is None else getattr(found, language())
