"""The answer to a portfolio: effects by the engine, choices by the solver, and each choice by the engine as a whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

import polars as pl

from liandesk.assess.portfolio.models import Objective, Portfolio
from liandesk.assess.portfolio.plans import EXCLUDED, LOCKED, Plan, changes_of
from liankit.risk.effects import Chain, losses, measure, measure_together
from liankit.risk.portfolio import STEPS, Choice, Problem, build_problem, choose, frontier, frontier_table

Ends = Mapping[str, Mapping[str, float]]
"""How much each entry's loss counts, at the ``low`` and the ``high`` end."""
Beats = Callable[[str], Callable[[int, int], None]]
"""Gives for a phase what is called with how much of it is done, of how much."""
WHOLE = 5
"""Interventions up to which every choice that buys more is on the frontier: the rows of the calculator."""


def answer(asked: Portfolio, plans: Iterable[Plan], chain: Chain, beats: Beats) -> dict[str, pl.DataFrame]:
    """Return the tables of the answer: ``effects``, ``frontier`` and, of each of its points, ``lowered``."""
    weighed = [plan for plan in plans if is_weighed(plan, asked.months_most)]
    effects = measure(chain, changes_of(weighed), beats("effects"))
    weights = weights_of(chain.entries, asked.objective)
    problem = _problem(weighed, effects, weights, "low")
    steps = None if len(weighed) <= WHOLE else STEPS
    choices = frontier(problem, steps, beat=beats("choose"))
    choices = _with(choices, choose(problem, asked.budget_cny))
    touched = chain.entries.filter(pl.col("entry").is_in(effects["entry"].unique().implode()))
    part = replace(chain, entries=touched)
    lowered = _lowered(part, weighed, problem, choices, beats("together"))
    points = frontier_table(problem, choices).hstack(
        _high(_problem(weighed, effects, weights, "high"), choices, effects)
    )
    told = effects.join(chain.entries.select("entry", "item_name", *_LIKELIHOOD), on="entry", maintain_order="left")
    return {"effects": told, "frontier": _with_sums(points, lowered, weights), "lowered": lowered}


_LIKELIHOOD = ("likelihood_low", "likelihood_high")


def is_weighed(plan: Plan, months_most: float | None) -> bool:
    """Say whether a plan can be chosen: it is not excluded, and takes effect in time as far as is known."""
    if plan.state == EXCLUDED:
        return False
    if months_most is None or plan.state == LOCKED:
        return True
    return plan.months_high is not None and plan.months_high <= months_most


def weights_of(entries: pl.DataFrame, objective: str) -> Ends:
    """Return what each entry's loss counts: its likelihood where that is known, for the expected loss; 1 for impact."""
    if objective == Objective.IMPACT:
        return {end: dict.fromkeys(entries["entry"], 1.0) for end in ("low", "high")}
    known = {end: entries.select("entry", f"likelihood_{end}").drop_nulls() for end in ("low", "high")}
    return {end: dict(rows.rows()) for end, rows in known.items()}


def _problem(plans: Iterable[Plan], effects: pl.DataFrame, weights: Ends, end: str) -> Problem:
    costs = {plan.key: float(plan.cost_high_cny) for plan in plans}
    locked = [plan.key for plan in plans if plan.state == LOCKED]
    return build_problem(costs, effects, weights[end], end=end, locked=locked)


def _with(choices: list[Choice], asked: Choice) -> list[Choice]:
    """Add the choice for the budget that was asked for, unless a point has its cost."""
    if any(choice.cost == asked.cost for choice in choices):
        return choices
    return sorted([*choices, asked], key=lambda choice: choice.cost)


def _high(problem: Problem, choices: Iterable[Choice], effects: pl.DataFrame) -> pl.DataFrame:
    """Return what each choice saves if the most is true; null where an entry that it changes has no upper bound."""
    open_ends = set(effects.filter(pl.col("before_high").is_null() | pl.col("after_high").is_null())["entry"])
    touching = {
        frozenset(problem.names.index(name) for name in row["interventions"])
        for row in effects.iter_rows(named=True)
        if row["entry"] in open_ends
    }
    values = [
        None if any(members <= set(choice.chosen) for members in touching) else problem.value(choice.chosen)
        for choice in choices
    ]
    return pl.DataFrame({"saved_high": pl.Series(values, dtype=pl.Float64)})


def _lowered(
    chain: Chain, plans: list[Plan], problem: Problem, choices: list[Choice], beats: Callable[[int, int], None]
) -> pl.DataFrame:
    """Return what each entry loses before and after each choice, by the engine with all of the choice made at once."""
    named = chain.entries.select("entry", "item", "item_name", *_LIKELIHOOD)
    before = losses(chain).rename({"loss_low": "before_low", "loss_high": "before_high"})
    parts = []
    for done, choice in enumerate(choices):
        beats(done, len(choices))
        chosen = [problem.names[place] for place in choice.chosen]
        after = measure_together(chain, changes_of(plans), chosen).rename(
            {"loss_low": "after_low", "loss_high": "after_high"}
        )
        rows = named.join(before, on="entry").join(after, on="entry")
        changed = (pl.col("after_low") < pl.col("before_low")) | (pl.col("after_high") < pl.col("before_high"))
        parts.append(rows.filter(changed.fill_null(False)).with_columns(cost_cny=pl.lit(choice.cost, pl.Int64)))
    return pl.concat(parts)


def _with_sums(points: pl.DataFrame, lowered: pl.DataFrame, weights: Ends) -> pl.DataFrame:
    """Add ``together``: what the engine says that each choice saves of what counts, with all of it made at once."""
    counts = pl.DataFrame({"entry": list(weights["low"]), "weight": list(weights["low"].values())}, _WEIGHTS)
    saved = (
        lowered.join(counts, on="entry")
        .group_by("cost_cny")
        .agg(together=(pl.col("weight") * (pl.col("before_low") - pl.col("after_low"))).sum())
    )
    return points.join(saved, on="cost_cny", how="left", maintain_order="left").with_columns(
        pl.col("together").fill_null(0.0)
    )


_WEIGHTS = {"entry": pl.String, "weight": pl.Float64}
