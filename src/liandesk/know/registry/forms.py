"""What a person fills in to judge who is who, to correct a field, and to give consent."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from liandesk.base.accounts.roles import Role
from liandesk.base.clock import today
from liandesk.base.ui.forms import DateInput
from liandesk.know.registry.attributes import CONSENT_ITEMS, CORRECTABLE, attribute_title
from liandesk.know.registry.consents import MAY_SEE


def _text(rows: int) -> forms.Textarea:
    """A field for words of the person's own: data, in whatever language."""
    return forms.Textarea(attrs={"rows": rows, "translate": "no"})


class WhyForm(forms.Form):
    """A judgement on a pair; the reason may be left out, the pair has its own."""

    reason = forms.CharField(max_length=400, required=False, label=_("Reason"), widget=_text(1))


class ReasonForm(forms.Form):
    """An act that needs a reason."""

    reason = forms.CharField(max_length=400, label=_("Reason"), widget=_text(2))


class MergeForm(ReasonForm):
    """Which other organisation this one is."""

    other = forms.CharField(
        max_length=200,
        label=_("The other organisation"),
        help_text=_("Its id, credit code or full name."),
        widget=forms.TextInput(attrs={"translate": "no"}),
    )
    field_order = ("other", "reason")


class CorrectForm(forms.Form):
    """The organisation's own word on one field."""

    attribute = forms.ChoiceField(label=_("Field"))
    value = forms.CharField(max_length=2000, label=_("What it is"), widget=_text(1))
    reason = forms.CharField(max_length=400, required=False, label=_("Reason"), widget=_text(1))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ChoiceField, self.fields["attribute"])
        field.choices = [(name, attribute_title(name)) for name in CORRECTABLE]


class ConsentForm(forms.Form):
    """What may be used, for what, until when, seen by whom."""

    item = forms.ChoiceField(label=_("What may be used"), choices=list(CONSENT_ITEMS.items()))
    purpose = forms.CharField(max_length=200, label=_("For what purpose"), widget=_text(1))
    valid_from = forms.DateField(label=_("From"), widget=DateInput, initial=today)
    valid_until = forms.DateField(label=_("Until"), widget=DateInput)
    seen_by = forms.MultipleChoiceField(
        label=_("Who may see it"),
        required=False,
        choices=[(role.value, role.label) for role in MAY_SEE],
        widget=forms.CheckboxSelectMultiple,
        initial=[Role.CHAIN_OFFICE.value],
    )


class KnownOnForm(forms.Form):
    """The day of knowing."""

    on = forms.DateField(label=_("As known on"), widget=DateInput, required=False)
