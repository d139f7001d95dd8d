"""What makes a piece of evidence worth a look: an app registers a factor, a definition says how much it weighs.

The kind ``sampling`` of a pack names the factors with their strengths; the weight of a piece is the product of the
strengths of those that hold. One that is unknown counts 1, and is said to be unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Annotated, Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from pydantic import Field

from liandesk.base.definitions.kinds import KINDS, Kind
from liandesk.base.definitions.models import Definition
from liandesk.base.definitions.queries import in_force
from liandesk.base.errors import UserError
from liandesk.base.work.models import CaseEvent
from liankit.errors import nearest
from liankit.plan.sampling import Piece
from liankit.process.check import DefinitionError, Fault, build_part
from liankit.process.definition import Coded, Part, Text

KIND, KEY = "sampling", "evidence"

Factor = Callable[[Sequence[CaseEvent], int], Sequence[bool | None]]
"""Says of each event that gave evidence whether the factor holds, None where unknown; the number is ``days``.

Whoever reads samples reads what it says: it tells nothing that one of them may not see.
"""

FACTORS: dict[str, Factor] = {}


def register(name: str, factor: Factor) -> None:
    """Add a factor; a name is registered once."""
    if FACTORS.setdefault(name, factor) is not factor:
        raise ValueError(f"factor '{name}' is registered twice")


class Weighed(Coded):
    """A factor, by the name it is registered under: a piece for which it holds is drawn ``strength`` times as often."""

    strength: Annotated[float, Field(gt=0, le=100)]
    days: Annotated[int, Field(ge=0, le=366)] = 0


class RiskRules(Part):
    """Which factors weigh how much, and whence that is."""

    key: str
    title: Text
    source: Text
    factors: Annotated[tuple[Weighed, ...], Field(min_length=1)]


def build_rules(body: Any, file: str) -> RiskRules:
    """Return the rules of a parsed body; raise DefinitionError with every mistake."""
    return build_part(RiskRules, body, file)


def _check_here(body: Any, file: str) -> None:
    faults = [
        Fault(f"factors.{one.key}", f"nothing tells the factor '{one.key}'.{nearest(one.key, FACTORS)}")
        for one in build_rules(body, file).factors
        if one.key not in FACTORS
    ]
    if faults:
        raise DefinitionError(file, faults)


def register_kind() -> None:
    KINDS[KIND] = Kind(KIND, pgettext_lazy("definition", "Drawing by risk"), KIND, build_rules, _check_here)


def rules_in_force() -> Definition:
    """Return the rules in force today; UserError where nobody has put any into force."""
    found = in_force(KIND, KEY)
    if found is None:
        raise UserError(_("No rules of drawing by risk are in force. Take them over: liandesk definitions import."))
    return found


@dataclass(frozen=True)
class Weight:
    """The weight of a piece; ``reasons`` are the factors that hold (True) and those that are unknown (None)."""

    value: float
    reasons: Mapping[str, bool | None]


def weigh(events: Sequence[CaseEvent], rules: RiskRules) -> dict[Piece, Weight]:
    """Return the weight of each piece that an event gave."""
    told = [FACTORS[one.key](events, one.days) for one in rules.factors]
    return {
        (event.case_id, event.number): _weight(rules.factors, holds)
        for event, *holds in zip(events, *told, strict=True)
    }


def _weight(factors: Sequence[Weighed], holds: Sequence[bool | None]) -> Weight:
    found = {one.key: held for one, held in zip(factors, holds, strict=True) if held is not False}
    return Weight(round(prod(one.strength for one in factors if found.get(one.key)), 6), found)


def reasons(rules: RiskRules, found: Mapping[str, bool | None]) -> list[tuple[Text, float | None]]:
    """Return the titles of the factors that a piece's weight rests on, with their strength; None where unknown."""
    return [(one.title, one.strength if found[one.key] else None) for one in rules.factors if one.key in found]
