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
LEVELS = {
    "national": _c("level of a policy", "national"),
    "provincial": _c("level of a policy", "provincial"),
    "municipal": _c("level of a policy", "municipal"),
    "district": _c("level of a policy", "district"),
    "exchange": _c("level of a policy", "exchange"),
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
SIMULATION_STATES = {
    "queued": _c("simulation", "waits for the worker"),
    "running": _c("simulation", "is being computed"),
    "done": _c("simulation", "answered"),
    "failed": _c("simulation", "failed"),
    "cancelled": _c("simulation", "cancelled"),
}
PHASES = {
    "": _c("simulation", "waits for the worker"),
    "facts": _c("simulation", "gathering the facts"),
    "entitlements": _c("simulation", "computing who is entitled"),
    "draws": _c("simulation", "drawing what is unknown"),
    "edges": _c("simulation", "looking at the edges"),
    "write": _c("simulation", "writing the answer"),
}
NUMBERS = {
    "amount_cny": _c("number of a policy", "Amount"),
    "percent": _c("number of a policy", "Share"),
    "most_cny": _c("number of a policy", "At most"),
    "at_least": _c("number of a policy", "From"),
    "more_than": _c("number of a policy", "More than"),
    "at_most": _c("number of a policy", "Up to"),
    "less_than": _c("number of a policy", "Less than"),
    "quota": _c("number of a policy", "Quota of enterprises"),
    "budget": _c("number of a policy", "Budget"),
    "town_percent": _c("number of a policy", "Share that the town pays"),
    "value": _c("number of a policy", "Value"),
    "from": _c("number of a policy", "In force from"),
    "to": _c("number of a policy", "In force until"),
    "period_from": _c("number of a policy", "In force from"),
    "period_to": _c("number of a policy", "In force until"),
    "claims_from": _c("number of a policy", "Claimed from"),
    "claims_to": _c("number of a policy", "Claimed until"),
}
"""What a number of a draft is; its unit is said beside it."""
UNITS = {"CNY": _c("unit of a number", "yuan"), "percent": "%"}
TOLD_OTHERWISE = {
    "text": _("the text reads otherwise"),
    "condition": _("the condition is another"),
    "benefit": _("the kind of benefit is another"),
    "group": _("its group is another"),
    "review": _("the fair-competition review is another"),
    "source": _("the source is another"),
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
