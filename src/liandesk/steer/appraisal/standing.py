"""An appraisal worked out again from its formula and what was given; the formula's hash is looked at each time."""

from __future__ import annotations

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


def standing_rows(appraisal: Appraisal, last: int | None = None) -> dict[tuple[str, str, str], Given]:
    """Return the newest row of each (group, unit, item), of those up to ``last``."""
    rows = appraisal.given.all() if last is None else appraisal.given.filter(pk__lte=last)
    return {(row.group, row.unit, row.item): row for row in rows.order_by("pk")}


def score(formula: Formula, rows: dict[tuple[str, str, str], Given]) -> dict[str, Scored]:
    """Return the result of each group, by its key."""
    scheme = scheme_of(formula)
    return {group.key: score_group(scheme, group, units_of(group), _table(rows, group.key)) for group in scheme.groups}


def _table(rows: dict[tuple[str, str, str], Given], group: str) -> pl.DataFrame:
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
