"""Whose credit a lead is: all of it that of the town that opened it, split at each hand-over.

At a hand-over the giver keeps a percentage of what it has then and the receiver gets the rest of it; nobody else's
share changes. Shares are decimals of six places, so that they add up to one exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from liankit.process import Event
from liankit.process.state import corrected

STEP = "hand_over"
_PLACES = Decimal("0.000001")


@dataclass(frozen=True)
class HandOver:
    """One hand-over that a second person agreed to; ``kept_percent`` is of what the giver has."""

    giver: str
    receiver: str
    kept_percent: float


def shares(opener: str, given: Iterable[HandOver]) -> dict[str, Decimal]:
    """Return the share of each town that has any; they add up to one.

    >>> shares("a", [HandOver("a", "b", 40)])
    {'a': Decimal('0.400000'), 'b': Decimal('0.600000')}
    """
    found = {opener: Decimal(1)}
    for one in given:
        had = found.get(one.giver, Decimal(0))
        kept = (had * Decimal(str(one.kept_percent)) / 100).quantize(_PLACES)
        found[one.giver] = kept
        found[one.receiver] = found.get(one.receiver, Decimal(0)) + had - kept
    return {town: share for town, share in found.items() if share}


def credit_of(events: Sequence[Event]) -> dict[str, Decimal]:
    """Return the shares that the log of a lead gives, as corrections leave it."""
    told = corrected(events)
    opener = _town(next(event for event in told if event.kind == "open").holders["host"])
    return shares(opener, _hand_overs(opener, told))


def _hand_overs(host: str, told: Iterable[Event]) -> Iterable[HandOver]:
    """Yield those that were agreed to, in their order; one that was refused gives nothing."""
    proposed: Mapping[str, Any] = {}
    for event in told:
        if event.name == STEP and event.kind == "do":
            proposed = event.data
        elif event.name == STEP and event.kind == "approve":
            yield HandOver(host, proposed["new_host"], proposed["kept_percent"])
            host = proposed["new_host"]


def _town(holders: Sequence[str]) -> str:
    return holders[0].partition(":")[2]
