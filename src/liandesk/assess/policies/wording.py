"""Codes of policies in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _c

CONFIDENCE = {
    "verified": _("read in a public text"),
    "recalled_high": _("from memory, very likely right"),
    "recalled_medium": _("from memory, likely right"),
    "recalled_low": _("from memory, uncertain"),
    "synthetic": _("made up, not claimable"),
}
REVIEWS = {
    "no_harm": _("done: does not restrict competition"),
    "harm_with_exception": _("done: restricts competition, an exception applies"),
    "not_done": _("not done"),
}
BENEFITS = {
    "fixed": _("fixed amount"),
    "rate": _("share, up to a limit"),
    "interest": _("interest discount, up to a limit"),
    "tiered": _("by bands"),
}
RULES = {
    "highest": _("of the group the highest counts"),
    "exclude": _("of the group the first in order counts"),
    "cap": _("the group is added up to a cap"),
}
SHORT = {
    "proportional": _("where it is short, all are cut by the same share"),
    "stop": _("first come, first served, until it is used up"),
}
OUTCOMES = {
    True: _c("entitlement", "entitled"),
    False: _c("entitlement", "not entitled"),
    None: _c("entitlement", "unknown"),
}
VERDICTS = {
    "gains": _c("simulation", "gains"),
    "loses": _c("simulation", "loses"),
    "same": _c("simulation", "the same"),
    "open": _c("simulation", "depends on what is unknown"),
}
STAGES = {
    "matched": _c("fulfilment", "matched"),
    "notified": _c("fulfilment", "notified"),
    "confirmed": _c("fulfilment", "confirmed"),
    "published": _c("fulfilment", "published"),
    "listed": _c("fulfilment", "listed for payment"),
    "paid": _c("fulfilment", "paid"),
    "dropped": _c("fulfilment", "not fulfilled"),
}
