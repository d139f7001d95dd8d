"""Forms as one workbook, of an enterprise or of a town: out with what is known, in through the forms of the page.

A row is one question, of suppliers one supplier. What the page refuses the workbook refuses, by row and column.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import override

from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.actions import record
from liandesk.base.errors import UserError
from liandesk.base.snapshots.store import file_digest
from liandesk.base.ui.display import language
from liandesk.know.survey import answering, queries, wording
from liandesk.know.survey.answering import Filled
from liandesk.know.survey.forms import WholeForm
from liandesk.know.survey.models import Answer, Asked, Invitation
from liandesk.know.survey.question_forms import CNY, HOW, QuestionForm, question_form
from liankit.tables import Choice, Column, Table, read_table
from liankit.tables.contract import Limits
from liankit.tables.problems import Problem
from liankit.tables.write import Cover, Sheet, write_workbook

_LIMITS = Limits(file_bytes=5_000_000, unpacked_bytes=50_000_000, rows=20_000, cells=400_000)
_SUPPLIER = ("supplier", "alias", "country", "share")
_FIELDS = {"supplier": "name", "alias": "alias", "country": "country", "share": "share"}
Row = dict[str, Any]


@dataclass(frozen=True)
class Fault:
    """Why a row is not taken: its row in the sheet (None: all of it), the title of the column, why."""

    row: int | None
    column: str
    why: str


@dataclass(frozen=True)
class Outcome:
    """What became of a workbook: the forms returned, and what is to be mended."""

    returned: tuple[Invitation, ...]
    faults: tuple[Fault, ...]


def contract() -> Table:
    """Return the columns of the sheet in the reader's language."""
    said = {
        "no": _("Question no."),
        "version": _("Version of the form"),
        "enterprise": _("Enterprise"),
        "input": _("Input"),
        "question": _("Question"),
        "how": _("How it is answered"),
        "answer": _("Answer"),
        "supplier": _("Supplier"),
        "alias": _("This is an alias"),
        "country": _("Country or region"),
        "share": _("Share, %"),
    }
    whole = ("no", "version")
    columns = (
        Column(
            name,
            pl.Int64 if name in whole else pl.String,
            {language(): title},
            required=name in whole,
            choices=_choices() if name == "how" else (),
        )
        for name, title in said.items()
    )
    return Table("survey", tuple(columns), sheet=_("Questions"))


def _choices() -> tuple[Choice, ...]:
    """Return how a question may be answered, in both languages."""
    return tuple(Choice(code, _in("zh-hans", title), _in("en", title)) for code, title in HOW)


def _in(code: str, title: Promise) -> str:
    with override(code):
        return str(title)


def write_forms(path: Path, forms: Sequence[Invitation], *, by: Viewer) -> None:
    """Write the questions of forms with what is known, to be filled in and sent back."""
    table = contract()
    rows = [row for form in forms for asked in queries.questions(form) for row in _rows(form, asked)]
    schema = {column.name: column.dtype for column in table.columns}
    guide = (
        (_("Answer"), _("A number, or yes or no.")),
        (_("How it is answered"), "、".join(str(title) for _code, title in HOW)),
        (_("Supplier"), _("A row a supplier; copy the question number for another. An alias is enough.")),
        (_("What is emptied"), _("A share or country that is emptied counts as unknown from now on.")),
    )
    cover = Cover(_("How to fill in"), forms[0].round.title if forms else "", guide)
    write_workbook(
        path, [Sheet(table.sheet, pl.DataFrame(rows, schema=schema), table)], cover=cover, language=language()
    )
    record("survey.sheet", "survey_form", forms[0].pk if forms else "", by=by, forms=len(forms), file=file_digest(path))


def _rows(form: Invitation, asked: Asked) -> Iterator[Row]:
    given = getattr(asked, "answer", None)
    base = {
        "no": asked.pk,
        "version": form.version,
        "enterprise": form.name,
        "input": asked.item_name,
        "question": f"{wording.question(asked)} {CNY if asked.code == Asked.Code.OUTPUT else ''}".strip(),
    }
    if given is not None and given.value is None:
        yield base | {"how": given.kind}
        return
    value = asked.known if given is None else given.value
    if asked.code != Asked.Code.SUPPLIERS:
        yield base | {"answer": _cell(asked, value)}
        return
    begun = question_form(asked).begun(asked, value or [])
    for place in range(max(1, len(value or []))):
        said = {column: begun.get(f"{field}_{place}") for column, field in _FIELDS.items()}
        yield base | {
            "supplier": said["supplier"],
            "alias": _("yes") if said["alias"] else None,
            "country": said["country"] or None,
            "share": None if said["share"] is None else f"{said['share']:g}",
        }


def _cell(asked: Asked, value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(question_form(asked).begun(asked, value)["number"])


def import_forms(path: Path, forms: Sequence[Invitation], *, by: Viewer) -> Outcome:
    """Return the forms that a workbook fills in without a fault; ``forms`` are those that ``by`` may fill in.

    Each enterprise's rows are taken together or not at all. Raises UnreadableFile where it is no such workbook.
    """
    table = contract()
    read = read_table(path, table, limits=_LIMITS)
    by_question: dict[int, list[Row]] = {}
    for row in read.rows.iter_rows(named=True):
        by_question.setdefault(row["no"], []).append(row)
    faults = [_told(table, problem) for problem in read.problems if problem.severity == "error"]
    returned: list[Invitation] = []
    known = set[int]()
    for form in forms:
        asked = queries.questions(form)
        known |= {one.pk for one in asked}
        mine = {one.pk: by_question[one.pk] for one in asked if one.pk in by_question}
        if mine and any(_is_filled(row) for rows in mine.values() for row in rows):
            _take(form, asked, mine, table, by, returned, faults)
    strange = [rows[0] for number, rows in by_question.items() if number not in known]
    faults += [
        Fault(row["row"], table.columns[0].titled(language()), _("There is no such question for you."))
        for row in strange
    ]
    record(
        "survey.import", "survey_form", "", by=by, returned=len(returned), faults=len(faults), file=file_digest(path)
    )
    return Outcome(tuple(returned), tuple(faults))


def _is_filled(row: Row) -> bool:
    return bool(row["how"] or row["answer"] or row["supplier"])


def _take(
    form: Invitation,
    asked: Sequence[Asked],
    rows: Mapping[int, list[Row]],
    table: Table,
    by: Viewer,
    returned: list[Invitation],
    faults: list[Fault],
) -> None:
    """Return one form, or say what is to be mended in its rows."""
    data = {name: held for one in asked for name, held in _sent(one, rows.get(one.pk, [])).items()}
    whole = WholeForm(form, asked, data)
    parts = whole.questions
    if not all([part.is_valid() for part in parts]):  # noqa: C419  each of them: all faults are told at once
        faults += [fault for part in parts for fault in _faults(part, rows.get(part.asked.pk, []), table)]
        return
    filled = Filled(
        {part.asked.pk: part.given for part in parts}, form.new_inputs, form.request_topic, form.request_text
    )
    first = next(iter(rows.values()))[0]
    try:
        returned.append(answering.send(form.pk, filled, seen=first["version"], by=by))
    except UserError as error:
        faults.append(Fault(first["row"], "", str(error)))


def _sent(asked: Asked, rows: Sequence[Row]) -> Row:
    """Return the rows of a question as the page would send them; what is filled in is an answer."""
    prefix = f"q{asked.pk}"
    how = next((row["how"] for row in rows if row["how"]), "")
    answer = next((row["answer"].strip() for row in rows if row["answer"]), "")
    named = [row for row in rows if any(row[name] for name in _SUPPLIER)]
    if how in (Answer.Kind.UNKNOWN, Answer.Kind.DECLINED):
        return {f"{prefix}-how": how}
    if asked.code == Asked.Code.ANOTHER_SOURCE:
        yes_no = {_("yes"): "yes", _("no"): "no", "yes": "yes", "no": "no"}
        return {f"{prefix}-how": yes_no.get(answer, answer)}
    cells = {
        f"{prefix}-{field}_{place}": _supplier_cell(column, row[column])
        for place, row in enumerate(named)
        for column, field in _FIELDS.items()
        if row[column]
    }
    return cells | {f"{prefix}-how": how, f"{prefix}-number": answer}


def _supplier_cell(column: str, text: str) -> str:
    if column == "alias":
        return "on" if text.strip() in (_("yes"), "yes") else ""
    return text.rstrip("%％ ") if column == "share" else text


def _faults(part: QuestionForm, rows: Sequence[Row], table: Table) -> Iterator[Fault]:
    titles = {column.name: column.titled(language()) for column in table.columns}
    columns = {field: column for column, field in _FIELDS.items()}
    for name, errors in part.errors.items():
        field, _line, place = str(name).rpartition("_")
        row = rows[int(place)] if place.isdecimal() and int(place) < len(rows) else rows[0] if rows else None
        title = titles[columns.get(field, "how" if name == "how" else "answer")]
        yield Fault(row["row"] if row else None, title, f"{part.asked.item_name}: {' '.join(map(str, errors))}")


def _told(table: Table, problem: Problem) -> Fault:
    text = problem.text(language())
    titles = {column.name: column.titled(language()) for column in table.columns}
    return Fault(problem.row, titles.get(problem.column or "", problem.column or ""), f"{text.what} {text.why}".strip())
