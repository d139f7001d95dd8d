"""The keys of all stays; apart from the migration that fills them, as PostgreSQL alters no table with checks pending."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("work", "0007_past_stays")]

    operations = [
        migrations.AddConstraint("stay", models.UniqueConstraint(fields=["case", "number"], name="stay_once")),
        migrations.AddIndex(
            "stay",
            models.Index(
                fields=["process", "stage", "entered_at", "case"],
                name="stay_by_stage",
                condition=models.Q(("left_at", None)),
            ),
        ),
    ]
