"""Where a drawn number comes from, in words: the indicator or the count, the day, the claims or records, a link."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.utils.translation import pgettext_lazy as _c

from liandesk.base.ui.display import language
from liandesk.steer.indicators.definitions import all_indicators
from liankit.plan.appraisal_scheme import Item

NUMBERS: Mapping[str, Promise] = {
    "value": _c("appraisal", "Value"),
    "goal": _c("appraisal", "Goal"),
    "base": _c("appraisal", "Base"),
}

COUNTS: Mapping[str, Promise] = {
    "tasks_led": _c("count", "tasks of the year that it leads"),
    "tasks_done": _c("count", "tasks of the year accepted as done"),
    "targets_led": _c("count", "targets of the plan that it leads, as far as they are known"),
    "targets_on_path": _c("count", "of them those that have reached what is due"),
    "ended_on_time": _c("count", "ended cases answered within their time"),
    "days_in_hand": _c("count", "days that ended cases were in hand"),
    "evidence_stood": _c("count", "sampled evidence that says what it should"),
    "entries_listed": _c("count", "risks on the list within the year"),
    "entries_closed": _c("count", "of them those that were closed"),
    "survey_returns": _c("count", "survey forms returned in time"),
}
"""What is counted, by the name of the metric, where a formula of the packs asks for it."""


@dataclass(frozen=True)
class Origin:
    """Of one number of a drawn row; ``url`` is the page of its indicator, "" for a count that no indicator shows."""

    number: str
    name: str
    url: str
    on: date
    counted: str
    ids: str


def origins_of(drawn: Mapping[str, Mapping[str, Any]]) -> Iterator[Origin]:
    """Yield where each number of a drawn row comes from that is known, the value first."""
    for name in NUMBERS:
        told = drawn.get(name)
        if told and told["number"] is not None:
            title, url = _named(told["from"], told["name"])
            on = date.fromisoformat(told["on"])
            yield Origin(str(NUMBERS[name]), title, url, on, _counted(told), ", ".join(told["ids"]))


def sources_of(item: Item) -> Iterator[tuple[str, str]]:
    """Yield the name of each source that an item draws from, and its page ("": none)."""
    for source in (item.draws.value, item.draws.goal) if item.draws else ():
        if source:
            yield _named("indicator" if source.indicator else "metric", source.name)


def _named(kind: str, name: str) -> tuple[str, str]:
    if kind == "metric":
        return str(COUNTS.get(name, name)), ""
    indicator = all_indicators().get(name)
    title = getattr(indicator.title, language()) if indicator else name
    return title, reverse("indicator", args=[name]) if indicator else ""


def _counted(told: Mapping[str, Any]) -> str:
    if told["claims"]:
        return _("approved value no. %(numbers)s") % {"numbers": ", ".join(map(str, told["claims"]))}
    count = len(told["ids"])
    return ngettext("%(count)s record", "%(count)s records", count) % {"count": count} if count else ""
