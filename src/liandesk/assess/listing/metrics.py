"""What is counted of listings: the enterprises that count as listed, by the rule in force."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from liandesk.assess.listing.counting import counting_if_any
from liandesk.assess.listing.standing import standings
from liandesk.base import metrics
from liandesk.base.metrics import By, Metric, Row


def register() -> None:
    metrics.register("listed_enterprises", listed_enterprises)


def listed_enterprises(day: date, *, by: By, of: Sequence[str]) -> list[Metric]:
    """Count who counts as listed on a day; unknown where neither a title nor an officer says of anybody that it is.

    The evidence is as old as the library, which is kept up to the day; ``of`` names nothing here.
    """
    rule = counting_if_any()
    found = standings(rule, day) if rule else []
    rows = [
        Row(
            one.prospect.pk,
            one.prospect.town if by == "town" else "",
            one.verdict == "counted",
            day,
            one.prospect.is_synthetic,
        )
        for one in found
    ]
    return metrics.tally(rows, by) if found else metrics.unknown()
