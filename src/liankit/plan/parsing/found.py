"""What a text is parsed into: findings, each with the stretch of the text it was read from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal

Kind = Literal["section", "programme", "target", "measure", "unit", "place", "entity"]
Role = Literal["lead", "presumed_lead", "with"]


@dataclass(frozen=True)
class Found:
    """One thing found: ``text`` is the text as read from ``start`` up to ``end``, in characters.

    ``id`` holds within one parse only; ``parent`` is the id of the programme, measure or section it belongs to. A field
    that does not apply, or that the text leaves open, is None. ``value`` is as printed (2.5 with the unit 万亿元),
    ``amount`` with ``amount_unit`` the same without ten thousands and hundred millions.
    """

    kind: Kind
    text: str
    start: int
    end: int
    confidence: float
    file: str = ""
    id: str = ""
    parent: str | None = None
    title: str | None = None
    number: str | None = None
    level: int | None = None
    body_start: int | None = None
    body_end: int | None = None
    indicator: str | None = None
    comparator: str | None = None
    value: float | None = None
    high: float | None = None
    unit: str | None = None
    amount: float | None = None
    amount_unit: str | None = None
    deadline: date | None = None
    deadline_from: Literal["sentence", "paragraph", "section", "period"] | None = None
    per: Literal["year"] | None = None
    counting: Literal["cumulative", "within", "level", "rate", "growth"] | None = None
    direction: Literal["up", "down"] | None = None
    binding: Literal["binding", "anticipatory", "unstated"] | None = None
    commitment: Literal["ensure", "plain", "strive", "explore"] | None = None
    baseline: float | None = None
    baseline_on: date | None = None
    name: str | None = None
    nameplate: str | None = None
    office: str | None = None
    role: Role | None = None


def rows(found: Sequence[Found]) -> list[dict[str, Any]]:
    """Return the findings as rows of JSON; ``units`` lists the units of a programme or measure, of a unit itself."""
    by_owner: dict[str | None, list[Found]] = {}
    for one in found:
        if one.kind == "unit":
            by_owner.setdefault(one.parent, []).append(one)
    return [_row(one, [one] if one.kind == "unit" else by_owner.get(one.id, [])) for one in found]


def _row(one: Found, units: Sequence[Found]) -> dict[str, Any]:
    row = asdict(one)
    for key in ("deadline", "baseline_on"):
        row[key] = row[key].isoformat() if row[key] else None
    keys = ("name", "role", "nameplate", "office", "start", "end")
    return row | {"units": [{key: getattr(unit, key) for key in keys} for unit in units]}
