"""What a step gave for a key: a step is skipped when its key is known, so resume and refresh are the same thing."""

from __future__ import annotations

from django.db import models


class StepResult(models.Model):
    key = models.CharField(max_length=64, primary_key=True)
    step = models.CharField(max_length=60)
    outputs = models.JSONField()  # table -> blob
    rows_in = models.JSONField(default=dict)
    rows_out = models.JSONField(default=dict)
    lost = models.JSONField(default=dict)
    computed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.step} {self.key[:12]}"
