"""What is typed in incident rooms."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from liandesk.assess.events.models import Event
from liandesk.assess.incidents.queries import Hit
from liandesk.base.pack import pack
from liandesk.base.ui.display import language
from liandesk.base.ui.forms import DateInput
from liandesk.base.ui.templatetags.ui import data


def _text(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "translate": "no"})


class RoomForm(forms.Form):
    """About which events a room is opened."""

    events = forms.MultipleChoiceField(label=_("Disruptions"), widget=forms.CheckboxSelectMultiple)
    title = forms.CharField(
        max_length=120,
        required=False,
        label=_("Title of the room"),
        help_text=_("Empty: that of the first disruption."),
        widget=forms.TextInput(attrs={"translate": "no"}),
    )

    def __init__(self, events: Iterable[Event], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(str(event.pk), format_html("{} {}", event.began_on, data(event.title))) for event in events]
        self.fields["events"].choices = offered  # type: ignore[attr-defined]


class MoreForm(RoomForm):
    """With which further events a room is traced anew; none is needed."""

    def __init__(self, events: Iterable[Event], *args: Any, **kwargs: Any) -> None:
        super().__init__(events, *args, **kwargs)
        del self.fields["title"]
        self.fields["events"].required = False
        self.fields["events"].label = _("Further disruptions")


class ReasonForm(forms.Form):
    """Why nothing is done about an entry."""

    reason = forms.CharField(max_length=400, label=_("Why nothing is done"), widget=_text(2))


class TaskForm(forms.Form):
    """A further task of the room."""

    title = forms.CharField(
        max_length=200, label=_("What is to be done"), widget=forms.TextInput(attrs={"translate": "no"})
    )
    office = forms.ChoiceField(label=_("Office"), widget=forms.Select(attrs={"translate": "no"}))
    due = forms.DateField(label=_("By"), widget=DateInput())
    entry = forms.TypedChoiceField(
        required=False,
        label=_("About"),
        coerce=int,
        empty_value=None,
        widget=forms.Select(attrs={"translate": "no"}),
    )

    def __init__(self, hits: Iterable[Hit], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offices = [(office.code, office.text[language()]) for office in pack().offices]
        about = [("", "—"), *((hit.one.pk, str(hit.entry)) for hit in hits)]
        self.fields["office"].choices = offices  # type: ignore[attr-defined]
        self.fields["entry"].choices = about  # type: ignore[attr-defined]


class MessageForm(forms.Form):
    """A message before it is sent."""

    text = forms.CharField(
        max_length=3000, label=_("Message"), help_text=_("The enterprise reads it. No state secrets."), widget=_text(8)
    )
    answer_by = forms.DateField(label=_("To be answered by"), widget=DateInput())
    version = forms.IntegerField(widget=forms.HiddenInput)
