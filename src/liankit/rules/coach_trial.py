"""Changes that somebody picks: how an enterprise would stand under a scheme on a day after them, and their effort.

Nothing is searched here. What cannot be moved by the day is not offered; what is not known can be supposed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import polars as pl

from liankit.rules.coach import WAIT_EFFORT, spoken_by
from liankit.rules.coach_levers import Lever, Outset, outset
from liankit.rules.evaluate import Grades, grade
from liankit.rules.panel import FACTS, build_panel
from liankit.rules.scheme import Scheme
from liankit.rules.vocabulary import Input, Vocabulary

_SUPPOSED = ("yearly", "standing", "flag")
"""Kinds of inputs that one number answers: a flag 1 or 0."""


@dataclass(frozen=True)
class Trial:
    """How one enterprise stands after some changes, and their effort with that of waiting."""

    grades: Grades
    effort: float


@dataclass(frozen=True)
class Choice:
    """What can be picked for one enterprise that applies under a scheme on ``day``, seen from ``today``.

    ``facts`` are the lines of ``panel.FACTS`` of the enterprise as known on ``today``.
    """

    scheme: Scheme
    facts: pl.DataFrame
    vocabulary: Vocabulary
    today: date
    day: date

    @cached_property
    def words(self) -> Vocabulary:
        """The part of the vocabulary that the scheme rests on."""
        return spoken_by([self.scheme], self.vocabulary)

    @cached_property
    def levers(self) -> tuple[Lever, ...]:
        """What is known and can be moved by the day."""
        return self._start({}).levers

    @cached_property
    def open(self) -> tuple[Input, ...]:
        """What is not known, and could be answered by a number or by yes or no."""
        known = set(self.facts["input"].unique())
        return tuple(one for one in self.words.inputs if one.kind in _SUPPOSED and one.key not in known)

    def tried(self, picked: Mapping[str, float], supposed: Mapping[str, float]) -> Trial:
        """Return how it stands after what was picked of levers, where open inputs are supposed to be so.

        ``picked`` is, by input, the value that a number is to have, how many more of events, and 1 for a flag or
        category that is to change; ``supposed`` the value of an open input. Other names are passed over.
        """
        start = self._start(supposed)
        steps = np.array([[_steps(one, picked.get(one.input.key)) for one in start.levers]])
        changed = start.varied(steps.reshape(1, len(start.levers)))
        panel = build_panel(changed, self.words, self.day, pl.Series(["0"]))
        effort = sum(max(0.0, taken) * one.change.effort for taken, one in zip(steps[0], start.levers, strict=True))
        return Trial(grade([self.scheme], panel)[0], effort + WAIT_EFFORT * (self.day - self.today).days)

    def _start(self, supposed: Mapping[str, float]) -> Outset:
        lines = [_answer(one, supposed[one.key], self.day) for one in self.open if one.key in supposed]
        start = outset(self.facts, self.words, self.today, self.day)
        extra = pl.DataFrame(lines, schema=FACTS).with_columns(
            lever=pl.lit(-1), first=pl.lit(0), last=pl.lit(0), per_step=pl.lit(0.0)
        )
        return Outset(start.day, start.levers, pl.concat([start.lines, extra.select(start.lines.columns)]))


def _steps(lever: Lever, asked: float | None) -> float:
    """Return how many steps of a lever reach what is asked; parts of a step, too. What gets worse is below 0."""
    if asked is None:
        return 0.0
    return asked if lever.value is None else (asked - lever.value) / lever.change.step


def _answer(one: Input, value: float, day: date) -> dict[str, object]:
    """Return the fact that an open input has a value on a day: a yearly one in the last year that has ended."""
    dated = date(day.year - 1, 12, 31) if one.kind == "yearly" else day
    text = ("yes" if value else "no") if one.kind == "flag" else None
    number = None if one.kind == "flag" else value
    return {"enterprise": "", "input": one.key, "date": dated, "until": None, "number": number, "text": text}
