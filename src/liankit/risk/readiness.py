"""How far a backup is from taking over: months left on its path, and readiness from 0 to 1 with its reasons.

Everything is an interval: a step nobody told of may be done or not, a regulatory class nobody set may be any. The rules
(steps, classes, decay) are data, read by :func:`build_rules`. Readiness is

    share of the path done x what the technology readiness level allows x freshness x what drills showed

Every factor lies between 0 and 1 and falls with what is missing, stale, overdue or failed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from liankit.errors import UserError
from liankit.reasons import Reason

DAYS_OF_MONTH = 30.4
Ends = tuple[float, float]
OpenEnds = tuple[float | None, float | None]
Months = tuple[Annotated[float, Field(ge=0)], Annotated[float, Field(ge=0)]]
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Confidence = Literal["low", "medium", "high"]
Share = Annotated[float, Field(ge=0, le=1)]
_ANY: Ends = (0.0, 1.0)


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(_Part):
    """A text in both languages."""

    zh: str
    en: str


class Coded(_Part):
    """A key with its title."""

    key: Key
    title: Text


class ChangeClass(Coded):
    """A regulatory class of a change and how long its filing takes, in months."""

    months: Months
    source: str
    confidence: Confidence


class PathStep(Coded):
    """A step of a path; it begins when all in ``after`` are done. Without ``months`` it takes its class's."""

    months: Months | None = None
    after: tuple[Key, ...] = ()


class Path(Coded):
    """The steps from a first look to taking over, with where their lengths come from."""

    source: str
    confidence: Confidence
    steps: Annotated[tuple[PathStep, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _only_earlier_steps(self) -> Path:
        known: set[str] = set()
        for step in self.steps:
            if not known.issuperset(step.after):
                raise ValueError(f"step '{step.key}' comes after one that does not stand before it")
            known.add(step.key)
        return self


class BackupType(Coded):
    """A type of backup: its path, the readiness level it needs (None: none), and how often it is drilled, in months."""

    path: Key
    trl_needed: Annotated[int, Field(ge=1, le=9)] | None = None
    drill_months: Annotated[int, Field(gt=0)]


class Level(_Part):
    """A technology readiness level."""

    level: Annotated[int, Field(ge=1, le=9)]
    title: Text


class Scale(_Part):
    """The scale of technology readiness and where its names come from."""

    source: str
    confidence: Confidence
    levels: tuple[Level, ...]


class Decay(_Part):
    """Readiness counts in full until ``fresh_months`` after it was last confirmed, for nothing from ``gone_months``."""

    fresh_months: Annotated[float, Field(ge=0)]
    gone_months: Annotated[float, Field(gt=0)]


class DrillFactors(_Part):
    """What is left of readiness when a drill is overdue, was never held, or did not pass."""

    overdue: Share
    never: Share
    partly: Share
    failed: Share


class Proposed(_Part):
    """A kind of item whose entries are proposed as technologies of a kind."""

    item_kind: Key
    technology: Key


class Rules(_Part):
    """What readiness follows from; ``source`` says who set the decay and the factors."""

    key: Key
    title: Text
    source: str
    trl: Scale
    change_classes: tuple[ChangeClass, ...]
    paths: tuple[Path, ...]
    types: tuple[BackupType, ...]
    decay: Decay
    drills: DrillFactors
    proposed: tuple[Proposed, ...] = ()

    @model_validator(mode="after")
    def _paths_exist(self) -> Rules:
        known = {path.key for path in self.paths}
        for kind in self.types:
            if kind.path not in known:
                raise ValueError(f"type '{kind.key}' takes the path '{kind.path}', which is not there")
        return self

    def level_name(self, level: int, language: str) -> str:
        """Return the name of a technology readiness level; the number alone where the scale has no name for it."""
        names = {one.level: one.title.zh if language == "zh" else one.title.en for one in self.trl.levels}
        return names.get(level, str(level))

    def type_of(self, key: str) -> BackupType:
        """Return a type of backup by its key."""
        return next(kind for kind in self.types if kind.key == key)

    def path_of(self, type_key: str) -> Path:
        """Return the path of a type of backup."""
        wanted = self.type_of(type_key).path
        return next(path for path in self.paths if path.key == wanted)


def build_rules(body: Any, file: str) -> Rules:
    """Read rules from the data of a definition; UserError names the file and the first part that is wrong."""
    try:
        return Rules.model_validate(body)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the whole"
        raise UserError(f"{file}: {place}: {first['msg']}. Mend this part and send it again.") from None


@dataclass(frozen=True)
class Held:
    """What is known of a backup. ``steps_done`` None: nobody said; ``confirmed_on``: when it was last looked at."""

    type: str
    steps_done: Collection[str] | None
    change_class: str = ""
    trl: int | None = None
    confirmed_on: date | None = None
    last_drill: date | None = None
    last_result: str = ""
    next_drill: date | None = None


@dataclass(frozen=True)
class Readiness:
    """Readiness from ``low`` to ``high`` (0 to 1), the months left until the backup can take over, and why."""

    low: float
    high: float
    months: Ends
    reasons: tuple[Reason, ...]


def months_left(path: Path, rules: Rules, done: Collection[str], change_class: str) -> Ends:
    """Return the least and the most months until the last step is done; steps that need not wait run side by side."""
    low, high = _filing(rules, change_class)
    return _longest(path, done, 0, low), _longest(path, done, 1, high)


def _filing(rules: Rules, change_class: str) -> Ends:
    """Return how long the filing takes; of an unknown class between the shortest and the longest of all."""
    known = [one.months for one in rules.change_classes if one.key == change_class]
    ends = known or [one.months for one in rules.change_classes] or [(0.0, 0.0)]
    return min(low for low, _ in ends), max(high for _, high in ends)


def _longest(path: Path, done: Collection[str], end: int, filing: float) -> float:
    finished: dict[str, float] = {}
    for step in path.steps:
        length = 0.0 if step.key in done else step.months[end] if step.months else filing
        finished[step.key] = length + max((finished[before] for before in step.after), default=0.0)
    return max(finished.values())


def assess(held: Held, rules: Rules, today: date) -> Readiness:
    """Return the readiness of a backup on a day, with one reason for each factor."""
    path = rules.path_of(held.type)
    months = _left(held, path, rules)
    factors = [
        _of_path(held, path, rules, months),
        _of_level(held, rules),
        _of_age(held, rules, today),
        _of_drills(held, rules, today),
    ]
    low, high = 1.0, 1.0
    for ends, _reasons in factors:
        low, high = low * ends[0], high * ends[1]
    return Readiness(low, high, months, tuple(reason for _ends, reasons in factors for reason in reasons))


def _left(held: Held, path: Path, rules: Rules) -> Ends:
    """Return the months left; where nobody said which steps are done, from none to the whole path."""
    whole = months_left(path, rules, held.steps_done or (), held.change_class)
    return whole if held.steps_done is not None else (0.0, whole[1])


_Factor = tuple[Ends, list[Reason]]


def _of_path(held: Held, path: Path, rules: Rules, left: Ends) -> _Factor:
    """The share of the path that is behind, by its shortest and by its longest reckoning."""
    source = f"{path.source} ({path.confidence})"
    reasons = [Reason("backup_months_left", left[1] == 0, left[0], left[1], "months", source=source)]
    if held.steps_done is None:
        return _ANY, [Reason("backup_steps_unknown", None), *reasons]
    done = len({step.key for step in path.steps} & set(held.steps_done))
    count = Reason("backup_steps_done", done == len(path.steps), done, done, "", params={"of": len(path.steps)})
    if needs_class(path) and not held.change_class:
        reasons.append(Reason("backup_class_unknown", None))
    return _behind(path, held.steps_done, _filing(rules, held.change_class)), [count, *reasons]


def _behind(path: Path, done: Collection[str], filing: Ends) -> Ends:
    """Return the least and the most share of the path that is behind, over short and long steps and filings."""
    shares = [1.0]
    for end, length in product((0, 1), filing):
        whole = _longest(path, (), end, length)
        if whole > 0:
            shares.append(1 - _longest(path, done, end, length) / whole)
    return min(shares), max(shares[1:], default=1.0)


def needs_class(path: Path) -> bool:
    """Answer whether a step of the path takes as long as its change class says."""
    return any(step.months is None for step in path.steps)


def _of_level(held: Held, rules: Rules) -> _Factor:
    needed = rules.type_of(held.type).trl_needed
    if needed is None:
        return (1.0, 1.0), []
    if held.trl is None:
        return (1 / needed, 1.0), [Reason("backup_trl", None, threshold=needed, source=rules.trl.source)]
    factor = min(1.0, held.trl / needed)
    return (factor, factor), [
        Reason("backup_trl", held.trl >= needed, held.trl, held.trl, "", needed, source=rules.trl.source)
    ]


def _of_age(held: Held, rules: Rules, today: date) -> _Factor:
    """What was last confirmed or drilled long ago counts less, after ``gone_months`` for nothing."""
    last = max((day for day in (held.confirmed_on, held.last_drill) if day), default=None)
    fresh, gone = rules.decay.fresh_months, rules.decay.gone_months
    if last is None:
        return _ANY, [Reason("backup_age", None, unit="months", threshold=fresh, source=rules.source)]
    age = max((today - last).days, 0) / DAYS_OF_MONTH
    factor = 1.0 if age <= fresh else max(0.0, (gone - age) / (gone - fresh)) if gone > fresh else 0.0
    shown = round(age, 1)
    return (factor, factor), [Reason("backup_age", age <= fresh, shown, shown, "months", fresh, source=rules.source)]


def _of_drills(held: Held, rules: Rules, today: date) -> _Factor:
    """The worst of what drills say: overdue, never held, not passed."""
    told: list[tuple[float, Reason]] = []
    if held.next_drill and held.next_drill < today:
        late = float((today - held.next_drill).days)
        told.append(
            (rules.drills.overdue, Reason("backup_drill_overdue", True, late, late, "days", source=rules.source))
        )
    if held.last_drill is None:
        told.append((rules.drills.never, Reason("backup_never_drilled", True, source=rules.source)))
    elif held.last_result in ("partly", "failed"):
        factor = getattr(rules.drills, held.last_result)
        told.append((factor, Reason(f"backup_drill_{held.last_result}", True, source=rules.source)))
    elif held.last_result == "passed":
        told.append((1.0, Reason("backup_drill_passed", True)))
    worst = min((factor for factor, _reason in told), default=1.0)
    return (worst, worst), [reason for _factor, reason in told]


def covers(months: Ends, survive_days: OpenEnds) -> Reason:
    """Say whether a backup takes over before stock runs out: time to switch against time to survive, in days.

    ``survive_days`` are the least and the most days that stock lasts, None where nobody knows: the least is then 0.
    The value is the gap, days to switch less days to survive; it holds where even the longest switch is in time.
    """
    low, high = survive_days
    least = None if high is None else months[0] * DAYS_OF_MONTH - high
    most = months[1] * DAYS_OF_MONTH - (low or 0.0)
    holds = True if most <= 0 else False if least is not None and least > 0 else None
    params: Mapping[str, float | None] = {"low": low, "high": high}
    return Reason("backup_in_time", holds, least, most, "days", 0.0, params)
