"""The yearly task sheet with its rows and comments, judgements of an evaluation, the seal of a plan, its hand-over.

A sheet is run by a case of the process ``task_sheet``; each row of a frozen one by a case of ``yearly_task``: reports,
evidence, clocks and the people are theirs, and what stands here is what the plan and the sheet say.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from liandesk.base.accounts.access import unbarred
from liandesk.base.work.models import Case


class Grade(models.TextChoices):
    """The four levels of an evaluation."""

    EARLY = "early", _("Reached early")
    AHEAD = "ahead", _("Ahead")
    ON_TRACK = "on_track", _("On track")
    BEHIND = "behind", _("Behind")


class EvaluationKind(models.TextChoices):
    MIDTERM = "midterm", _("Mid-term evaluation")
    FINAL = "final", _("Final evaluation")


class TaskSheet(models.Model):
    """The task sheet of one plan and year; frozen it has a hash over all that it says."""

    plan = models.CharField(max_length=60)  # key of the plan
    year = models.PositiveSmallIntegerField()
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="task_sheet")
    hash = models.CharField(max_length=64, blank=True)  # of ``editions.body_of``; empty until it is frozen
    frozen_at = models.DateTimeField(null=True)
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        ordering = ["-year", "-id"]

    def __str__(self) -> str:
        return f"{self.plan} {self.year}"

    @property
    def is_frozen(self) -> bool:
        return self.frozen_at is not None


class Row(models.Model):
    """One task of a sheet: what is to be reached in the year, by whom, when; ``subject_id`` is the plan's own id.

    ``partners`` are offices between bars, as "|health|market|"; ``milestones`` are ``{title, due}``, due as ISO dates.
    """

    sheet = models.ForeignKey(TaskSheet, on_delete=models.PROTECT, related_name="rows")
    number = models.PositiveIntegerField()
    subject_kind = models.CharField(max_length=10)  # target | measure
    subject_id = models.CharField(max_length=85)  # "programme.target", "programme.measure", "duties.measure"
    programme = models.CharField(max_length=200)  # its title
    task = models.TextField()
    goal = models.TextField(blank=True)
    goal_value = models.FloatField(null=True)  # null: the goal is in words
    unit = models.CharField(max_length=40, blank=True)
    lead = models.CharField(max_length=40, blank=True)  # an office; blank: nobody yet
    partners = models.CharField(max_length=400, blank=True)
    starts = models.DateField()
    due = models.DateField()
    milestones = models.JSONField(default=list)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, null=True, related_name="sheet_row")
    version = models.PositiveIntegerField(default=0)  # raised by each write; a stale form is refused

    class Meta:
        ordering = ["sheet", "number"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "number"], name="sheet_row_number_once"),
            models.CheckConstraint(condition=models.Q(due__gte=models.F("starts")), name="sheet_row_days_in_order"),
        ]
        indexes = [models.Index(fields=["subject_id"], name="sheet_row_by_subject")]

    def __str__(self) -> str:
        return f"{self.number}. {self.task}"

    @property
    def partner_offices(self) -> tuple[str, ...]:
        """Return the offices that co-operate."""
        return unbarred(self.partners)


class RowComment(models.Model):
    """What an office said about a row of a draft, and what became of it."""

    row = models.ForeignKey(Row, on_delete=models.CASCADE, related_name="comments")
    text = models.TextField()
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.CharField(max_length=80, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"comment {self.pk} on row {self.row_id}"


class Judgement(models.Model):
    """How somebody judged a target or a clause in an evaluation, beside what was computed; the newest stands."""

    plan = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=EvaluationKind.choices)
    subject_id = models.CharField(max_length=85)
    proposed = models.CharField(max_length=10)  # a grade, or "unknown"
    grade = models.CharField(max_length=10, choices=Grade.choices)
    reason = models.CharField(max_length=600, blank=True)  # must be given where the grade is not the proposed one
    number = models.PositiveIntegerField()  # 1 for the first of this subject
    judged_by = models.CharField(max_length=80)
    judged_at = models.DateTimeField()
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "kind", "subject_id", "number"], name="judgement_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.subject_id}: {self.grade}"


class Seal(models.Model):
    """A plan that has ended, closed for its final evaluation: the hash of a file with all that was known of it."""

    plan = models.CharField(max_length=60, unique=True)
    hash = models.CharField(max_length=64)  # of the file in the store
    sealed_by = models.CharField(max_length=80)
    sealed_at = models.DateTimeField()
    is_synthetic = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.plan} {self.hash[:12]}"


class Decision(models.TextChoices):
    """What becomes of a target in the next plan."""

    KEEP = "keep", pgettext_lazy("target", "Keep it")
    REDEFINE = "redefine", _("Keep it, defined anew")
    DROP = "drop", _("Drop it")


class Handover(models.Model):
    """What becomes of one target of a sealed plan."""

    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="handovers")
    target_id = models.CharField(max_length=85)
    decision = models.CharField(max_length=10, choices=Decision.choices)
    note = models.CharField(max_length=600, blank=True)
    decided_by = models.CharField(max_length=80)
    decided_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["seal", "target_id"], name="handover_once")]

    def __str__(self) -> str:
        return f"{self.target_id}: {self.decision}"
