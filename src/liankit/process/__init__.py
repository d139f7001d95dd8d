"""Processes as data: a definition and the events of a case give its state, its clocks and what can be done next."""

from __future__ import annotations

from liankit.process.actions import NextAction, next_actions
from liankit.process.check import DefinitionError, Fault, build_process, read_process
from liankit.process.clocks import ClockState, Reading, read_clocks
from liankit.process.definition import Process
from liankit.process.migration import Migration, build_migration, check_migration, migrate, misfits
from liankit.process.opening import check_opens
from liankit.process.refusals import refusals
from liankit.process.replay import apply, opened_with, replay
from liankit.process.state import Event, IllegalEvent, State

__all__ = [
    "ClockState",
    "DefinitionError",
    "Event",
    "Fault",
    "IllegalEvent",
    "Migration",
    "NextAction",
    "Process",
    "Reading",
    "State",
    "apply",
    "build_migration",
    "build_process",
    "check_migration",
    "check_opens",
    "migrate",
    "misfits",
    "next_actions",
    "opened_with",
    "read_clocks",
    "read_process",
    "refusals",
    "replay",
]
