"""The indicators, and the values of one, as files: what the pages show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.http import FileResponse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from liandesk.base.accounts.roles import Viewer
from liandesk.base.ui.copies import send, write_copy
from liandesk.base.ui.listing import ListColumn, Listing
from liandesk.steer.indicators.models import Colour
from liandesk.steer.indicators.progress import Progress
from liandesk.steer.indicators.queries import Value
from liandesk.steer.indicators.shown import scope_name, title_of, unit_of
from liandesk.steer.indicators.wording import STATES
from liankit.plan.indicators import Indicator


@dataclass
class IndicatorRow:
    """One indicator, how its target stands, and its last value: looked up for the rows that are shown."""

    indicator: Indicator
    stands: Progress | None
    last: Value | None = None

    @property
    def title(self) -> str:
        return title_of(self.indicator)

    @property
    def owner(self) -> str:
        return self.indicator.owner

    @property
    def source(self) -> str:
        return "entered" if self.indicator.is_entered else "computed"

    @property
    def value(self) -> float | None:
        """The last value as it is written: a share in percent."""
        if self.last is None or self.last.value is None:
            return None
        return self.last.value * 100 if self.indicator.unit == "share" else self.last.value

    @property
    def unit(self) -> str:
        return "%" if self.indicator.unit == "share" else unit_of(self.indicator)

    @property
    def on(self) -> date | None:
        return self.last.on if self.last else None

    @property
    def light(self) -> str:
        return self.stands.light if self.stands else ""

    @property
    def completion(self) -> float | None:
        return self.stands.completion if self.stands else None

    @property
    def rating(self) -> float | None:
        return self.stands.computed.get("rating") if self.stands else None

    @property
    def is_synthetic(self) -> bool:
        return bool(self.last and self.last.is_synthetic) or bool(self.stands and self.stands.is_synthetic)


@dataclass(frozen=True)
class ValueRow:
    """One value for a copy; a share in percent."""

    found: Value
    indicator: Indicator

    @cached_property
    def scope(self) -> str:
        return scope_name(self.found.scope)

    @property
    def on(self) -> date:
        return self.found.on

    @property
    def value(self) -> float | None:
        if self.found.value is None:
            return None
        return self.found.value * 100 if self.indicator.unit == "share" else self.found.value

    @property
    def unit(self) -> str:
        return "%" if self.indicator.unit == "share" else unit_of(self.indicator)

    @property
    def state(self) -> str:
        return self.found.state

    @property
    def evidence(self) -> str:
        return self.found.evidence

    @property
    def is_synthetic(self) -> bool:
        return self.found.is_synthetic


SOURCES = {"entered": _("Entered with evidence"), "computed": _("Counted from records")}
_VALUE = (
    ListColumn("value", _("Value"), "number"),
    ListColumn("unit", _("Unit")),
    ListColumn("on", _("Day"), "date"),
)
INDICATORS = (
    ListColumn("title", _("Indicator")),
    ListColumn("owner", _("Responsible office"), "term", group="offices"),
    ListColumn("source", _("Source"), "choice", choices=SOURCES),
    *_VALUE,
    ListColumn("light", _("Computed light"), "choice", choices=dict(Colour.choices), may_be_empty=True),
    ListColumn("completion", _("Completion"), "share", may_be_empty=True),
    ListColumn("rating", _("Independent rating"), "share", may_be_empty=True),
)
VALUES = (
    ListColumn("scope", _("Of where")),
    *_VALUE,
    ListColumn("state", _("State"), "choice", choices=STATES),
    ListColumn("evidence", _("Hash of the evidence"), may_be_empty=True),
)


def send_indicators(rows: Iterable[IndicatorRow], kind: str, *, by: Viewer) -> FileResponse:
    """Send the list of indicators."""
    return send_rows("indicators", str(_("Indicators")), INDICATORS, list(rows), kind, by)


def send_values(indicator: Indicator, values: Sequence[Value], kind: str, *, by: Viewer) -> FileResponse:
    """Send the values of one indicator."""
    rows = [ValueRow(one, indicator) for one in values]
    return send_rows(f"indicator_{indicator.key}", title_of(indicator), VALUES, rows, kind, by)


def send_rows(
    code: str, title: str, columns: tuple[ListColumn, ...], rows: Sequence[object], kind: str, by: Viewer
) -> FileResponse:
    """Send rows as a file with these columns."""
    listing = Listing(code, title, columns, (), "", (), "")
    return send(kind, lambda path: write_copy(listing, rows, columns, path, by=by, kind=kind, seen_as=_now("none")))
