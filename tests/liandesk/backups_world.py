"""A row of the backup list whose texts are marked, with a backup and a planned drill."""

from __future__ import annotations

from datetime import timedelta

from liandesk.assess.backups import actions
from liandesk.assess.backups.models import Drill
from liandesk.base.accounts.cast import officers_office
from liandesk.base.accounts.roles import system_viewer
from liandesk.base.clock import today
from liandesk.base.pack import pack

BY = system_viewer("test")
PLACE = {"owner_office": officers_office(pack()), "town": pack().towns[0].code}
"""Whose the row is: the bureau officer's, in the town officer's town."""


def marked_row(item: str) -> dict[str, tuple[object, ...]]:
    """Put a marked row on the list; the rules of backups are in force. Return its objects by their short names."""
    said = {"name": "MarkBackup", "kind": "process", "item": item, "note": "MarkBackupNote", **PLACE}
    row = actions.add_technology(said, by=BY)
    named = {"type": "second_supplier", "holder_name": "MarkHolder", "steps_done": ["screening"]}
    held = actions.add_backup(row.pk, named, by=BY, version=row.version)
    row.refresh_from_db()
    drill: Drill = actions.plan_drill(held.pk, today() + timedelta(days=30), by=BY, version=row.version)
    return {"backup row": (row.pk,), "held": (held.pk,), "drill": (drill.pk,)}
