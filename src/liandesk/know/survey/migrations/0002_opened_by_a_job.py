from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def _were_opened(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Rounds of before were opened as they were made."""
    apps.get_model("survey", "Round").objects.update(opened_at=models.F("made_at"))


class Migration(migrations.Migration):
    dependencies = [("jobs", "0001_initial"), ("survey", "0001_initial")]

    operations = [
        migrations.AddField("Round", "job", models.OneToOneField(null=True, on_delete=models.PROTECT, to="jobs.job")),
        migrations.AddField("Round", "opened_at", models.DateTimeField(null=True)),
        migrations.RunPython(_were_opened, migrations.RunPython.noop),
    ]
