"""Background work is our own rows: a worker holds a lease and beats; a killed worker's job is taken up again."""

from __future__ import annotations

from django.db import models


class JobState(models.TextChoices):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


OPEN_STATES = (JobState.QUEUED, JobState.RUNNING)


class Job(models.Model):
    kind = models.CharField(max_length=40)
    params = models.JSONField(default=dict)
    requested_by = models.CharField(max_length=80)
    requested_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=JobState.choices, default=JobState.QUEUED, db_index=True)
    worker = models.CharField(max_length=80, blank=True)
    attempt = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    done = models.PositiveIntegerField(default=0)  # units of progress
    total = models.PositiveIntegerField(default=0)  # 0: not yet known
    phase = models.CharField(max_length=80, blank=True)
    cancel_requested = models.BooleanField(default=False)
    result = models.JSONField(default=dict)
    error = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"


class JobStep(models.Model):
    """One step of a run: rows in and out, every lost row by reason, and whether it was skipped as known."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="steps")
    name = models.CharField(max_length=60)
    attempt = models.PositiveIntegerField()
    is_skipped = models.BooleanField(default=False)
    rows_in = models.JSONField(default=dict)
    rows_out = models.JSONField(default=dict)
    lost = models.JSONField(default=dict)  # reason -> rows
    seconds = models.FloatField(default=0)
    finished_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.name} of job {self.job_id}"
