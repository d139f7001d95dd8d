"""A small process that has one of everything: fork and join, approval, evidence, a form, clocks, pauses, three ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from liankit.process import Event, Process, build_process


def both(text: str) -> dict[str, str]:
    return {"zh": text, "en": text}


def coded(key: str, **more: Any) -> dict[str, Any]:
    return {"key": key, "title": both(key), **more}


NUMBER = coded("number", kind="text", required=True)
PAPERS = ["papers"]


def body(**changes: Any) -> dict[str, Any]:
    """Return the definition as its YAML would give it, with top-level keys replaced."""
    ended = {"kind": "success", "reasons": [coded("as_agreed")]}
    failed = {"kind": "failure", "reasons": [coded("withdrawn"), coded("no_money")]}
    return {
        **coded("start_up"),
        "roles": [coded("applicant"), coded("office"), coded("hospital"), coded("leader")],
        "start": "received",
        "form": [coded("subject", kind="text", required=True)],
        "stages": [
            coded("received", lead="office"),
            coded("contract", lead="office", **{"with": ["hospital"]}),
            coded("ethics", lead="hospital"),
            coded("contract_done", lead="office"),
            coded("ethics_done", lead="hospital"),
            coded("agreed", lead="leader"),
            coded("done", outcome=coded("started", **ended)),
            coded("dropped", outcome=coded("dropped", **failed)),
        ],
        "transitions": [
            coded("accept", **{"from": "received", "to": ["contract", "ethics"]}),
            coded("sign", **{"from": "contract", "to": "contract_done"}, needs=["contract_copy"]),
            coded(
                "pass", **{"from": "ethics", "to": "ethics_done"}, form=[coded("number", kind="text", required=True)]
            ),
            coded("join", **{"from": ["contract_done", "ethics_done"], "to": "agreed"}, roles=["office"]),
            coded("finish", **{"from": "agreed", "to": "done"}, approval={"role": "leader"}),
            coded("drop", **{"from": "received", "to": "dropped"}),
        ],
        "clocks": [
            coded("accepting", starts="open", stops="leave received", days=2, warn=1, source="rule 1"),
            coded("review", starts="enter ethics", stops="leave ethics", days=10, source="rule 2", paused_by=PAPERS),
            coded("whole", starts="open", stops="end", days=30, unit="calendar_days", source="rule 3"),
            coded("signing", starts="enter contract", stops="do sign"),
        ],
        "evidence": [coded("contract_copy")],
        "pauses": [coded("papers")],
        **changes,
    }


def process(**changes: Any) -> Process:
    return build_process(body(**changes), "test.yaml")


HOLDERS = {"office": ("office:economy",), "hospital": ("organisation:O-1",), "leader": ("person:user:9",)}
START = datetime(2024, 9, 2, 1, tzinfo=UTC)  # a Monday morning in Hangzhou


class Log:
    """Builds a log, numbering the events and moving the time on by an hour each."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def add(self, kind: Any, name: str = "", *, actor: str = "user:1", day: float = 0, **said: Any) -> Log:
        number = len(self.events) + 1
        at = said.pop("at", START + timedelta(days=day, hours=number - 1))
        if kind == "open":
            said.setdefault("holders", HOLDERS)
        self.events.append(Event(number, kind, actor, at, name, **said))
        return self
