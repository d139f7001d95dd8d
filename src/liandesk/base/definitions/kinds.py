"""Kinds of definition: how each is checked, alone and against what is here, and what a new one begins with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from liandesk.base.definitions.appraisals_kind import check_units
from liandesk.base.definitions.migrations_kind import check_against_versions, draft
from liandesk.base.definitions.plans_kind import check_among_offices
from liandesk.base.definitions.processes_kind import check_among_processes
from liandesk.base.errors import UserError
from liankit.errors import nearest
from liankit.plan.appraisal_scheme import build_scheme
from liankit.plan.model import build_plan
from liankit.process import build_migration, build_process
from liankit.risk.levels import build_levels


def _nothing_more(body: Any, file: str) -> None:
    """Most kinds say all there is to check."""


def _empty(key: str) -> str:
    return ""


@dataclass(frozen=True)
class Kind:
    """One kind: the folder of a pack it comes from, and ``check(body, file)``, which raises a user's error.

    ``check_here`` checks a body against the other definitions that are here; ``draft`` gives, for the key of one that
    is not here yet, the text to begin with. A kind with a ``stem`` has a folder a key instead of a file: ``stem``.yaml
    is the body, and each of ``parts`` a file of its own for one of its keys.
    """

    code: str
    title: Promise
    folder: str
    check: Callable[[Any, str], object]
    check_here: Callable[[Any, str], None] = _nothing_more
    draft: Callable[[str], str] = _empty
    stem: str = ""
    parts: tuple[str, ...] = ()


_ALL = (
    Kind("process", pgettext_lazy("definition", "Process"), "processes", build_process, check_among_processes),
    Kind(
        "migration",
        pgettext_lazy("definition", "Map between versions"),
        "migrations",
        build_migration,
        check_against_versions,
        draft,
    ),
    Kind("thresholds", pgettext_lazy("definition", "Thresholds"), "thresholds", build_levels),
    Kind("plan", pgettext_lazy("definition", "Plan"), "plans", build_plan, check_among_offices),
    Kind("appraisal", pgettext_lazy("definition", "Appraisal"), "appraisals", build_scheme, check_units),
)
KINDS: dict[str, Kind] = {kind.code: kind for kind in _ALL}


SHIPPED_CHECKS: list[Callable[[Mapping[str, Mapping[str, Any]]], None]] = []
"""Checks of what a lineage of packs ships together: kind -> key -> body."""


def kind_of(code: str) -> Kind:
    """Return a kind by its code; UserError names the nearest one."""
    if code not in KINDS:
        said = _("There is no kind of definition '%(code)s'.") % {"code": code}
        raise UserError(said + nearest(code, KINDS))
    return KINDS[code]
