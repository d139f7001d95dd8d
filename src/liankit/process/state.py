"""A case is its events: the state is computed from them and from nothing else, and an illegal event changes nothing.

Events are in the order of their entry. Their own time (``at``) may lie before it; a correction is a further event that
replaces the time or the data of an earlier one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal

from liankit.errors import UserError
from liankit.reasons import Reason

EventKind = Literal[
    "open", "do", "approve", "refuse", "fill", "prove", "pause", "resume", "assign", "correct", "migrate"
]

Holders = Mapping[str, tuple[str, ...]]
"""Who holds each role, each holder as ``kind:id``."""


def _nothing() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True)
class Event:
    """What happened: who (``actor``), when it happened (``at``, with a time zone), and what it says.

    ``name`` is the transition (do, approve, refuse), the kind of evidence (prove), the reason of a pause, the role
    (assign); of a correction the number of the event it corrects. ``data`` are the answers of a form; of ``prove`` the
    ``hash`` and ``title``; of a correction ``at`` and ``data``, each optional. ``holders`` say who holds a role, each
    as ``kind:id`` (``office:economy``, ``person:user:7``): of ``open`` all of them, of ``assign`` those that now hold
    the role it names. Of ``migrate`` the name is the version it goes over to, the data the map (``Migration``).
    ``on_behalf_of`` are the persons for whom the actor acted: four eyes count them too.
    """

    number: int
    kind: EventKind
    actor: str
    at: datetime
    name: str = ""
    data: Mapping[str, Any] = field(default_factory=_nothing)
    reason: str = ""
    holders: Holders = field(default_factory=_nothing)
    on_behalf_of: tuple[str, ...] = ()

    @property
    def persons(self) -> frozenset[str]:
        """Who wrote it, with those for whom they acted."""
        return frozenset((self.actor, *self.on_behalf_of))


class IllegalEvent(UserError):
    """An event that the process does not allow now, with the reasons; codes in ``liankit/texts/process.yaml``."""

    def __init__(self, event: Event, reasons: Sequence[Reason]) -> None:
        self.event, self.reasons = event, tuple(reasons)
        super().__init__(f"event {event.number} ({event.kind} {event.name}): {', '.join(r.code for r in reasons)}")


@dataclass(frozen=True)
class Visit:
    """One stay in a stage; still there where ``left`` is None. ``step`` is the transition by which it was left."""

    stage: str
    entered: datetime
    left: datetime | None = None
    step: str = ""


@dataclass(frozen=True)
class Taken:
    """A transition that was taken: when, and by whom (of a proposal both who proposed it and who agreed)."""

    transition: str
    at: datetime
    persons: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Proposal:
    """A transition that waits for the second person; ``persons`` are its first."""

    actor: str
    persons: frozenset[str]
    at: datetime
    data: Mapping[str, Any]
    reason: str


@dataclass(frozen=True)
class Proof:
    """A piece of evidence: its hash, its title, who gave it and when."""

    kind: str
    hash: str
    title: str
    actor: str
    at: datetime


@dataclass(frozen=True)
class Pause:
    """A stop of the clocks; goes on where ``until`` is None."""

    reason: str
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True)
class State:
    """Where a case is, computed. ``taken`` are the transitions in the order in which they happened."""

    opened: datetime | None = None
    active: tuple[str, ...] = ()
    visits: tuple[Visit, ...] = ()
    taken: tuple[Taken, ...] = ()
    fields: Mapping[str, Any] = field(default_factory=_nothing)
    proofs: tuple[Proof, ...] = ()
    proposals: Mapping[str, Proposal] = field(default_factory=_nothing)
    pauses: tuple[Pause, ...] = ()
    holders: Holders = field(default_factory=_nothing)
    ended: datetime | None = None
    outcome: str = ""
    reason: str = ""
    last: datetime | None = None

    @property
    def is_paused(self) -> bool:
        return any(pause.until is None for pause in self.pauses)


def refusal(code: str, **params: str | float | int | bool | None) -> Reason:
    """Return one reason why an event is not allowed."""
    return Reason(code, False, params=params)


def corrected(events: Sequence[Event]) -> tuple[Event, ...]:
    """Return the events as corrections leave them: each correction replaces time or data of the event it names.

    The last correction of an event wins; corrections of corrections name the first event. A correction that names no
    event before it, or one that went over to another version, raises IllegalEvent.
    """
    plain = {event.number: event for event in events if event.kind != "correct"}
    for event in events:
        if event.kind == "correct":
            number = int(event.name) if event.name.isdecimal() else -1
            if number not in plain or number > event.number or plain[number].kind == "migrate":
                raise IllegalEvent(event, [refusal("process.no_such_event", number=event.name)])
            plain[number] = _amended(plain[number], event)
    return tuple(plain.values())


def _amended(event: Event, correction: Event) -> Event:
    said = correction.data
    return replace(event, at=said.get("at", event.at), data={**event.data, **said.get("data", {})})
