"""A report is made in the worker: gathered as its addressee may see it, written thrice, checked, sealed and kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import translation

from liandesk.base.accounts.roles import Grant, Role, ScopeKind, Viewer, system_viewer
from liandesk.base.jobs.actions import beat
from liandesk.base.jobs.models import Job
from liandesk.base.snapshots.store import put_bytes
from liandesk.steer.reports.actions import keep
from liandesk.steer.reports.contents import paper_of
from liandesk.steer.reports.models import Kind, Report
from liandesk.steer.reports.writing.paper import Paper
from liankit.plan.report.bundle import pack, verify

_LOCALES = {"zh": "zh-hans", "en": "en"}


def make(job: Job) -> Mapping[str, Any]:
    """Make the report of a job; return what its numbers were found to be."""
    found = Report.objects.get(job=job)
    with translation.override(_LOCALES[found.language]):
        beat(job, phase="gather", done=0, total=4)
        paper, is_synthetic = paper_of(found, addressee(found))
        contents = {}
        for done, (name, content) in enumerate(_written(paper, found), start=1):
            contents[name] = content
            beat(job, phase="write", done=done)
    about = {"title": paper.title, "kind": found.kind, "office": found.office, "day": found.day.isoformat()}
    bundle, head = pack({**about, "language": found.language, "is_synthetic": is_synthetic}, paper.ledger, contents)
    verdict = verify(bundle)
    assert verdict.holds, verdict.faults  # what we cannot verify ourselves must not leave the house
    files = {name.partition(".")[2]: put_bytes(content) for name, content in {**contents, "report.zip": bundle}.items()}
    counts = (verdict.numbers, len(verdict.recomputed))
    keep(
        found,
        by=system_viewer("worker"),
        title=paper.title,
        files=files,
        head=head,
        counts=counts,
        is_synthetic=is_synthetic,
    )
    return {"numbers": verdict.numbers, "recomputed": len(verdict.recomputed), "traced": len(verdict.traced)}


def addressee(found: Report) -> Viewer:
    """Return the viewer as whom a report is gathered: it holds nothing that its reader may not see elsewhere."""
    if found.kind == Kind.LETTER:
        grant = Grant(Role.OFFICER, ScopeKind.OFFICE, found.office)
    else:
        grant = Grant(Role.CHAIN_CHIEF, ScopeKind.DISTRICT)
    return Viewer("system:report", "report", frozenset({grant}))


def _written(paper: Paper, found: Report) -> Any:
    """Yield the files of a report, written one after the other; the writers are heavy and load here only."""
    from liandesk.steer.reports.writing.charts import draw
    from liandesk.steer.reports.writing.excel import to_excel
    from liandesk.steer.reports.writing.pdf import to_pdf
    from liandesk.steer.reports.writing.word import to_word

    yield "report.docx", to_word(paper, draw(paper), found.day)
    yield "report.pdf", to_pdf(paper)
    yield "report.xlsx", to_excel(paper, found.day)
