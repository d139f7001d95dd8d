"""What the columns of other people's sheets mean: asked once, remembered by sender, used at every later load."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from liandesk.base.accounts.access import check
from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import now
from liandesk.base.errors import UserError
from liandesk.base.facts.policies import LANDING
from liandesk.know.sources.models import ColumnMapping
from liandesk.know.sources.reading import Source
from liankit.tables import Limits, Table
from liankit.tables.guess import Guess, Mapped, Mappings, SheetLook, look_into


def looks_of(source: Source, paths: Iterable[Path]) -> list[SheetLook]:
    """Return what the sheets of files look like; nothing where the heads of a source are agreed."""
    if source.parse_mapped is None:
        return []
    return [look for path in paths for look in look_into(path, source.tables, limits=Limits())]


def remembered(looks: Sequence[SheetLook], *, sender: str, by: Viewer) -> dict[str, Mapped]:
    """Return what was said of these sheets, by signature, when the same sender sent them before."""
    check(by, LANDING, "load")
    said = ColumnMapping.objects.filter(sender=sender, signature__in={look.signature for look in looks})
    return {one.signature: Mapped(one.table, one.heads) for one in said}


def to_ask(looks: Sequence[SheetLook], mapped: Mappings) -> list[SheetLook]:
    """Return the sheets whose columns a person must say; one that looks like none of ours only where all do."""
    open_looks = [look for look in looks if look.signature not in mapped and not look.is_understood]
    likely = [look for look in open_looks if look.table]
    is_any_read = any(look.is_understood for look in looks) or any(said.table for said in mapped.values())
    return likely if likely or is_any_read else open_looks


@transaction.atomic
def remember(look: SheetLook, mapped: Mapped, *, source: Source, sender: str, by: Viewer) -> ColumnMapping:
    """Keep what a person said of a sheet; a later word of the same sender's sheet takes the place of the earlier."""
    check(by, LANDING, "load")
    _check_mapped(look, mapped, source)
    kept, _made = ColumnMapping.objects.update_or_create(
        sender=sender,
        signature=look.signature,
        defaults={
            "table": mapped.table,
            "heads": dict(mapped.heads),
            "titles": list(look.titles),
            "confirmed_by": by.actor,
            "confirmed_at": now(),
        },
    )
    record("mapping.confirm", "column_mapping", kept.pk, by=by, table=mapped.table)
    return kept


@transaction.atomic
def forget(pk: int, *, by: Viewer) -> None:
    """Forget what was said of a sheet: it is asked again."""
    check(by, LANDING, "load")
    found = ColumnMapping.objects.select_for_update().filter(pk=pk).first()
    if found is None:
        raise UserError(_("What was said of this sheet is forgotten already."))
    record("mapping.forget", "column_mapping", found.pk, by=by, table=found.table)
    found.delete()


def mappings(viewer: Viewer) -> QuerySet[ColumnMapping]:
    """Return what is remembered, by sender, newest first."""
    check(viewer, LANDING, "load")
    return ColumnMapping.objects.all()


def missing_columns(table: Table, columns: Iterable[str]) -> list[str]:
    """Return the required columns of a table that none of ``columns`` is."""
    given = set(columns)
    return [column.name for column in table.columns if column.required and column.name not in given]


def _check_mapped(look: SheetLook, mapped: Mapped, source: Source) -> None:
    if set(mapped.heads) != set(look.keys):
        raise UserError(_("Say of every column of the sheet what it is, or that it is not read."))
    if not mapped.table:
        return
    table = next((table for table in source.tables if table.name == mapped.table), None)
    if table is None:
        known = ", ".join(one.name for one in source.tables)
        raise UserError(f"There is no table '{mapped.table}'. There are: {known}.")
    given = [table.column(name).name for name in mapped.heads.values() if name]
    if len(set(given)) < len(given):
        raise UserError(_("Two columns of the sheet cannot be the same column; leave one of them unread."))
    if missing := missing_columns(table, given):
        text = _("Say which columns are: %(columns)s. Without them no row is complete.")
        raise UserError(text % {"columns": ", ".join(missing)})


def as_json(look: SheetLook) -> dict[str, Any]:
    """Return a look as it is kept with an upload, with its keys and signature for programs."""
    return {**asdict(look), "keys": list(look.keys), "signature": look.signature}


def from_json(kept: Mapping[str, Any]) -> SheetLook:
    """Return a look as it was kept."""
    guesses = tuple(Guess(**guess) if guess else None for guess in kept["guesses"])
    samples = tuple(tuple(cells) for cells in kept["samples"])
    said = {name: kept[name] for name in ("file", "sheet", "table", "is_understood")}
    return SheetLook(**said, titles=tuple(kept["titles"]), samples=samples, guesses=guesses)
