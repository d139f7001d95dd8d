"""Facts are append-only and bitemporal, kept where they were said: a file's as a landing, a person's as statements."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Landing(models.Model):
    """One load of one source: immutable facts under a content hash, withdrawable whole, never edited."""

    key = models.CharField(max_length=16, primary_key=True)
    source = models.CharField(max_length=40)
    title = models.CharField(max_length=200)  # the file names as the sender called them
    content_hash = models.CharField(max_length=64)  # of the files and the reader's version
    facts = models.CharField(max_length=64)  # blob
    report = models.CharField(max_length=64)  # blob: problems, one a line
    counts = models.JSONField(default=dict)  # rows seen, good, bad, blank by table
    is_synthetic = models.BooleanField(default=False)
    recorded_at = models.DateTimeField(db_index=True)
    recorded_by = models.CharField(max_length=80)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=80, blank=True)
    withdrawn_why = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "content_hash"],
                condition=Q(withdrawn_at=None),
                name="landing_once_in_force",
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.key}"


class Statement(models.Model):
    """What a person said: one attribute of one record. Never edited; withdrawn by a later moment, kept for the past."""

    record = models.CharField(max_length=160)
    kind = models.CharField(max_length=40)
    attribute = models.CharField(max_length=60)
    text = models.CharField(max_length=2000, null=True)  # noqa: DJ001  exactly one of text and number is set
    number = models.FloatField(null=True)
    unit = models.CharField(max_length=20, blank=True)
    valid_from = models.DateField(null=True)
    recorded_at = models.DateTimeField(db_index=True)
    recorded_by = models.CharField(max_length=80)
    reason = models.CharField(max_length=400, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(text__isnull=True, number__isnull=False) | Q(text__isnull=False, number__isnull=True),
                name="statement_one_value",
            )
        ]
        indexes = [models.Index(fields=["record", "attribute"])]

    def __str__(self) -> str:
        return f"{self.record}.{self.attribute}"
