"""How a text and what was found in it stand beside each other on a page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from liandesk.base.ui.numbers import plain
from liandesk.steer.plan.shown import office_name
from liandesk.steer.plan.wording import BINDINGS, COMMITMENTS, ROLES
from liandesk.steer.texts import wording
from liandesk.steer.texts.models import KINDS
from liandesk.steer.texts.reviews import PLAN_KINDS, Review
from liankit.plan.anchors import Change
from liankit.plan.review import Reviewed, Tree

DOUBTFUL = 0.7
"""Below this confidence a thing is marked as doubtful."""

_CODED: Mapping[str, Mapping[str, Any]] = {
    "kind": KINDS,
    "comparator": wording.COMPARATORS,
    "counting": wording.COUNTINGS,
    "binding": BINDINGS,
    "commitment": COMMITMENTS,
    "role": ROLES,
}
_DETAILS = ("deadline", "counting", "commitment", "binding")


@dataclass(frozen=True)
class Piece:
    """A stretch of the text: which thing it shows (the innermost), and which others begin with it."""

    text: str
    found: Reviewed | None
    is_first: bool
    begins: tuple[str, ...]


@dataclass(frozen=True)
class Item:
    """One thing found, as a line: how deep it stands, what is said of it, what a person decided."""

    found: Reviewed
    version: int
    depth: int
    details: tuple[str, ...]
    is_doubtful: bool
    into: str = ""  # in words, what it was joined to

    @property
    def kind(self) -> Any:
        return KINDS.get(self.found.kind, self.found.kind)

    @property
    def verdict(self) -> Any:
        return wording.VERDICTS[self.found.verdict]

    @property
    def is_decided_about(self) -> bool:
        """Say whether a plan is made of it, or somebody said something of it all the same."""
        return self.found.kind in PLAN_KINDS or self.found.verdict != "open"

    @property
    def icon(self) -> str:
        return wording.ICONS[self.found.verdict]


@dataclass(frozen=True)
class Group:
    """A programme or a section with what belongs to it; without a head what belongs nowhere."""

    head: Item | None
    items: tuple[Item, ...]

    @property
    def undecided(self) -> int:
        """Return how many of it are undecided."""
        every = [*self.items, *([self.head] if self.head else [])]
        return sum(one.found.verdict == "open" and one.found.kind in PLAN_KINDS for one in every)


def pieces(review: Review) -> Iterator[Piece]:
    """Yield the text cut where things begin and end; each piece shows the shortest thing that it lies in."""
    shown = [one for one in review.found if one.kind in PLAN_KINDS or one.kind == "section"]
    starts: defaultdict[int, list[Reviewed]] = defaultdict(list)
    for one in shown:
        starts[one.row["start"]].append(one)
    cuts = sorted({0, len(review.content), *starts, *(one.row["end"] for one in shown)})
    over: list[Reviewed] = []
    told: set[str] = set()
    for start, end in pairwise(cuts):
        over = [one for one in over if one.row["end"] > start] + starts[start]
        inner = min(over, key=lambda one: one.row["end"] - one.row["start"], default=None)
        is_first = inner is not None and inner.key not in told
        told |= {inner.key} if inner else set()
        begins = tuple(one.key for one in starts[start] if one.key not in told)
        told.update(begins)
        yield Piece(review.content[start:end], inner, is_first, begins)


def groups(review: Review) -> list[Group]:
    """Return what was found by the programmes and sections that it belongs to, in the order of the text."""
    tree = Tree(review.found)
    heads: dict[str, list[Item]] = {"": []}
    by_key = {one.key: one for one in review.found}
    for one in review.found:
        if one.kind in ("programme", "section"):
            heads.setdefault(one.key, [])
        elif one.kind in PLAN_KINDS:
            home = tree.home(one)
            heads.setdefault(home.key if home else "", []).append(item(review, one, by_key, tree))
    made = [Group(item(review, by_key[key], by_key, tree) if key else None, tuple(held)) for key, held in heads.items()]
    return [group for group in made if group.items or (group.head and group.head.found.kind == "programme")]


def item(review: Review, one: Reviewed, by_key: Mapping[str, Reviewed], tree: Tree) -> Item:
    """Return one thing as a line."""
    held = review.corrections.get(one.key)
    is_under = any(each.kind in ("measure", "duty") for each in tree.above(one))
    into = by_key[one.into].wording if one.into in by_key else ""
    is_doubtful = one.verdict == "open" and one.row["confidence"] < DOUBTFUL
    return Item(one, held.version if held else 0, 1 if is_under else 0, tuple(_details(one)), is_doubtful, into)


def said_of(name: str, value: Any) -> str | None:
    """Return the value of a field in words; None where it is not known."""
    if value is None or value == "":
        return None
    if name == "office":
        return office_name(str(value))
    if name in _CODED:
        return str(_CODED[name].get(value, value))
    return plain(value) if isinstance(value, float | int) else str(value)


def quantity(one: Reviewed) -> str:
    """Return what a target asks for: "≥ 5 家"; an empty text where no value is known."""
    if one.get("value") is None:
        return ""
    high = one.row.get("high")
    upper = f"–{plain(high)}" if high is not None and "value" not in one.said else ""
    sign = wording.COMPARATORS.get(one.get("comparator"), "")
    return f"{sign} {plain(one.get('value'))}{upper} {one.get('unit') or ''}".strip()


def lines_of(change: Change) -> list[tuple[str, str | None, str | None]]:
    """Return what a newer reading changed of one place: field, before, after, in words."""
    return [
        (str(wording.FIELDS.get(name, name)), said_of(name, before), said_of(name, after))
        for name, (before, after) in change.fields.items()
    ]


def _details(one: Reviewed) -> Iterator[str]:
    if one.kind == "target":
        yield quantity(one)
        for name in _DETAILS:
            value = said_of(name, one.get(name))
            if value and one.get(name) != "unstated":
                yield value
    if one.kind == "unit":
        yield said_of("office", one.get("office")) or ""
        yield said_of("role", one.get("role")) or ""
