"""An exported list before it is a file: rows, columns, and what every copy must say of itself.

Whoever holds a copy can tell who took it and when, its classification mark, whether anything in it is synthetic, and
from which snapshot it came.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import polars as pl
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liandesk.assess.lists import wording
from liandesk.assess.lists.columns import Column
from liandesk.base.pack import Term
from liankit.tables import Column as TableColumn
from liankit.tables import Table
from liankit.texts import Language

DEFINITIONS: Mapping[tuple[str, ...], tuple[Promise, Promise]] = {
    ("rank", "rank_low", "rank_high", "rank_text"): (
        gettext_lazy("Rank"),
        gettext_lazy(
            "The place by proven impact, and between which places it may truly lie: by what is unknown, and by what "
            "other enterprises of the same kind would have said. All sets hold at once with the confidence that the "
            "reasons give. Entries measured in output come before those measured in products."
        ),
    ),
    ("impact_low", "impact_high", "impact_text"): (
        gettext_lazy("Impact if lost"),
        gettext_lazy(
            "The share of the largest supplier times what depends on the item: the annual output, or the number of "
            "products where the output is not known. The interval holds every value the facts allow. Where enough of "
            "the purchases is known, the loss is followed to whoever buys what stops (cascade)."
        ),
    ),
    ("direct_low", "direct_high", "direct_text"): (
        gettext_lazy("Direct loss"),
        gettext_lazy("What the enterprises that use the item lose themselves, before it goes on to their buyers."),
    ),
    ("coverage_low", "coverage_high", "coverage_text"): (
        gettext_lazy("Purchases known"),
        gettext_lazy(
            "The share of the enterprise's annual purchases that known supply links cover; of an item the mean over "
            "the enterprises that use it, those of unknown purchases counted once as nothing and once as all."
        ),
    ),
    ("likelihood_low", "likelihood_high", "likelihood_text"): (
        gettext_lazy("Likelihood"),
        gettext_lazy("How likely the loss is. It is unknown as long as no dated events of its class were recorded."),
    ),
    ("sole_source",): (
        gettext_lazy("Sole source"),
        gettext_lazy("Whether nobody else is known to supply, or the buyer says that there is no other source."),
    ),
    ("import_low", "import_high"): (
        gettext_lazy("Share of imports"),
        gettext_lazy("The share from abroad, as an interval: suppliers of unknown country may count either way."),
    ),
    ("switch_months_low", "switch_months_high"): (
        gettext_lazy("Time to switch"),
        gettext_lazy(
            "How long another source takes; where the enterprise gave none, what is assumed for its kind of item. For "
            "an item: over all enterprises that use it."
        ),
    ),
    ("stock_days_low", "stock_days_high"): (
        gettext_lazy("Stock"),
        gettext_lazy("How long it lasts. For an item: over all enterprises that use it, unknown if one has not said."),
    ),
    ("shown_level", "computed_level", "level"): (
        gettext_lazy("Level"),
        gettext_lazy(
            "Computed from the thresholds in force; a graver one may not be ruled out yet. A switch that was proven "
            "lowers it for as long as the proof counts. An officer's level, with its reason, goes before both."
        ),
    ),
    ("first_stop_low", "first_stop_high", "first_stop_text"): (
        gettext_lazy("First stop after"),
        gettext_lazy("How many days until the first enterprise stops if nothing more came, by the stock it has."),
    ),
    ("facts_on", "staleness"): (
        gettext_lazy("Oldest fact of"),
        gettext_lazy("When the oldest statement that the entry rests on was made, or confirmed since."),
    ),
}  # fmt: skip
"""Columns and what they mean: (codes) -> (term, definition)."""

UNKNOWN_MEANS = gettext_lazy(
    "Nobody has said it yet. It is neither zero nor none; the question beside it would settle it."
)
NO_SECRETS = gettext_lazy("This system takes no state secrets; do not add any to this copy.")


@dataclass(frozen=True)
class Document:
    """One list to be written; ``rows`` has ``rows.ROW_SCHEMA`` (less what is hidden), number and classification."""

    name: str  # of the file, without its ending
    title: str
    rows: pl.DataFrame
    columns: tuple[Column, ...]
    language: Language
    classification: Term
    is_synthetic: bool
    taken_by: str
    taken_at: datetime
    origin: tuple[tuple[str, str], ...]  # what it was made from: label, value
    signature: str = ""  # who signed it, when; of editions

    @property
    def stem(self) -> str:
        """The file's name without its ending; synthetic data is said in it."""
        return f"{self.name}-synthetic" if self.is_synthetic else self.name

    @property
    def mark(self) -> str:
        """The classification mark and, where it applies, that data is synthetic."""
        mark = f"{_('Classification')}: {self.classification.text[self.language]}"
        return f"{mark} · " + _("SYNTHETIC DATA") if self.is_synthetic else mark

    @property
    def watermark(self) -> str:
        """Who took the copy and when."""
        return f"{self.taken_by} · {localtime(self.taken_at):%Y-%m-%d %H:%M}"

    def titles(self) -> dict[str, str]:
        """Return the titles of the columns by code."""
        return {column.code: str(column.title) for column in self.columns}

    def values(self) -> pl.DataFrame:
        """Return the cells, numbers, dates and texts, named by code; null is unknown, but for a date not set."""
        return self.rows.select(column.expr(self.language) for column in self.columns)

    def table(self, values: pl.DataFrame) -> Table:
        """Return the contract under which the values are written: null is said in words."""
        return Table("list", tuple(_contract(column, values[column.code].dtype) for column in self.columns))

    def definitions(self) -> list[tuple[str, str]]:
        """Return the terms of the columns that are there, and what "unknown" means."""
        codes = {column.code for column in self.columns}
        found = [(str(term), str(text)) for names, (term, text) in DEFINITIONS.items() if codes & set(names)]
        return [*found, (wording.unknown(self.language), str(UNKNOWN_MEANS))]

    def about(self) -> list[tuple[str, str]]:
        """Return what the copy says of itself."""
        synthetic = _("Some or all of the data is synthetic: made by a generator, about nobody.")
        return [
            (_("List"), self.title),
            (_("Classification"), self.classification.text[self.language]),
            *([(_("Synthetic data"), synthetic)] if self.is_synthetic else []),
            (_("Entries"), str(self.rows.height)),
            *self.origin,
            *([(_("Signed"), self.signature)] if self.signature else []),
            (_("Copy taken by"), self.watermark),
            (_("Note"), str(NO_SECRETS)),
        ]


def _contract(column: Column, dtype: pl.DataType) -> TableColumn:
    kind = pl.Int64 if dtype.is_integer() else dtype.base_type()
    is_date = kind == pl.Date
    return TableColumn(column.code, kind, unit=column.unit, required=not is_date, nullable_unknown=not is_date)
