"""What a person fills in for the texts of plans. Forms check what is typed; actions decide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _c

from liandesk.base.clock import today
from liandesk.base.pack import pack
from liandesk.base.ui.display import language
from liandesk.base.ui.forms import DateInput
from liandesk.steer.plan.wording import BINDINGS, COMMITMENTS, ROLES
from liandesk.steer.texts.models import KINDS
from liandesk.steer.texts.wording import COMPARATORS, COUNTINGS, FIELDS
from liankit.plan.review import CORRECTED, Reviewed

_WORDS = ("programme", "target", "measure", "duty", "section")
_OF_TARGETS = ("comparator", "value", "unit", "deadline", "counting", "commitment", "binding")
_OF_UNITS = ("office", "role")
_UNSAID = ("", _("not known"))


class SendForm(forms.Form):
    """A file, and the plan that it is a text of."""

    file = forms.FileField(label=_("File"), help_text=_("Text, web page, Word or PDF (not a scan); at most 20 MB."))
    plan = forms.ChoiceField(label=_("Plan"), required=False)
    key = forms.RegexField(
        r"^[a-z][a-z0-9_]{0,39}$",
        label=_("Key of the new plan"),
        required=False,
        help_text=_("Small letters, figures and _; it stays for good. Only for a new plan."),
        widget=forms.TextInput(attrs={"translate": "no", "autocomplete": "off"}),
    )
    title = forms.CharField(
        label=_("Title of the new plan"), max_length=200, required=False, widget=forms.TextInput({"translate": "no"})
    )
    period_from = forms.DateField(label=_("First day of the new plan"), required=False, widget=DateInput)
    period_to = forms.DateField(label=_("Last day of the new plan"), required=False, widget=DateInput)

    def __init__(self, plans: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.titles = dict(plans)
        self.fields["plan"].choices = [*plans, ("", _now("a new plan"))]  # type: ignore[attr-defined]
        self.fields["plan"].widget.attrs["translate"] = "no"

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not said.get("plan"):
            for name in ("key", "title", "period_from", "period_to"):
                if not said.get(name) and name not in self.errors:
                    self.add_error(name, _now("A new plan needs this."))
        start, end = said.get("period_from"), said.get("period_to")
        if start and end and end <= start:
            self.add_error("period_to", _now("A plan ends after it begins."))
        return said

    def said(self) -> dict[str, Any]:
        """Return what ``actions.send`` takes, but the file."""
        typed = self.cleaned_data
        if typed["plan"]:
            return {"plan": typed["plan"], "title": self.titles[typed["plan"]]}
        period = (typed["period_from"], typed["period_to"])
        return {"plan": typed["key"], "title": typed["title"], "period": period}


class FoundForm(forms.Form):
    """What a thing found is; only fields of its kind are asked, empty is not known."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=FIELDS["kind"], choices=KINDS.items())
    wording = forms.CharField(
        label=FIELDS["wording"], max_length=4000, widget=forms.Textarea({"rows": 3, "translate": "no"})
    )
    comparator = forms.ChoiceField(label=FIELDS["comparator"], choices=COMPARATORS.items())
    value = forms.FloatField(label=FIELDS["value"], required=False)
    unit = forms.CharField(
        label=FIELDS["unit"],
        max_length=20,
        required=False,
        widget=forms.TextInput({"translate": "no"}),
        help_text=_("As the text prints it, ten thousands and hundred millions included."),
    )
    deadline = forms.DateField(label=FIELDS["deadline"], required=False, widget=DateInput)
    counting = forms.ChoiceField(label=FIELDS["counting"], choices=COUNTINGS.items())
    commitment = forms.ChoiceField(label=FIELDS["commitment"], choices=COMMITMENTS.items())
    binding = forms.ChoiceField(label=FIELDS["binding"], choices=BINDINGS.items())
    office = forms.ChoiceField(label=FIELDS["office"], required=False)
    role = forms.ChoiceField(label=FIELDS["role"], choices=ROLES.items())

    def __init__(self, found: Reviewed, version: int, data: Mapping[str, Any] | None = None) -> None:
        asked = _asked(found.kind)
        initial = {name: _typed(found.get(name)) for name in asked} | {"wording": found.wording, "version": version}
        super().__init__(data, initial=initial)
        for name in set(CORRECTED) - set(asked):
            del self.fields[name]
        if "wording" in self.fields:
            self.fields["wording"].required = found.kind != "programme"  # a heading may be lost
        if "office" in self.fields:
            self.fields["office"].choices = [_UNSAID, *offices()]  # type: ignore[attr-defined]

    def said(self) -> dict[str, Any]:
        """Return what ``actions.correct`` takes: empty is None, a day its ISO text."""
        typed = {name: self.cleaned_data[name] for name in self.fields if name != "version"}
        return {name: _plain(value) for name, value in typed.items()}


class MergeForm(forms.Form):
    """With which other thing of its kind one is joined."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    into = forms.ChoiceField(label=_c("found", "Join it to"))

    def __init__(self, others: Iterable[Reviewed], version: int, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial={"version": version})
        choices = [(one.key, one.wording[:80]) for one in others]
        self.fields["into"].choices = choices  # type: ignore[attr-defined]
        self.fields["into"].widget.attrs["translate"] = "no"


class ProposeForm(forms.Form):
    """The drafted plan, as a person lets it stand, and from when it shall be in force."""

    text = forms.CharField(
        label=_("Text (YAML)"), widget=forms.Textarea({"rows": 24, "spellcheck": "false", "translate": "no"})
    )
    effective_from = forms.DateField(label=_("In force from"), initial=today, widget=DateInput)


def offices() -> list[tuple[str, str]]:
    return [(office.code, office.text[language()]) for office in pack().offices]


def _asked(kind: str) -> tuple[str, ...]:
    words = ("wording",) if kind in _WORDS else ()
    more = {"target": _OF_TARGETS, "unit": _OF_UNITS}.get(kind, ())
    return ("kind", *words, *more)


def _typed(value: Any) -> Any:
    """Return what a person would have typed: 5 for 5.0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _plain(value: Any) -> Any:
    if value == "":
        return None
    return value.isoformat() if hasattr(value, "isoformat") else value
