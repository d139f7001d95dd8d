from __future__ import annotations

from django.db import migrations

from liandesk.base.audit import triggers

TABLES = ("appraisal_formula", "appraisal_given", "appraisal_result")


class Migration(migrations.Migration):
    dependencies = [("appraisal", "0001_initial"), ("audit", "0002_append_only")]
    operations = [
        migrations.RunPython(
            lambda apps, editor: triggers.create(editor.connection, TABLES),
            lambda apps, editor: triggers.drop(editor.connection, TABLES),
        )
    ]
