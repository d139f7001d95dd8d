"""Samples drawn by risk: how, by which rules, of what; of each piece its weight, its chance and the reasons."""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, FloatField, OuterRef, Subquery
from django.db.models.functions import Cast

DESIGNS = [("equal", "every piece with the same chance"), ("risk", "by risk: what is at risk comes more often")]


def say_chances(apps: Any, _schema: Any) -> None:
    """Until now every piece had the same chance: how many were drawn, of how many."""
    samples = apps.get_model("teamwork", "Sample").objects.filter(pk=OuterRef("sample"))
    share = Cast(F("size"), FloatField()) / Cast(F("population"), FloatField())
    apps.get_model("teamwork", "SampleItem").objects.update(chance=Subquery(samples.values(share=share)))


class Migration(migrations.Migration):
    dependencies = [("definitions", "0001_initial"), ("teamwork", "0007_samples")]

    operations = [
        migrations.AddField("sample", "design", models.CharField(choices=DESIGNS, default="equal", max_length=10)),
        migrations.AddField("sample", "frame", models.JSONField(default=list)),
        migrations.AddField(
            "sample",
            "rules",
            models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="definitions.definition"),
        ),
        migrations.AddField("sampleitem", "reasons", models.JSONField(default=dict)),
        migrations.AddField("sampleitem", "weight", models.FloatField(null=True)),
        migrations.AddField("sampleitem", "chance", models.FloatField(default=1.0), preserve_default=False),
        migrations.RunPython(say_chances, migrations.RunPython.noop),
        migrations.AddConstraint(
            "sampleitem",
            models.CheckConstraint(
                condition=models.Q(("chance__gt", 0), ("chance__lte", 1)), name="sample_item_chance"
            ),
        ),
    ]
