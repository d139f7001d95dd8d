"""What an operator should know: each check says whether it is well, and if not what to do."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.db.utils import Error as DatabaseError

from liandesk.base.audit.queries import check_chain
from liandesk.base.facts.models import Landing
from liandesk.base.home import home
from liandesk.base.prepare import is_behind
from liandesk.base.snapshots import store
from liandesk.base.snapshots.models import Pointer
from liandesk.base.work.models import Case, CaseEvent
from liandesk.base.work.upkeep import differing

_ENOUGH_BYTES = 500_000_000


@dataclass(frozen=True)
class Finding:
    """One check: its name, whether it is well, what was found, and what to do when it is not."""

    check: str
    is_well: bool
    found: str
    todo: str = ""


def examine() -> Iterator[Finding]:
    """Yield the findings; when the database cannot be used the checks that need it are left out."""
    yield _space()
    yield _secrets()
    yield _translations()
    database = _database()
    yield database
    if database.is_well:
        yield from (check() for check in _NEED_DATABASE)


def _space() -> Finding:
    free = shutil.disk_usage(home()).free
    return Finding("space", free > _ENOUGH_BYTES, f"{free / 1e9:.1f} GB free in {home()}", "Free at least 0.5 GB.")


def _secrets() -> Finding:
    loose = [
        path.name for path in (home() / "secrets").glob("*") if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    ]
    return Finding("secrets", not loose, ", ".join(loose) or "readable by the owner only", "chmod 600 the files named.")


def _translations() -> Finding:
    lacking = [path for path in settings.LOCALE_PATHS if not list(path.rglob("*.mo"))]
    return Finding(
        "translations", not lacking, "compiled" if not lacking else "not compiled", "Run make demo or make test."
    )


def _database() -> Finding:
    try:
        behind = is_behind()
    except DatabaseError as error:
        return Finding("database", False, str(error).strip(), "Check DATABASE_URL and that the server runs.")
    return Finding(
        "database",
        not behind,
        f"{connection.vendor}, schema {'behind' if behind else 'current'}",
        "Run liandesk migrate.",
    )


def _blobs() -> Finding:
    wanted = {digest for landing in Landing.objects.all() for digest in (landing.facts, landing.report)}
    wanted |= {
        digest for pointer in Pointer.objects.select_related("snapshot") for digest in pointer.snapshot.tables.values()
    }
    wanted |= set(CaseEvent.objects.filter(kind="prove").values_list("data__hash", flat=True))
    damaged = sorted(digest[:12] for digest in wanted if not store.is_intact(digest))
    found = f"{len(wanted)} referred to, {len(damaged)} missing or damaged {' '.join(damaged[:5])}"
    return Finding("blobs", not damaged, found, "Restore the latest backup into a fresh home.")


def _log() -> Finding:
    chain = check_chain()
    found = f"{chain.links} links, {chain.unsealed} events not sealed yet"
    return Finding(
        "audit log", chain.holds, found, f"The log was changed at link {chain.broken_at}: keep a copy, ask the auditor."
    )


def _cases() -> Finding:
    differ = differing(_CASES)
    found = f"{min(_CASES, Case.objects.count())} tried, {len(differ)} otherwise than their log {differ[:5] or ''}"
    return Finding("cases", not differ, found.rstrip(), "Run liandesk cases replay.")


_CASES = 200
"""How many cases, drawn at random, are replayed."""

_NEED_DATABASE: tuple[Callable[[], Finding], ...] = (_blobs, _log, _cases)
