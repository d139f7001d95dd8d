"""Read editions: their frozen rows, what stands against signing, and how two of them differ."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
from django.db.models import QuerySet

from liandesk.assess.lists.models import Edition, EntryState, ListEntry
from liandesk.assess.lists.policies import EDITION
from liandesk.assess.lists.queries import RISKS
from liandesk.assess.lists.rows import fitted, rows_frame
from liandesk.base.accounts.access import can, check, visibility
from liandesk.base.accounts.roles import Viewer
from liandesk.base.errors import NotThere
from liandesk.base.pack import pack
from liandesk.base.snapshots import store
from liandesk.base.snapshots.queries import published

COMPARED = (
    "rank",
    "impact_measure",
    "impact_low",
    "impact_high",
    "likelihood_low",
    "likelihood_high",
    "sole_source",
    "supplier_names",
    "countries",
    "stock_days_low",
    "computed_level",
    "level",
    "owner_office",
    "with_offices",
    "due_date",
    "measure",
)
"""Columns whose change is told between two editions."""


def editions(viewer: Viewer, name: str = RISKS) -> QuerySet[Edition]:
    """Return the editions and drafts the viewer may see, newest first."""
    return Edition.objects.filter(visibility(viewer, EDITION).as_q(), list=name)


def edition(viewer: Viewer, number: int, name: str = RISKS) -> Edition:
    """Return a signed edition by its number; raise NotThere."""
    found = editions(viewer, name).filter(number=number).first()
    if found is None:
        raise NotThere(f"There is no edition {number} for you. The page of editions shows those you may see.")
    return found


def draft(viewer: Viewer, pk: int) -> Edition:
    """Return an edition that is not signed, by its id; raise NotThere."""
    found = editions(viewer).filter(pk=pk, number=None).first()
    if found is None:
        raise NotThere("There is no such draft for you. It may have been signed; see the page of editions.")
    return found


def any_edition(viewer: Viewer, pk: int) -> Edition:
    """Return an edition by its id, whatever became of it; raise NotThere."""
    found = editions(viewer).filter(pk=pk).first()
    if found is None:
        raise NotThere("There is no such edition for you. The page of editions shows those you may see.")
    return found


def waiting(viewer: Viewer) -> QuerySet[Edition]:
    """Return the drafts that wait for a signature."""
    return editions(viewer).filter(signed_at=None, discarded_at=None)


def edition_rows(viewer: Viewer, found: Edition) -> pl.DataFrame:
    """Return the frozen rows of an edition: ``ROW_SCHEMA`` and the column ``reasons``."""
    check(viewer, EDITION, "read")
    return fitted(store.get_frame(found.rows))


@dataclass(frozen=True)
class Checklist:
    """What a leader checks before signing; names of entries stand for themselves."""

    count: int
    low: int
    high: int
    without_owner: tuple[str, ...]
    without_due: tuple[str, ...]
    has_classification: bool

    @property
    def size_fits(self) -> bool:
        return self.low <= self.count <= self.high

    @property
    def all_owned(self) -> bool:
        return not self.without_owner

    @property
    def all_dated(self) -> bool:
        return not self.without_due

    @property
    def blocks(self) -> bool:
        """Whether something stands against signing that no reason can excuse."""
        return not (self.count and self.all_owned and self.all_dated and self.has_classification)


def checklist(rows: pl.DataFrame, classification: str) -> Checklist:
    """Check rows (``key``, names, owner, due date) that are to be signed."""
    low, high = pack().list_size
    return Checklist(
        rows.height,
        low,
        high,
        _names(rows.filter(pl.col("owner_office") == "")),
        _names(rows.filter(pl.col("due_date").is_null())),
        pack().term("classifications", classification) is not None,
    )


def _names(rows: pl.DataFrame) -> tuple[str, ...]:
    name = pl.concat_str("item_name", pl.lit(" "), "organisation_name").str.strip_chars()
    return tuple(rows.select(name=name)["name"])


@dataclass(frozen=True)
class Opened:
    """An edition opened: its rows, what stands against signing it, and what changed since it was frozen."""

    rows: pl.DataFrame
    checklist: Checklist
    drift: Diff | None  # of drafts
    earlier: tuple[int, ...]  # numbers of editions it can be compared with, newest first
    may_sign: bool


def opened(viewer: Viewer, found: Edition) -> Opened:
    """Return an edition with what a leader needs to judge it."""
    rows = edition_rows(viewer, found)
    numbers = editions(viewer, found.list).exclude(number=None).exclude(pk=found.pk)
    before = numbers.filter(number__lt=found.number) if found.number else numbers
    return Opened(
        rows,
        checklist(rows, found.classification),
        diff(rows, candidate_rows(viewer, found.list)) if found.state == "draft" else None,
        tuple(number for number in before.order_by("-number").values_list("number", flat=True) if number),
        can(viewer, EDITION, "sign") and found.prepared_by != viewer.actor,
    )


def candidate_checklist(viewer: Viewer, name: str = RISKS) -> Checklist:
    """Check what an edition prepared now would hold; its mark is chosen when it is prepared."""
    return checklist(candidate_rows(viewer, name), pack().classifications[0].code)


def candidates(name: str = RISKS) -> QuerySet[ListEntry]:
    """Return what an edition prepared now would hold: the admitted entries that are still computed."""
    kept = ListEntry.objects.filter(list=name, state=EntryState.ADMITTED, is_current=True)
    return kept.order_by("position", "key")


def candidate_rows(viewer: Viewer, name: str = RISKS) -> pl.DataFrame:
    """Return the rows an edition prepared now would hold."""
    check(viewer, EDITION, "read")
    return rows_frame(candidates(name), published(), name)


@dataclass(frozen=True)
class Change:
    """One entry that both editions have, with the columns that differ: name -> (before, after)."""

    key: str
    name: str
    fields: dict[str, tuple[object, object]]


@dataclass(frozen=True)
class Diff:
    """How the later rows differ from the earlier: rows added, rows gone, rows changed."""

    added: list[dict[str, object]]
    removed: list[dict[str, object]]
    changed: list[Change]

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.removed or self.changed)


def edition_diff(viewer: Viewer, earlier: Edition, later: Edition) -> Diff:
    """Return how one edition differs from another."""
    return diff(edition_rows(viewer, earlier), edition_rows(viewer, later))


def diff(earlier: pl.DataFrame, later: pl.DataFrame) -> Diff:
    """Compare two tables of rows by key; unknown equals unknown."""
    shown = ["key", "item_name", "organisation_name", "owner_office", "rank"]
    both = later.select("key", "item_name", "organisation_name", *COMPARED).join(
        earlier.select("key", *COMPARED), on="key", suffix="_before", maintain_order="left"
    )
    is_other = [pl.col(name).ne_missing(pl.col(f"{name}_before")) for name in COMPARED]
    return Diff(
        later.join(earlier, on="key", how="anti", maintain_order="left").select(shown).to_dicts(),
        earlier.join(later, on="key", how="anti", maintain_order="left").select(shown).to_dicts(),
        [_change(row) for row in both.filter(pl.any_horizontal(is_other)).to_dicts()],
    )


def _change(row: dict[str, object]) -> Change:
    pairs = {name: (row[f"{name}_before"], row[name]) for name in COMPARED}
    name = f"{row['item_name']} {row['organisation_name']}".strip()
    return Change(str(row["key"]), name, {key: pair for key, pair in pairs.items() if pair[0] != pair[1]})
