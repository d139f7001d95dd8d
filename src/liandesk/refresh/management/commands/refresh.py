"""``liandesk refresh``: compute the lists from the facts and publish them."""

from __future__ import annotations

import json
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from liandesk.base.definitions.packs import shipped
from liandesk.base.definitions.queries import not_taken_over
from liandesk.base.jobs.models import Job
from liandesk.base.memory import peak_mb
from liandesk.base.prepare import prepare
from liandesk.refresh.runs import run_now


class Command(BaseCommand):
    help = "Compute the lists from the loaded facts and publish them. Example: liandesk refresh --json"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the counts as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        prepare()
        started = time.perf_counter()
        job = run_now()
        said = _summary(job, time.perf_counter() - started)
        self.stdout.write(json.dumps(said, ensure_ascii=False, indent=2) if options["json"] else _as_text(said))
        self._say_what_waits()

    def _say_what_waits(self) -> None:
        """Say that definitions of the pack are not here: without its thresholds no entry has a level."""
        if missing := not_taken_over(shipped()):
            kinds = ", ".join(sorted({one.kind.code for one in missing}))
            self.stderr.write(
                f"{len(missing)} definitions that the pack ships are not taken over yet ({kinds}). Entries have levels"
                " only by thresholds in force. Run: liandesk definitions import, then refresh again."
            )


def _summary(job: Job, seconds: float) -> dict[str, Any]:
    steps = [
        {
            "step": step.name,
            "known": step.is_skipped,
            "in": step.rows_in,
            "out": step.rows_out,
            "lost": step.lost,
            "seconds": round(step.seconds, 2),
        }
        for step in job.steps.filter(attempt=job.attempt)
    ]
    return {"run": job.pk, "steps": steps, "seconds": round(seconds, 2), "peak_mb": peak_mb(), **job.result}


def _as_text(said: dict[str, Any]) -> str:
    lines = [_step_line(step) for step in said["steps"]]
    return "\n".join([*lines, f"published in {said['seconds']} s, peak memory {said['peak_mb']} MB"])


def _step_line(step: dict[str, Any]) -> str:
    known = " (known already)" if step["known"] else ""
    return f"{step['step']}{known}: in {_counts(step['in'])}; out {_counts(step['out'])}; lost {_counts(step['lost'])}"


def _counts(counts: dict[str, Any]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.items()) or "none"
