"""Find again what was found in a text before, by what it says and what stands around it; offsets move, these stay.

Rows are those of :func:`liankit.plan.parsing.rows`. Spaces and the width of signs do not count: another reader of the
same file may set them differently.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter, defaultdict, deque
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, NamedTuple, TypeVar

Row = Mapping[str, Any]
Key = TypeVar("Key", bound=Hashable)

AROUND = 24
"""Signs kept on each side of a span."""
ENOUGH = 16
"""Signs that the span and the text around it must share to be the same place: an office's name alone is not enough."""

_NOT_SAID = frozenset({"id", "parent", "file", "start", "end", "text", "confidence", "body_start", "body_end", "units"})
"""Of a row, what says where it is or hangs together, not what it says."""


@dataclass(frozen=True)
class Anchor:
    """What a span says and what stands before and after it, without spaces, every sign in its plain width."""

    kind: str
    text: str
    before: str
    after: str

    @property
    def key(self) -> str:
        """Return a short name of the place, the same as long as the text around it is."""
        said = "\n".join((self.kind, self.text, self.before, self.after))
        return hashlib.sha256(said.encode()).hexdigest()[:12]


class Change(NamedTuple):
    """What a second parse says of one place: field -> (before, after); for a new or a gone place nothing more."""

    kind: str  # added | gone | changed
    row: Row
    fields: Mapping[str, tuple[Any, Any]]


def squeeze(text: str) -> str:
    """Return a text without spaces, in plain width.

    >>> squeeze("到 ２０２５年，\\n５家")
    '到2025年,5家'
    """
    return "".join(unicodedata.normalize("NFKC", text).split())


def anchor(text: str, row: Row) -> Anchor:
    """Return the anchor of a found row in the text that it was found in."""
    start, end = row["start"], row["end"]
    before, after = text[max(0, start - 4 * AROUND) : start], text[end : end + 4 * AROUND]
    return Anchor(row["kind"], squeeze(text[start:end]), squeeze(before)[-AROUND:], squeeze(after)[:AROUND])


def anchored(text: str, rows: Iterable[Row]) -> dict[str, tuple[Anchor, Row]]:
    """Return rows by the keys of their places, in their order; the same words in the same company are numbered."""
    found: dict[str, tuple[Anchor, Row]] = {}
    seen: Counter[str] = Counter()
    for row in rows:
        here = anchor(text, row)
        seen[here.key] += 1
        found[here.key if seen[here.key] == 1 else f"{here.key}-{seen[here.key]}"] = here, row
    return found


def match(kept: Mapping[Key, Anchor], here: Mapping[str, Anchor]) -> dict[Key, str]:
    """Return which place each kept anchor is now; one place for one anchor, the closest surroundings first.

    An anchor without a place is not in the answer: what it was made for is gone, or says something else.
    """
    same: defaultdict[Anchor, deque[str]] = defaultdict(deque)
    for place, one in here.items():
        same[one].append(place)
    found = {key: same[old].popleft() for key, old in kept.items() if same[old]}
    left = {place: here[place] for place in here.keys() - set(found.values())}
    return found | _nearest({key: old for key, old in kept.items() if key not in found}, left)


def _nearest(kept: Mapping[Key, Anchor], here: Mapping[str, Anchor]) -> dict[Key, str]:
    """Return the places that say the same in the most alike surroundings, the closest pair first."""
    by_text: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for place in sorted(here):
        by_text[here[place].kind, here[place].text].append(place)
    pairs = [
        (-shared, number, place, key)
        for number, (key, old) in enumerate(kept.items())
        for place in by_text.get((old.kind, old.text), ())
        if len(old.text) + (shared := _shared(old, here[place])) >= ENOUGH
    ]
    found: dict[Key, str] = {}
    taken: set[str] = set()
    for _, _, place, key in sorted(pairs, key=lambda pair: pair[:2]):
        if key not in found and place not in taken:
            found[key] = place
            taken.add(place)
    return found


def _shared(one: Anchor, other: Anchor) -> int:
    """Return how many signs next to the span are the same on both sides."""
    pairs_before = zip(reversed(one.before), reversed(other.before), strict=False)
    return _run(pairs_before) + _run(zip(one.after, other.after, strict=False))


def _run(pairs: Iterable[tuple[str, str]]) -> int:
    """Return how many pairs from the first are of the same sign."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def compare(before: Mapping[str, tuple[Anchor, Row]], after: Mapping[str, tuple[Anchor, Row]]) -> list[Change]:
    """Return what a second parse changed, in the order of the text, what is gone last."""
    was = match({key: here for key, (here, _) in before.items()}, {key: here for key, (here, _) in after.items()})
    old_of = {place: before[key][1] for key, place in was.items()}
    changes = [_change(old_of.get(key), row) for key, (_, row) in after.items()]
    gone = [Change("gone", row, {}) for key, (_, row) in before.items() if key not in was]
    return [change for change in changes if change is not None] + gone


def _change(old: Row | None, row: Row) -> Change | None:
    if old is None:
        return Change("added", row, {})
    names = [name for name in (*row, *(name for name in old if name not in row)) if name not in _NOT_SAID]
    fields = {name: (old.get(name), row.get(name)) for name in names if old.get(name) != row.get(name)}
    return Change("changed", row, fields) if fields else None
