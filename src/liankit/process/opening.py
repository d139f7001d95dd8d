"""Steps that open a case of another process: what they hand over must be what that process asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from liankit.process.check import DefinitionError, Fault, unknown
from liankit.process.definition import Opens, Process


def check_opens(process: Process, others: Mapping[str, Process], file: str) -> None:
    """Check the cases that a process opens against the processes there are; DefinitionError names every mistake."""
    faults = [
        fault
        for step in process.transitions
        if step.opens
        for fault in _faults(f"transitions.{step.key}.opens", step.opens, {**others, process.key: process})
    ]
    if faults:
        raise DefinitionError(file, faults)


def _faults(place: str, opens: Opens, others: Mapping[str, Process]) -> Iterator[Fault]:
    other = others.get(opens.process)
    if other is None:
        yield from unknown(f"{place}.process", [opens.process], list(others), "process")
        return
    yield from unknown(f"{place}.roles", opens.roles, [role.key for role in other.roles], f"role of '{other.key}'")
    yield from unknown(f"{place}.data", opens.data, [field.key for field in other.form], f"question of '{other.key}'")
    given = {*opens.roles, *(role.key for role in other.roles if role.default)}
    for role in other.held_at_opening:
        if role not in given:
            yield Fault(f"{place}.roles", f"somebody must hold the role '{role}' of '{other.key}'. Say who.")
    for field in other.form:
        if field.is_required and field.key not in opens.data:
            yield Fault(f"{place}.data", f"'{other.key}' asks for '{field.key}'. Say which field answers it.")
