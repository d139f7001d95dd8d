"""Take running cases over to another version by a published map: each case on its own, by one event of its log."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import transaction

from liandesk.base.accounts.access import check
from liandesk.base.accounts.roles import Viewer
from liandesk.base.errors import Conflict
from liandesk.base.work.actions import IllegalStep, Step, append, locked
from liandesk.base.work.migration_policies import MIGRATION
from liandesk.base.work.migration_queries import published_map, standing


@dataclass
class Moved:
    """How many cases went over, and the ids of those that stay with why."""

    gone: int = 0
    stayed: dict[int, str] = field(default_factory=dict)


def migrate_cases(key: str, *, by: Viewer) -> Moved:
    """Take every running case that fits over to the version a published map leads to.

    One that does not fit, or that somebody acts on at the same moment, stays as it is and is told; run it again.
    """
    check(by, MIGRATION, "apply")
    definition, migration = published_map(key)
    moved = Moved()
    for pk, seen in list(standing(migration).values_list("pk", "events_count")):
        try:
            _migrate(pk, Step("migrate", seen, name=str(migration.after), data=definition.body), by)
            moved.gone += 1
        except (IllegalStep, Conflict) as refused:
            moved.stayed[pk] = str(refused)
    return moved


@transaction.atomic
def _migrate(pk: int, step: Step, by: Viewer) -> None:
    append(locked(pk, step.seen), step, by=by)
