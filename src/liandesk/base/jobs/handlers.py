"""Which function does which kind of job; apps register theirs in ``AppConfig.ready``, the worker runs them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from liandesk.base.jobs.models import Job

Handler = Callable[[Job], Mapping[str, Any]]
"""Does the job, beating as it goes; what it returns is kept as the job's result. It must bear being run again."""

HANDLERS: dict[str, Handler] = {}

DAILY: list[str] = []
"""Kinds of job that the worker asks for by itself, once on each business date."""

REFRESH = "refresh"
"""The job that brings every list to the facts; whoever changes what lists are computed from asks for it."""


def register(kind: str, handler: Handler) -> None:
    HANDLERS[kind] = handler
