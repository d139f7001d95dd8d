"""What is typed about disruptions and forecasts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _c

from liandesk.assess.events.matching import matched, meant
from liandesk.assess.events.models import Cause, EventHit, HitKind
from liandesk.assess.events.said import Hit, Said
from liandesk.base.ui.forms import DateInput


def _text(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "translate": "no"})


def _name() -> forms.TextInput:
    return forms.TextInput(attrs={"translate": "no"})


_ONE_A_LINE = _("One a line, by name.")


class EventForm(forms.Form):
    """One disruption, by hand."""

    title = forms.CharField(max_length=200, label=_("What happened"), widget=_name())
    cause = forms.ChoiceField(choices=Cause.choices, label=_c("event", "Cause"))
    began_on = forms.DateField(label=_("Began on"), widget=DateInput())
    ended_on = forms.DateField(
        required=False,
        label=_c("event", "Ended on"),
        widget=DateInput(),
        help_text=_("Empty: not known to have ended."),
    )
    expected_until = forms.DateField(required=False, label=_("Recovery announced for"), widget=DateInput())
    item = forms.CharField(required=False, label=_("Items that are hit"), help_text=_ONE_A_LINE, widget=_text(2))
    supplier = forms.CharField(
        required=False,
        label=_("Suppliers that are hit"),
        help_text=_("One a line. With items: only what these suppliers deliver of them."),
        widget=_text(2),
    )
    organisation = forms.CharField(
        required=False, label=_("Enterprises of the district that are hit"), help_text=_ONE_A_LINE, widget=_text(2)
    )
    country = forms.CharField(required=False, label=_("Countries that are hit"), help_text=_ONE_A_LINE, widget=_text(1))
    town = forms.CharField(required=False, label=_("Towns that are hit"), help_text=_ONE_A_LINE, widget=_text(1))
    text = forms.CharField(
        required=False,
        max_length=10_000,
        label=_("Source or note"),
        help_text=_("Who said it, where, in their words. No state secrets."),
        widget=_text(3),
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not any(said.get(kind) for kind in HitKind.values):
            self.add_error("item", _("Say what is hit: an item, a supplier, an enterprise, a country or a town."))
        return said

    def said(self) -> Said:
        """Return what was typed, each name with the thing it surely means."""
        found = self.cleaned_data
        hits: tuple[Hit, ...] = ()
        for kind in HitKind.values:
            hits += matched(kind, found[kind].splitlines())
        kept = ("cause", "title", "began_on", "ended_on", "expected_until", "text")
        return Said(hits=hits, **{name: found[name] for name in kept})


class MatchForm(forms.Form):
    """Which thing a hit means: one that is offered, or one by its name."""

    choice = forms.ChoiceField(required=False, label=_("Which one is meant"))
    name = forms.CharField(required=False, label=_("Another one, by its full name"), widget=_name())
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, hit: EventHit, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": f"id_{hit.pk}_%s", **kwargs})
        self.hit = hit
        offered = [*meant(hit.kind, hit.name).likely]
        self.fields["choice"].choices = [*offered, ("", _("none of these: not known to us"))]  # type: ignore[attr-defined]
        self.fields["choice"].widget.attrs["translate"] = "no"

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if name := (said.get("name") or "").strip():
            sure = meant(self.hit.kind, name).sure
            if not sure:
                self.add_error("name", _("Nothing, or more than one thing, is called exactly so."))
            said["choice"] = sure
        return said


class EndForm(forms.Form):
    """Since when it is over."""

    ended_on = forms.DateField(label=_c("event", "Ended on"), widget=DateInput())
    version = forms.IntegerField(widget=forms.HiddenInput)


class WithdrawForm(forms.Form):
    """Why it is taken back."""

    reason = forms.CharField(max_length=400, label=_("Why it is taken back"), widget=_text(2))
    version = forms.IntegerField(widget=forms.HiddenInput)


class FileForm(forms.Form):
    """A file of disruptions or of notices."""

    file = forms.FileField(label=_("File"), help_text=_("Excel or CSV, up to 5 MB"))


class NoticeForm(forms.Form):
    """One notice, pasted."""

    product = forms.CharField(max_length=200, label=_("Product the notice is about"), widget=_name())
    licence = forms.CharField(max_length=60, required=False, label=_("Licence number"), widget=_name())
    told_on = forms.DateField(label=_("Date of the notice"), widget=DateInput())
    source_name = forms.CharField(max_length=200, label=_("Where it was published"), widget=_name())
    text = forms.CharField(max_length=20_000, label=_("Text of the notice"), widget=_text(8))


class LikelihoodForm(forms.Form):
    """An office's own number, in percent."""

    likelihood = forms.FloatField(min_value=0, max_value=100, label=_("Likelihood within 12 months (%)"))
    low = forms.FloatField(required=False, min_value=0, max_value=100, label=_("At least (%)"))
    high = forms.FloatField(required=False, min_value=0, max_value=100, label=_("At most (%)"))
    reason = forms.CharField(max_length=400, label=_("What it rests on"), widget=_text(3))

    def said(self) -> dict[str, Any]:
        """Return the numbers as shares and the reason."""
        found = self.cleaned_data
        shares = {name: None if found[name] is None else found[name] / 100 for name in ("likelihood", "low", "high")}
        return {**shares, "reason": found["reason"]}
