"""What a case says, in the reader's language: titles in place of keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from liandesk.base.ui.display import language
from liankit.process import Process
from liankit.process.definition import Coded, Text
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
