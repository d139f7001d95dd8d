"""What people keep of the frame: addresses of lists that they filtered and gave a name."""

from __future__ import annotations

from django.db import models


class SavedView(models.Model):
    """A filtered list under a name, its maker's own or, with ``scope`` ("office:economy"), an office's or a town's."""

    page = models.CharField(max_length=60)  # the name of the list's route
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=2000, blank=True)
    owner = models.CharField(max_length=80)
    scope = models.CharField(max_length=80, blank=True)
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["page", "owner", "name"], name="saved_view_once")]
        indexes = [models.Index(fields=["page", "scope"], name="saved_view_by_scope")]

    def __str__(self) -> str:
        return self.name
