"""Texts of plans as they were sent, what programs read out of them, and what people said of that.

What was found is computed and lies in blobs; what a person said is a row. A row is tied to the words it is about and
to those around them, never to an offset, so it holds when the text is read again.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _c


class TextState(models.TextChoices):
    WAITING = "waiting", _c("plan text", "waits to be read")
    READ = "read", _c("plan text", "read")
    FAILED = "failed", _c("plan text", "could not be read")


class Verdict(models.TextChoices):
    ACCEPTED = "accepted", _c("found", "accepted")
    CORRECTED = "corrected", _c("found", "corrected")
    REJECTED = "rejected", _c("found", "rejected")
    MERGED = "merged", _c("found", "joined")


class PlanText(models.Model):
    """One file of a plan's text; several may belong to one plan."""

    plan = models.CharField(max_length=40, db_index=True)  # key of the definition that it is drafted into
    title = models.CharField(max_length=200)  # of the plan
    period_from = models.DateField(null=True)  # of a plan that is not defined yet
    period_to = models.DateField(null=True)
    name = models.CharField(max_length=200)  # of the file
    blob = models.CharField(max_length=64)
    size = models.PositiveIntegerField()  # bytes
    state = models.CharField(max_length=8, choices=TextState.choices, default=TextState.WAITING)
    error = models.TextField(blank=True)
    job = models.PositiveBigIntegerField(null=True)
    undecided = models.PositiveIntegerField(default=0)  # of what was found, written with each decision and reading
    sent_by = models.CharField(max_length=80)
    sent_at = models.DateTimeField()
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["plan", "blob"], name="plan_text_once")]

    def __str__(self) -> str:
        return self.name


class Parse(models.Model):
    """One reading of a text by one version of the parser; the newest one is shown."""

    text = models.ForeignKey(PlanText, on_delete=models.PROTECT, related_name="parses")
    parser = models.CharField(max_length=40)
    content = models.CharField(max_length=64)  # blob: the text as read; offsets count in it
    found = models.CharField(max_length=64)  # blob: the rows as JSON
    signs = models.PositiveIntegerField()
    counts = models.JSONField(default=dict)  # kind -> rows
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.text_id}: {self.parser}"


class Correction(models.Model):
    """What a person said of one thing found: it is so, it is otherwise, it is nothing, it is one with another."""

    text = models.ForeignKey(PlanText, on_delete=models.PROTECT, related_name="corrections")
    kind = models.CharField(max_length=12)  # as found
    words = models.TextField()  # the span, without spaces
    before = models.CharField(max_length=40, blank=True)
    after = models.CharField(max_length=40, blank=True)
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    said = models.JSONField(default=dict)  # field -> what the person said instead
    into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="joined")
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.verdict} {self.kind}"


KINDS = {
    "programme": _("Programme"),
    "target": _c("plan", "Target"),
    "measure": _c("plan", "Measure"),
    "duty": _c("plan", "Duty"),
    "unit": _c("plan", "Unit in charge"),
    "section": _c("plan", "Section"),
    "place": _c("plan", "Place"),
    "entity": _c("plan", "Name"),
}
"""What a text may hold, in the order in which a person looks for it."""
