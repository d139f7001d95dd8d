"""Words of the pages of events and forecasts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _c

STATES = {
    "waiting": _("waits for a person"),
    "open": _("goes on"),
    "ended": _c("event", "ended"),
    "withdrawn": _("taken back"),
}
OUTCOMES = {True: _("happened"), False: _("did not happen"), None: _c("forecast", "open")}
