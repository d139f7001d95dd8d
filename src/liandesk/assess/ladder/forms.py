"""What pages of the ladder are asked with."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from liandesk.base.clock import today
from liandesk.base.pack import pack
from liandesk.base.ui.display import language
from liandesk.base.ui.forms import DateInput

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
