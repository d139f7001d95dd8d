"""What a person said of what a program found in a text: accepted, corrected, rejected, joined to another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from liankit.plan.anchors import Row

Verdict = Literal["open", "accepted", "corrected", "rejected", "merged"]

CORRECTED = (
    "kind", "wording", "comparator", "value", "unit", "deadline", "counting", "binding", "commitment", "office", "role"
)  # fmt: skip
"""What a person may say otherwise than the program."""


LONG = 240
"""Signs from which a measure is told by its heading."""


@dataclass(frozen=True)
class Reviewed:
    """One found row with what a person said of it; ``into`` is the key of the one that it was joined to."""

    key: str
    row: Row
    verdict: Verdict = "open"
    said: Mapping[str, Any] = field(default_factory=dict)
    into: str = ""

    @property
    def kind(self) -> str:
        return self.get("kind")

    @property
    def wording(self) -> str:
        """Return what it says in words: a person's, a heading's, else its text; empty where a heading is lost."""
        if said := self.said.get("wording"):
            return str(said)
        if self.kind in ("programme", "section"):
            return self.row.get("title") or ""
        text: str = self.row["text"]
        return self.row.get("title") or text if len(text) > LONG else text

    @property
    def is_kept(self) -> bool:
        """Say whether a person took it over, as it was found or corrected."""
        return self.verdict in ("accepted", "corrected")

    def get(self, name: str) -> Any:
        """Return a field as a person said it, else as it was found; None where it is unknown."""
        return self.said[name] if name in self.said else self.row.get(name)


class Tree:
    """The reviewed rows of one text by what they belong to."""

    def __init__(self, found: Sequence[Reviewed]) -> None:
        self.found = tuple(found)
        self._by_key = {one.key: one for one in found}
        self._by_id = {one.row["id"]: one for one in found}

    def above(self, one: Reviewed) -> Iterator[Reviewed]:
        """Yield what a row stands in, the nearest first; what was joined to another stands for that other."""
        seen = {one.key}
        parent = self._parent(one)
        while parent is not None and parent.key not in seen:
            seen.add(parent.key)
            if parent.verdict != "rejected":
                yield parent
            parent = self._parent(parent)

    def home(self, one: Reviewed) -> Reviewed | None:
        """Return the programme that a row belongs to, else the nearest section; None where it stands alone."""
        above = list(self.above(one))
        of_kind = {kind: next((each for each in above if each.kind == kind), None) for kind in ("programme", "section")}
        return of_kind["programme"] or of_kind["section"]

    def below(self, one: Reviewed) -> list[Reviewed]:
        """Return everything that stands in a row, in the order of the text."""
        return [each for each in self.found if any(over.key == one.key for over in self.above(each))]

    def _parent(self, one: Reviewed) -> Reviewed | None:
        parent = self._by_id.get(one.row.get("parent"))
        while parent is not None and parent.verdict == "merged" and parent.into in self._by_key:
            parent = self._by_key[parent.into]
        return parent
