"""The kind ``process``, checked among the processes that are here: a step may open a case of another."""

from __future__ import annotations

from typing import Any

from liandesk.base.clock import today
from liandesk.base.definitions.models import Definition
from liankit.process import build_process, check_opens


def check_among_processes(body: Any, file: str) -> None:
    """Check the cases that a process opens against the processes in force; a user's error says what does not fit."""
    found = Definition.objects.filter(kind="process", published_at__isnull=False, effective_from__lte=today())
    bodies = {one.key: one.body for one in found.order_by("effective_from", "version")}
    others = {key: build_process(said, key) for key, said in bodies.items()}
    check_opens(build_process(body, file), others, file)
