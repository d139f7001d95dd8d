"""Processes and people for the tests of cases: a request that an enterprise or an office opens and hands over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import yaml

from liandesk.base.accounts import queries as accounts
from liandesk.base.accounts.roles import ScopeKind, Viewer, system_viewer
from liandesk.base.clock import today
from liandesk.base.definitions import actions as definitions
from liandesk.base.work.actions import NewCase, Step, act, open_case
from liandesk.base.work.models import Case

BY = system_viewer("test")


def text(said: str) -> dict[str, str]:
    return {"zh": said, "en": said}


def coded(key: str, **more: Any) -> dict[str, Any]:
    return {"key": key, "title": text(key), **more}


REQUEST = coded(
    "request",
    opens_as=["asker", "clerk"],
    roles=[
        coded("asker", held_by=["organisation"]),
        coded("clerk", default="chain_office"),
        coded("lead"),
    ],
    start="sent",
    form=[coded("what", kind="text", required=True)],
    stages=[
        coded("sent", lead="clerk"),
        coded("in_hand", lead="lead"),
        coded("judged", lead="clerk"),
        coded("closed", outcome=coded("answered", kind="success", reasons=[coded("met"), coded("not_met")])),
    ],
    transitions=[
        coded("take", **{"from": "sent", "to": "in_hand"}, form=[coded("office", kind="office", required=True)],
              assigns={"lead": "office"}),
        coded("answer", **{"from": "in_hand", "to": "judged"}, form=[coded("letter", kind="text"),
              coded("further", kind="text")]),
        coded("pass_on", **{"from": "in_hand", "to": "judged"}, form=[coded("task", kind="text", required=True),
              coded("to_office", kind="office", required=True), coded("by", kind="date", required=True)],
              opens={"process": "instruction", "title": "task", "roles": {"issuer": "lead", "lead": "to_office"},
                     "data": {"task": "task", "due": "by"}}),
        coded("again", **{"from": "judged", "to": "in_hand"}, not_by=["answer"]),
        coded("close", **{"from": "judged", "to": "closed"}, not_by=["answer"], approval={"role": "clerk"}),
    ],
    clocks=[coded("reply", starts="open", stops="end", days=2, warn=1, source="test", paused_by=["asked_back"])],
    pauses=[coded("asked_back")],
    evidence=[coded("letter")],
)  # fmt: skip


def publish(body: dict[str, Any]) -> None:
    """Publish a process beside those of the packs: proposed by one program, published by another."""
    definitions.take_over_packs(by=BY)
    told = yaml.safe_dump(body, allow_unicode=True)
    made = definitions.propose(by=BY, kind="process", key=body["key"], text=told, effective_from=today())
    definitions.publish(made.pk, by=system_viewer("second"))


def know_organisations(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every organisation be known by its id."""
    monkeypatch.setitem(accounts.SCOPE_NAMES, str(ScopeKind.ORGANISATION), lambda scope_id: f"name of {scope_id}")


def request(by: Viewer, asker: str = "enterprise-one", **more: Any) -> Case:
    """Open a request for an enterprise."""
    return open_case(NewCase("request", "Land", [("asker", "organisation", asker)], {"what": "land"}, **more), by=by)


def step(case: Case, by: Viewer, name: str, kind: Any = "do", **said: Any) -> Case:
    """Add one event as somebody who has seen all of the case."""
    return act(case.pk, Step(kind, case.events_count, name, **said), by=by)


Who = Callable[[str], Viewer]
