"""The list of forecasts, and the table of their scores as it is copied."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, Q
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _c

from liandesk.assess.events.forecast_queries import Group
from liandesk.assess.events.models import ForecastSource
from liandesk.assess.events.wording import OUTCOMES
from liandesk.base.pack import pack
from liandesk.base.ui.display import language
from liandesk.base.ui.listing import ListColumn, Listing, Question
from liankit.risk.scores import SCORES, Measured


class SubjectColumn(ListColumn):
    """The entry a forecast is of."""

    def value(self, row: Model) -> Any:
        return f"{row.item_name} {row.organisation_name}".strip()  # type: ignore[attr-defined]


class OutcomeColumn(ListColumn):
    """Whether it came true, in words; what is still open is not unknown."""

    def value(self, row: Model) -> Any:
        return _CODES[row.outcome]  # type: ignore[attr-defined]

    def where(self, asked: str) -> Q:
        return Q(outcome={code: value for value, code in _CODES.items()}[asked]) if asked != "open" else Q(outcome=None)


_CODES = {True: "yes", False: "no", None: "open"}


def _page_of(row: Any) -> str:
    return reverse("forecast_new", args=[row.entry])


_SOURCES = dict(ForecastSource.choices)
FORECASTS = Listing(
    "forecasts",
    _("Forecasts"),
    (
        SubjectColumn(
            "item_name", _("Entry of the risk list"), link=lambda row: reverse("forecast_new", args=[row.entry])
        ),
        ListColumn("item_kind", _("Kind of item"), "term", group="item_kinds", is_filter=True, may_be_empty=True),
        ListColumn("likelihood", _("Likelihood"), "share"),
        ListColumn("likelihood_low", _("Likelihood, from"), "share", is_first=False),
        ListColumn("likelihood_high", _("Likelihood, to"), "share", is_first=False),
        ListColumn("made_on", _("Made on"), "date"),
        ListColumn("horizon_end", _("Horizon ends"), "date"),
        ListColumn("source", _("Whose"), "choice", choices=_SOURCES, is_filter=True, may_be_empty=True),
        ListColumn("office", _("Office"), "term", group="offices", is_filter=True, may_be_empty=True),
        ListColumn("model", _("Version of the model"), may_be_empty=True, is_first=False),
        ListColumn("base_rate", _("Average of the class"), "share", is_first=False),
        ListColumn("reason", _("Reason"), may_be_empty=True, is_first=False),
        OutcomeColumn(
            "outcome",
            _("Outcome"),
            "choice",
            choices={code: OUTCOMES[value] for value, code in _CODES.items()},
            is_filter=True,
            may_be_empty=True,
        ),
        ListColumn("resolved_on", _("Resolved on"), "date", may_be_empty=True, is_first=False),
        ListColumn("is_synthetic", _("Synthetic"), "flag", may_be_empty=True, is_first=False),
    ),
    ("item_name", "organisation_name"),
    _("Item or enterprise"),
    ("-made_on", "-likelihood", "pk"),
    _("A forecast is kept whenever a refresh publishes a likelihood, or an office says its own."),
)


def questions() -> list[Question]:
    """Return what is asked beside the columns: forecasts are shown, unless hindcasts are asked for."""
    options = [("no", str(_("forecasts"))), ("yes", str(_("hindcasts")))]
    return [Question("hindcasts", _("Made before or after"), options, lambda asked: Q(is_hindcast=asked == "yes"))]


def title_of(group: Group) -> str:
    """Return whose forecasts a group holds, in the reader's words."""
    if group.by == "all":
        return _now("all")
    if group.by == "source":
        return str(ForecastSource(group.code).label)
    term = pack().term("offices" if group.by == "office" else "item_kinds", group.code)
    return term.text[language()] if term else group.code or _now("not said")


MEASURES = {
    "brier": _("Brier score"),
    "skill": _("Skill over average"),
    "auc": _("Discrimination (AUC)"),
    "average_precision": _("Average precision"),
    "slope": _("Calibration slope"),
    "intercept": _("Calibration intercept"),
}
ENDS = {"": "", "_low": _c("interval", "from"), "_high": _c("interval", "to")}
SCORE_COLUMNS = (
    ListColumn("group", _("Forecasts of")),
    ListColumn("n", _("Forecasts"), "number"),
    ListColumn("events", _("came true"), "number"),
    ListColumn("base_rate", _("Share that came true"), "share"),
    *(
        ListColumn(f"{name}{end}", format_lazy("{} {}", MEASURES[name], ENDS[end]), "number")
        for name in SCORES
        for end in ENDS
    ),
)


def score_row(group: Group) -> dict[str, Any]:
    """Return one line of the table of scores as it is copied; a score of too few stays unknown."""
    found = group.scores
    row: dict[str, Any] = {"group": title_of(group), "n": found.n, "events": found.events, "base_rate": found.base_rate}
    for name in SCORES:
        one: Measured | None = getattr(found, name)
        ends = (None, None, None) if one is None else (one.value, one.low, one.high)
        row |= dict(zip((f"{name}{end}" for end in ENDS), ends, strict=True))
    return row | {"is_synthetic": group.is_synthetic}
