"""The form of a new version."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from liandesk.base.clock import today
from liandesk.base.ui.forms import DateInput


class ProposalForm(forms.Form):
    """The whole text of a version, and from when it shall be in force."""

    text = forms.CharField(
        label=_("Text (YAML)"), widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false", "translate": "no"})
    )
    effective_from = forms.DateField(label=_("In force from"), initial=today, widget=DateInput)
