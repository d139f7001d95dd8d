"""What a person fills in for indicators. Forms check what is typed; actions decide."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from liandesk.base.accounts.access import can
from liandesk.base.accounts.roles import Viewer
from liandesk.base.clock import today
from liandesk.base.pack import pack
from liandesk.base.ui.display import language
from liandesk.base.ui.forms import DateInput
from liandesk.base.work.forms import checked_evidence
from liandesk.steer.indicators.actions import Evidence, Said
from liandesk.steer.indicators.definitions import Grade
from liandesk.steer.indicators.models import Claim, Colour
from liandesk.steer.indicators.policies import CLAIM
from liandesk.steer.indicators.rating_actions import Said as RatingSaid
from liandesk.steer.indicators.shown import grade_title, scope_name, unit_of
from liankit.plan.indicators import Indicator


def _words(most: int, rows: int = 2) -> dict[str, Any]:
    return {"max_length": most, "widget": forms.Textarea(attrs={"rows": rows, "translate": "no"})}


def _past_day(day: date) -> date:
    if day > today():
        raise forms.ValidationError(_("This day is still to come."))
    return day


class ClaimForm(forms.Form):
    """A value of an indicator; a share is typed in percent."""

    on = forms.DateField(widget=DateInput, label=_("Day of the value"))
    value = forms.FloatField(label=_("Value"))
    scope = forms.ChoiceField(required=False, label=_("Of where"))
    office = forms.ChoiceField(required=False, label=_("Claimed for"))
    note = forms.CharField(required=False, label=_("Note"), **_words(400))
    file = forms.FileField(label=_("Evidence"), help_text=_("PDF, Word, Excel, PNG or JPEG, up to 20 MB"))

    def __init__(self, *args: Any, indicator: Indicator, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.indicator = indicator
        self._choose("scope", [(one, scope_name(one)) for one in scopes_open_to(viewer, indicator)])
        self._choose("office", [(code, scope_name(f"office:{code}")) for code in indicator.offices])
        unit = "%" if indicator.unit == "share" else unit_of(indicator)
        self.fields["value"].help_text = unit

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean_on(self) -> date:
        return _past_day(self.cleaned_data["on"])

    def clean_file(self) -> UploadedFile:
        return checked_evidence(self.cleaned_data["file"])

    @property
    def said(self) -> Said:
        told = self.cleaned_data
        value = told["value"] / 100 if self.indicator.unit == "share" else told["value"]
        return Said(value, told["on"], told["scope"], told["office"], told["note"])

    @property
    def evidence(self) -> Evidence:
        file = self.cleaned_data["file"]
        return Evidence(file.name, file.read())

    @classmethod
    def start(cls, indicator: Indicator, corrected: Claim | None) -> dict[str, Any]:
        """Return what the form begins with: the claim that is corrected."""
        if corrected is None:
            return {"on": today()}
        value = corrected.value * 100 if indicator.unit == "share" else corrected.value
        return {"on": corrected.on, "value": value, "scope": corrected.scope, "office": corrected.office}


def scopes_open_to(viewer: Viewer, indicator: Indicator) -> list[str]:
    """Return of where this viewer may claim: the district, or a town or office of theirs."""
    rows: dict[str, dict[str, str]] = {"": {}}
    if indicator.disaggregation == "town":
        rows |= {f"town:{town.code}": {"town": town.code} for town in pack().towns}
    if indicator.disaggregation == "office":
        rows |= {f"office:{code}": {} for code in indicator.offices}
    own = {"owner": indicator.owner, "offices": f"|{'|'.join(indicator.offices)}|"}
    return [scope for scope, row in rows.items() if can(viewer, CLAIM, "claim", {**own, **row})]


class RefuseForm(forms.Form):
    """Why a value is refused."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Reason"), **_words(400))


class LightForm(forms.Form):
    """The light that the office reports, and why."""

    colour = forms.ChoiceField(choices=Colour.choices, label=_("Light of the office"))
    reason = forms.CharField(label=_("Why"), **_words(1000, 3))


class ReplyForm(forms.Form):
    """What the office has to say where the two lights differ."""

    reply = forms.CharField(label=_("Reply"), **_words(1000, 4))


class RatingForm(forms.Form):
    """How confident somebody independent is that a target will be reached, and what that rests on."""

    grade = forms.ChoiceField(label=_("Confidence that the target is reached by its day"), widget=forms.RadioSelect)
    note = forms.CharField(label=_("What it rests on"), **_words(1000, 4))
    on = forms.DateField(widget=DateInput, label=_("Day it speaks of"))
    file = forms.FileField(
        required=False, label=_("Evidence"), help_text=_("If there is any: PDF, Word, Excel, PNG or JPEG, up to 20 MB")
    )

    def __init__(self, *args: Any, grades: Sequence[Grade], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["grade"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one.key, grade_title(one)) for one in grades]

    def clean_on(self) -> date:
        return _past_day(self.cleaned_data["on"])

    def clean_file(self) -> UploadedFile | None:
        file = self.cleaned_data["file"]
        return checked_evidence(file) if file else None

    @property
    def said(self) -> RatingSaid:
        told = self.cleaned_data
        return RatingSaid(told["grade"], told["note"], told["on"])

    @property
    def evidence(self) -> Evidence | None:
        file = self.cleaned_data["file"]
        return Evidence(file.name, file.read()) if file else None


class FactForm(forms.Form):
    """A fact that offices share."""

    title = forms.CharField(max_length=200, label=_("Fact"), widget=forms.TextInput(attrs={"translate": "no"}))
    on = forms.DateField(widget=DateInput, label=_("Day"))


class CreditForm(forms.Form):
    """The share of a fact that is an office's, in percent."""

    office = forms.ChoiceField(label=_("Office"))
    share = forms.DecimalField(min_value=0, max_value=100, decimal_places=2, label=_("Share (%)"))

    def __init__(self, *args: Any, offices: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = {office.code: office.text[language()] for office in pack().offices}
        field = self.fields["office"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(code, named.get(code, code)) for code in offices]
