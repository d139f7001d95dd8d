"""What a person fills in for supervision. Forms check what is typed; actions decide."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from liandesk.base.clock import today
from liandesk.base.pack import pack
from liandesk.base.ui.display import language
from liandesk.base.ui.forms import DateInput
from liandesk.steer.supervision.models import Decision, Grade, Row

_MILESTONE = re.compile(r"^(\d{4}-\d{2}-\d{2})\s+(.+)$")


def _offices() -> list[tuple[str, str]]:
    return [(office.code, office.text[language()]) for office in pack().offices]


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "translate": "no"})


class YearForm(forms.Form):
    """Which year's sheet is drafted."""

    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].initial = today().year


class MilestonesField(forms.CharField):
    """Milestones, one a line: a day and what is done by then; cleaned they are ``{title, due}``."""

    widget = _area(4)

    def clean(self, value: Any) -> list[dict[str, str]]:
        lines = filter(None, map(str.strip, super().clean(value).splitlines()))
        return sorted(map(_milestone, lines), key=lambda one: one["due"])


def _milestone(line: str) -> dict[str, str]:
    found = _MILESTONE.match(line)
    if not found or not _is_day(found[1]):
        raise forms.ValidationError(_("Write a day, then what is done by it: 2024-06-30 First meeting held"))
    return {"due": found[1], "title": found[2].strip()[:200]}


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


class RowForm(forms.Form):
    """One task of a draft."""

    task = forms.CharField(label=_("Task"), widget=_area(3))
    goal = forms.CharField(label=_("Goal of the year, in words"), widget=_area(3), required=False)
    goal_value = forms.FloatField(label=_("Goal of the year, as a number"), required=False)
    unit = forms.CharField(label=_("Unit"), max_length=40, required=False)
    lead = forms.ChoiceField(label=_("Leading office"), required=False)
    partners = forms.MultipleChoiceField(
        label=_("Co-operating offices"), required=False, widget=forms.CheckboxSelectMultiple
    )
    starts = forms.DateField(label=_("Begins on"), widget=DateInput())
    due = forms.DateField(label=_("To be done by"), widget=DateInput())
    milestones = MilestonesField(label=_("Milestones"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lead"].choices = [("", _("nobody yet")), *_offices()]  # type: ignore[attr-defined]
        self.fields["partners"].choices = _offices()  # type: ignore[attr-defined]
        self.fields["milestones"].help_text = _("One a line: a day, then what is done by it.")

    def said(self) -> dict[str, Any]:
        """Return what was said, without the version."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


def row_initial(row: Row) -> dict[str, Any]:
    """Return what the form of a row shows before it is changed."""
    names = ("task", "goal", "goal_value", "unit", "lead", "starts", "due", "version")
    lines = "\n".join(f"{one['due']} {one['title']}" for one in row.milestones)
    return {name: getattr(row, name) for name in names} | {"partners": row.partner_offices, "milestones": lines}


class TextForm(forms.Form):
    """A comment, or the answer to one."""

    text = forms.CharField(label=_("Comment"), widget=_area(2), max_length=2000)


class AnswerForm(TextForm):
    """What became of a comment."""

    text = forms.CharField(label=_("What became of it"), widget=_area(2), max_length=2000)


class JudgeForm(forms.Form):
    """The level that a person gives."""

    grade = forms.ChoiceField(label=_("Level"), choices=Grade.choices)
    reason = forms.CharField(label=_("Reason"), max_length=600, required=False, widget=_area(2))
    seen = forms.IntegerField(widget=forms.HiddenInput)  # how many judgements of it its writer saw


class HandoverForm(forms.Form):
    """What becomes of each target of a sealed plan: a decision and a note for each."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, targets: Sequence[tuple[str, str]], held: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place, (target, title) in enumerate(targets):
            decided = held.get(target)
            self.fields[f"decision_{place}"] = forms.ChoiceField(
                label=title, choices=Decision.choices, initial=decided.decision if decided else Decision.KEEP
            )
            self.fields[f"note_{place}"] = forms.CharField(
                label=_("Note"), max_length=600, required=False, initial=decided.note if decided else ""
            )
        self.targets = targets

    def decisions(self) -> dict[str, tuple[str, str]]:
        """Return decision and note by target."""
        told = self.cleaned_data
        return {
            target: (told[f"decision_{place}"], told[f"note_{place}"])
            for place, (target, _t) in enumerate(self.targets)
        }
