"""Who counts as listed: a definition that officers publish as two persons; the pack ships the first version."""

from __future__ import annotations

import json
from functools import lru_cache

from django.utils.translation import gettext as _now
from django.utils.translation import pgettext_lazy

from liandesk.base.definitions.kinds import KINDS, Kind
from liandesk.base.definitions.queries import in_force
from liandesk.base.errors import UserError
from liankit.rules.listed import CountingRule, build_rule

KIND, KEY = "listing", "counting"


def register() -> None:
    KINDS[KIND] = Kind(KIND, pgettext_lazy("definition", "Who counts as listed"), KIND, build_rule)


def counting() -> CountingRule:
    """Return the rule in force today; UserError where nobody has put any into force."""
    found = counting_if_any()
    if found is None:
        raise UserError(_now("No rule says who counts as listed. Take it over: liandesk definitions import."))
    return found


def counting_if_any() -> CountingRule | None:
    """Return the rule in force today; None where nobody has put any into force."""
    found = in_force(KIND, KEY)
    return _built(json.dumps(found.body, default=str), str(found)) if found else None


@lru_cache(maxsize=4)
def _built(body: str, name: str) -> CountingRule:
    return build_rule(json.loads(body), name)
