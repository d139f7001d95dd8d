"""Forms of what people do around a case. Forms check what is typed; actions decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _c

from liandesk.base.accounts.models import User
from liandesk.base.clock import today
from liandesk.base.definitions.queries import in_force
from liandesk.base.teamwork.actions import MAX_CHARACTERS
from liandesk.base.teamwork.models import Sample
from liandesk.base.teamwork.people import colleagues
from liandesk.base.teamwork.sampling import MOST
from liandesk.base.ui.forms import DateInput
from liandesk.base.work.models import Case
from liandesk.base.work.queries import process_keys, process_of
from liandesk.base.work.wording import said


class CommentForm(forms.Form):
    """A comment in plain text."""

    text = forms.CharField(
        label=_("Comment"),
        max_length=MAX_CHARACTERS,
        help_text=_("Write @ and a name to tell somebody who sees this case."),
        widget=forms.Textarea(attrs={"rows": 3, "translate": "no"}),
    )


class PersonField(forms.ModelChoiceField):
    """A choice of people, called as the reader's language calls them."""

    def label_from_instance(self, obj: User) -> str:
        return f"{obj.display_name} ({obj.username})"


class TaskForm(forms.Form):
    """A line of the checklist of a case."""

    title = forms.CharField(max_length=200, label=_("Task"), widget=forms.TextInput(attrs={"translate": "no"}))
    who = PersonField(User.objects.none(), label=_("Who does it"), required=False, empty_label=_("nobody yet"))
    due = forms.DateField(label=_("To be done by"), required=False, widget=DateInput)

    def __init__(self, case: Case, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"].queryset = colleagues(case)  # type: ignore[attr-defined]
        self.fields["who"].widget.attrs["translate"] = "no"


def _processes() -> list[tuple[str, str]]:
    """Return every process for a choice, by the title of its version in force."""
    found = ((key, in_force("process", key)) for key in process_keys())
    named = [(key, said(process_of(definition).title)) for key, definition in found if definition]
    return [("", _now("all")), *named]


class NameForm(forms.Form):
    """Somebody who shall see a restricted case."""

    account = forms.CharField(
        max_length=150, label=_("Name or account"), widget=forms.TextInput(attrs={"translate": "no"})
    )


class AbsenceForm(forms.Form):
    """Who stands in, from when to when; the operator also says for whom."""

    giver = forms.CharField(max_length=150, label=_("Account of the absent person (empty: me)"), required=False)
    deputy = forms.CharField(
        max_length=150,
        label=_("Account of the deputy"),
        help_text=_("An official stands in for an official, somebody of an organisation for its own people."),
    )
    first = forms.DateField(label=_("From"), initial=today, widget=DateInput)
    last = forms.DateField(label=_("Through"), widget=DateInput)

    def __init__(self, *args: Any, is_operator: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_operator:
            del self.fields["giver"]


class SampleForm(forms.Form):
    """Which evidence a sample is drawn of, how much, and by which seed."""

    process = forms.ChoiceField(label=_c("definition", "Process"), required=False, choices=_processes)
    first = forms.DateField(label=_("Given from"), widget=DateInput)
    last = forms.DateField(label=_("Through"), initial=today, widget=DateInput)
    size = forms.IntegerField(label=_("Pieces"), min_value=1, max_value=MOST, initial=10)
    design = forms.ChoiceField(
        label=_("Chance of a piece"), choices=Sample.Design.choices, initial=Sample.Design.EQUAL, required=False
    )
    seed = forms.CharField(
        label=_("Seed"),
        max_length=40,
        required=False,
        help_text=_("Any text, such as dice thrown before witnesses; empty: one is made and kept."),
    )

    def clean_design(self) -> str:
        return self.cleaned_data["design"] or Sample.Design.EQUAL
