from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("policies", "0002_simulation")]

    operations = [
        migrations.CreateModel(
            name="PaymentList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("assembled_by", models.CharField(max_length=80)),
                ("assembled_at", models.DateTimeField()),
                ("approved_by", models.CharField(blank=True, max_length=80)),
                ("approved_at", models.DateTimeField(null=True)),
            ],
            options={"ordering": ["-id"]},
        ),
        migrations.AddField(
            "fulfilment", "dropped_from", models.CharField(blank=True, default="", max_length=40), False
        ),
        migrations.AddField(
            "fulfilment",
            "payment_list",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lines",
                to="policies.paymentlist",
            ),
        ),
        migrations.RemoveConstraint("fulfilment", "fulfilment_once_a_year"),
        migrations.AddConstraint(
            "fulfilment",
            models.UniqueConstraint(
                fields=["policy", "clause", "year", "organisation"],
                condition=~models.Q(stage="dropped"),
                name="fulfilment_once_a_year",
            ),
        ),
    ]
