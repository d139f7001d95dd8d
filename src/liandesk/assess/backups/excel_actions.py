"""Take the sheet of the backup list in: each row by itself, a bad one is left out with its reason."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext as _

from liandesk.assess.backups import actions, queries
from liandesk.assess.backups.excel import OF_BACKUP, OF_TECHNOLOGY, backup_table, read_steps
from liandesk.assess.backups.models import Backup, Technology
from liandesk.assess.backups.policies import BACKUP
from liandesk.assess.backups.rules import rules
from liandesk.assess.lists.queries import current
from liandesk.base.accounts.access import check
from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.actions import record
from liandesk.base.errors import UserError
from liandesk.base.snapshots.store import file_digest
from liandesk.base.ui.sheets import Cells, Outcome, Result, Taken, take_rows


def import_backups(path: Path, *, by: Viewer, is_sure: bool) -> Outcome:
    """Write the rows of a sheet that may be written; not ``is_sure``: try them all and write nothing.

    Raises UnreadableFile where the file holds no such sheet.
    """
    check(by, BACKUP, "list")
    items = dict(current(by).filter(scope="item").order_by("-position").values_list("item_name", "item"))

    def write(cells: Cells) -> Taken:
        return Taken(cells["row"], cells["name"], cells.get("holder_name", ""), _one(cells, items, by))

    def log(outcome: Outcome) -> None:
        record("backup.import", "technology", "sheet", by=by, rows=outcome.written, file=file_digest(path))

    return take_rows(path, backup_table(), write, is_sure=is_sure, log=log)


def _one(cells: Cells, items: dict[str, str], by: Viewer) -> Result:
    row, is_new = _technology(cells, items, by)
    held = _backup(row, cells, by)
    return "new" if is_new or held == "new" else held


def _technology(cells: Cells, items: dict[str, str], by: Viewer) -> tuple[Technology, bool]:
    """Return the row that a line is about, changed as it says; a new one where there is none of its name and item."""
    said = {name: cells[name] for name in OF_TECHNOLOGY if name in cells}
    if "item_name" in said:
        said["item"] = items.get(said["item_name"], "")
    known = Technology.objects.filter(name=cells["name"].strip(), state=queries.STANDING)
    if "item_name" in said:
        known = known.filter(item_name=said["item_name"])
    found = known.order_by("pk").first()
    if found is None:
        said.setdefault("kind", "process")
        return actions.add_technology(said, by=by, entered_from="file", is_logged=False), True
    if all(getattr(found, name) == value for name, value in said.items()):
        return found, False
    return actions.change_technology(found.pk, said, by=by, version=found.version, is_logged=False), False


def _backup(row: Technology, cells: Cells, by: Viewer) -> Result:
    said = {name: cells[name] for name in OF_BACKUP if name in cells}
    if "type" not in said:
        if said:
            raise UserError(_("The type of backup is missing."))
        return "same"
    if "holder_name" not in said:
        raise UserError(_("Say who holds the backup."))
    if "steps_done" in said:
        said["steps_done"] = read_steps(said["steps_done"], rules().path_of(said["type"]))
    held = Backup.objects.filter(
        technology=row, type=said["type"], holder_name=said["holder_name"], state=queries.STANDING
    ).first()
    row.refresh_from_db()
    if held is None:
        actions.add_backup(row.pk, said, by=by, version=row.version, is_logged=False)
        return "new"
    if all(getattr(held, name) == value for name, value in said.items()):
        return "same"
    actions.change_backup(held.pk, said, by=by, version=row.version, is_logged=False)
    return "changed"
