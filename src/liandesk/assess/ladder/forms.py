"""What pages of the ladder are asked with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from liandesk.assess.rules.wording import said, unit_said, value_said
from liandesk.base.clock import today
from liandesk.base.pack import pack
from liandesk.base.ui.display import language
from liandesk.base.ui.forms import DateInput
from liankit.rules.coach import Way
from liankit.rules.coach_levers import Lever
from liankit.rules.coach_trial import Choice
from liankit.rules.vocabulary import Input

_FARTHEST_YEARS = 5


class PlaceForm(forms.Form):
    """A town and a zone of the board."""

    town = forms.ChoiceField(label=_("Town"), required=False)
    zone = forms.ChoiceField(label=_("Zone"), required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for name, terms in (("town", pack().towns), ("zone", pack().zones)):
            choices = [("", str(_("All"))), *((term.code, term.text[language()]) for term in terms)]
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    @property
    def chosen(self) -> dict[str, str]:
        """Return what was chosen and is offered."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in ("town", "zone")} if self.is_bound else {}


class DeadlineForm(forms.Form):
    """By when a rung is to be reached: today or later, in five years at the latest."""

    by = forms.DateField(label=_("To be reached by"), required=False, widget=DateInput)

    def clean_by(self) -> date | None:
        day: date | None = self.cleaned_data["by"]
        if day and not today() <= day <= today().replace(year=today().year + _FARTHEST_YEARS, day=28):
            raise forms.ValidationError(_("Give a day from today on, within five years."))
        return day

    @property
    def day(self) -> date:
        """Return the deadline; the end of next year where none was given."""
        self.is_valid()
        given: date | None = self.cleaned_data.get("by") if self.is_bound else None
        return given or date(today().year + 1, 12, 31)


_CHANGE, _SUPPOSE = "change-", "suppose-"
"""What the names of fields begin with: what is known and is changed, what is unknown and is supposed."""


class ChangesForm(forms.Form):
    """Changes that somebody picks for one enterprise; an empty field, or an open box, leaves all as it is."""

    def __init__(self, choice: Choice, asked: Mapping[str, str]) -> None:
        self.choice = choice
        super().__init__({name: asked[name] for name in asked if name.startswith((_CHANGE, _SUPPOSE))})
        for lever in choice.levers:
            self.fields[_CHANGE + lever.input.key] = _of_lever(lever)
        for one in choice.open:
            self.fields[_SUPPOSE + one.key] = _of_open(one)

    @property
    def changes(self) -> list[forms.BoundField]:
        return [self[_CHANGE + lever.input.key] for lever in self.choice.levers]

    @property
    def supposed(self) -> list[forms.BoundField]:
        return [self[_SUPPOSE + one.key] for one in self.choice.open]

    def numbers(self) -> tuple[dict[str, float], dict[str, float]]:
        """Return what was picked and what was supposed, by input; a field with a fault is left out."""
        self.is_valid()
        return dict(self._given(_CHANGE)), dict(self._given(_SUPPOSE))

    def _given(self, kind: str) -> Iterator[tuple[str, float]]:
        for name, value in self.cleaned_data.items():
            if name.startswith(kind) and value not in (None, "", False):
                yield name.removeprefix(kind), float(value)


def _of_lever(lever: Lever) -> forms.Field:
    one = lever.input
    if lever.value is not None:
        now = _("now %(value)s") % {"value": value_said(lever.value, one.unit)}
        return _number(one, now)
    if one.kind == "events":
        return forms.IntegerField(
            label=said(one.title), required=False, min_value=0, max_value=lever.most, help_text=_("how many more")
        )
    return forms.BooleanField(label=said(one.title), required=False, help_text=_("is changed"))


def _of_open(one: Input) -> forms.Field:
    if one.kind == "flag":
        answers = [("", _("unknown")), ("1", _("yes")), ("0", _("no"))]
        return forms.ChoiceField(label=said(one.ask), required=False, choices=answers)
    return _number(one, "")


def _number(one: Input, now: str) -> forms.Field:
    told = "; ".join(filter(None, (unit_said(one.unit), now)))
    return forms.FloatField(label=said(one.title if now else one.ask), required=False, help_text=told)


def as_changes(way: Way) -> dict[str, str]:
    """Return the steps of a way as what ``ChangesForm`` is asked with."""
    return {_CHANGE + one.input: f"{one.steps if one.after is None else one.after:g}" for one in way.steps}


class GoalForm(DeadlineForm):
    """Which title is to be reached, and by when."""

    field_order = ("goal", "by")

    def __init__(self, goals: Mapping[str, str], asked: Mapping[str, str], goal: str) -> None:
        super().__init__({"by": asked.get("by", ""), "goal": asked.get("goal") or goal})
        self.fields["goal"] = forms.ChoiceField(label=_("Title to be reached"), choices=list(goals.items()))
        self.order_fields(self.field_order)
        self.first = goal

    @property
    def goal(self) -> str:
        """Return the code of the title; what is no title on offer leaves the one of the page."""
        self.is_valid()
        return self.cleaned_data.get("goal") or self.first
