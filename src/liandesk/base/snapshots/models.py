"""A snapshot is what one refresh computed: immutable tables by content hash; a pointer says which one is read."""

from __future__ import annotations

from django.db import models


class Snapshot(models.Model):
    """Named tables (name -> blob hash) computed from named inputs; its key is the hash of both."""

    key = models.CharField(max_length=64, primary_key=True)
    created_at = models.DateTimeField()
    today = models.DateField()  # the business date it was computed for
    tables = models.JSONField()
    inputs = models.JSONField()
    is_synthetic = models.BooleanField()  # whether any synthetic fact went in

    def __str__(self) -> str:
        return self.key[:12]


class Pointer(models.Model):
    """The published snapshot under a name; moved only by publish, in one transaction with the projections."""

    name = models.CharField(max_length=40, primary_key=True)
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT)
    published_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} -> {self.snapshot_id[:12]}"


class Publication(models.Model):
    """History: which snapshot was published when, by which run."""

    name = models.CharField(max_length=40)
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT)
    published_at = models.DateTimeField()
    counts = models.JSONField(default=dict)  # rows added, changed, gone

    class Meta:
        indexes = [models.Index(fields=["name", "-published_at"])]

    def __str__(self) -> str:
        return f"{self.name} {self.published_at:%Y-%m-%d %H:%M}"
