"""The kind ``appraisal``, checked against the units that the district has and what is counted here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from liandesk.base.metrics import METRICS
from liandesk.base.pack import pack
from liankit.errors import nearest
from liankit.plan.appraisal_scheme import Group, build_scheme
from liankit.process.check import DefinitionError, Fault


def check_units(body: Any, file: str) -> None:
    """Raise DefinitionError for a unit that the pack does not know, or a count that nothing counts."""
    groups = build_scheme(body, file).groups
    faults = [fault for group in groups for fault in (*_unknown_units(group), *_unknown_counts(group))]
    if faults:
        raise DefinitionError(file, faults)


def _unknown_units(group: Group) -> Iterator[Fault]:
    known = [term.code for term in getattr(pack(), group.of)]
    for unit in group.units:
        if unit not in known:
            yield Fault(f"groups.{group.key}.units", f"'{unit}' is no unit here.{nearest(unit, known)}")


def _unknown_counts(group: Group) -> Iterator[Fault]:
    for item in group.items:
        for source in (item.draws.value, item.draws.goal) if item.draws else ():
            if source and source.metric and source.metric not in METRICS:
                where = f"groups.{group.key}.items.{item.key}.draws"
                yield Fault(where, f"nothing counts '{source.metric}'.{nearest(source.metric, METRICS)}")
