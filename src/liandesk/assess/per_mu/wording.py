"""How lines, reasons and edges read: codes by their names, intervals of scores and classes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _c

from liandesk.base.ui.display import language
from liankit.process.definition import Coded, Text
from liankit.reasons import Reason
from liankit.rules.per_mu_method import Method

STATES = {
    "assessed": _c("per mu", "Judged"),
    "excluded": _("Not judged this year"),
    "unknown_group": _("Group not known"),
    "no_group": _("In no group"),
    "follows_plot": _("Follows the owner of its plot"),
}


def said(text: Text) -> str:
    """Return a text of a definition in the reader's language."""
    return str(getattr(text, language()))


def titles(ones: tuple[Coded, ...]) -> dict[str, str]:
    """Return titles by key."""
    return {one.key: said(one.title) for one in ones}


def score_said(low: float | None, high: float | None) -> str | None:
    """Return a score, or its interval; None where nothing bounds it."""
    if low is None or high is None:
        return None
    if low == high:
        return f"{low:.2f}"
    if high == float("inf"):
        return _now("from %(low)s") % {"low": f"{low:.2f}"}
    return f"{low:.2f}–{high:.2f}"


def class_said(best: str | None, worst: str | None) -> str | None:
    """Return the letter of a class, or of the best and worst that it can be; None where there is none."""
    if best is None or worst is None:
        return None
    return best.upper() if best == worst else f"{best.upper()}–{worst.upper()}"


@dataclass(frozen=True)
class Shown:
    """A reason as its line: what it is about, its value and base, what it is worth."""

    title: str
    value: str | None
    base: str | None
    weight: str
    points: str | None
    holds: bool | None


def reasons_shown(method: Method, reasons: tuple[Reason, ...]) -> Mapping[str, list[Shown]]:
    """Return the reasons by what they are: indicator, adjustment, exclusion, step."""
    named: dict[str, Mapping[str, str]] = {
        "indicator": titles(method.indicators),
        "adjustment": titles(method.adjustments),
        "exclusion": titles(method.exclusions),
        "step": titles(method.steps),
    }
    shown: dict[str, list[Shown]] = {kind: [] for kind in named}
    for reason in reasons:
        kind = reason.code.removeprefix("per_mu.")
        shown[kind].append(_shown(reason, named[kind][str(reason.params["key"])]))
    return shown


def _shown(reason: Reason, title: str) -> Shown:
    low, high = (reason.params.get(name) for name in ("points_low", "points_high"))
    weight = reason.params.get("weight")
    return Shown(
        title,
        _number(reason.value_low, reason.unit),
        _number(reason.threshold, reason.unit),
        "" if weight is None else f"{weight:g}",
        score_said(low, high) if isinstance(low, float) and isinstance(high, float) else None,
        reason.holds,
    )


def _number(value: float | None, unit: str) -> str | None:
    return None if value is None else f"{value:,.6g} {unit}".strip()


def edge_said(method: Method, line: Mapping[str, Any]) -> str:
    """Return in words by how much an indicator, alone, would have to change; that it cannot."""
    title = titles(method.indicators)[line["indicator"]]
    if line["amount"] is None:
        return _now("%(title)s: out of its reach alone") % {"title": title}
    unit = method.indicator(line["indicator"]).unit
    return f"{title} {line['amount']:+.4g} {unit}".strip()
