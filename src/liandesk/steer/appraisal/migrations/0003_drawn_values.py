from __future__ import annotations

from django.db import migrations, models

from liandesk.base.audit import triggers

TABLES = ("appraisal_given",)


class Migration(migrations.Migration):
    dependencies = [("appraisal", "0002_append_only")]
    operations = [
        migrations.AddField("given", "drawn", models.JSONField(blank=True, default=dict)),
        migrations.RunPython(  # SQLite makes the table anew, without its triggers
            lambda apps, editor: triggers.create(editor.connection, TABLES), migrations.RunPython.noop
        ),
    ]
