"""Words of the pages of appraisals."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from liandesk.base.ui import numbers
from liandesk.base.ui.display import language
from liankit.plan.appraisal_scheme import Adjustment, Group, Item, Scheme

MEASURES: Mapping[str, Promise] = {
    "value": _("the value itself"),
    "completion": _("completion of the goal"),
    "growth": _("growth on the base"),
    "contribution": _("share in the group's growth"),
}
SCALES: Mapping[str, Promise] = {
    "percent": _("in percent"),
    "efficacy": _("efficacy coefficient"),
    "benchmark": _("against the best of the group"),
    "ranking": _("by rank in the group"),
}


def title_of(part: Scheme | Group | Item | Adjustment) -> str:
    """Return the title of a part of a formula in the reader's language."""
    return part.title.zh if language() == "zh" else part.title.en


def method_of(item: Item) -> str:
    """Return how an item is measured and becomes points, in a few words."""
    return f"{MEASURES[item.measure]} · {SCALES[item.scale]}"


def exact(value: float, unit: str) -> str:
    """Return a number with all its digits: an appraisal is argued about by the last one."""
    word = numbers.UNITS.get(unit, (unit, unit))[1]
    return f"{numbers.plain(value)}{numbers.NO_BREAK}{word}" if unit else numbers.plain(value)
