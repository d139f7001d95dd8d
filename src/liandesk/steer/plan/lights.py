"""Lights of targets as word, icon and colour. Who computes them registers here; pages ask for many at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy as _c

from liandesk.base.accounts.roles import Viewer

Colour = Literal["green", "yellow", "red", "grey"]


@dataclass(frozen=True)
class Light:
    """The computed light of a target, and the one that its office reported ("": none); ``url`` opens the arithmetic."""

    colour: Colour
    reported: Colour | Literal[""] = ""
    url: str = ""


Provider = Callable[[Viewer, Collection[str]], Mapping[str, Light]]
"""Takes ids of targets and gives the lights that the viewer may see."""

LIGHTS: list[Provider] = []
WORDS: Mapping[str, tuple[Promise, str]] = {
    "green": (_c("light", "On track"), "circle-check"),
    "yellow": (_c("light", "Slipping"), "alert-triangle"),
    "red": (_c("light", "Off track"), "alert-octagon"),
    "grey": (_c("light", "Not known"), "help-circle"),
}
"""Word and icon of each colour."""


def lights_of(viewer: Viewer, targets: Collection[str]) -> dict[str, Light]:
    """Return the light of each target, grey where nobody computed one."""
    found: dict[str, Light] = dict.fromkeys(targets, Light("grey"))
    for provider in LIGHTS:
        found |= provider(viewer, targets)
    return found


@lru_cache(maxsize=4096)
def page_of(route: str, target: str) -> str:
    """Return the address of a page of a target; looked up once: the tree of a plan has hundreds."""
    return reverse(route, args=[target])
