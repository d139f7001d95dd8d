"""Rows that could not be read wait here, whole, until they are mended and sent again."""

from __future__ import annotations

from django.db import models

from liandesk.base.facts.models import Landing


class QuarantinedRow(models.Model):
    landing = models.ForeignKey(Landing, on_delete=models.PROTECT, related_name="quarantined")
    table = models.CharField(max_length=40)
    file = models.CharField(max_length=200)
    sheet = models.CharField(max_length=100, blank=True)
    row = models.PositiveIntegerField()  # as a person sees it in the file
    cells = models.JSONField()  # column -> the text that was there
    problems = models.JSONField()  # of the row, as codes and parameters
    mended_by_landing = models.ForeignKey(Landing, null=True, on_delete=models.PROTECT, related_name="mended")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.file} {self.row}"
