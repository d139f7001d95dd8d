import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="PlanText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("plan", models.CharField(db_index=True, max_length=40)),
                ("title", models.CharField(max_length=200)),
                ("period_from", models.DateField(null=True)),
                ("period_to", models.DateField(null=True)),
                ("name", models.CharField(max_length=200)),
                ("blob", models.CharField(max_length=64)),
                ("size", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waits to be read"),
                            ("read", "read"),
                            ("failed", "could not be read"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("error", models.TextField(blank=True)),
                ("job", models.PositiveBigIntegerField(null=True)),
                ("undecided", models.PositiveIntegerField(default=0)),
                ("sent_by", models.CharField(max_length=80)),
                ("sent_at", models.DateTimeField()),
                ("is_synthetic", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [models.UniqueConstraint(fields=("plan", "blob"), name="plan_text_once")],
            },
        ),
        migrations.CreateModel(
            name="Parse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("parser", models.CharField(max_length=40)),
                ("content", models.CharField(max_length=64)),
                ("found", models.CharField(max_length=64)),
                ("signs", models.PositiveIntegerField()),
                ("counts", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
                (
                    "text",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="parses", to="texts.plantext"
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=12)),
                ("words", models.TextField()),
                ("before", models.CharField(blank=True, max_length=40)),
                ("after", models.CharField(blank=True, max_length=40)),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("accepted", "accepted"),
                            ("corrected", "corrected"),
                            ("rejected", "rejected"),
                            ("merged", "joined"),
                        ],
                        max_length=10,
                    ),
                ),
                ("said", models.JSONField(default=dict)),
                ("by", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "into",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="joined",
                        to="texts.correction",
                    ),
                ),
                (
                    "text",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="corrections", to="texts.plantext"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
    ]
