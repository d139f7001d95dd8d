"""What an officer keeps of an enterprise."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from liandesk.assess.listing.actions import Kept
from liandesk.assess.listing.models import Merger, Prospect, Stage
from liandesk.base.ui.forms import DateInput


class KeepForm(forms.Form):
    """The state of the coaching, the mark for mergers, and what counting asks."""

    version = forms.IntegerField(widget=forms.HiddenInput())
    stage = forms.ChoiceField(choices=Stage.choices, label=_("State of the coaching"))
    stage_on = forms.DateField(required=False, label=_("In this state since"), widget=DateInput())
    merger = forms.ChoiceField(choices=Merger.choices, label=_("In a merger"))
    merger_reason = forms.CharField(
        required=False,
        max_length=400,
        label=_("Why in a merger"),
        widget=forms.Textarea(attrs={"rows": 2, "translate": "no"}),
    )
    is_relocated = forms.BooleanField(required=False, label=_("Moved here after it was listed"))
    is_subsidiary = forms.BooleanField(required=False, label=_("Of a listed group, itself not listed"))
    left_on = forms.DateField(required=False, label=_("Delisted on"), widget=DateInput())

    def kept(self) -> Kept:
        return Kept(**{name: value for name, value in self.cleaned_data.items() if name != "version"})


def initial(found: Prospect) -> dict[str, Any]:
    """Return what the form begins with."""
    return {name: getattr(found, name) for name in KeepForm.base_fields}
