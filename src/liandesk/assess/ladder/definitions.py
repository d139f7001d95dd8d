"""The kind ``ladder``: which titles are its rungs, the lowest first, and when an expiry is reminded of."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Any

from django.utils.translation import pgettext_lazy
from pydantic import Field

from liandesk.base.definitions.kinds import KINDS, Kind
from liandesk.base.definitions.queries import hashes_in_force, with_hash
from liankit.process.check import build_part
from liankit.process.definition import Coded, Key, Text

LADDER = "ladder"


class Ladder(Coded):
    """The rungs of the ladder as codes of titles, and the days before the end of a title on which it is reminded of."""

    source: Text | None = None
    rungs: tuple[Key, ...] = ()
    remind_days: Annotated[int, Field(ge=0)] = 183


_NONE = Ladder(key=LADDER, title=Text(zh="梯度", en="Ladder"))


def build_ladder(body: Any, file: str) -> Ladder:
    """Return the ladder of a parsed body; raise DefinitionError with every mistake."""
    return build_part(Ladder, body, file)


def ladder() -> Ladder:
    """Return the ladder in force today; one without rungs where nobody has put any into force."""
    found = hashes_in_force(LADDER).get(LADDER)
    return _built(found) if found else _NONE


def register() -> None:
    KINDS[LADDER] = Kind(LADDER, pgettext_lazy("definition", "Ladder of enterprises"), "ladders", build_ladder)


@lru_cache(maxsize=16)
def _built(found: str) -> Ladder:
    return build_ladder(with_hash(LADDER, found).body, LADDER)
