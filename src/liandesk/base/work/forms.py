"""Forms made from what a process asks. Forms check what is typed; actions decide."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from liandesk.base.accounts.roles import Viewer
from liandesk.base.pack import pack
from liandesk.base.ui.display import language
from liandesk.base.ui.forms import DateInput, MomentInput
from liandesk.base.work.party_forms import (
    OrganisationField,
    PersonField,
    RoleFields,
    asked_roles,
    own_holders,
    own_label,
)
from liandesk.base.work.policies import OFFICIALS
from liandesk.base.work.queries import Opened
from liandesk.base.work.wording import said
from liankit.process import NextAction, Process
from liankit.process.definition import Coded, FormField, Role, Transition

_TITLE = 40  # characters of an answer that stand for a title
MAX_EVIDENCE_BYTES = 20 * 1024 * 1024
EVIDENCE_SIGNATURES: Mapping[str, tuple[bytes, ...]] = {
    ".pdf": (b"%PDF-",),
    ".docx": (b"PK\x03\x04",),
    ".xlsx": (b"PK\x03\x04",),
    ".png": (b"\x89PNG",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
}
"""Kinds of file that are taken as evidence, and how each begins."""


def _words(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "translate": "no"})


def _line() -> forms.TextInput:
    return forms.TextInput(attrs={"translate": "no"})


def _options(parts: Iterable[Coded]) -> list[tuple[str, str]]:
    return [("", "—"), *((part.key, said(part.title)) for part in parts)]


def offices() -> list[tuple[str, str]]:
    """Return the offices of the pack, for a choice."""
    return [(office.code, office.text[language()]) for office in pack().offices]


def towns() -> list[tuple[str, str]]:
    """Return the towns and zones of the pack, for a choice."""
    return [(term.code, term.text[language()]) for term in (*pack().towns, *pack().zones)]


_FIELDS: Mapping[str, Callable[[FormField, Viewer], forms.Field]] = {
    "text": lambda field, viewer: forms.CharField(max_length=400, widget=_line()),
    "long_text": lambda field, viewer: forms.CharField(max_length=4000, widget=_words(3)),
    "number": lambda field, viewer: forms.FloatField(),
    "date": lambda field, viewer: forms.DateField(widget=DateInput),
    "yes_no": lambda field, viewer: forms.ChoiceField(choices=[("", "—"), ("yes", _now("yes")), ("no", _now("no"))]),
    "choice": lambda field, viewer: forms.ChoiceField(choices=_options(field.choices)),
    "organisation": lambda field, viewer: OrganisationField(viewer),
    "office": lambda field, viewer: forms.ChoiceField(choices=[("", "—"), *offices()]),
    "town": lambda field, viewer: forms.ChoiceField(choices=[("", "—"), *towns()]),
    "person": lambda field, viewer: PersonField(),
}


def asked(field: FormField, viewer: Viewer) -> forms.Field:
    """Return the form's field for one question of a process."""
    made = _FIELDS[field.kind](field, viewer)
    made.label = f"{said(field.title)} ({field.unit})" if field.unit else said(field.title)
    made.required = field.is_required
    made.help_text = said(field.note) if field.note else ""
    return made


class AnswerForm(forms.Form):
    """The questions of a process; ``answers`` are what an event carries."""

    def __init__(self, questions: Iterable[FormField], viewer: Viewer, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = tuple(questions)
        self.fields.update({field.key: asked(field, viewer) for field in self.questions})

    @property
    def answers(self) -> dict[str, Any]:
        """Return what was answered, dates as ISO texts; what was left empty is not there."""
        given = ((field.key, self.cleaned_data.get(field.key)) for field in self.questions)
        return {
            key: value.isoformat() if isinstance(value, date) else value
            for key, value in given
            if value not in (None, "")
        }


class SeenForm(forms.Form):
    """A step of a case; ``seen``: how many events the person had before them; ``back``: where they acted."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    back = forms.CharField(required=False, widget=forms.HiddenInput)


class StepForm(SeenForm, AnswerForm):
    """One step of a case: its questions, and the reason where it ends the case.

    ``reasons``: those that can be pressed, where nothing else is asked.
    """

    def __init__(self, process: Process, transition: Transition, viewer: Viewer, *args: Any, **kwargs: Any) -> None:
        super().__init__(transition.form, viewer, *args, **kwargs)
        for key in transition.answers_needed:
            if key in self.fields:
                self.fields[key].required = True
        ends = (process.stage(key).outcome for key in transition.given)
        reasons = [reason for end in ends if end for reason in end.reasons]
        if reasons:
            self.fields["reason"] = forms.ChoiceField(label=_("Reason"), choices=_options(reasons))
        self.reasons = [] if transition.form else [(reason.key, said(reason.title)) for reason in reasons]


class PauseForm(SeenForm):
    """Why the clocks stop: one of the reasons that the process has."""

    def __init__(self, process: Process, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.ChoiceField(label=_("Why the clocks stop"), choices=_options(process.pauses))


class FillForm(SeenForm, AnswerForm):
    """Questions that were asked and left open; at least one is answered."""

    def __init__(self, questions: Iterable[FormField], viewer: Viewer, *args: Any, **kwargs: Any) -> None:
        super().__init__(questions, viewer, *args, **kwargs)
        for question in self.questions:
            self.fields[question.key].required = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not self.answers:
            raise forms.ValidationError(_("Nothing was filled in."))
        return cleaned


class CorrectForm(SeenForm, AnswerForm):
    """An entry said anew: when it happened and what was answered; what was said before stays visible."""

    at = forms.DateTimeField(label=_("When it happened"), widget=MomentInput)

    @property
    def changes(self) -> dict[str, Any]:
        """Return what is said otherwise than before: ``at`` as ISO text, ``data`` the answers; an empty one is None."""
        answers = self.answers
        data = {q.key: answers.get(q.key) for q in self.questions if answers.get(q.key) != self.initial.get(q.key)}
        said_ = {"data": data} if data else {}
        return {**said_, "at": self.cleaned_data["at"].isoformat()} if "at" in self.changed_data else said_

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not self.changes:
            raise forms.ValidationError(_("Nothing is said otherwise than before."))
        return cleaned


class AssignForm(SeenForm):
    """Who holds one role from here on, in place of those who hold it or beside them."""

    def __init__(self, role: Role, viewer: Viewer, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = RoleFields(role, viewer, is_required=False, takes_many=False)
        self.fields.update(self.asked.fields)
        beside = forms.BooleanField(label=_("Beside those who hold it now"), required=False)
        self.fields["beside"] = beside

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not self.asked.holders(cleaned):
            raise forms.ValidationError(_("Nobody is named."))
        return cleaned

    def holders(self, now: Iterable[str]) -> list[str]:
        """Return all who hold the role from here on, each as ``kind:id``; ``now`` are those who do so far."""
        kept = now if self.cleaned_data["beside"] else ()
        return list(dict.fromkeys([*kept, *self.asked.holders(self.cleaned_data)]))


class OpenForm(AnswerForm):
    """A new case: its title, as whom one opens it, who takes part, and what the process asks at the start."""

    title = forms.CharField(max_length=200, label=_("Title"), widget=_line())

    def __init__(self, process: Process, viewer: Viewer, *args: Any, **kwargs: Any) -> None:
        super().__init__(process.form, viewer, *args, **kwargs)
        self.process, self.own = process, own_holders(viewer, process)
        if len(self.own) > 1:
            choices = [(key, own_label(process, key)) for key in self.own]
            self.fields["opened_as"] = forms.ChoiceField(label=_("You open it as"), choices=choices)
        self.asked = asked_roles(viewer, process)
        for role in self.asked:
            self.fields.update(role.fields)
        if viewer.roles.isdisjoint(OFFICIALS):
            del self.fields["title"]  # fewer questions: the case is called by what is said first
        else:
            self.fields["is_restricted"] = forms.BooleanField(
                label=_("Restricted: only the persons it names see it"), required=False
            )

    @property
    def called(self) -> str:
        """Return the title of the case: what was given, or the beginning of the first answer in words."""
        words = (self.cleaned_data.get(q.key) for q in self.questions if q.kind in ("text", "long_text"))
        first = next((" ".join(str(said_).split()) for said_ in words if said_), said(self.process.title))
        return self.cleaned_data.get("title") or (first if len(first) <= _TITLE else f"{first[: _TITLE - 1]}…")

    @property
    def parties(self) -> list[tuple[str, str, str]]:
        """Return (role, kind, id) of everybody named, the opener first."""
        role, _colon, holder = self.cleaned_data.get("opened_as", self.own[0]).partition("=")
        named = [(role, holder)]
        named += [(one.role.key, holder) for one in self.asked for holder in one.holders(self.cleaned_data)]
        return [(role, *holder.split(":", 1)) for role, holder in dict.fromkeys(named)]


class ProofForm(SeenForm):
    """A piece of evidence: what it proves, its title, the file."""

    title = forms.CharField(max_length=200, label=_("Title"), widget=forms.TextInput(attrs={"translate": "no"}))
    file = forms.FileField(label=_("File"), help_text=_("PDF, Word, Excel, PNG or JPEG, up to 20 MB"))

    def __init__(self, process: Process, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(kind.key, said(kind.title)) for kind in process.evidence]
        self.fields["name"] = forms.ChoiceField(label=_("Evidence of"), choices=choices)

    def clean_file(self) -> UploadedFile:
        return checked_evidence(self.cleaned_data["file"])


def checked_evidence(file: UploadedFile) -> UploadedFile:
    """Return a file of evidence that begins as its ending says; ValidationError for others and for more than 20 MB."""
    name = str(file.name).lower()
    begins = next((signs for end, signs in EVIDENCE_SIGNATURES.items() if name.endswith(end)), ())
    if (file.size or 0) > MAX_EVIDENCE_BYTES:
        raise forms.ValidationError(_("The file is larger than 20 MB. Send a smaller one."))
    if not file.read(8).startswith(begins or (b"\x00never",)):
        raise forms.ValidationError(_("This is none of PDF, Word, Excel, PNG and JPEG, or not what its name says."))
    file.seek(0)
    return file


def start(found: Opened, place: str, back: str = "") -> dict[str, Any]:
    """Return what every form of a case begins with; ids are those of its place, as a page has several forms."""
    return {"initial": {"seen": found.case.events_count, "back": back}, "auto_id": f"{place}_%s"}


def step_form(found: Opened, step: NextAction, viewer: Viewer, place: str, back: str = "") -> forms.Form:
    """Return the form of a step, or of the answer to what somebody proposed."""
    if step.proposal:
        return SeenForm(**start(found, place, back))
    return StepForm(found.process, step.transition, viewer, **start(found, place, back))
