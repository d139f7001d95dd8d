"""Organisations are clusters of records; what a source said stays on its record.

The computed columns (names, place …) are projections, written only by publish; ids are permanent.
"""

from __future__ import annotations

from django.db import models

from liandesk.know.registry.things_models import Thing as Thing


class Organisation(models.Model):
    """A projection of one cluster of records under its permanent id."""

    id = models.CharField(max_length=16, primary_key=True)
    name = models.CharField(max_length=200, db_index=True)
    name_en = models.CharField(max_length=200, blank=True)
    kind = models.CharField(
        max_length=30
    )  # enterprise, institution, hospital, university, fund, office, foreign_partner
    uscc = models.CharField(max_length=18, blank=True, db_index=True)
    country = models.CharField(max_length=2, blank=True)
    town = models.CharField(max_length=12, blank=True, db_index=True)
    zone = models.CharField(max_length=30, blank=True)
    segment = models.CharField(max_length=120, blank=True)
    is_synthetic = models.BooleanField(default=False)
    is_current = models.BooleanField(default=True)  # whether the published snapshot knows it

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class Record(models.Model):
    """Which organisation a source's record belongs to. An organisation never loses its id when records join."""

    record = models.CharField(max_length=160, primary_key=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="records")

    def __str__(self) -> str:
        return self.record
