"""How lines, reasons and edges read: codes by their names, intervals of scores and classes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.utils.translation import pgettext_lazy as _c

from liandesk.base.ui.display import language
from liankit.process.definition import Coded, Text
from liankit.reasons import Reason
from liankit.rules.per_mu_method import Group, Indicator, Method, Step

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


def score_said(low: float | None, high: float | None, decimals: int = 2) -> str | None:
    """Return a score, or its interval; None where nothing bounds it."""
    if low is None or high is None:
        return None
    if low == high:
        return f"{low:.{decimals}f}"
    if high == float("inf"):
        return _now("from %(low)s") % {"low": f"{low:.{decimals}f}"}
    return f"{low:.{decimals}f}–{high:.{decimals}f}"


def class_said(best: str | None, worst: str | None) -> str | None:
    """Return the letter of a class, or of the best and worst that it can be; None where there is none."""
    if best is None or worst is None:
        return None
    return best.upper() if best == worst else f"{best.upper()}–{worst.upper()}"


@dataclass(frozen=True)
class Shown:
    """A reason as its line: what it is about, value and base, how it is reckoned, what it is worth, a word on it."""

    title: str
    value: str | None
    base: str | None
    weight: str
    points: str | None
    holds: bool | None
    steps: str = ""
    note: str = ""


def reasons_shown(method: Method, reasons: tuple[Reason, ...], group: str | None) -> Mapping[str, list[Shown]]:
    """Return the reasons by what they are: indicator, adjustment, exclusion, step."""
    adjustments, steps = {one.key: one for one in method.adjustments}, {one.key: one for one in method.steps}
    exclusions = {one.key: one for one in method.exclusions}
    shown: dict[str, list[Shown]] = {"indicator": [], "adjustment": [], "exclusion": [], "step": []}
    for reason in reasons:
        kind, key = reason.code.removeprefix("per_mu."), str(reason.params["key"])
        if kind == "indicator" and group:
            shown[kind].append(_of_indicator(method, method.group(group), method.indicator(key), reason))
        elif kind == "adjustment":
            one = adjustments[key]
            if not one.groups or group in one.groups:
                shown[kind].append(_shown(reason, said(one.title)))
        elif kind == "step":
            shown[kind].append(replace(_shown(reason, said(steps[key].title)), note=_moves_to(steps[key])))
        elif kind == "exclusion":
            shown[kind].append(_shown(reason, said(exclusions[key].title)))
    return shown


def _of_indicator(method: Method, group: Group, one: Indicator, reason: Reason) -> Shown:
    """Return an indicator with its calculation and, where something is special about it, a sentence."""
    value, base, weight = reason.value_low, reason.threshold, float(str(reason.params["weight"]))
    steps, note = "", ""
    if value is None:
        note = _missing(one, reason)
    elif method.form == "base" and base:
        share = value / base
        steps = f"{value:,.6g} ÷ {base:,.6g} × {weight:g} = {share * weight:,.4f}"
        if group.cap is not None and share > group.cap:
            note = _now("capped at %(cap)s times the weight") % {"cap": f"{group.cap:g}"}
    if value is not None and value < 0:
        note = _now("negative, earns 0") if one.negative == "zero" else _now("negative, and counts as it is")
    return replace(_shown(reason, said(one.title)), steps=steps, note=note)


def _missing(one: Indicator, reason: Reason) -> str:
    low, high = reason.params["points_low"], reason.params["points_high"]
    if one.missing == "group_mean" and low == high:
        return _now("not known: the average points of its group are taken, as the method says")
    return _now("not known: worth anything from the least to the most until somebody tells it")


def _moves_to(step: Step) -> str:
    if step.to:
        return _now("straight to class %(class)s") % {"class": step.to.upper()}
    if step.at_best:
        return _now("class %(class)s at best") % {"class": step.at_best.upper()}
    return ngettext("%(count)d class up", "%(count)d classes up", step.up or 0) % {"count": step.up or 0}


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
    amount = line["amount"]
    return f"{title} {amount:{'+,.0f' if abs(amount) >= 1000 else '+.4g'}} {unit}".strip()


def step_said(step: Step) -> str:
    """Return what moves a class, and to where."""
    return f"{said(step.title)} · {_moves_to(step)}"


def moves_by_class(moved: pl.DataFrame) -> list[tuple[str, str, list[str]]]:
    """Return who moves from which class to which: the two classes and the names."""
    parts = moved.sort("before", "after", "name").partition_by("before", "after", maintain_order=True)
    return [(one["before"][0].upper(), one["after"][0].upper(), one["name"].drop_nulls().to_list()) for one in parts]


@dataclass(frozen=True)
class Firm:
    """How far a weight may go before somebody changes class, and who would be the first."""

    group: str
    title: str
    weight: float
    least: float
    most: float
    below: list[str]
    above: list[str]


def stability_shown(method: Method, stable: pl.DataFrame, names: Mapping[str, str]) -> list[Firm]:
    """Return the weights with how far each may go, the least firm first."""
    groups, indicators = titles(method.groups), titles(method.indicators)
    shown = [
        Firm(
            groups[row["group"]],
            indicators[row["indicator"]],
            row["weight"],
            row["least"],
            row["most"],
            [names[key] for key in row["below"] if key in names],
            [names[key] for key in row["above"] if key in names],
        )
        for row in stable.iter_rows(named=True)
    ]
    return sorted(shown, key=lambda one: one.most - one.least)


def _bound(row: Mapping[str, Any]) -> str | None:
    return score_said(row["low"], row["high"], decimals=4)


def bounds_shown(method: Method, lines: pl.DataFrame) -> list[tuple[str, bool, str, int, int, str | None]]:
    """Return the lines between classes: group, whether among tenants, class, its last place, of how many, the score."""
    groups = titles(method.groups)
    return [
        (groups[row["group"]], row["is_apart"], row["class"].upper(), row["places"], row["ranked"], _bound(row))
        for row in lines.iter_rows(named=True)
    ]
