"""The rules of readiness: a definition that officers publish as two persons; the pack ships the first version."""

from __future__ import annotations

import json
from functools import lru_cache

from django.utils.translation import gettext as _now
from django.utils.translation import pgettext_lazy

from liandesk.base.definitions.kinds import KINDS, Kind
from liandesk.base.definitions.queries import in_force
from liandesk.base.errors import UserError
from liankit.risk.readiness import Rules, build_rules

KIND, KEY = "backups", "rules"


def register() -> None:
    KINDS[KIND] = Kind(KIND, pgettext_lazy("definition", "Rules of backups"), KIND, build_rules)


def rules() -> Rules:
    """Return the rules in force today; UserError where nobody has put any into force."""
    found = in_force(KIND, KEY)
    if found is None:
        raise UserError(_now("No rules of backups are in force. Take them over: liandesk definitions import."))
    return _built(json.dumps(found.body), str(found))


@lru_cache(maxsize=4)
def _built(body: str, name: str) -> Rules:
    """Build the rules once: a list asks for them once a row."""
    return build_rules(json.loads(body), name)
