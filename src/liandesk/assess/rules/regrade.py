"""Grade everybody by the law of another day, on the facts of today: nothing but the law makes who changes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from math import nan

import numpy as np

from liandesk.assess.rules.definitions import schemes, vocabulary
from liandesk.assess.rules.policies import GRADE
from liandesk.assess.rules.queries import facts_of
from liandesk.assess.rules.tables import NEW
from liandesk.base.accounts.access import check
from liandesk.base.accounts.roles import Viewer
from liandesk.base.clock import today
from liandesk.know.registry.models import Organisation
from liankit.definitions import Difference, differences
from liankit.process.definition import Text
from liankit.rules.evaluate import Grades, grade
from liankit.rules.missing import missing_clauses
from liankit.rules.panel import build_panel
from liankit.rules.scheme import Parameter, Scheme, Value
from liankit.rules.versions import governing

_OUTCOMES: dict[int, bool | None] = {1: True, 0: False, -1: None}


@dataclass(frozen=True)
class Moved:
    """An organisation that stands otherwise by the other law; None is unknown.

    ``clauses`` are by which it does: those that were in the way of one who meets the other law, and those that are in
    the way of one who does not meet it any more.
    """

    organisation: Organisation
    before: bool | None
    after: bool | None
    clauses: tuple[Text, ...]

    @property
    def direction(self) -> str:
        """Say whether it moves up or down; ``open`` where neither law is met."""
        return "up" if self.after else "down" if self.before else "open"


@dataclass(frozen=True)
class Regraded:
    """The law of today and of another day, what differs, how many meet each, and who changes."""

    on: date
    before: Scheme
    after: Scheme
    changes: list[Difference]
    counts: tuple[int, int]
    moved: list[Moved]

    @property
    def directions(self) -> dict[str, int]:
        """Return how many move up, down, and to or from unknown."""
        found = Counter(one.direction for one in self.moved)
        return {name: found[name] for name in ("up", "down", "open")}


def law_on(grants: str, on: date) -> Scheme | None:
    """Return the scheme that governs new applications for a title on a day, its parameters those of the day."""
    found = governing(schemes(on), grants, NEW, on)
    return _of_day(found, on) if found else None


def regrade(viewer: Viewer, grants: str, on: date) -> Regraded | None:
    """Grade by the law of today and of another day; None where either day has no scheme for the title."""
    check(viewer, GRADE, "compare")
    before, after = law_on(grants, today()), law_on(grants, on)
    if before is None or after is None:
        return None
    panel = build_panel(facts_of(viewer), vocabulary(on), today())
    old, new = grade([before, after], panel)
    changed = {panel.enterprises[int(at)]: int(at) for at in np.flatnonzero(old.outcome != new.outcome)}
    moved = [
        _moved(one, old, new, changed[one.pk]) for one in Organisation.objects.filter(pk__in=changed).order_by("name")
    ]
    bodies = [one.model_dump(mode="json", by_alias=True, exclude={"examples"}) for one in (before, after)]
    counts = (int((old.outcome == 1).sum()), int((new.outcome == 1).sum()))
    return Regraded(on, before, after, differences(*bodies), counts, moved)


def _moved(organisation: Organisation, old: Grades, new: Grades, row: int) -> Moved:
    first, last = (_OUTCOMES[int(found.outcome[row])] for found in (old, new))
    missing = missing_clauses(old if last else new, row)
    return Moved(organisation, first, last, tuple(one.node.title for one in missing.failed or missing.unknown))


def _of_day(scheme: Scheme, on: date) -> Scheme:
    return scheme.model_copy(update={"parameters": tuple(_fixed(one, on) for one in scheme.parameters)})


def _fixed(parameter: Parameter, on: date) -> Parameter:
    """Return a parameter that has on every day the value it has on one; not a number where it has none."""
    held = parameter.on(on)
    return parameter.model_copy(update={"values": (Value.model_validate({"value": held.value if held else nan}),)})
