"""``as_known`` is the only reader of facts: what was known on a date, who may see it, and where sources differ."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

import polars as pl
from django.db.models import Q, QuerySet

from liandesk.base.accounts.access import visibility
from liandesk.base.accounts.roles import Viewer
from liandesk.base.facts.models import Landing, Statement
from liandesk.base.facts.policies import FACT, LANDING
from liandesk.base.facts.schema import FACT_SCHEMA, KNOWN_SCHEMA
from liandesk.base.pack import pack
from liandesk.base.snapshots import store

RecordScope = Callable[[Viewer], frozenset[str]]
"""Which organisation records a viewer without full sight may read; the registry above registers it."""

RECORD_SCOPES: list[RecordScope] = []


@dataclass(frozen=True)
class Known:
    """Facts as known at a moment (``KNOWN_SCHEMA``, one line per record, attribute and validity date), and the lines
    that lost against a source of higher precedence or a later word while saying something else."""

    facts: pl.DataFrame
    contradictions: pl.DataFrame
    said: int  # lines before those that say the same or lost were left out


def as_known(
    on: datetime | None,
    viewer: Viewer,
    *,
    kinds: Collection[str] | None = None,
    records: Collection[str] | None = None,
) -> Known:
    """Return the facts known at ``on`` (None: now) that the viewer may see.

    Union of landings and statements recorded by then and not withdrawn by then; among several words on one attribute
    of one record for one date the source's precedence in the pack decides, then the later word.
    """
    seen = visibility(viewer, FACT)
    if seen.is_nothing:
        return _resolve(pl.DataFrame(schema=KNOWN_SCHEMA))
    parts = [_landing_facts(landing, kinds, records) for landing in _in_force(Landing.objects.all(), on)]
    parts.append(_statement_facts(on, kinds, records))
    union = pl.concat(parts).collect()
    return _resolve(union if seen.everything else _within_scope(union, viewer))


def landings(viewer: Viewer) -> QuerySet[Landing]:
    """Return the landings the viewer may see, newest first."""
    return Landing.objects.filter(visibility(viewer, LANDING).as_q()).order_by("-recorded_at")


def landings_in_force() -> QuerySet[Landing]:
    """Return what refresh computes from, in a fixed order; for the system, not for a face."""
    return _in_force(Landing.objects.all(), None).order_by("key")


def statements_digest() -> str:
    """Return a hash that changes whenever a statement is made or taken back; for the system."""
    said = Statement.objects.order_by("id").values_list("id", "withdrawn_at")
    return hashlib.sha256(repr([(number, str(moment)) for number, moment in said]).encode()).hexdigest()


def _in_force(rows: QuerySet, on: datetime | None) -> QuerySet:
    if on is None:
        return rows.filter(withdrawn_at=None)
    return rows.filter(recorded_at__lte=on).filter(Q(withdrawn_at=None) | Q(withdrawn_at__gt=on))


def _landing_facts(landing: Landing, kinds: Collection[str] | None, records: Collection[str] | None) -> pl.LazyFrame:
    said = store.scan_frame(landing.facts).filter(_asked(kinds, records))
    return said.select(
        *FACT_SCHEMA,
        source=pl.lit(landing.source),
        landing=pl.lit(landing.key),
        recorded_at=pl.lit(landing.recorded_at).cast(KNOWN_SCHEMA["recorded_at"]),
    )


def _statement_facts(
    on: datetime | None, kinds: Collection[str] | None, records: Collection[str] | None
) -> pl.LazyFrame:
    names = ("record", "kind", "attribute", "text", "number", "unit", "valid_from", "recorded_at")
    rows = list(_in_force(Statement.objects.all(), on).values_list(*names))
    schema = {name: KNOWN_SCHEMA[name] for name in names}
    constants = {"file": "", "sheet": "", "row": 0, "source": "statement", "landing": ""}
    frame = pl.DataFrame(rows, schema=schema, orient="row").with_columns(
        **{name: pl.lit(value, dtype=KNOWN_SCHEMA[name]) for name, value in constants.items()}
    )
    return frame.lazy().filter(_asked(kinds, records)).select(*KNOWN_SCHEMA)


def _asked(kinds: Collection[str] | None, records: Collection[str] | None) -> pl.Expr:
    asked = pl.lit(True)
    if kinds is not None:
        asked &= pl.col("kind").is_in(list(kinds))
    if records is not None:
        asked &= pl.col("record").is_in(list(records))
    return asked


def _within_scope(union: pl.DataFrame, viewer: Viewer) -> pl.DataFrame:
    """Keep the viewer's organisation records and the records that belong to them by their ``organisation``."""
    own = frozenset[str]().union(*(scope(viewer) for scope in RECORD_SCOPES))
    belongs = (pl.col("attribute") == "organisation") & pl.col("text").is_in(sorted(own))
    records = own.union(union.filter(belongs)["record"])
    return union.filter(pl.col("record").is_in(sorted(records)))


_KEY = ("record", "attribute", "valid_from")


def _resolve(union: pl.DataFrame) -> Known:
    """Keep one line a key. Most keys are said once, so only those that share a hash are compared and ordered."""
    # a collision of hashes only sends a line the slow way; comparing the strings of all keys takes four times longer
    key_hash = pl.col("record").hash(0) ^ pl.col("attribute").hash(1) ^ pl.col("valid_from").hash(2)
    is_repeated = union.select(key_hash.is_duplicated()).to_series()
    repeated = union.filter(is_repeated)
    if repeated.is_empty():
        return Known(union, repeated, union.height)
    rank = {name: place for place, name in enumerate(pack().source_precedence)}
    ordered = repeated.with_columns(
        precedence=pl.col("source").replace_strict(rank, default=len(rank), return_dtype=pl.Int32)
    ).sort(["precedence", "recorded_at", "landing", "row"], descending=[False, True, True, True])
    chosen = ordered.unique(_KEY, keep="first", maintain_order=True).drop("precedence")
    lost = ordered.filter(_differs_from_first()).drop("precedence")
    return Known(pl.concat([union.filter(~is_repeated), chosen]), lost, union.height)


def _differs_from_first() -> pl.Expr:
    """Whether a line says something else than the first line of its key."""
    return pl.any_horizontal(pl.col(name).ne_missing(pl.col(name).first().over(_KEY)) for name in ("text", "number"))
