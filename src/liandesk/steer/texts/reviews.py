"""What was found in a text together with what people said of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from liandesk.base.snapshots import store
from liandesk.steer.texts.models import Correction, Parse, PlanText, Verdict
from liankit.plan.anchors import Anchor, Row, anchored, match
from liankit.plan.review import Reviewed

Anchored = Mapping[str, tuple[Anchor, Row]]


@dataclass(frozen=True)
class Review:
    """A text as read last; corrections by the key of their place, and those whose place is gone."""

    text: PlanText
    parse: Parse | None
    content: str
    found: tuple[Reviewed, ...]
    anchors: Mapping[str, Anchor]
    corrections: Mapping[str, Correction]
    orphans: tuple[Correction, ...]

    def one(self, key: str) -> Reviewed | None:
        """Return what was found at a place."""
        return next((each for each in self.found if each.key == key), None)

    @property
    def undecided(self) -> int:
        """Return how many things that a plan is made of nobody has decided about."""
        return sum(each.verdict == "open" and each.kind in PLAN_KINDS for each in self.found)


PLAN_KINDS = frozenset({"programme", "target", "measure", "duty", "unit"})
"""Of what is found, what a plan is made of."""


def review_of(text: PlanText) -> Review:
    """Return a text with what is found in it; nothing is found in one that is not read yet."""
    parse = text.parses.first()
    content, rows = read(parse) if parse else ("", {})
    kept = {each.pk: each for each in text.corrections.all()}
    places = match({pk: anchor_of(each) for pk, each in kept.items()}, {key: here for key, (here, _) in rows.items()})
    by_place = {place: kept[pk] for pk, place in places.items() if _holds(kept[pk], places)}
    found = tuple(_reviewed(key, row, by_place.get(key), places) for key, (_, row) in rows.items())
    return Review(
        text=text,
        parse=parse,
        content=content,
        found=found,
        anchors={key: here for key, (here, _) in rows.items()},
        corrections=by_place,
        orphans=tuple(each for each in kept.values() if each not in by_place.values()) if parse else (),
    )


def count_undecided(text: PlanText) -> None:
    """Write beside a text how much of it nobody has decided about."""
    PlanText.objects.filter(pk=text.pk).update(undecided=review_of(text).undecided)


def read(parse: Parse) -> tuple[str, Anchored]:
    """Return the text that a parse read and what it found, by place."""
    content = store.get_bytes(parse.content).decode()
    return content, anchored(content, json.loads(store.get_bytes(parse.found)))


def anchor_of(correction: Correction) -> Anchor:
    return Anchor(correction.kind, correction.words, correction.before, correction.after)


def counts_of(rows: Iterable[Row]) -> dict[str, int]:
    """Return how many rows there are of each kind."""
    found: dict[str, int] = {}
    for row in rows:
        found[row["kind"]] = found.get(row["kind"], 0) + 1
    return found


def _holds(correction: Correction, places: Mapping[int, str]) -> bool:
    """What was joined to something that is gone has nothing to be joined to."""
    return correction.verdict != Verdict.MERGED or correction.into_id in places


def _reviewed(key: str, row: Row, said: Correction | None, places: Mapping[int, str]) -> Reviewed:
    if said is None:
        return Reviewed(key, row)
    into = places.get(said.into_id, "") if said.into_id else ""
    return Reviewed(key, row, said.verdict, said.said, into)  # type: ignore[arg-type]
