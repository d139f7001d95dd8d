"""Where each enterprise stands on the ladder: a projection, written only by publish."""

from __future__ import annotations

from django.db import models


class Rung(models.Model):
    """One enterprise: the highest rung it was awarded, the highest it is computed to meet, and the next one.

    An awarded title beats a computed one; ``difference`` says how the two stand to each other.
    """

    id = models.CharField(max_length=16, primary_key=True)  # permanent id of the organisation
    name = models.CharField(max_length=200)
    town = models.CharField(max_length=12, blank=True)
    zone = models.CharField(max_length=30, blank=True)
    held = models.CharField(max_length=40, blank=True)  # code of the title; empty: none
    held_since = models.DateField(null=True)
    held_until = models.DateField(null=True)  # as awarded, else by the years that the scheme gives
    computed = models.CharField(max_length=40, blank=True)
    difference = models.CharField(max_length=20, blank=True)  # same | held_above | computed_above; empty: neither
    next = models.CharField(max_length=40, blank=True)
    failed = models.PositiveSmallIntegerField(null=True)  # clauses of the next rung that have to turn, at the least
    unknown = models.PositiveSmallIntegerField(null=True)  # and those to be settled
    is_near = models.BooleanField(default=False)  # one clause short of the next, nothing unknown
    is_synthetic = models.BooleanField(default=False)
    is_current = models.BooleanField(default=True)  # whether the published snapshot knows it

    class Meta:
        indexes = [models.Index(fields=["is_current", "held"], name="rung_by_title")]

    def __str__(self) -> str:
        return self.name
