"""What a replay of the log is asked."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from liandesk.base.work.wording import said
from liankit.process import Process


def _stages(process: Process) -> list[tuple[str, str]]:
    return [(stage.key, said(stage.title)) for stage in process.stages if stage.outcome is None]


class MeetingsForm(forms.Form):
    """One more meeting a month for a stage."""

    meet = forms.ChoiceField(label=pgettext_lazy("case", "Stage"))
    least = forms.FloatField(label=_("Days to prepare a meeting"), min_value=0, max_value=365, initial=3)

    def __init__(self, process: Process, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        self.fields["meet"].choices = _stages(process)  # type: ignore[attr-defined]


class AtOnceForm(forms.Form):
    """Two stages begun together."""

    first = forms.ChoiceField(label=_("This stage"))
    second = forms.ChoiceField(label=_("and the one after it"))

    def __init__(self, process: Process, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        for name in ("first", "second"):
            self.fields[name].choices = _stages(process)  # type: ignore[attr-defined]
