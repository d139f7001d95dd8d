"""A what-if: what somebody let fail, on which snapshot, and where the answer lies."""

from __future__ import annotations

from django.db import models

from liandesk.base.jobs.models import OPEN_STATES, Job
from liandesk.base.snapshots.models import Snapshot


class WhatIf(models.Model):
    """A question to the cascade. Its job says how far the answer is; the answer is tables under content hashes."""

    title = models.CharField(max_length=120)
    note = models.TextField(max_length=2000, blank=True)
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT)
    shocks = models.JSONField()  # [{"kind": "maker" | "item", "id", "name", "loss": 0..1}]
    job = models.OneToOneField(Job, on_delete=models.PROTECT)
    tables = models.JSONField(default=dict)  # "hits", "stops" -> blob; empty until there is an answer

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Say whether an answer may still come."""
        return self.job.state in OPEN_STATES

    @property
    def is_answered(self) -> bool:
        """Say whether the answer is there."""
        return bool(self.tables)


class ReachedTown(models.Model):
    """A town in which an answer reaches somebody: its officers see the what-if, those of other towns do not."""

    what_if = models.ForeignKey(WhatIf, on_delete=models.CASCADE, related_name="towns")
    town = models.CharField(max_length=12)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["what_if", "town"], name="whatif_town_once")]

    def __str__(self) -> str:
        return f"{self.what_if_id}: {self.town}"
