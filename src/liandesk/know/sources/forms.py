"""Forms: send files, mend a row, say why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl
from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from liandesk.base.ui.display import language
from liandesk.base.ui.templatetags.ui import data
from liandesk.know.sources.contracts import QUARANTINE_ID
from liandesk.know.sources.models import QuarantinedRow
from liandesk.know.sources.readers import sources
from liandesk.know.sources.reading import Reading, Source
from liandesk.know.sources.reports import line_of
from liankit.tables import Column, describe
from liankit.tables.contract import choice_key

_UNKNOWN = "不清楚"
_SELECTABLE = 12
"""Up to so many choices a list is quicker than typing."""


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One file or several."""

    widget = FilesInput

    def clean(self, value: Any, initial: Any = None) -> list[UploadedFile]:
        files = value if isinstance(value, list | tuple) else [value]
        return [super(FilesField, self).clean(file, initial) for file in files]


class UploadForm(forms.Form):
    """Files of one source."""

    source = forms.ChoiceField(label=_("Source"))
    sender = forms.CharField(
        label=_("Whose sheets"),
        required=False,
        max_length=80,
        help_text=_("The office or enterprise that made them; what its columns mean is asked once and remembered."),
        widget=forms.TextInput(attrs={"translate": "no", "autocomplete": "organization"}),
    )
    files = FilesField(  # type: ignore[assignment]  # the form's own files have that name too
        label=_("Files"), help_text=_("Excel or CSV. Several files may be chosen at once; nothing is loaded yet.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = [(source.key, source.title[language()]) for source in sources().values() if source.make is None]
        self.fields["source"].choices = sorted(chosen, key=lambda one: one[0] != "workbook")  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why a load is withdrawn or a row set aside."""

    why = forms.CharField(
        label=_("Reason"), max_length=400, widget=forms.Textarea(attrs={"rows": 3, "translate": "no"})
    )


class RowForm(forms.Form):
    """The cells of one waiting row, as they stood in the file, with what is wrong beside them."""

    def __init__(self, row: QuarantinedRow, source: Source, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row, self.source = row, source
        table = source.table(row.table)
        for column in table.columns:
            if column.name != QUARANTINE_ID.name:
                self.fields[column.name] = _cell(row, column)
        if not self.is_bound:
            self.told = _told(row.problems, row, source)
            _tell(self, self.told)

    def add_problems(self, reading: Reading) -> None:
        """Say what is still wrong after the row was sent again."""
        errors = [said for said in reading.problems.to_dicts() if said["severity"] == "error"]
        for name, text in _told(errors, self.row, self.source):
            self.add_error(name if name in self.fields else None, text)


def _cell(row: QuarantinedRow, column: Column) -> forms.Field:
    """Return the field of one cell; any text may be sent, for reading it again is what judges it."""
    is_short = 0 < len(column.choices) <= _SELECTABLE
    text = row.cells.get(column.name, "")
    text = _meant(column, text) if is_short else text
    field = forms.CharField(required=False, initial=text, max_length=4000, help_text="" if is_short else _hint(column))
    field.label = data(row.heads[column.name]) if row.heads.get(column.name) else column.head(language())
    field.widget = forms.Select(choices=_options(column, text)) if is_short else forms.TextInput()
    field.widget.attrs["translate"] = "no"
    return field


def _options(column: Column, text: str) -> list[tuple[str, str]]:
    """Return what may be chosen; what stood there and is none of it stays the first choice, so that nothing is lost."""
    codes = [(choice.code, choice.title(language())) for choice in column.choices]
    unknown = [(_UNKNOWN, _now("not known"))] if column.nullable_unknown else []
    nothing = [("", "")] if text else []
    as_it_was = _now("as it stood: %(text)s") % {"text": text} if text else ""
    stood = [] if text in dict(codes + unknown) else [(text, as_it_was)]
    return [*stood, *nothing, *codes, *unknown]


def _meant(column: Column, text: str) -> str:
    """Return the code of the choice that a text means, else the text."""
    spelled = {choice_key(spelling): choice.code for choice in column.choices for spelling in choice.spellings()}
    return spelled.get(choice_key(text), text)


def _hint(column: Column) -> str:
    is_plain = column.dtype is pl.String and not column.check
    note = column.note.get(language(), "")
    return note if is_plain else " · ".join(filter(None, (describe(column, language()), note)))


def _told(problems: Iterable[Mapping[str, Any]], row: QuarantinedRow, source: Source) -> list[tuple[str, SafeString]]:
    place = {"file": row.file, "sheet": row.sheet, "row": row.row}
    lines = [(said.get("column") or "", line_of({**place, **said}, source, language())) for said in problems]
    return [(name, format_html('<span translate="no">{} · {}</span>', line.what, line.todo)) for name, line in lines]


def _tell(form: RowForm, told: Iterable[tuple[str, SafeString]]) -> None:
    """Put what is wrong beside the cells of a form that was not sent yet."""
    for name, text in told:
        if name in form.fields:
            hint = form.fields[name].help_text
            form.fields[name].help_text = format_html('<strong class="is-wrong">{}</strong> {}', text, hint)
