"""Why an item of an appraisal has its points: what is known, what was measured, how it became points, its weight."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from liankit.plan.appraisal import Scored, standards
from liankit.plan.appraisal_scheme import Item
from liankit.reasons import Reason


def reasons_of_item(scored: Scored, unit: str, key: str) -> tuple[Reason, ...]:
    """Return the arithmetic of one item of one unit, in its order; StopIteration where there is no such item."""
    row = scored.place(unit)
    place, item = next((place, item) for place, item in enumerate(scored.group.items) if item.key == key)
    if np.isnan(scored.scores[row, place]):
        return tuple(_of_missing(scored, row, place, item))
    return (*_of_measure(scored, row, place, item), *_of_points(scored, row, place, item))


def _of_missing(scored: Scored, row: int, place: int, item: Item) -> Iterator[Reason]:
    known = scored.known[place]
    holes = [name for name in item.needs if np.isnan(getattr(known, name)[row])]
    yield from (Reason(f"appraisal_no_{name}", None) for name in holes)
    if not holes:
        is_group = scored.measured[place].how is None
        yield Reason("appraisal_group_lost" if is_group else "appraisal_no_ratio", None)
    yield Reason("appraisal_spread", True, item.weight, item.weight, "points")


def _of_measure(scored: Scored, row: int, place: int, item: Item) -> Iterator[Reason]:
    known, measured = scored.known[place], scored.measured[place]
    said = {name: float(getattr(known, name)[row]) for name in item.needs}
    amount = float(measured.amounts[row])
    unit = item.unit if measured.how in ("value", "increment") else "share"
    if measured.how == "completion":
        code = "appraisal_completion_level" if item.counting == "level" else f"appraisal_completion_{item.direction}"
    else:
        code = f"appraisal_{measured.how}"
    yield Reason(code, True, amount, amount, unit, params=said)


def _of_points(scored: Scored, row: int, place: int, item: Item) -> Iterator[Reason]:
    points, amounts = float(scored.scores[row, place]), scored.measured[place].amounts
    params: dict[str, float] = {"low": item.limits[0], "high": item.limits[1]}
    if item.scale == "efficacy":
        bad, good = standards(item, amounts[~np.isnan(amounts)])
        params |= {"bad": bad, "good": good, "c": scored.scheme.efficacy.c, "d": scored.scheme.efficacy.d}
    yield Reason(f"appraisal_{item.scale}", True, points, points, "points", params=params)
    used = float(scored.weights[row, place])
    yield Reason("appraisal_weight", True, used, used, "share", params={"weight": item.weight})
