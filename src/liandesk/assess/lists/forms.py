"""What a person fills in for an entry or an edition. Forms check what is typed; actions decide."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from liandesk.assess.lists.actions import default_helpers, default_owner
from liandesk.assess.lists.models import ListEntry
from liandesk.base.accounts.access import unbarred
from liandesk.base.clock import today
from liandesk.base.pack import pack
from liandesk.base.ui import levels
from liandesk.base.ui.display import language
from liandesk.base.ui.forms import DateInput


def _offices() -> list[tuple[str, str]]:
    return [(office.code, office.text[language()]) for office in pack().offices]


def _text(rows: int) -> forms.Textarea:
    """A field for words of the person's own: data, in whatever language."""
    return forms.Textarea(attrs={"rows": rows, "translate": "no"})


class EntryForm(forms.Form):
    """One action on one entry; ``version`` is what the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    @classmethod
    def of(cls, entry: ListEntry) -> EntryForm:
        """Return the form as it opens for an entry."""
        names = [name for name in cls.base_fields if hasattr(entry, name)]
        return cls(initial={name: getattr(entry, name) for name in names})

    def renew(self, entry: ListEntry) -> None:
        """Let the same text be sent again after somebody else's change was shown."""
        self.data = {**dict(self.data.items()), "version": entry.version}


class OwnerForm(EntryForm):
    """Which office answers for an entry, by when."""

    owner_office = forms.ChoiceField(choices=_offices, label=_("Responsible office"))
    with_offices = forms.MultipleChoiceField(
        choices=_offices, required=False, label=_("Co-operating offices"), widget=forms.CheckboxSelectMultiple
    )
    due_date = forms.DateField(widget=DateInput, required=False, label=_("Due"), show_hidden_initial=True)

    @classmethod
    def of(cls, entry: ListEntry) -> EntryForm:
        form = super().of(entry)
        form.initial["with_offices"] = unbarred(entry.with_offices)
        return form

    def clean_due_date(self) -> date | None:
        """An overdue date may stay when only the office changes."""
        due = cast("date | None", self.cleaned_data["due_date"])
        if due is not None and due < today() and "due_date" in self.changed_data:
            raise forms.ValidationError(_("This date has passed; choose today or later."))
        return due


class AdmitForm(OwnerForm):
    """Take an entry onto the list: the offices of its kind of item are filled in."""

    @classmethod
    def of(cls, entry: ListEntry) -> EntryForm:
        offices = {"owner_office": default_owner(entry), "with_offices": default_helpers(entry)}
        return cls(initial={"version": entry.version, **offices})


class ReasonForm(EntryForm):
    """An action that needs a reason."""

    reason = forms.CharField(max_length=400, label=_("Reason"), widget=_text(2))


class ReportForm(EntryForm):
    """What is done about an entry, and how grave it is."""

    measure = forms.CharField(
        max_length=400,
        required=False,
        label=_("Measure"),
        help_text=_("What is done: stock, second source, research, purchase, other orders."),
        widget=_text(2),
    )
    level = forms.ChoiceField(
        required=False,
        label=_("Level"),
        help_text=_("It goes before the computed one, which stays beside it."),
    )
    level_reason = forms.CharField(max_length=400, required=False, label=_("Reason for the level"), widget=_text(1))
    note = forms.CharField(
        max_length=2000,
        required=False,
        label=_("Note"),
        help_text=_("For the offices only; towns and enterprises do not see it. No state secrets."),
        widget=_text(3),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ChoiceField, self.fields["level"])
        field.choices = [("", _("not set")), *((one.code, one.title) for one in levels.LEVELS)]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("level") and not said.get("level_reason"):
            self.add_error("level_reason", _("A level needs a reason: say in a few words why it is this grave."))
        return said


FORMS: dict[str, type[EntryForm]] = {
    "admit": AdmitForm,
    "assign": OwnerForm,
    "report": ReportForm,
    "decline": ReasonForm,
    "close": ReasonForm,
    "reopen": ReasonForm,
}
"""The form of each action on one entry."""

FORM_TITLES = {
    "admit": _("Admit to the list"),
    "assign": _("Assign"),
    "report": _("Report"),
    "decline": _("Leave out"),
    "close": _("Close"),
    "reopen": _("Reopen"),
}
"""The verb of each form's button."""


class BulkForm(forms.Form):
    """One action on the selected entries; each button uses the fields beside it."""

    owner_office = forms.ChoiceField(required=False, label=_("Responsible office"))
    due_date = forms.DateField(widget=DateInput, required=False, label=_("Due"))
    reason = forms.CharField(max_length=400, required=False, label=_("Reason"), widget=_text(1))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ChoiceField, self.fields["owner_office"])
        field.choices = [("", _("that of the kind of item")), *_offices()]

    def clean_due_date(self) -> date | None:
        due = cast("date | None", self.cleaned_data["due_date"])
        if due is not None and due < today():
            raise forms.ValidationError(_("This date has passed; choose today or later."))
        return due


class PrepareForm(forms.Form):
    """The head of an edition."""

    title = forms.CharField(max_length=200, label=_("Title"), widget=_text(1))
    classification = forms.ChoiceField(
        label=_("Classification"),
        help_text=_("There is no higher mark: this system takes no state secrets. Do not enter any."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ChoiceField, self.fields["classification"])
        field.choices = [("", _("choose")), *((mark.code, mark.text[language()]) for mark in pack().classifications)]


class SignForm(forms.Form):
    """The signature; the reason is needed when the list is shorter or longer than it should be."""

    size_reason = forms.CharField(
        max_length=400,
        required=False,
        label=_("Why this number of entries"),
        widget=_text(2),
    )
