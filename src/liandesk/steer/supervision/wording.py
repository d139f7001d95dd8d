"""Words of the pages of supervision."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy as _c

STANDINGS = {
    "early": (_c("standing", "Reached early"), "circle-check"),
    "ahead": (_c("standing", "Ahead"), "circle-check"),
    "on_track": (_c("standing", "On track"), "circle-check"),
    "behind": (_c("standing", "Behind"), "alert-triangle"),
    "unknown": (_c("standing", "Not known"), "help-circle"),
}
"""Word and icon of each level; unknown is no level, and is said."""


def standing_word(code: str) -> str:
    """Return the word of a level."""
    return str(STANDINGS[code][0])
