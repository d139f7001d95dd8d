"""Take a copy of the list or of an edition as a file. A copy leaves a trace: who took how many rows, which file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

import polars as pl
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from liandesk.assess.lists import queries, values, wording
from liandesk.assess.lists.columns import COLUMNS, FULL, LEADER, choose
from liandesk.assess.lists.edition_queries import edition_rows
from liandesk.assess.lists.exports.delimited import to_csv
from liandesk.assess.lists.exports.document import Document
from liandesk.assess.lists.exports.excel import to_xlsx
from liandesk.assess.lists.exports.word import to_docx
from liandesk.assess.lists.models import Edition, ListEntry
from liandesk.assess.lists.policies import ENTRY
from liandesk.assess.lists.rows import rows_frame
from liandesk.base.accounts.access import check
from liandesk.base.accounts.queries import names_of, names_with
from liandesk.base.accounts.roles import Role, Viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import now, today
from liandesk.base.errors import UserError
from liandesk.base.pack import Term, pack
from liandesk.base.snapshots.queries import published
from liandesk.base.snapshots.store import file_digest
from liankit.errors import nearest
from liankit.texts import Language

KINDS = ("csv", "xlsx", "docx")
FORMS = {"leader": LEADER, "full": FULL}
_DJANGO: dict[Language, str] = {"zh": "zh-hans", "en": "en"}


def export_list(
    entries: QuerySet[ListEntry],
    codes: Sequence[str],
    path: Path,
    *,
    by: Viewer,
    kind: str,
    language: Language,
    seen_as: str = "",
) -> str:
    """Write entries that ``by`` may see, in their order, to a file; return the file's proper name.

    ``entries`` come from ``queries.entries(by)``; ``codes`` are of ``columns.COLUMNS``; ``kind`` one of ``KINDS``;
    ``seen_as`` says which filters were set.
    """
    check(by, ENTRY, "read")
    _check(kind, KINDS)
    snapshot = published()
    with translation.override(_DJANGO[language]):
        rows = rows_frame(entries, snapshot, queries.RISKS, queries.hidden(by))
        document = _document(
            rows,
            codes,
            by,
            language,
            name="risk-list",
            title=" · ".join((pack().name[language], _("Supply disruption risk list"))),
            mark=pack().classifications[-1],
            origin=(*_origin(snapshot.key if snapshot else "", str(today())), *_filters(seen_as)),
        )
        return _write(document, path, kind, by, object_kind="list", object_id=queries.RISKS)


def export_edition(edition: Edition, path: Path, *, by: Viewer, kind: str, form: str, language: Language) -> str:
    """Write an edition as it was frozen, in the leader's ten columns or in full; return the file's proper name."""
    _check(kind, KINDS)
    _check(form, tuple(FORMS))
    mark = pack().term("classifications", edition.classification)
    with translation.override(_DJANGO[language]):
        document = _document(
            edition_rows(by, edition),
            FORMS[form],
            by,
            language,
            name=f"risk-list-edition-{edition.number or 'draft'}",
            title=edition.title if edition.number else f"{edition.title} ({wording.EDITION_STATES[edition.state]})",
            mark=mark or pack().classifications[-1],
            origin=(*_number(edition), *_origin(edition.snapshot, edition.today.isoformat())),
            signature=_signature(edition),
        )
        return _write(document, path, kind, by, object_kind="edition", object_id=edition.pk, paper=_PAPER[form])


_PAPER: dict[str, Literal["A4", "A3"]] = {"leader": "A4", "full": "A3"}


def _document(
    rows: pl.DataFrame,
    codes: Sequence[str],
    by: Viewer,
    language: Language,
    *,
    name: str,
    title: str,
    mark: Term,
    origin: tuple[tuple[str, str], ...],
    signature: str = "",
) -> Document:
    is_synthetic = bool(rows["is_synthetic"].any())
    counted = rows.with_columns(
        number=pl.int_range(1, pl.len() + 1),
        classification=pl.lit(mark.code, dtype=pl.String),
        chain=pl.lit(pack().name[language]),
        chain_chief=pl.lit(values.JOIN[language].join(names_with(Role.CHAIN_CHIEF))),
    )
    return Document(
        name=f"{name}_{today():%Y-%m-%d}",
        title=title,
        rows=counted,
        columns=choose(codes, counted),
        language=language,
        classification=mark,
        is_synthetic=is_synthetic,
        taken_by=names_of([by.actor]).get(by.actor, by.name),
        taken_at=now(),
        origin=origin,
        signature=signature,
    )


def _write(
    document: Document,
    path: Path,
    kind: str,
    by: Viewer,
    *,
    object_kind: str,
    object_id: object,
    paper: Literal["A4", "A3"] | None = None,
) -> str:
    if kind == "csv":
        to_csv(_saying_synthetic(document), path)
    elif kind == "xlsx":
        to_xlsx(document, path, paper=paper or ("A4" if len(document.columns) <= len(LEADER) else "A3"))
    else:
        to_docx(document, path)
    record(
        f"{object_kind}.export",
        object_kind,
        object_id,
        by=by,
        rows=document.rows.height,
        columns=len(document.columns),
        kind=kind,
        file=file_digest(path),
    )
    return f"{document.stem}.{kind}"


def _saying_synthetic(document: Document) -> Document:
    """Add the column that says what is synthetic: a CSV has no head or cover to say it."""
    if not document.is_synthetic or any(column.code == "is_synthetic" for column in document.columns):
        return document
    return replace(document, columns=(*document.columns, COLUMNS["is_synthetic"]))


def _origin(snapshot: str, day: str) -> tuple[tuple[str, str], ...]:
    return ((_("Snapshot"), snapshot[:12] or _("none")), (_("Business date"), day))


def _filters(seen_as: str) -> tuple[tuple[str, str], ...]:
    return ((_("Filters"), seen_as),) if seen_as else ()


def _number(edition: Edition) -> tuple[tuple[str, str], ...]:
    return ((_("Edition"), str(edition.number or _("draft, not signed"))),)


def _signature(edition: Edition) -> str:
    if edition.signed_at is None:
        return ""
    who = names_of([edition.signed_by]).get(edition.signed_by, edition.signed_by)
    return f"{who} · {timezone.localtime(edition.signed_at):%Y-%m-%d %H:%M}"


def _check(name: str, valid: Sequence[str]) -> None:
    if name not in valid:
        choices = ", ".join(valid)
        raise UserError(_("'%(name)s' is none of %(valid)s.") % {"name": name, "valid": choices} + nearest(name, valid))
