"""What an officer enters of an enterprise: a state that it reached, and what counting and mergers ask."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from liandesk.assess.listing.actions import Kept, Reached
from liandesk.assess.listing.models import Merger, Prospect, Stage
from liandesk.base.ui.forms import DateInput


class ReachedForm(forms.Form):
    """A state that the enterprise reached."""

    stage = forms.ChoiceField(choices=Stage.choices, label=_("State of the coaching"))
    reached_on = forms.DateField(label=_("Reached on"), widget=DateInput())
    evidence = forms.CharField(
        required=False,
        max_length=400,
        label=_("Paper that proves it"),
        help_text=_(
            "Number or address of the announcement. From filing on it is needed, and a second person confirms."
        ),
        widget=forms.TextInput(attrs={"translate": "no"}),
    )

    def reached(self) -> Reached:
        return Reached(**self.cleaned_data)


class KeepForm(forms.Form):
    """The mark for mergers, and what counting asks."""

    version = forms.IntegerField(widget=forms.HiddenInput())
    merger = forms.ChoiceField(choices=Merger.choices, label=_("In a merger"))
    merger_reason = forms.CharField(
        required=False,
        max_length=400,
        label=_("Why in a merger"),
        widget=forms.Textarea(attrs={"rows": 2, "translate": "no"}),
    )
    is_relocated = forms.BooleanField(required=False, label=_("Moved here after it was listed"))
    is_subsidiary = forms.BooleanField(required=False, label=_("Of a listed group, itself not listed"))

    def kept(self) -> Kept:
        return Kept(**{name: value for name, value in self.cleaned_data.items() if name != "version"})


def initial(found: Prospect) -> dict[str, Any]:
    """Return what the form begins with."""
    return {name: getattr(found, name) for name in KeepForm.base_fields}
