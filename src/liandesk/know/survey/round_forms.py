"""The form by which a round is opened."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from liandesk.base.accounts.roles import Viewer
from liandesk.base.clock import today
from liandesk.base.errors import UserError
from liandesk.base.pack import pack
from liandesk.base.ui.display import language
from liandesk.base.ui.forms import DateInput
from liandesk.know.registry.queries import find_organisation
from liandesk.know.survey.rounds import NewRound, mode_of


class RoundForm(forms.Form):
    """A round: its mode gives the days that enterprises have, unless a deadline is given."""

    title = forms.CharField(max_length=120, label=_("Title"), widget=forms.TextInput(attrs={"translate": "no"}))
    mode = forms.ChoiceField(
        label=_("Mode"), help_text=_("It gives the rhythm, the days to answer, and what is asked.")
    )
    opens_on = forms.DateField(label=_("Opens on"), widget=DateInput())
    deadline = forms.DateField(
        required=False, label=_("Deadline"), help_text=_("Empty: as the mode gives it."), widget=DateInput()
    )
    notice = forms.CharField(
        required=False,
        max_length=2000,
        label=_("Notice"),
        help_text=_("The enterprises read it above their form. No state secrets."),
        widget=forms.Textarea(attrs={"rows": 3, "translate": "no"}),
    )
    towns = forms.MultipleChoiceField(
        required=False, label=_("Towns"), help_text=_("None chosen: all."), widget=forms.CheckboxSelectMultiple
    )
    item_kinds = forms.MultipleChoiceField(
        required=False, label=_("Kinds of item"), help_text=_("None chosen: all."), widget=forms.CheckboxSelectMultiple
    )
    organisations = forms.CharField(
        required=False,
        max_length=4000,
        label=_("Only these enterprises"),
        help_text=_("One a line: id, credit code or full name. Empty: all that the choice above lets through."),
        widget=forms.Textarea(attrs={"rows": 2, "translate": "no"}),
    )
    with_silent = forms.BooleanField(
        required=False, label=_("Also enterprises that have told of no input yet, to name theirs")
    )

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer = viewer
        self.fields["opens_on"].initial = today()
        for name, group in (("mode", "survey_modes"), ("towns", "towns"), ("item_kinds", "item_kinds")):
            terms = [(term.code, term.text[language()]) for term in getattr(pack(), group)]
            self.fields[name].choices = terms  # type: ignore[attr-defined]

    def clean_organisations(self) -> list[str]:
        """Return the permanent ids of the organisations that are named."""
        lines = filter(None, map(str.strip, self.cleaned_data["organisations"].splitlines()))
        found: list[str] = []
        problems: list[str] = []
        for line in lines:
            try:
                found.append(find_organisation(self.viewer, line).pk)
            except UserError as error:
                problems.append(str(error))
        if problems:
            raise forms.ValidationError(problems)
        return found

    def new_round(self) -> NewRound:
        """Return what a valid form asks for."""
        said = dict(self.cleaned_data)
        days = timedelta(days=mode_of(said["mode"]).answer_days)
        return NewRound(**{**said, "deadline": said["deadline"] or said["opens_on"] + days})
