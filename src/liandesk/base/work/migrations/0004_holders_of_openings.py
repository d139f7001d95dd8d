"""Say in the openings of the cases that stand who holds which role, as every opening says it from here on."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from liandesk.base.audit import triggers

TABLES = ("work_caseevent",)


def fill(apps: Any, editor: Any) -> None:
    """Write the parties of each case into its opening; the new columns made SQLite drop the triggers."""
    triggers.drop(editor.connection, TABLES)
    for event in apps.get_model("work", "CaseEvent").objects.filter(kind="open", holders={}):
        for party in apps.get_model("work", "Party").objects.filter(case=event.case_id).order_by("pk"):
            kind = "person" if party.scope_kind == "user" else party.scope_kind
            event.holders.setdefault(party.role, []).append(f"{kind}:{party.scope_id}")
        event.save(update_fields=["holders"])
    triggers.create(editor.connection, TABLES)


class Migration(migrations.Migration):
    dependencies = [("work", "0003_computed_columns_and_holders")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
