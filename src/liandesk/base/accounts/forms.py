"""Forms of the account page."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from liandesk.base.accounts.actions import MAX_TOKEN_DAYS


class TokenForm(forms.Form):
    label = forms.CharField(
        label=_("What the token is for"),
        max_length=80,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )
    days = forms.IntegerField(
        label=_("Days it lives"),
        min_value=1,
        max_value=MAX_TOKEN_DAYS,
        initial=90,
        widget=forms.NumberInput(attrs={"class": "form-control"}),
    )
