"""What work puts on the page of a definition: the cases on each version of a process, the trial of a map."""

from __future__ import annotations

from django.utils.translation import gettext as _

from liandesk.base.accounts.access import can
from liandesk.base.accounts.roles import Viewer
from liandesk.base.definitions.policies import DEFINITION
from liandesk.base.definitions.queries import in_force
from liandesk.base.ui import panels
from liandesk.base.work import migration_queries
from liandesk.base.work.migration_policies import MIGRATION


def register() -> None:
    panels.PANELS.setdefault("definition", []).append(_panel)


def _panel(viewer: Viewer, object_id: str) -> panels.Panel | None:
    kind, _slash, key = object_id.partition("/")
    if kind == "process":
        return _versions(viewer, key)
    return _trial(viewer, key) if kind == "migration" else None


def _versions(viewer: Viewer, process: str) -> panels.Panel | None:
    """Cases on each version, and beside an earlier one on which some run the way to a map to the latest."""
    rows = migration_queries.running_on(viewer, process)
    if not rows:
        return None
    maps = {row.version: f"{process}_{row.version}_{rows[0].version}" for row in rows[1:] if row.running}
    known = {version: in_force("migration", key) is not None for version, key in maps.items()}
    lines = [(row, maps.get(row.version, ""), known.get(row.version, False)) for row in rows]
    context = {"lines": lines, "may_map": can(viewer, DEFINITION, "propose")}
    return panels.Panel(_("Cases on each version"), "work/_versions.html", context)


def _trial(viewer: Viewer, key: str) -> panels.Panel | None:
    if in_force("migration", key) is None or not can(viewer, MIGRATION, "read"):
        return None
    return panels.Panel(_("Running cases"), "work/_migration.html", {"key": key})
