"""Four-level judgement of an evaluation: reached early, ahead, on track, behind; unknown stays unknown.

The levels are those of the mid-term evaluation of China's 14th five-year plan, published in December 2023 (提前实现,
快于预期, 符合预期, 滞后). The arithmetic is the deviation of completion from time progress. How far the two may lie
apart is given by whoever judges: no public text fixes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from liankit.reasons import Reason

Grade = Literal["early", "ahead", "on_track", "behind", "unknown"]
GRADES: tuple[Grade, ...] = ("early", "ahead", "on_track", "behind")
"""The four levels that a person may give, the best first."""


@dataclass(frozen=True)
class Margins:
    """How far completion may lie from time progress and still be on track; shares of the whole, both at least 0."""

    ahead: float
    behind: float


@dataclass(frozen=True)
class Judged:
    """A level, and why."""

    grade: Grade
    reasons: tuple[Reason, ...]


def judge(
    completion: float | None,
    time_progress: float,
    margins: Margins,
    *,
    reached_on: date | None = None,
    due: date | None = None,
) -> Judged:
    """Return the level of something that is ``completion`` done (1: wholly) when ``time_progress`` of it is due.

    ``reached_on`` is the day on which it was reached, where that is known; ``due`` the day by which it had to be.
    """
    if reached_on is not None and due is not None:
        return _reached(reached_on, due)
    if completion is None:
        return _unknown(time_progress)
    apart = round(completion - time_progress, 9)  # 0.55 - 0.5 is not more than 0.05
    reasons = (
        Reason("judgement.completion", None, completion, completion, "share"),
        Reason("judgement.time_progress", None, time_progress, time_progress, "share"),
        Reason("judgement.apart", apart >= -margins.behind, apart, apart, "share", -margins.behind),
    )
    return Judged(_grade(completion, time_progress, apart, margins), reasons)


def _reached(reached_on: date, due: date) -> Judged:
    """Before its day is early, on it on track; later is behind, though done."""
    grade: Grade = "early" if reached_on < due else "on_track" if reached_on == due else "behind"
    days = float((due - reached_on).days)
    said = {"on": reached_on.isoformat(), "due": due.isoformat()}
    return Judged(grade, (Reason("judgement.reached", reached_on <= due, days, days, "days", params=said),))


def _unknown(time_progress: float) -> Judged:
    """Nothing is known of it: unknown while there is time, behind when there is none."""
    reason = Reason("judgement.completion_unknown", None, time_progress, time_progress, "share")
    return Judged("behind" if time_progress >= 1 else "unknown", (reason,))


def _grade(completion: float, time_progress: float, apart: float, margins: Margins) -> Grade:
    if completion >= 1:
        return "early" if time_progress < 1 else "on_track"
    if time_progress >= 1 or apart < -margins.behind:
        return "behind"
    return "ahead" if apart > margins.ahead else "on_track"


def worst(grades: Sequence[Grade]) -> Grade:
    """Return the worst known level of several; unknown where none is known."""
    return max((one for one in grades if one != "unknown"), key=GRADES.index, default="unknown")
