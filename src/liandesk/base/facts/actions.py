"""Keep a landing, withdraw it; state a fact, take it back. Nothing is ever edited."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl
from django.db import IntegrityError, transaction

from liandesk.base.accounts.access import check
from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import now
from liandesk.base.errors import Conflict, UserError
from liandesk.base.facts.models import Landing, Statement
from liandesk.base.facts.policies import FACT, LANDING
from liandesk.base.logs import phase
from liandesk.base.snapshots import store


@dataclass(frozen=True)
class NewLanding:
    """What a reader made of a file: facts (``FACT_SCHEMA``), problems, counts, and the hash of the input."""

    source: str
    title: str
    content_hash: str
    facts: pl.DataFrame | pl.LazyFrame
    report: pl.DataFrame
    counts: Mapping[str, object]
    is_synthetic: bool = False


def find_landing(source: str, content_hash: str) -> Landing | None:
    """Return the landing in force of the same content, if the file was loaded before."""
    return Landing.objects.filter(source=source, content_hash=content_hash, withdrawn_at=None).first()


def land(new: NewLanding, *, by: Viewer, also: Callable[[Landing], None] | None = None) -> Landing:
    """Keep the facts of one file. Blobs first, then one transaction: a kill leaves nothing half-done.

    ``also`` writes what belongs to the landing in the same transaction: the rows that could not be read.
    """
    check(by, LANDING, "load")
    phase("write facts")
    fields = {"facts": store.put_frame(new.facts), "report": store.put_frame(new.report)}
    phase("write landing")
    fields |= {"source": new.source, "title": new.title[:200], "content_hash": new.content_hash}
    try:
        with transaction.atomic():
            landing = Landing.objects.create(
                key=secrets.token_hex(4),
                recorded_at=now(),
                recorded_by=by.actor,
                counts=dict(new.counts),
                is_synthetic=new.is_synthetic,
                **fields,
            )
            record(
                "landing.load",
                "landing",
                landing.key,
                by=by,
                content=new.content_hash,
                facts=store.count_rows(landing.facts),
            )
            if also:
                also(landing)
    except IntegrityError as error:
        raise Conflict(f"{new.title} was loaded by somebody else at the same moment; nothing was doubled.") from error
    phase("landed")
    return landing


@transaction.atomic
def withdraw(key: str, *, why: str, by: Viewer) -> Landing:
    """Withdraw a landing: from now on its facts are not known; as-of reads of the past still see them."""
    check(by, LANDING, "withdraw")
    if not why.strip():
        raise UserError("A withdrawal needs a reason. Say in a few words why this load is taken back.")
    landing = Landing.objects.select_for_update().filter(key=key).first()
    if landing is None:
        raise UserError(f"There is no load '{key}'. `liandesk load --list` and the page of loads show the keys.")
    if landing.withdrawn_at:
        raise Conflict(f"Load {key} was withdrawn already on {landing.withdrawn_at:%Y-%m-%d %H:%M}.")
    landing.withdrawn_at, landing.withdrawn_by, landing.withdrawn_why = now(), by.actor, why[:400]
    landing.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_why"])
    record("landing.withdraw", "landing", key, by=by)
    return landing


@dataclass(frozen=True)
class Said:
    """One attribute of one record, as somebody says it."""

    record: str
    kind: str
    attribute: str
    value: str | float
    unit: str = ""

    @property
    def cells(self) -> dict[str, str | float]:
        """Return the column of the one value."""
        return {"number": float(self.value)} if isinstance(self.value, int | float) else {"text": self.value}


@transaction.atomic
def state_following(
    said: Sequence[Said], *, about: tuple[str, str], by: Viewer, valid_from: date, reason: str
) -> list[Statement]:
    """Say what follows from something its writer was allowed to do; for actions of other apps, which checked it.

    ``about`` is the kind and the id of what it follows from, for the one event of the log.
    """
    common = {"valid_from": valid_from, "recorded_at": now(), "recorded_by": by.actor, "reason": reason[:400]}
    rows = [
        Statement(record=one.record, kind=one.kind, attribute=one.attribute, unit=one.unit, **one.cells, **common)
        for one in said
    ]
    made = Statement.objects.bulk_create(rows)
    record("fact.state", *about, by=by, statements=len(made))
    return made


@transaction.atomic
def state(
    *,
    record_id: str,
    kind: str,
    attribute: str,
    value: str | float,
    by: Viewer,
    organisation: str = "",
    unit: str = "",
    valid_from: date | None = None,
    reason: str = "",
) -> Statement:
    """Say one attribute of one record; ``organisation`` is the permanent id it belongs to, for the right to say it."""
    check(by, FACT, "state", {"organisation": organisation})
    said = Said(record_id, kind, attribute, value, unit)
    statement = Statement.objects.create(
        record=record_id,
        kind=kind,
        attribute=attribute,
        unit=unit,
        valid_from=valid_from,
        recorded_at=now(),
        recorded_by=by.actor,
        reason=reason,
        **said.cells,
    )
    record("fact.state", "statement", statement.pk, by=by, attribute=attribute)
    return statement
