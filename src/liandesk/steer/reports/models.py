"""Reports that were made: for whom, of which day, and their files, which never change."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from liandesk.base.jobs.models import OPEN_STATES, Job


class Kind(models.TextChoices):
    """What a report is for."""

    ANNUAL = "annual", _("Annual monitoring")
    MIDTERM = "midterm", pgettext_lazy("report", "Mid-term evaluation")
    FINAL = "final", pgettext_lazy("report", "Final evaluation")
    LETTER = "letter", _("Letter to an office")
    PACK = "pack", _("Charts and lists")


class Report(models.Model):
    """One report; ``files`` and ``head`` are there once its job has ended."""

    kind = models.CharField(max_length=10, choices=Kind.choices)
    office = models.CharField(max_length=30, blank=True)  # of a letter: to whom
    day = models.DateField()
    language = models.CharField(max_length=2)
    title = models.CharField(max_length=200, blank=True)  # once it is made
    ordered_by = models.CharField(max_length=80)
    ordered_at = models.DateTimeField()
    job = models.OneToOneField(Job, on_delete=models.PROTECT)
    files = models.JSONField(default=dict)  # "docx", "pdf", "xlsx", "zip" -> hash of the blob
    head = models.CharField(max_length=64, blank=True)  # last link of the bundle's chain
    numbers = models.PositiveIntegerField(null=True)
    recomputed = models.PositiveIntegerField(null=True)  # of the numbers, how many follow from the bundle's inputs
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.title or f"{self.kind} {self.day}"

    @property
    def is_made(self) -> bool:
        """Say whether its files are there."""
        return bool(self.files)

    @property
    def is_open(self) -> bool:
        """Say whether it is still being made."""
        return self.job.state in OPEN_STATES
