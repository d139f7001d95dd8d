"""A process as data: stages, transitions, gates, forms, clocks, outcomes. Read once into frozen objects and checked.

A process is a safe Petri net: a transition takes every stage in ``from`` and gives every stage in ``to``; so two stages
in ``to`` open parallel branches and two in ``from`` wait for both (W. van der Aalst, "The application of Petri nets to
workflow management", 1998). Roles are keys; who holds them is known where the process runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from math import isfinite
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
FieldKind = Literal[
    "text", "long_text", "number", "date", "yes_no", "choice", "organisation", "office", "town", "person"
]
HolderKind = Literal["office", "town", "organisation", "person"]
Unit = Literal["working_days", "calendar_days"]
Moment = Annotated[str, Field(pattern=r"^(open|end|(enter|leave|do) [a-z][a-z0-9_]*)$")]
"""When a clock starts or stops: ``open``, ``end``, ``enter STAGE``, ``leave STAGE``, ``do TRANSITION``."""


class Part(BaseModel):
    """What every part of a definition is: frozen, and without a key that nobody reads."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Text(Part):
    """A text in both languages."""

    zh: Annotated[str, Field(min_length=1)]
    en: Annotated[str, Field(min_length=1)]


class Coded(Part):
    """A key with its title."""

    key: Key
    title: Text


class FormField(Coded):
    """One question of a form; ``unit`` is shown beside a number, ``choices`` are those of a choice."""

    kind: FieldKind
    is_required: bool = Field(False, alias="required")
    unit: str = ""
    choices: tuple[Coded, ...] = ()
    note: Text | None = None

    @property
    def answers(self) -> tuple[str, ...]:
        """The only answers it takes; none where it takes any of its kind."""
        return ("yes", "no") if self.kind == "yes_no" else tuple(choice.key for choice in self.choices)

    def takes(self, value: object) -> bool:
        """Say whether a value is of its kind: a number, an ISO date, a text; an empty one is."""
        if value in (None, ""):
            return True
        if self.kind == "number":
            return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
        return isinstance(value, str) and (self.kind != "date" or _is_date(value))


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


class Role(Coded):
    """Who takes part. ``held_by`` are the kinds of holder it may have.

    ``default`` says who holds it where nobody is named at opening; the program that runs the process knows who that is.
    """

    held_by: tuple[HolderKind, ...] = Field(("office",), min_length=1)
    default: Literal["", "chain_office"] = ""


class Outcome(Coded):
    """How a case can end, and the codes one of which says why."""

    kind: Literal["success", "failure", "neutral"]
    reasons: tuple[Coded, ...]


class Stage(Coded):
    """Where a case can be. ``lead`` 牵头 acts, ``with`` 配合 take part; a stage with an outcome ends the case."""

    lead: str = ""
    partners: tuple[str, ...] = Field((), alias="with")
    outcome: Outcome | None = None


class Approval(Part):
    """The second person: somebody else of this role agrees before the transition happens."""

    role: str
    note: Text | None = None


class Opens(Part):
    """Another case that a transition opens, with this case as its subject.

    ``title`` is the field that holds its title; ``roles`` say for each role of the other process which role, or which
    field, of this one holds it; ``data`` for each of its fields which field of this one answers it.
    """

    process: Key
    title: str
    roles: Mapping[str, str] = Field(default_factory=dict)
    data: Mapping[str, str] = Field(default_factory=dict)


def _values(wanted: object) -> object:
    """Return the values of a condition; YAML reads a bare yes or no as true or false."""
    words = {True: "yes", False: "no"}
    many = wanted if isinstance(wanted, list | tuple) else [wanted]
    return [words[value] if isinstance(value, bool) else value for value in many]


class Transition(Coded):
    """A step. Without ``roles`` the leads of the stages it leaves may take it.

    ``needs`` are keys of evidence that must be there; ``form`` is asked when it is taken; ``sets`` puts one field's
    answer into another when it is taken (a date that was asked for becomes the date that holds). ``assigns`` hands a
    role to the answer of a field. ``when`` opens it only where a field was answered with one of the values. ``not_by``
    are transitions: whoever took one of them in this case may not take this one.
    """

    taken: tuple[str, ...] = Field(alias="from", min_length=1)
    given: tuple[str, ...] = Field(alias="to", min_length=1)
    roles: tuple[str, ...] = ()
    form: tuple[FormField, ...] = ()
    needs: tuple[str, ...] = ()
    approval: Approval | None = None
    sets: Mapping[str, str] = Field(default_factory=dict)
    assigns: Mapping[str, str] = Field(default_factory=dict)
    when: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    not_by: tuple[str, ...] = ()
    opens: Opens | None = None

    @field_validator("taken", "given", mode="before")
    @classmethod
    def _one_or_many(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value

    @field_validator("when", mode="before")
    @classmethod
    def _many_values(cls, value: object) -> object:
        return {key: _values(wanted) for key, wanted in value.items()} if isinstance(value, Mapping) else value

    @property
    def answers_needed(self) -> tuple[str, ...]:
        """The fields without whose answer it cannot be taken, beside those that its form requires."""
        return (*self.assigns.values(), *((self.opens.title,) if self.opens else ()))


class Clock(Coded):
    """A period: from a moment until another, with its length and whence it is, or until a field's date (``until``).

    Without ``source`` the length must be empty: nobody invents a statutory period. It is then shown as 待核定.
    """

    starts: Moment
    stops: Moment
    days: Annotated[int, Field(ge=0, le=3660)] | None = None
    until: str = ""
    unit: Unit = "working_days"
    warn: Annotated[int, Field(ge=0)] = 0
    paused_by: tuple[str, ...] = ()
    source: str = ""


class Process(Coded):
    """A whole process. ``evidence`` are the kinds of proof, ``pauses`` the reasons that stop clocks.

    ``opens_as`` are the roles one of which whoever opens a case holds in it; without any, nobody opens it by hand.
    """

    roles: tuple[Role, ...] = Field(min_length=1)
    start: str
    opens_as: tuple[str, ...] = ()
    form: tuple[FormField, ...] = ()
    stages: tuple[Stage, ...] = Field(min_length=2)
    transitions: tuple[Transition, ...] = Field(min_length=1)
    clocks: tuple[Clock, ...] = ()
    evidence: tuple[Coded, ...] = ()
    pauses: tuple[Coded, ...] = ()

    @field_validator("opens_as", mode="before")
    @classmethod
    def _one_or_many(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value

    def stage(self, key: str) -> Stage:
        """Return a stage by its key."""
        return next(stage for stage in self.stages if stage.key == key)

    def transition(self, key: str) -> Transition | None:
        """Return a transition by its key."""
        return next((transition for transition in self.transitions if transition.key == key), None)

    def roles_of(self, transition: Transition) -> tuple[str, ...]:
        """Return the roles that may take a transition."""
        return transition.roles or tuple(dict.fromkeys(self.stage(key).lead for key in transition.taken))

    @property
    def held_at_opening(self) -> tuple[str, ...]:
        """The leading roles that somebody must hold from the first: no step hands them over before they lead."""
        leads = dict.fromkeys(stage.lead for stage in self.stages if stage.lead)
        return tuple(role for role in leads if any(self.stage(key).lead == role for key in self._before_handing(role)))

    def _before_handing(self, role: str) -> set[str]:
        """Return the stages that are reached from the start by steps that do not hand over a role."""
        reached, waiting = {self.start}, [self.start]
        while waiting:
            stage = waiting.pop()
            steps = (step for step in self.transitions if stage in step.taken and role not in step.assigns)
            given = {key for step in steps for key in step.given} - reached
            reached |= given
            waiting.extend(given)
        return reached

    @property
    def fields(self) -> Mapping[str, FormField]:
        """Return every field that the case may carry, by key."""
        asked = (self.form, *(transition.form for transition in self.transitions))
        return {field.key: field for form in asked for field in form}
