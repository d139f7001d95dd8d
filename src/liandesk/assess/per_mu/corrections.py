"""How a correction reads: what was published before and after, the figure, the lines between classes, who moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from liandesk.assess.per_mu.models import Correction
from liandesk.assess.per_mu.policies import PER_MU
from liandesk.assess.per_mu.wording import class_said, score_said
from liandesk.assess.rules.queries import vocabulary
from liandesk.base.accounts.access import can, visibility
from liandesk.base.accounts.roles import Viewer
from liandesk.base.ui.display import language
from liandesk.know.registry.models import Organisation


@dataclass(frozen=True)
class ShownEffect:
    """What a right figure changes by our computation; who else moves is told to whoever may weigh."""

    before: str | None
    after: str | None
    score_before: str | None
    score_after: str | None
    lines: list[tuple[str, str | None, str | None, bool]]  # class, score of its last place then and now, moved
    movers: list[tuple[str, str, str]] | None  # name, class then and now; None: not this viewer's to see
    others: int


@dataclass(frozen=True)
class ShownCorrection:
    """A result that was published anew."""

    made: Correction
    before: str
    after: str
    figure: str
    effect: ShownEffect | None


def shown_correction(viewer: Viewer, made: Correction) -> ShownCorrection:
    """Return a correction in the reader's words."""
    figure = next((one.title for one in vocabulary().inputs if one.key == made.figure), None)
    title = getattr(figure, language()) if figure else ""
    effect = shown_effect(viewer, made.effect) if made.effect else None
    return ShownCorrection(made, made.before.upper(), made.after.upper(), title, effect)


def shown_effect(viewer: Viewer, effect: Mapping[str, Any]) -> ShownEffect:
    """Return what follows from a right figure, with the names of others only for whoever may see them."""
    before, after = effect["before"], effect["after"]
    lines = [
        (one["class"].upper(), _score(one), _score({"low": one["low_after"], "high": one["high_after"]}))
        for one in effect["lines"]
    ]
    return ShownEffect(
        class_said(before["best"], before["worst"]),
        class_said(after["best"], after["worst"]),
        _score(before),
        _score(after),
        [(name, old, new, old != new) for name, old, new in lines],
        _movers(viewer, effect["moved"]) if can(viewer, PER_MU, "weigh") else None,
        len(effect["moved"]),
    )


def _score(line: Mapping[str, Any]) -> str | None:
    high = float("inf") if line["high"] is None and line["low"] is not None else line["high"]
    return score_said(line["low"], high)


def _movers(viewer: Viewer, moved: list[Mapping[str, str]]) -> list[tuple[str, str, str]]:
    seen = Organisation.objects.filter(visibility(viewer, PER_MU).as_q(), pk__in=[one["enterprise"] for one in moved])
    names = dict(seen.values_list("pk", "name"))
    return [
        (names[one["enterprise"]], one["before"].upper(), one["after"].upper())
        for one in moved
        if one["enterprise"] in names
    ]
