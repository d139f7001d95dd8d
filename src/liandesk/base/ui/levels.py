"""Risk levels as word, icon and colour: never colour alone."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy as _c


@dataclass(frozen=True)
class Level:
    """One level; ``code`` is also the name of its colour."""

    code: str
    title: Promise
    icon: str


LEVELS = (
    Level("red", _c("level", "High"), "alert-octagon"),
    Level("orange", _c("level", "Elevated"), "alert-triangle"),
    Level("yellow", _c("level", "Medium"), "alert-circle"),
    Level("blue", _c("level", "Low"), "info-circle"),
)
NOT_SET = Level("none", _c("level", "not set"), "circle")


def level(code: str) -> Level:
    """Return the level with a code; anything else is not set."""
    return next((level for level in LEVELS if level.code == code), NOT_SET)
