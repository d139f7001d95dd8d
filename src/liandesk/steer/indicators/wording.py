"""Words of the pages of indicators: states of values, ways of counting, models of forecasts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _c

from liandesk.steer.indicators.models import State

STATES = {**dict(State.choices), "computed": _c("value", "Counted from records")}
COUNTINGS = {
    "cumulative": _c("counting", "In all, up to a day"),
    "within": _c("counting", "New within the period"),
    "level": _c("counting", "As it stands on a day"),
    "rate": _c("counting", "Share"),
    "growth": _c("counting", "Growth"),
}
PERIODS = {"month": _c("period", "Monthly"), "quarter": _c("period", "Quarterly"), "year": _c("period", "Yearly")}
DIRECTIONS = {"up": _("more is better"), "down": _("less is better")}
MODELS = {
    "counts": _c("forecast model", "counts: a rate that is not known exactly (Gamma-Poisson)"),
    "amounts": _c("forecast model", "amounts that add up"),
    "level": _c("forecast model", "a level that drifts"),
    "growth": _c("forecast model", "growth that drifts"),
    "rate": _c("forecast model", "a share, on the logit scale"),
    "reached_end": _c("forecast model", "the day is over"),
    "unknown": _c("forecast model", "too few values to forecast"),
}
