"""Words of the plan's pages: comparators, counting, commitment, roles, and a target as one line."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _c

from liandesk.base.ui.display import language
from liandesk.base.ui.numbers import plain
from liandesk.base.work.wording import said
from liankit.plan.model import Programme, Target
from liankit.texts import render, texts

Words = Mapping[str, Promise]

COMPARATORS: Words = {
    ">=": _("at least %(value)s"),
    "<=": _("at most %(value)s"),
    ">": _("more than %(value)s"),
    "<": _("less than %(value)s"),
    "=": _("exactly %(value)s"),
}
COUNTINGS: Words = {
    "cumulative": _("in all, with what was there before"),
    "within": _("new within the plan's period"),
    "level": _("the level on the day"),
    "rate": _("a rate on the day"),
}
BINDINGS: Words = {
    "binding": _c("target", "binding"),
    "anticipatory": _c("target", "anticipatory"),
    "unstated": _c("target", "the plan does not say"),
}
COMMITMENTS: Words = {
    "ensure": _c("commitment", "ensure"),
    "plain": _c("commitment", "stated plainly"),
    "strive": _c("commitment", "strive for"),
    "explore": _c("commitment", "explore"),
}
ROLES: Words = {
    "lead": _c("office", "leads"),
    "presumed_lead": _c("office", "presumed to lead"),
    "with": _c("office", "co-operates"),
}
KINDS: Words = {
    "process": _c("executes", "Process"),
    "list": _c("executes", "List"),
    "rule": _c("executes", "Rule"),
    "indicator": _c("executes", "Indicator"),
    "report": _c("executes", "Report"),
    "register": _c("executes", "Register"),
}
CLAUSES: Words = {"target": _c("clause", "Target"), "measure": _c("clause", "Measure"), "duty": _c("clause", "Duty")}
NUMBERED: Words = {"inferred": _("number inferred from the order"), "unknown": _("number unknown")}


def unit(key: str) -> str:
    """Return a unit in the reader's language; one without words by its key."""
    code = f"unit.{key}"
    return render(code, {}, language()) if code in texts() else key


def amount(value: float, unit_key: str) -> str:
    """Return a number with its unit: "5 companies", "5家"."""
    space = "" if language() == "zh" else " "
    return f"{plain(value)}{space}{unit(unit_key)}"


def wanted(target: Target) -> str:
    """Return what a target asks for, in one line without its day."""
    return str(COMPARATORS[target.comparator]) % {"value": amount(target.value, target.unit)}


def programme_title(programme: Programme) -> str:
    """Return the title of a programme, or what is known of one without."""
    if programme.title:
        return said(programme.title)
    if programme.number is None:
        return _now("Programme without a title")
    return _now("Programme %(number)s, title not known") % {"number": programme.number}
