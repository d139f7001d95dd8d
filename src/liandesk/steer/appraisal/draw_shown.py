"""What the page shows of what the records hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from liandesk.steer.appraisal import standing
from liandesk.steer.appraisal.drawing import Draw
from liandesk.steer.appraisal.models import Formula
from liandesk.steer.appraisal.origins import NUMBERS, Origin, origins_of
from liandesk.steer.appraisal.wording import exact, title_of
from liandesk.steer.indicators.models import Claim, State


@dataclass(frozen=True)
class DrawShown:
    """A row of what would be written; ``entered`` is what somebody entered and what stands beside it."""

    unit: str
    item: str
    numbers: list[tuple[str, str]]
    entered: list[tuple[str, str]]
    origins: list[Origin]
    becomes: str


@dataclass(frozen=True)
class Waiting:
    """A value that nobody has approved: left unknown, in each of the items."""

    unit: str
    items: str
    value: str
    on: date
    state: str


def draws_shown(formula: Formula, found: Sequence[Draw]) -> dict[str, Any]:
    """Return the parts of the page: news, what is written already, what waits, what is unknown, what is by hand."""
    groups = standing.scheme_of(formula).groups
    return {
        "news": [_shown(one) for one in found if one.is_news],
        "written": sum(one.before is not None and not one.is_news for one in found),
        "waiting": _waiting(found),
        "unknown": _unknown(found),
        "by_hand": [(title_of(one), [title_of(item) for item in one.items if not item.draws]) for one in groups],
    }


def _shown(one: Draw) -> DrawShown:
    held = one.entered if one.entered is not None and one.entered.is_known else None
    entered = [(name, getattr(held, name, None)) for name in one.numbers]
    return DrawShown(
        standing.unit_name(one.group, one.unit),
        title_of(one.item),
        [(str(NUMBERS[name]), _said(number, one)) for name, number in one.numbers.items()],
        [(str(NUMBERS[name]), _said(number, one)) for name, number in entered] if held else [],
        list(origins_of(one.drawn)),
        "new" if one.before is None else "changed",
    )


def _said(number: float | None, one: Draw) -> str:
    return "" if number is None else exact(number, one.item.unit)


def _waiting(found: Sequence[Draw]) -> list[Waiting]:
    items: dict[tuple[str, int], list[Draw]] = {}
    claims = {claim.pk: claim for one in found for claim in one.waiting}
    for one in found:
        for claim in one.waiting:
            items.setdefault((one.unit, claim.pk), []).append(one)
    return [_waits(draws, claims[pk]) for (_unit, pk), draws in items.items()]


def _waits(draws: Sequence[Draw], claim: Claim) -> Waiting:
    one, titles = draws[0], ", ".join(title_of(draw.item) for draw in draws)
    unit, state = standing.unit_name(one.group, one.unit), str(State(claim.state).label)
    return Waiting(unit, titles, exact(claim.value, one.item.unit), claim.on, state)


def _unknown(found: Sequence[Draw]) -> list[tuple[str, str, list[str]]]:
    """Return of each item the units of which the records do not hold every number; none named: all of the group."""
    lacking: dict[tuple[str, str], list[str]] = {}
    sizes: Counter[tuple[str, str]] = Counter()
    for one in found:
        key = (title_of(one.group), title_of(one.item))
        sizes[key] += 1
        if None in one.numbers.values():
            lacking.setdefault(key, []).append(standing.unit_name(one.group, one.unit))
    return [(*key, [] if len(names) == sizes[key] else names) for key, names in lacking.items()]
