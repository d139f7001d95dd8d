"""Where apps above put their lines on pages of base: inbox, search, menu, and panels on another object's page.

A lower app never asks a higher one; the higher registers a provider in its ``AppConfig.ready``. Each takes the viewer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from liandesk.base.accounts.roles import Viewer


@dataclass(frozen=True)
class InboxLine:
    """One line of Home: what is due, waiting for somebody, or changed."""

    section: Literal["due", "waiting", "changed"]
    title: str
    url: str
    detail: str = ""
    due: date | None = None
    at: datetime | None = None


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


@dataclass(frozen=True)
class Panel:
    """A part of another object's page: a template and its context."""

    title: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


InboxProvider = Callable[[Viewer], Iterable[InboxLine]]
SearchProvider = Callable[[Viewer, str], Iterable[SearchItem]]
MenuProvider = Callable[[Viewer], Iterable[MenuItem]]
PanelProvider = Callable[[Viewer, str], Panel | None]

INBOX: list[InboxProvider] = []
SEARCH: list[SearchProvider] = []
MENU: list[MenuProvider] = []
PANELS: dict[str, list[PanelProvider]] = {}  # page ("organisation") -> providers taking the object's id


def inbox(viewer: Viewer) -> Iterator[InboxLine]:
    for provider in INBOX:
        yield from provider(viewer)


def sections(lines: Iterable[InboxLine]) -> dict[str, list[InboxLine]]:
    """Return the three sections of Home: what is due first comes first, what changed last comes first."""
    found: dict[str, list[InboxLine]] = {"due": [], "waiting": [], "changed": []}
    for line in lines:
        found[line.section].append(line)
    found["due"].sort(key=lambda line: line.due or date.max)
    found["changed"].sort(key=lambda line: line.at.timestamp() if line.at else 0.0, reverse=True)
    return found


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
