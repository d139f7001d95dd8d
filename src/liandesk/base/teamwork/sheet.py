"""督办单: an instruction as one A4 page in Word, to be signed on paper."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from docx.shared import Mm, Pt

from liandesk.base.accounts.queries import names_of
from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.actions import record
from liandesk.base.errors import NotThere
from liandesk.base.pack import pack
from liandesk.base.snapshots.store import file_digest
from liandesk.base.teamwork.chasing import chases
from liandesk.base.ui.display import language
from liandesk.base.ui.templatetags.ui import day
from liandesk.base.ui.word import open_paper, printable
from liandesk.base.work.queries import Opened, opened
from liandesk.base.work.templatetags.work import CLOCKS, EVENTS, clock_words
from liandesk.base.work.wording import answer, holder_name, said, titles
from liankit.process import Reading

PROCESS = "instruction"
_LONGEST = 600  # characters of a field: with eight lines of history they fit on one page
_HISTORY = 8
_WIDTHS = (Mm(34), Mm(132))


def write_sheet(pk: int, path: Path, *, by: Viewer) -> str:
    """Write the sheet of an instruction that ``by`` sees; return the file's proper name."""
    found = opened(by, pk)
    if found is None or found.case.process != PROCESS:
        raise NotThere(_("There is no such instruction for you."))
    paper = _paper(found)
    _write_table(paper, _rows(found, chases(by, pk).count()))
    space = "\u3000" * 8
    lead, issuer = _("Leading office (signed)"), _("Issuing office (signed)")
    signing = paper.add_paragraph(f"{lead}: {space}{issuer}: {space}")
    signing.paragraph_format.space_before = Pt(18)
    paper.save(str(path))
    record("case.export", "case", pk, by=by, kind="docx", file=file_digest(path))
    return _("instruction") + f"-{number(found)}.docx"


def number(found: Opened) -> str:
    """Return the number of an instruction: the year in which it was opened and the number of its case."""
    return f"{timezone.localtime(found.case.opened_at).year}-{found.case.pk}"


def _paper(found: Opened) -> Any:
    synthetic = " · " + _("SYNTHETIC DATA") if found.case.is_synthetic else ""
    marks = {"class": pack().classifications[-1].text[language()], "number": number(found)}
    mark = _("Classification: %(class)s    No. %(number)s") % marks + synthetic
    return open_paper(_("Instruction sheet"), mark=mark, size=10.5, sides=22, ends=18)


def _rows(found: Opened, chased: int) -> list[tuple[str, str]]:
    """Return the lines of the table: what is asked, of whom, by when, how it stands, what happened."""
    fields = found.process.fields
    asked = [
        (said(fields[key].title), answer(fields[key], found.state.fields[key]))
        for key in ("task", "origin", "source", "due")
        if key in fields and found.state.fields.get(key)
    ]
    clocks = "\n".join(map(_clock, found.clocks))
    named = titles(found.process)
    stands = "、".join(named[stage] for stage in found.case.stages)
    return [
        (_("Title"), found.case.title),
        *asked,
        *_holders(found),
        (_("Stage"), stands),
        (_("Clocks"), clocks),
        (_("Chased"), _("%(count)s times") % {"count": chased}),
        (_("History"), _history(found)),
    ]


def _clock(reading: Reading) -> str:
    state = CLOCKS[reading.state][1]
    return f"{said(reading.clock.title)}: {state} {clock_words(reading)}".strip()


def _holders(found: Opened) -> list[tuple[str, str]]:
    held = {role.key: (said(role.title), found.state.holders.get(role.key, ())) for role in found.process.roles}
    return [
        (title, "、".join(holder_name(*holder.split(":", 1)) for holder in holders))
        for title, holders in held.values()
        if holders
    ]


def _history(found: Opened) -> str:
    """Return the last events, each in one line; how many came before them is said."""
    named, names = titles(found.process), names_of(event.actor for event in found.events)
    lines = [
        f"{day(event.at)} {EVENTS[event.kind]} {named.get(event.name, '')} {names.get(event.actor, '')}"[:60]
        for event in found.events[-_HISTORY:]
    ]
    before = len(found.events) - len(lines)
    return "\n".join([*([_("%(count)s earlier events") % {"count": before}] if before else []), *lines])


def _write_table(paper: Any, rows: list[tuple[str, str]]) -> None:
    table = paper.add_table(rows=0, cols=2, style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, _WIDTHS, strict=True):
        column.width = width
    for label, text in rows:
        cells = table.add_row().cells
        for cell, words, width in zip(cells, (label, _shortened(text)), _WIDTHS, strict=True):
            cell.width = width
            cell.paragraphs[0].add_run(words).font.bold = cell is cells[0]


def _shortened(text: str) -> str:
    plain = printable(text)
    return plain if len(plain) <= _LONGEST else f"{plain[:_LONGEST]}…"
