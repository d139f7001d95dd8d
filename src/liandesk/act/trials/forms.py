"""Which trials a joint session is about, and when it is held."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from liandesk.act.trials import queries
from liandesk.act.trials.actions import Session
from liandesk.act.trials.models import Startup
from liandesk.base.ui.forms import DateInput


class SessionForm(forms.Form):
    """One session about several of the trials that wait for reviewers."""

    trials = forms.TypedMultipleChoiceField(
        coerce=int, label=_("Trials that wait for reviewers"), widget=forms.CheckboxSelectMultiple
    )
    topic = forms.CharField(
        max_length=200, label=_("Subject of the session"), widget=forms.TextInput(attrs={"translate": "no"})
    )
    meeting_day = forms.DateField(label=_("Day of the session"), widget=DateInput())

    def __init__(self, waiting: Sequence[Startup], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["trials"]
        field.choices = [(one.pk, f"{one} · {queries.review_stages(one)}") for one in waiting]

    def session(self) -> Session:
        return Session(self.cleaned_data["topic"], self.cleaned_data["meeting_day"])
