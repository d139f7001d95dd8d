"""Where apps above put their lines on pages of base: inbox, search, menu, and panels on another object's page.

A lower app never asks a higher one; the higher registers a provider in its ``AppConfig.ready``. Each takes the viewer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from liandesk.base.accounts.roles import Viewer


@dataclass(frozen=True)
class Panel:
    """A part of another object's page: a template and its context."""

    title: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Button:
    """Something done from a line with one press, or with one more where it asks which of ``choices`` (value, title)."""

    title: str
    url: str
    fields: Mapping[str, str | int] = field(default_factory=dict)
    choice: str = ""  # the name of what is chosen
    choices: Sequence[tuple[str, str]] = ()


Place = Literal["due", "waiting", "others", "changed"]
"""Where a line of Home belongs: ``sections`` lays out its sections by it."""


@dataclass(frozen=True)
class InboxLine:
    """One line of Home: what is due, waiting for somebody, waits on others, or changed; ``count``: how many it sums up.

    ``buttons`` act at once; ``unfold`` makes what is shown in the line that is opened by its ``key``.
    """

    section: Place
    title: str
    url: str
    detail: str = ""
    due: date | None = None
    at: datetime | None = None
    key: str = ""
    buttons: Sequence[Button] = ()
    unfold: Callable[[], Panel] | None = None
    count: int = 1

    @property
    def can_unfold(self) -> bool:
        """Say whether it unfolds; a template that asked for ``unfold`` itself would call it."""
        return self.unfold is not None


@dataclass(frozen=True)
class Shortcut:
    """A way from Home to a page, with how many things are there."""

    title: str
    url: str
    count: int | None = None
    is_first: bool = False  # what this reader comes for


@dataclass(frozen=True)
class SearchItem:
    """One hit of the search."""

    kind: str  # already translated: "Enterprise", "Entry"
    title: str
    url: str
    detail: str = ""


@dataclass(frozen=True)
class MenuItem:
    """One page of the menu, under one of the five areas or under "system"."""

    area: Literal["know", "assess", "act", "share", "steer", "system"]
    title: str
    url_name: str
    order: int = 100


InboxProvider = Callable[[Viewer], Iterable[InboxLine]]
SearchProvider = Callable[[Viewer, str], Iterable[SearchItem]]
MenuProvider = Callable[[Viewer], Iterable[MenuItem]]
ShortcutProvider = Callable[[Viewer], Iterable[Shortcut]]
PanelProvider = Callable[[Viewer, str], Panel | None]

INBOX: list[InboxProvider] = []
SHORTCUTS: list[ShortcutProvider] = []
SEARCH: list[SearchProvider] = []
MENU: list[MenuProvider] = []
PANELS: dict[str, list[PanelProvider]] = {}
"""By page the providers that take the id of its object: "organisation"; "case", and "case:deal" of that process."""


def inbox(viewer: Viewer) -> Iterator[InboxLine]:
    for provider in INBOX:
        yield from provider(viewer)


def sections(lines: Iterable[InboxLine], today: date) -> dict[str, list[InboxLine]]:
    """Return the sections of Home: what is overdue, one's own by its day, what waits on others, what changed."""
    found: dict[str, list[InboxLine]] = {"overdue": [], "mine": [], "others": [], "changed": []}
    for line in lines:
        is_late = line.section == "due" and line.due is not None and line.due < today
        found["overdue" if is_late else _SECTIONS[line.section]].append(line)
    for name in ("overdue", "mine", "others"):
        found[name].sort(key=lambda line: line.due or date.max)
    found["changed"].sort(key=lambda line: line.at.timestamp() if line.at else 0.0, reverse=True)
    return found


_SECTIONS = {"due": "mine", "waiting": "mine", "others": "others", "changed": "changed"}


def shortcuts(viewer: Viewer) -> list[Shortcut]:
    return [shortcut for provider in SHORTCUTS for shortcut in provider(viewer)]


def search(viewer: Viewer, text: str) -> Iterator[SearchItem]:
    for provider in SEARCH:
        yield from provider(viewer, text)


def grouped(items: Iterable[SearchItem]) -> dict[str, list[SearchItem]]:
    """Return the hits by kind, in the order in which the kinds came."""
    groups: dict[str, list[SearchItem]] = {}
    for item in items:
        groups.setdefault(item.kind, []).append(item)
    return groups


def menu(viewer: Viewer) -> list[MenuItem]:
    return sorted((item for provider in MENU for item in provider(viewer)), key=lambda item: item.order)


def panels(page: str, viewer: Viewer, object_id: str) -> list[Panel]:
    found = (provider(viewer, object_id) for provider in PANELS.get(page, []))
    return [panel for panel in found if panel is not None]
