"""Forms: send files, mend a row, say why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from liandesk.base.ui.columns import language
from liandesk.base.ui.templatetags.ui import data
from liandesk.know.sources.contracts import QUARANTINE_ID
from liandesk.know.sources.models import QuarantinedRow
from liandesk.know.sources.readers import sources
from liandesk.know.sources.reading import Reading, Source
from liandesk.know.sources.reports import line_of
from liankit.tables import Column, describe

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
    files = FilesField(
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
    label = data(row.heads[column.name]) if row.heads.get(column.name) else column.head(language())
    text = row.cells.get(column.name, "")
    known = {"label": label, "required": False, "initial": text}
    if 0 < len(column.choices) <= _SELECTABLE:
        return forms.ChoiceField(choices=_options(column, text), **known)
    return forms.CharField(
        widget=forms.TextInput(attrs={"translate": "no"}), help_text=_hint(column), max_length=4000, **known
    )


def _options(column: Column, text: str) -> list[tuple[str, object]]:
    codes = [(choice.title(language()), choice.title(language())) for choice in column.choices]
    unknown = [("不清楚", _now("not known"))] if column.nullable_unknown else []
    as_it_was = [] if text in dict(codes) else [(text, _now("as it stood: %(text)s") % {"text": text} if text else "")]
    return [*as_it_was, *codes, *unknown]


def _hint(column: Column) -> str:
    words = [] if len(column.choices) > _SELECTABLE else [describe(column, language())]
    note = column.note.get(language(), "")
    return " ".join(filter(None, [*words, note]))


def _told(problems: Iterable[Mapping[str, Any]], row: QuarantinedRow, source: Source) -> list[tuple[str, SafeString]]:
    place = {"file": row.file, "sheet": row.sheet, "row": row.row}
    lines = [(said.get("column") or "", line_of({**place, **said}, source, language())) for said in problems]
    return [(name, format_html('<span translate="no">{} {}</span>', line.what, line.todo)) for name, line in lines]


def _tell(form: RowForm, told: Iterable[tuple[str, SafeString]]) -> None:
    """Put what is wrong beside the cells of a form that was not sent yet."""
    for name, text in told:
        if name in form.fields:
            hint = form.fields[name].help_text
            form.fields[name].help_text = format_html('<strong class="is-wrong">{}</strong> {}', text, hint)
