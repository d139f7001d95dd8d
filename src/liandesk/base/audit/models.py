"""Audit rows are appended in the writing transaction and never changed; triggers on both databases refuse it.

Only ids and digests are kept, so the log can be shown to an auditor without showing what it is about. Links seal the
events into a hash chain in batches after commit: a chain head locked by every writer costs a factor of 25.
"""

from __future__ import annotations

from django.db import models


class AuditEvent(models.Model):
    at = models.DateTimeField()
    actor = models.CharField(max_length=80)  # "user:7", "system:worker"
    action = models.CharField(max_length=80)  # "risk_entry.admit"
    object_kind = models.CharField(max_length=40)
    object_id = models.CharField(max_length=120)
    details = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["object_kind", "object_id"])]

    def __str__(self) -> str:
        return f"{self.action} {self.object_kind}:{self.object_id}"


class AuditLink(models.Model):
    """One link of the chain: the hash of the link before it and of one event; ``id`` is the place in the chain."""

    id = models.BigIntegerField(primary_key=True)
    event = models.OneToOneField(AuditEvent, on_delete=models.PROTECT, related_name="link")
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.id}:{self.hash[:12]}"
