"""What a person fills in for the backup list. Forms check what is typed; actions decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from liandesk.assess.backups import wording
from liandesk.assess.backups.models import (
    Alert,
    Backup,
    BackupType,
    ChangeClass,
    Drill,
    DrillResult,
    Technology,
    TechnologyKind,
    TechnologyStatus,
)
from liandesk.assess.backups.rules import rules
from liandesk.base.accounts.roles import Viewer
from liandesk.base.clock import today
from liandesk.base.countries import country_names
from liandesk.base.pack import pack
from liandesk.base.ui.display import language
from liandesk.base.ui.forms import DateInput
from liandesk.base.work.party_forms import OrganisationField
from liandesk.know.registry.queries import organisation
from liankit.risk.readiness import Coded

_F = wording.FIELDS
_UNSAID = [("", _("not known"))]


def _offices() -> list[tuple[str, str]]:
    return [(office.code, office.text[language()]) for office in pack().offices]


def _countries() -> list[tuple[str, Any]]:
    named = [(code, text[language()]) for code, text in country_names().items()]
    return [*_UNSAID, *sorted(named, key=lambda pair: pair[1])]


def _titled(part: Coded) -> str:
    return part.title.zh if language() == "zh" else part.title.en


def _text(name: str, most: int, *, rows: int = 0, is_required: bool = False) -> forms.CharField:
    """Return a field for words of the person's own: data, in whatever language."""
    attrs = {"translate": "no", **({"rows": rows} if rows else {})}
    widget = forms.Textarea(attrs=attrs) if rows else forms.TextInput(attrs=attrs)
    return forms.CharField(max_length=most, required=is_required, label=_F[name], widget=widget)


def _choice(name: str, choices: list[Any], *, is_required: bool = False) -> forms.ChoiceField:
    return forms.ChoiceField(
        choices=choices if is_required else [*_UNSAID, *choices], label=_F[name], required=is_required
    )


class VersionForm(forms.Form):
    """A form that changes a row; ``version`` is what the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class ReasonForm(VersionForm):
    """An act that needs a reason."""

    reason = forms.CharField(
        max_length=400, label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2, "translate": "no"})
    )


class TechnologyForm(VersionForm):
    """A row of the list."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = _text("name", 200, is_required=True)
    kind = _choice("kind", TechnologyKind.choices, is_required=True)
    segment = _text("segment", 120)
    item_name = _text("item_name", 200)
    status = _choice("status", TechnologyStatus.choices)
    source_holder = _text("source_holder", 200)
    source_country = forms.ChoiceField(choices=_countries, label=_F["source_country"], required=False)
    barrier = _text("barrier", 400, rows=2)
    ip_warning = _choice("ip_warning", Alert.choices)
    owner_office = forms.ChoiceField(choices=_offices, label=_F["owner_office"])
    note = _text("note", 2000, rows=2)

    @classmethod
    def of(cls, found: Technology) -> TechnologyForm:
        """Return the form as it opens for a row."""
        return cls(initial={name: getattr(found, name) for name in cls.base_fields})


_ORDER = ("type", "holder_name", "holder", "country", "steps_known", "steps_done", "change_class", "trl", "stock_days")
"""The questions that readiness follows from come first."""


class BackupForm(VersionForm):
    """A backup of a row. Which steps there are follows from its type: they are asked once the type is said."""

    type = _choice("type", BackupType.choices, is_required=True)
    holder_name = _text("holder_name", 200, is_required=True)
    country = forms.ChoiceField(choices=_countries, label=_F["country"], required=False)
    trl = forms.TypedChoiceField(label=_F["trl"], required=False, coerce=int, empty_value=None)
    change_class = _choice("change_class", ChangeClass.choices)
    stock_days = forms.FloatField(min_value=0, required=False, label=_F["stock_days"])
    project = _text("project", 200)
    milestone = _text("milestone", 400, rows=2)
    verifier = _text("verifier", 200)
    ready_on = forms.DateField(widget=DateInput, required=False, label=_F["ready_on"])
    owner_office = forms.ChoiceField(choices=_offices, label=_F["owner_office"])

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels = [
            (level.level, f"{level.level} {rules().level_name(level.level, language())}")
            for level in rules().trl.levels
        ]
        self.fields["trl"].choices = [*_UNSAID, *levels]  # type: ignore[attr-defined]
        self.fields["holder"] = OrganisationField(
            viewer,
            required=False,
            label=_F["holder"],
            help_text=_("Where it is an organisation of the registry: its name or id."),
        )
        self.order_fields(_ORDER)

    @property
    def said(self) -> dict[str, Any]:
        """Return what was said of the backup."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("version", "steps_known")}


class HeldForm(BackupForm):
    """A backup that is there: its type stays, its steps are asked."""

    steps_known = forms.BooleanField(required=False, label=_("It is known which steps are done"))
    steps_done = forms.MultipleChoiceField(required=False, label=_F["steps_done"], widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, held: Backup, viewer: Viewer, **kwargs: Any) -> None:
        kwargs.setdefault("initial", _initial(held, viewer))
        super().__init__(*args, viewer=viewer, **kwargs)
        del self.fields["type"]
        if held.holder and not self.initial["holder"]:
            del self.fields["holder"]  # the person does not see it and so leaves it as it is
        steps = [(step.key, _titled(step)) for step in rules().path_of(held.type).steps]
        self.fields["steps_done"].choices = steps  # type: ignore[attr-defined]
        self.order_fields(_ORDER)

    @property
    def said(self) -> dict[str, Any]:
        done = self.cleaned_data["steps_done"]
        return super().said | {"steps_done": done if done or self.cleaned_data["steps_known"] else None}


def _initial(held: Backup, viewer: Viewer) -> dict[str, Any]:
    names = (*BackupForm.base_fields, "steps_done")
    said = {name: getattr(held, name) for name in names if name != "version"}
    its = organisation(viewer, held.holder) if held.holder else None
    more = {
        "version": held.technology.version,
        "holder": its.pk if its else "",
        "steps_known": held.steps_done is not None,
    }
    return said | more


class PlanForm(VersionForm):
    """When a backup is tried."""

    planned_on = forms.DateField(widget=DateInput, label=_("The drill is on"))

    def clean_planned_on(self) -> Any:
        if self.cleaned_data["planned_on"] < today():
            raise forms.ValidationError(_("This date has passed; choose today or later."))
        return self.cleaned_data["planned_on"]


class RecordForm(VersionForm):
    """What came of a drill."""

    done_on = forms.DateField(widget=DateInput, label=_("Held on"))
    result = forms.ChoiceField(choices=DrillResult.choices, label=_("Result"))
    what_failed = forms.CharField(
        max_length=2000,
        required=False,
        label=_("What failed"),
        widget=forms.Textarea(attrs={"rows": 3, "translate": "no"}),
    )
    evidence = forms.CharField(
        max_length=400,
        required=False,
        label=_("Evidence"),
        help_text=_("Where the record lies: file number, batch record, report."),
        widget=forms.TextInput(attrs={"translate": "no"}),
    )

    @classmethod
    def of(cls, found: Drill) -> RecordForm:
        """Return the form as it opens for a drill."""
        return cls(initial={"version": found.backup.technology.version, "done_on": today()})
