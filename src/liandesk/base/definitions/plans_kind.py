"""The kind ``plan``, checked among the offices of the pack: who answers for something has to be one of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from liandesk.base.pack import pack
from liankit.plan.model import Measure, Plan, Programme, build_plan
from liankit.process.check import DefinitionError, Fault, unknown


def check_among_offices(body: Any, file: str) -> None:
    """Check the offices that a plan names; a user's error names the nearest one."""
    faults = list(_unknown_offices(build_plan(body, file)))
    if faults:
        raise DefinitionError(file, faults)


def _unknown_offices(plan: Plan) -> Iterator[Fault]:
    offices = [office.code for office in pack().offices]
    parts: dict[str, Programme | Measure] = {one.key: one for one in plan.programmes} | dict(plan.clauses)
    for name, part in parts.items():
        yield from unknown(f"{name}.units", [unit.office for unit in part.units], offices, "office")
