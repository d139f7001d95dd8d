"""What the per-mu office published: it counts, whatever is computed here. One line an organisation and year."""

from __future__ import annotations

from django.db import models


class Result(models.Model):
    """The published class of an organisation for a year; a later sheet may correct it."""

    organisation = models.CharField(max_length=16, db_index=True)  # permanent id
    year = models.PositiveSmallIntegerField()
    result = models.CharField(max_length=40)  # the key of a class of the method
    score = models.FloatField(null=True)  # null: published without one
    publisher = models.CharField(max_length=120)
    published_on = models.DateField()
    objections_until = models.DateField(null=True)  # null: the method gives no time for objections
    file = models.CharField(max_length=64)  # hash of the sheet that said so
    landed_by = models.CharField(max_length=80)
    landed_at = models.DateTimeField()
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        ordering = ["-year", "organisation"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "year"], name="per_mu_result_once"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.year} {self.result}"
