"""Processes as data: a definition and the events of a case give its state, its clocks and what can be done next."""

from __future__ import annotations

from liankit.process.actions import NextAction, next_actions
from liankit.process.check import DefinitionError, Fault, build_process, read_process
from liankit.process.clocks import ClockState, Reading, read_clocks
from liankit.process.definition import Process
from liankit.process.refusals import refusals
from liankit.process.replay import apply, replay
from liankit.process.state import Event, IllegalEvent, State

__all__ = [
    "ClockState",
    "DefinitionError",
    "Event",
    "Fault",
    "IllegalEvent",
    "NextAction",
    "Process",
    "Reading",
    "State",
    "apply",
    "build_process",
    "next_actions",
    "read_clocks",
    "read_process",
    "refusals",
    "replay",
]
