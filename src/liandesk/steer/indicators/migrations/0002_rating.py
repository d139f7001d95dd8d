from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("indicators", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Rating",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("target", models.CharField(db_index=True, max_length=90)),
                ("grade", models.CharField(max_length=40)),
                ("note", models.CharField(max_length=1000)),
                ("on", models.DateField()),
                ("evidence", models.CharField(blank=True, max_length=64)),
                ("evidence_name", models.CharField(blank=True, max_length=200)),
                ("role", models.CharField(max_length=20)),
                ("office", models.CharField(blank=True, max_length=30)),
                ("lead", models.CharField(blank=True, max_length=30)),
                ("offices", models.CharField(max_length=400)),
                ("rated_by", models.CharField(max_length=80)),
                ("recorded_at", models.DateTimeField()),
                ("is_synthetic", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["-on", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("note", ""), _negated=True), name="rating_rests_on_something"
                    )
                ],
            },
        ),
    ]
