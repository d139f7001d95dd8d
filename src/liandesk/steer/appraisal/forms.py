"""Forms: freeze the formula of a year, freeze a changed one, publish."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class StartForm(forms.Form):
    """The year whose formula is frozen."""

    year = forms.IntegerField(
        label=_("Year"), help_text=_("A formula belongs before its year; later is marked for good")
    )


class ChangeForm(forms.Form):
    """Why the formula of a year changes."""

    reason = forms.CharField(label=_("Why it changes"), max_length=400, help_text=_("Stays visible to every unit"))
    version = forms.IntegerField(widget=forms.HiddenInput)


class PublishForm(forms.Form):
    """Publish what stands; again needs a reason."""

    reason = forms.CharField(label=_("Why it is published again"), max_length=400)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: object, is_first: bool, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        if is_first:
            del self.fields["reason"]
