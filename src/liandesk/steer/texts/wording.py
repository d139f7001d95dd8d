"""What fields and choices of a thing found in a plan are called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _c

from liandesk.steer.plan import wording

COMPARATORS = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "=": "="}
COUNTINGS = {**wording.COUNTINGS, "growth": _c("counting", "a growth")}
VERDICTS = {
    "open": _c("found", "undecided"),
    "accepted": _c("found", "accepted"),
    "corrected": _c("found", "corrected"),
    "rejected": _c("found", "rejected"),
    "merged": _c("found", "joined"),
}
ICONS = {
    "open": "help-circle",
    "accepted": "check",
    "corrected": "edit",
    "rejected": "x",
    "merged": "git-merge",
}
FIELDS = {
    "kind": _c("found", "What it is"),
    "wording": _c("found", "In words"),
    "title": _c("found", "Heading"),
    "number": _c("found", "Number in the text"),
    "level": _c("found", "Depth of the section"),
    "indicator": _c("found", "What is counted"),
    "comparator": _c("found", "Comparison"),
    "value": _("Value"),
    "high": _c("found", "Upper end"),
    "unit": _("Unit"),
    "amount": _c("found", "Amount"),
    "amount_unit": _c("found", "Unit of the amount"),
    "deadline": _c("found", "By when"),
    "deadline_from": _c("found", "Where the day was read"),
    "per": _c("found", "For each"),
    "counting": _c("found", "How it counts"),
    "direction": _c("found", "Direction"),
    "binding": _c("found", "Binding"),
    "commitment": _c("found", "Commitment"),
    "baseline": _c("found", "Baseline"),
    "baseline_on": _c("found", "Day of the baseline"),
    "name": _c("found", "Name in the text"),
    "nameplate": _c("found", "Second nameplate"),
    "office": _("Office"),
    "role": _c("found", "Part it has"),
}
MISSING = {
    "value": _c("left out", "no value is known"),
    "unit": _c("left out", "no unit is known"),
    "deadline": _c("left out", "no day is known"),
    "office": _c("left out", "it is none of the offices here"),
    "home": _c("left out", "it belongs to no programme"),
}
