"""The kind ``appraisal``, checked against the units that the district has."""

from __future__ import annotations

from typing import Any

from liandesk.base.pack import pack
from liankit.errors import nearest
from liankit.plan.appraisal_scheme import build_scheme
from liankit.process.check import DefinitionError, Fault


def check_units(body: Any, file: str) -> None:
    """Raise DefinitionError for a unit that the pack does not know."""
    faults = []
    for group in build_scheme(body, file).groups:
        known = [term.code for term in getattr(pack(), group.of)]
        for unit in group.units:
            if unit not in known:
                faults.append(Fault(f"groups.{group.key}.units", f"'{unit}' is no unit here.{nearest(unit, known)}"))
    if faults:
        raise DefinitionError(file, faults)
