"""What officers publish: plan, process, scheme, weights. A version never changes once it is written.

In force on a day is the published version with the latest ``effective_from`` up to it, of two the later one.
"""

from __future__ import annotations

from django.db import models


class Definition(models.Model):
    """One version of one definition, proposed by one person and published by another."""

    kind = models.CharField(max_length=30)
    key = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    body = models.JSONField()
    hash = models.CharField(max_length=64)
    effective_from = models.DateField()
    origin = models.CharField(max_length=60, blank=True)  # the pack it came with; empty: written here
    proposed_by = models.CharField(max_length=80)
    proposed_at = models.DateTimeField()
    published_by = models.CharField(max_length=80, blank=True)
    published_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)  # a proposal that was taken back

    class Meta:
        ordering = ["kind", "key", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "key", "version"], name="definition_version_once"),
            models.CheckConstraint(
                condition=~models.Q(published_by=models.F("proposed_by")), name="definition_four_eyes"
            ),
            models.CheckConstraint(
                condition=models.Q(published_at__isnull=True) | models.Q(withdrawn_at__isnull=True),
                name="definition_published_or_withdrawn",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}/{self.key} v{self.version}"

    @property
    def state(self) -> str:
        """Return proposed, published or withdrawn."""
        if self.withdrawn_at:
            return "withdrawn"
        return "published" if self.published_at else "proposed"
