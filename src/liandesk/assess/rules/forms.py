"""The day of the law that a page is asked for."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from liandesk.base.ui.forms import DateInput


class DayForm(forms.Form):
    """One day; a text that is none is said beside its field, and today counts."""

    on = forms.DateField(label=_("By the law of"), required=False, widget=DateInput)

    @property
    def day(self) -> date | None:
        """Return the day that was asked for; None where none was, or no day."""
        return self.cleaned_data.get("on") if self.is_bound and (self.is_valid() or self.cleaned_data) else None
