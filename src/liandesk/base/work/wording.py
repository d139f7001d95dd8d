"""What a case says, in the reader's language: titles in place of keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from liandesk.base.accounts.queries import names_of, scope_name
from liandesk.base.accounts.roles import ScopeKind
from liandesk.base.ui import numbers
from liandesk.base.ui.display import language
from liankit.process import Process
from liankit.process.definition import Coded, FormField, Text
from liankit.reasons import Reason
from liankit.texts import render


def said(text: Text) -> str:
    """Return a text of a definition in the reader's language."""
    return text.zh if language() == "zh" else text.en


def titles(process: Process) -> Mapping[str, str]:
    """Return the title of every key of a process."""
    outcomes = [stage.outcome for stage in process.stages if stage.outcome]
    parts: list[Coded] = [
        *process.roles,
        *process.stages,
        *process.transitions,
        *process.evidence,
        *process.pauses,
        *process.fields.values(),
        *outcomes,
        *(reason for outcome in outcomes for reason in outcome.reasons),
    ]
    return {part.key: said(part.title) for part in parts}


def why(process: Process, reasons: Iterable[Reason]) -> str:
    """Return why a step is not taken."""
    named = titles(process)
    return ("；" if language() == "zh" else "; ").join(reason_text(reason, named) for reason in reasons)


def reason_text(reason: Reason, named: Mapping[str, str]) -> str:
    """Return one reason with titles in place of keys."""
    params = {name: named.get(str(value), value) for name, value in reason.params.items()}
    return render(reason.code, params, language())


def answer(field: FormField, value: Any) -> str:
    """Return an answer in words: titles and names in place of codes, a day with its weekday."""
    if value in (None, ""):
        return _("nothing")
    if field.kind == "choice":
        return next((said(choice.title) for choice in field.choices if choice.key == value), str(value))
    if field.kind == "yes_no":
        return _("yes") if value in (True, "yes") else _("no")
    if field.kind in ("office", "town", "organisation", "person"):
        return holder_name(field.kind, str(value))
    if field.kind == "date" and (day := parse_date(str(value))):
        return with_weekday(day)
    said_ = numbers.plain(value) if field.kind == "number" else value
    return f"{said_} {field.unit}".strip()


def with_weekday(day: date) -> str:
    """Return a day with its weekday, for where a clock matters."""
    return f"{day.isoformat()} {date_format(day, 'D')}"


def holder_name(kind: str, scope_id: str) -> str:
    """Return the name of who holds a role: a person, an office, a town, an organisation."""
    if kind == "person":
        return names_of([scope_id]).get(scope_id, scope_id)
    return scope_name(kind, scope_id) if kind in ScopeKind.values else scope_id
