"""The things that are simply listed, as rows: a projection, written only by publish."""

from __future__ import annotations

from django.db import models


class Thing(models.Model):
    """A projection of one record that is simply listed: a space, a shared resource, a title, a product …

    What its kind has beyond these columns is in ``attributes``; an attribute that is not known is not there.
    """

    id = models.CharField(max_length=16, primary_key=True)
    kind = models.CharField(max_length=12)
    record = models.CharField(max_length=160, unique=True)
    name = models.CharField(max_length=200)
    organisation = models.CharField(max_length=16, blank=True, db_index=True)  # permanent id of whose it is
    organisation_name = models.CharField(max_length=200, blank=True)
    partner = models.CharField(max_length=16, blank=True, db_index=True)  # permanent id, of a trial: the sponsor
    partner_name = models.CharField(max_length=200, blank=True)
    town = models.CharField(max_length=12, blank=True)
    zone = models.CharField(max_length=30, blank=True)
    office = models.CharField(max_length=30, blank=True)
    attributes = models.JSONField(default=dict)
    is_synthetic = models.BooleanField(default=False)
    is_current = models.BooleanField(default=True)  # whether the published snapshot knows it

    class Meta:
        indexes = [models.Index(fields=["kind", "is_current", "name"], name="thing_by_name")]

    def __str__(self) -> str:
        return self.name
