"""How an entry's parts read: the question that would settle it, whom to ask, states, scopes and measures."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _c

from liandesk.assess.lists.models import EntryState
from liandesk.base.accounts.access import unbarred
from liandesk.base.pack import pack
from liankit.texts import Language, TextError, render

JOIN: Mapping[Language, str] = {"zh": "、", "en": ", "}

log = logging.getLogger("liandesk.lists")

STATES = {state.value: state.label for state in EntryState}
SCOPES = {"input": _("Input of an enterprise"), "item": _("Item, all enterprises")}
MEASURES = {"output_cny": _("annual output, CNY"), "products": _("products")}
BASES = {
    "declared": _("its direct buyers, by the shares they declared"),
    "market": _("its direct buyers, by who sells on the market"),
    "mixed": _("its direct buyers, by declared shares and the market"),
    "cascade": _("its buyers and whoever buys from them (cascade)"),
}
"""What an impact follows from."""
STALENESS = {
    "fresh": _c("facts", "fresh"),
    "ageing": _c("facts", "ageing"),
    "stale": _c("facts", "stale"),
    "unknown": _c("facts", "not dated"),
}
"""How old what an entry rests on is, by the thresholds of the pack."""
EVIDENCE = {
    "second_source": _("a second source is proven"),
    "domestic_source": _("a domestic source is proven"),
    "stock": _("the stock is there"),
    "no_longer_used": _("no longer used"),
}
"""By what a switch was proven: the reasons of the outcome of an entry's case."""
AGREED = {
    "agreed": _("Agreed, not yet proven"),
    "proven": _("Switch proven"),
    "aged": _("Proof too old"),
    "none": _("Nothing agreed"),
}
CONFIDENCE = {"low": _c("confidence", "low"), "medium": _c("confidence", "medium"), "high": _c("confidence", "high")}
VERDICTS = {"stops": _("stops"), "may_stop": _("may stop"), "loses_part": _("loses a part")}
ACTIONS = {
    "admit": _c("history", "admitted"),
    "decline": _c("history", "declined"),
    "assign": _c("history", "assigned"),
    "report": _c("history", "reported"),
    "agree": _c("history", "agreed on the measure, or gave it up"),
    "prove": _c("history", "proved the switch"),
    "close": _c("history", "closed"),
    "reopen": _c("history", "reopened"),
    "recomputed": _c("history", "recomputed"),
    "carried": _c("history", "taken over from the entry of an organisation that was merged into this one"),
    "joined": _c("history", "joined with the entry of an organisation that was merged into this one; its work differs"),
    "returned": _c("history", "given back to the entry of an organisation that was parted from this one"),
}
EDITION_STATES = {
    "draft": _c("edition", "draft, not signed"),
    "signed": _c("edition", "signed"),
    "discarded": _c("edition", "discarded draft"),
}
YES_NO = {True: _c("answer", "yes"), False: _c("answer", "no")}


def unknown(language: Language) -> str:
    """Return the word that stands for what nobody has said, in files as in the templates that are sent in."""
    return render("workbook.unknown", {}, language)


def users(count: int | None) -> str:
    """Return how many enterprises use an item."""
    if count is None:
        return gettext("users unknown")
    return ngettext("%(count)s enterprise uses it", "%(count)s enterprises use it", count) % {"count": count}


def rank(value: int | None, low: int | None, high: int | None) -> str:
    """Return "3 (1–7)", "3" when the interval is the value, "" when there is no rank."""
    if value is None:
        return ""
    return f"{value}" if low == high else f"{value} ({low}–{high})"


def say(code: str, params: Mapping[str, Any], language: Language) -> str:
    """Return the text of a code of liankit; a code of an older snapshot that has none any more as it is."""
    try:
        return render(code, params, language)
    except TextError as error:
        log.warning("text missing", extra={"code": code, "problem": str(error)})
        return code


def question(code: str, params: Mapping[str, Any], language: Language) -> str:
    """Return the question that would narrow an entry's interval most; "" when nothing is open."""
    return say(code, params, language) if code else ""


def asked(question_to: str, organisation_name: str, owner_office: str, language: Language) -> str:
    """Return whom to ask: the enterprise, or the office that answers for the entry, else the chain office."""
    if not question_to:
        return ""
    return (
        organisation_name if question_to.startswith("buyer:") else office(owner_office or pack().chain_office, language)
    )


def offices(text: str, language: Language) -> str:
    """Return the names of the offices in a column of several."""
    return JOIN[language].join(office(code, language) for code in unbarred(text))


def office(code: str, language: Language) -> str:
    """Return an office's name."""
    return term("offices", code, language)


def term(group: str, code: str, language: Language) -> str:
    """Return the text of a code of the pack; a code it does not know as it is."""
    found = pack().term(group, code)
    return found.text[language] if found else code
