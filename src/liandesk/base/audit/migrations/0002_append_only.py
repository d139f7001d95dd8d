from __future__ import annotations

from django.db import migrations

from liandesk.base.audit import triggers

TABLES = ("audit_auditevent", "audit_auditlink")


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [
        migrations.RunPython(
            lambda apps, editor: triggers.create(editor.connection, TABLES),
            lambda apps, editor: triggers.drop(editor.connection, TABLES),
        )
    ]
