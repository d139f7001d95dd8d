"""An appraisal worked out again from its formula and what was given; the formula's hash is looked at each time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import polars as pl
from django.utils.translation import gettext as _

from liandesk.base.definitions.models import Definition
from liandesk.base.errors import UserError
from liandesk.base.pack import pack
from liandesk.base.ui.display import language
from liandesk.steer.appraisal.models import Appraisal, Formula, Given
from liankit.definitions import digest
from liankit.plan.appraisal import GIVEN_SCHEMA, Scored, score_group
from liankit.plan.appraisal_scheme import Group, Scheme, build_scheme

Totals = dict[str, dict[str, float | None]]
Rows = dict[tuple[str, str, str], Given]
"""By group, unit and item."""
PLACES = 6


class ChangedUnseen(UserError):
    """The content of a frozen formula is not what was frozen."""


def is_intact(formula: Formula) -> bool:
    """Say whether the definition still has the content that was frozen."""
    return digest(formula.definition.body) == formula.hash


def scheme_of(formula: Formula) -> Scheme:
    """Return the formula; raise ChangedUnseen where its content is not the frozen one: nothing is computed by it."""
    if not is_intact(formula):
        said = _("The formula of %(year)s is not the one that was frozen (%(hash)s). Nothing is computed by it.")
        raise ChangedUnseen(said % {"year": formula.appraisal.year, "hash": formula.hash[:12]})
    return _built(formula.hash, formula.definition_id)


@lru_cache(maxsize=16)
def _built(_hash: str, definition: int) -> Scheme:
    found = Definition.objects.get(pk=definition)
    return build_scheme(found.body, str(found))


def units_of(group: Group) -> tuple[str, ...]:
    """Return the codes of the units of a group, in the order of the pack."""
    return group.units or tuple(term.code for term in getattr(pack(), group.of))


def unit_name(group: Group, unit: str) -> str:
    """Return the name of a unit in the reader's language."""
    term = pack().term(group.of, unit)
    return term.text[language()] if term else unit


@dataclass(frozen=True)
class Held:
    """The newest entered and the newest drawn row of each (group, unit, item)."""

    entered: Rows
    drawn: Rows

    @property
    def standing(self) -> Rows:
        """Return the rows that stand: what somebody entered goes before what the records give, nothing does not."""
        keys = dict.fromkeys([*self.entered, *self.drawn])
        return {key: stands(self.entered.get(key), self.drawn.get(key)) for key in keys}

    @property
    def differing(self) -> list[tuple[Given, Given]]:
        """Return the entered rows that stand beside drawn ones which say another number, with those."""
        pairs = [(row, self.drawn[key]) for key, row in self.entered.items() if key in self.drawn and row.is_known]
        return [(row, drawn) for row, drawn in pairs if _differ(row, drawn)]


def stands(entered: Given | None, drawn: Given | None) -> Given:
    """Return which of two rows stands; one of them is there."""
    if entered is None or (drawn is not None and not entered.is_known):
        assert drawn is not None
        return drawn
    return entered


def _differ(row: Given, drawn: Given) -> bool:
    told = zip(row.numbers, drawn.numbers, strict=True)
    return any(recorded is not None and said != recorded for said, recorded in told)


def held_rows(appraisal: Appraisal, last: int | None = None) -> Held:
    """Return what is held of a year, of the rows up to ``last``."""
    rows = appraisal.given.all() if last is None else appraisal.given.filter(pk__lte=last)
    found: dict[bool, Rows] = {True: {}, False: {}}
    for row in rows.order_by("pk"):
        found[bool(row.drawn)][row.key] = row
    return Held(found[False], found[True])


def standing_rows(appraisal: Appraisal, last: int | None = None) -> Rows:
    """Return the row that stands of each (group, unit, item), of those up to ``last``."""
    return held_rows(appraisal, last).standing


def score(formula: Formula, rows: Rows) -> dict[str, Scored]:
    """Return the result of each group, by its key."""
    scheme = scheme_of(formula)
    return {group.key: score_group(scheme, group, units_of(group), _table(rows, group.key)) for group in scheme.groups}


def _table(rows: Rows, group: str) -> pl.DataFrame:
    of_group = [row for (key, _unit, _item), row in rows.items() if key == group]
    cells = [(row.unit, row.item, row.value, row.goal, row.base) for row in of_group]
    return pl.DataFrame(cells, GIVEN_SCHEMA, orient="row")


def totals_of(scored: dict[str, Scored]) -> Totals:
    """Return the totals as they are kept with a publication."""
    return {
        key: {
            unit: None if np.isnan(total) else round(float(total), PLACES)
            for unit, total in zip(one.units, one.totals, strict=True)
        }
        for key, one in scored.items()
    }
