"""What the page of a method shows: its groups with weights and base values, its rules, its examples step by step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from liandesk.assess.per_mu.wording import Shown, reasons_shown, said, score_said, step_said
from liandesk.assess.rules.queries import vocabulary
from liandesk.base.ui.display import language
from liankit.rules.per_mu_method import Group, Method
from liankit.rules.per_mu_table import run_examples, worked


@dataclass(frozen=True)
class Weighed:
    """An indicator in a group: what it measures by its formula, its weight, the published base values by year."""

    title: str
    formula: str
    unit: str
    weight: float
    bases: list[tuple[int, str]]


@dataclass(frozen=True)
class ShownGroup:
    """A group: who is in it, how it is weighed, how far down each class reaches, what becomes of tenants."""

    title: str
    when: list[str]
    weighed: list[Weighed]
    cap: float | None
    until: list[tuple[str, float]]
    tenants: str


@dataclass(frozen=True)
class ShownExample:
    """A worked example: the values' points with their calculation, and the sum."""

    name: str
    year: int
    steps: list[Shown]
    score: str
    holds: bool


def groups_shown(method: Method) -> list[ShownGroup]:
    """Return the groups of a method in the reader's language."""
    quantities = {one.key: one.formula for one in vocabulary().quantities}
    return [_group(method, one, quantities) for one in method.groups]


def _group(method: Method, group: Group, quantities: Mapping[str, str]) -> ShownGroup:
    tenants = {
        "together": _("Tenants are ranked together with owners."),
        "apart": _("Tenants are ranked among themselves."),
        "follow_plot": _("Tenants get the class of the owner of their plot; their figures are not added to its own."),
    }
    weighed = []
    for key, weight in group.weights.items():
        one = method.indicator(key)
        bases = [(year, f"{value:.10g}") for year, value in sorted(group.bases.get(key, {}).items())]
        weighed.append(
            Weighed(said(one.title), _formula(quantities.get(one.quantity, one.quantity)), one.unit, weight, bases)
        )
    return ShownGroup(
        said(group.title),
        [said(one.title) for one in group.when],
        weighed,
        group.cap,
        [(key.upper(), share) for key, share in group.until.items()],
        tenants[group.tenants],
    )


def _formula(formula: str) -> str:
    """Return a formula with the titles of its inputs in place of their keys."""
    titles = {one.key: getattr(one.title, language()) for one in vocabulary().inputs}
    for key in sorted(titles, key=len, reverse=True):
        formula = formula.replace(key, titles[key])
    return formula.replace("/", "÷").replace("*", "×")


def rules_shown(method: Method) -> dict[str, list[str]]:
    """Return what leaves out, what adds or takes off points, and what moves a class, each in its words."""
    return {
        "exclusions": [said(one.title) for one in method.exclusions],
        "adjustments": [said(one.title) for one in method.adjustments],
        "steps": [step_said(one) for one in method.steps],
    }


def examples_shown(method: Method) -> list[ShownExample]:
    """Return the examples of a method, each worked anew from its values."""
    return [
        ShownExample(
            ran.example.name,
            ran.example.year,
            reasons_shown(method, worked(method, ran.example).reasons(ran.example.name), ran.example.group)[
                "indicator"
            ],
            score_said(ran.low, ran.high, decimals=4) or "",
            ran.holds,
        )
        for ran in run_examples(method)
    ]
