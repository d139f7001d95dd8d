"""Interventions in a person's words, five of them for the calculator, and what is asked of a budget."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, cast

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from liandesk.assess.portfolio.models import Intervention, Kind, Objective
from liandesk.assess.portfolio.plans import FREE, Plan, Said, plan_of
from liandesk.assess.portfolio.wording import STATES
from liandesk.base.ui.templatetags.ui import data

WAN = 10_000
"""Officers count money in ten thousands of yuan (万元)."""
ROWS = 5
_RANGE = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*(?:[-–—~～至到]\s*(\d+(?:\.\d+)?))?\s*$")


def _text(**more: Any) -> forms.TextInput:
    return forms.TextInput(attrs={"translate": "no", **more})


class RangeField(forms.CharField):
    """A number or a span, "9" or "9–15"; cleaned it is (low, high), or None where nothing was said."""

    widget = _text(inputmode="decimal")

    def clean(self, value: Any) -> tuple[float, float] | None:
        text = super().clean(value)
        if not text:
            return None
        found = _RANGE.match(text.replace(",", ""))
        if not found:
            raise forms.ValidationError(_("Write a number, or two with a dash between: 9–15."))
        low, high = float(found[1]), float(found[2] or found[1])
        if high < low:
            raise forms.ValidationError(_("The first number is above the second."))
        return low, high


class RowForm(forms.Form):
    """One intervention: what, against which risk, how much of it, for how much, from when."""

    kind = forms.ChoiceField(label=_("Intervention"), choices=[("", "—"), *Kind.choices])
    item = forms.CharField(label=_("Against which risk"), widget=_text(list="items-offered"), max_length=200)
    supplier = forms.CharField(label=_("Supplier covered"), widget=_text(), max_length=200, required=False)
    covers = forms.FloatField(label=_("Covers, %"), min_value=1, max_value=100)
    cost = RangeField(label=_("Cost, CNY 10,000"))
    months = RangeField(label=_("Takes effect after, months"), required=False)

    def said(self) -> Said:
        """Return what was said of it."""
        told = self.cleaned_data
        low, high = told["cost"]
        return Said(
            kind=told["kind"],
            item=told["item"],
            covers=told["covers"] / 100,
            cost_cny=(round(low * WAN), round(high * WAN)),
            supplier=told["supplier"],
            months=told["months"],
            **{name: told[name] for name in _MORE if name in told},
        )


_MORE = ("buyer", "new_supplier", "title", "cost_source", "months_source")


class InterventionForm(RowForm):
    """An intervention of the register, with all that can be said of it."""

    title = forms.CharField(label=_("Title"), max_length=120, required=False, widget=_text())
    buyer = forms.CharField(
        label=_("Enterprise that is covered"),
        help_text=_("Empty: everybody who buys the item of this supplier."),
        max_length=200,
        required=False,
        widget=_text(),
    )
    new_supplier = forms.CharField(
        label=_("New supplier"),
        help_text=_("Whoever the supply network knows takes over the deliveries, and the dependence on them."),
        max_length=200,
        required=False,
        widget=_text(),
    )
    cost_source = forms.CharField(label=_("Source of the cost"), max_length=200, required=False, widget=_text())
    months_source = forms.CharField(label=_("Source of the time"), max_length=200, required=False, widget=_text())
    version = forms.IntegerField(widget=forms.HiddenInput, initial=0)
    field_order = ("kind", "item", "supplier", "buyer", "new_supplier", "covers", "cost", "cost_source", "months")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["supplier"].help_text = _("Empty: the critical supplier of the item.")
        self.fields["item"].help_text = _("The name of an item of the risk list.")
        self.fields["months"].help_text = _("Empty: what the pack assumes for the kind of item.")


def initial_of(found: Intervention) -> dict[str, Any]:
    """Return what the form of an intervention shows before it is changed."""
    names = ("kind", "title", "cost_source", "months_source", "version")
    shown = {name: getattr(found, name) for name in names}
    shown |= {name: getattr(found, f"{name}_name") for name in ("item", "supplier", "buyer", "new_supplier")}
    return shown | {
        "covers": round(found.covers * 100, 4),
        "cost": _span(found.cost_low_cny / WAN, found.cost_high_cny / WAN),
        "months": _span(found.months_low, found.months_high),
    }


def _span(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return ""
    return f"{low:g}" if low == high else f"{low:g}–{high:g}"


Calculator = forms.formset_factory(RowForm, extra=ROWS, max_num=ROWS, absolute_max=ROWS)
"""The rows of the calculator."""


def said_of(rows: Iterable[forms.BaseForm]) -> list[Said]:
    """Return what was said of the rows that were filled in."""
    return [cast(RowForm, row).said() for row in rows if row.has_changed()]


class BudgetForm(forms.Form):
    """What is to be spent, and on what it is judged."""

    budget = forms.FloatField(label=_("Budget, CNY 10,000"), min_value=0, max_value=1e8)
    objective = forms.ChoiceField(label=_("What it lowers"), choices=Objective.choices, initial=Objective.EXPECTED)

    @property
    def budget_cny(self) -> int:
        return round(self.cleaned_data["budget"] * WAN)


class AskForm(BudgetForm):
    """A portfolio of interventions of the register; of each one says whether it may, must or must not be chosen."""

    title = forms.CharField(label=_("Title"), max_length=120, widget=_text())
    months_most = forms.FloatField(
        label=_("Only what takes effect within, months"),
        help_text=_("Empty: whenever. What is of unknown time then does not count as in time."),
        min_value=0,
        required=False,
    )
    field_order = ("title", "budget", "objective", "months_most")

    def __init__(self, *args: Any, offered: Sequence[Intervention], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = offered
        for found in offered:
            named = format_html("{} · {}", data(found.title), data(found.supplier_name))
            self.fields[_state(found)] = forms.ChoiceField(label=named, choices=list(STATES.items()), initial=FREE)
        self.order_fields(self.field_order)

    def plans(self) -> list[Plan]:
        """Return the interventions with what was said of each."""
        return [plan_of(found, self.cleaned_data[_state(found)]) for found in self.offered]


def _state(found: Intervention) -> str:
    return f"state_{found.pk}"


class WithdrawForm(forms.Form):
    """Why an intervention is taken out of the register."""

    reason = forms.CharField(label=_("Reason"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))
    version = forms.IntegerField(widget=forms.HiddenInput)
