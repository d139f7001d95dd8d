"""Small forms of the frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _


class DateInput(forms.DateInput):
    """A calendar of the browser; ISO dates without one."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    """A day and a time of the browser, in the district's time zone."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class LogFilter(forms.Form):
    """Which part of the log is shown."""

    kind = forms.ChoiceField(label=_("Kind of object"), required=False)

    def __init__(self, asked: Mapping[str, str], *, kinds: Sequence[str]) -> None:
        super().__init__(asked)
        field = cast(forms.ChoiceField, self.fields["kind"])
        field.choices = [("", _("all")), *((kind, kind) for kind in kinds)]
        field.widget.attrs["translate"] = "no"

    @property
    def chosen(self) -> str:
        """The chosen kind; a kind that the log does not have chooses all."""
        return str(self.cleaned_data["kind"]) if self.is_valid() else ""
