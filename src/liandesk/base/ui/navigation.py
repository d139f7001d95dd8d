"""The menu of one request: the five areas in the order of the sentence, with the pages this viewer has there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy as _c

from liandesk.base.ui.panels import MenuItem

AREAS: dict[str, Promise] = {
    "know": _c("area", "Know"),
    "assess": _c("area", "Assess"),
    "act": _c("area", "Act"),
    "share": _c("area", "Share"),
    "steer": _c("area", "Steer"),
}


@dataclass(frozen=True)
class Link:
    """One page of the menu."""

    title: str
    href: str
    is_current: bool


@dataclass(frozen=True)
class AreaMenu:
    """One area; without links it is a word and nothing to press."""

    code: str
    title: Promise
    links: tuple[Link, ...]

    @property
    def is_current(self) -> bool:
        return any(link.is_current for link in self.links)


def area_menus(items: list[MenuItem], path: str) -> list[AreaMenu]:
    """Return all five areas; ``path`` is the page that is open."""
    return [AreaMenu(area, title, links_of(items, area, path)) for area, title in AREAS.items()]


@cache
def _address(url_name: str) -> str:
    return reverse(url_name)


def links_of(items: list[MenuItem], area: str, path: str) -> tuple[Link, ...]:
    """Return the links of one area, or of "system"."""
    found = ((item.title, _address(item.url_name)) for item in items if item.area == area)
    return tuple(Link(title, href, path.startswith(href)) for title, href in found)
