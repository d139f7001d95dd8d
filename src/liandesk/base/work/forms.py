"""Forms made from what a process asks. Forms check what is typed; actions decide."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from liandesk.base.pack import pack
from liandesk.base.ui.display import language
from liandesk.base.ui.forms import DateInput
from liandesk.base.work.wording import said
from liankit.process import Process
from liankit.process.definition import Coded, FormField, Transition

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


def _options(parts: Iterable[Coded]) -> list[tuple[str, str]]:
    return [("", "—"), *((part.key, said(part.title)) for part in parts)]


def offices() -> list[tuple[str, str]]:
    """Return the offices of the pack, for a choice."""
    return [(office.code, office.text[language()]) for office in pack().offices]


_FIELDS: Mapping[str, Callable[[FormField], forms.Field]] = {
    "text": lambda field: forms.CharField(max_length=400),
    "long_text": lambda field: forms.CharField(max_length=4000, widget=_words(3)),
    "number": lambda field: forms.FloatField(),
    "date": lambda field: forms.DateField(widget=DateInput),
    "yes_no": lambda field: forms.ChoiceField(choices=[("", "—"), ("yes", _now("yes")), ("no", _now("no"))]),
    "choice": lambda field: forms.ChoiceField(choices=_options(field.choices)),
    "organisation": lambda field: forms.CharField(max_length=200),
    "office": lambda field: forms.ChoiceField(choices=[("", "—"), *offices()]),
    "person": lambda field: forms.CharField(max_length=200),
}


def asked(field: FormField) -> forms.Field:
    """Return the form's field for one question of a process."""
    made = _FIELDS[field.kind](field)
    made.label = f"{said(field.title)} ({field.unit})" if field.unit else said(field.title)
    made.required = field.is_required
    made.help_text = said(field.note) if field.note else ""
    return made


class AnswerForm(forms.Form):
    """The questions of a process; ``answers`` are what an event carries."""

    def __init__(self, questions: Iterable[FormField], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = tuple(questions)
        self.fields.update({field.key: asked(field) for field in self.questions})

    @property
    def answers(self) -> dict[str, Any]:
        """Return what was answered, dates as ISO texts; what was left empty is not there."""
        given = ((field.key, self.cleaned_data.get(field.key)) for field in self.questions)
        return {
            key: value.isoformat() if isinstance(value, date) else value
            for key, value in given
            if value not in (None, "")
        }


class StepForm(AnswerForm):
    """One step of a case: its questions, the reason where it ends the case, and what the person had seen."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, process: Process, transition: Transition, *args: Any, **kwargs: Any) -> None:
        super().__init__(transition.form, *args, **kwargs)
        ends = (process.stage(key).outcome for key in transition.given)
        reasons = [reason for end in ends if end for reason in end.reasons]
        if reasons:
            self.fields["reason"] = forms.ChoiceField(label=_("Reason"), choices=_options(reasons))


class OpenForm(AnswerForm):
    """A new case: its title, who leads, who takes part, and what the process asks at the start."""

    title = forms.CharField(max_length=200, label=_("Title"), widget=forms.TextInput(attrs={"translate": "no"}))
    lead = forms.ChoiceField(label=_("Leading office"), choices=offices)
    partners = forms.MultipleChoiceField(
        label=_("Co-operating offices"), choices=offices, required=False, widget=forms.CheckboxSelectMultiple
    )


class ProofForm(forms.Form):
    """A piece of evidence: what it proves, its title, the file."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.ChoiceField(label=_("Evidence of"))
    title = forms.CharField(max_length=200, label=_("Title"), widget=forms.TextInput(attrs={"translate": "no"}))
    file = forms.FileField(label=_("File"), help_text=_("PDF, Word, Excel, PNG or JPEG, up to 20 MB"))

    def __init__(self, process: Process, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(kind.key, said(kind.title)) for kind in process.evidence]
        self.fields["name"] = forms.ChoiceField(label=_("Evidence of"), choices=choices)

    def clean_file(self) -> UploadedFile:
        """Take only files that begin as their ending says, within the size."""
        file: UploadedFile = self.cleaned_data["file"]
        name = str(file.name).lower()
        begins = next((signs for end, signs in EVIDENCE_SIGNATURES.items() if name.endswith(end)), ())
        if (file.size or 0) > MAX_EVIDENCE_BYTES:
            raise forms.ValidationError(_("The file is larger than 20 MB. Send a smaller one."))
        if not file.read(8).startswith(begins or (b"\x00never",)):
            raise forms.ValidationError(_("This is none of PDF, Word, Excel, PNG and JPEG, or not what its name says."))
        file.seek(0)
        return file
