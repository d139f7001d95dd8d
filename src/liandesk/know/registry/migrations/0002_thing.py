from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Thing",
            fields=[
                ("id", models.CharField(max_length=16, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=12)),
                ("record", models.CharField(max_length=160, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("organisation", models.CharField(blank=True, db_index=True, max_length=16)),
                ("organisation_name", models.CharField(blank=True, max_length=200)),
                ("partner", models.CharField(blank=True, db_index=True, max_length=16)),
                ("partner_name", models.CharField(blank=True, max_length=200)),
                ("town", models.CharField(blank=True, max_length=12)),
                ("zone", models.CharField(blank=True, max_length=30)),
                ("office", models.CharField(blank=True, max_length=30)),
                ("attributes", models.JSONField(default=dict)),
                ("is_synthetic", models.BooleanField(default=False)),
                ("is_current", models.BooleanField(default=True)),
            ],
            options={
                "indexes": [models.Index(fields=["kind", "is_current", "name"], name="thing_by_name")],
            },
        ),
    ]
