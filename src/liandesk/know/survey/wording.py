"""What a question asks, and what its answer changes in the entry, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy as _c

from liandesk.base.countries import country_name
from liandesk.base.ui import numbers
from liandesk.base.ui.display import language
from liandesk.know.survey.models import Answer, Asked, Invitation

MONEY = "output_cny"
CNY_PER_UNIT = 10_000.0
"""Amounts are asked in units of ten thousand yuan, 万元."""


OPENING = {
    "queued": _c("round", "waits for the worker"),
    "running": _c("round", "is being opened"),
    "done": _c("round", "not opened: this choice asks nobody"),
    "failed": _c("round", "failed to open"),
    "cancelled": _c("round", "cancelled before it was opened"),
}
"""How the opening of a round stands, by the state of its job, as long as it is not opened."""
PHASES = {
    "choose": _c("round", "choosing whom to ask what"),
    "invite": _c("round", "making the forms"),
    "open": _c("round", "making the forms"),
}


def question(asked: Asked) -> str:
    """Return the question in the reader's language."""
    texts = {
        Asked.Code.SUPPLIERS: _("Who supplies it to you, and what share comes from each?"),
        Asked.Code.ANOTHER_SOURCE: _("Could you get it from another source?"),
        Asked.Code.OUTPUT: _("What is the annual output of %(product)s, which needs it?"),
        Asked.Code.STOCK: _("For how many days does your stock last?"),
        Asked.Code.SWITCH: _("How many months would it take you to switch to another source?"),
    }
    return texts[Asked.Code(asked.code)] % {"product": asked.product or _("your products")}


def effect(asked: Asked) -> str:
    """Return what the answer changes: the interval of the entry now, and what becomes of it."""
    texts = {
        "always": _("It is asked again in every round of this mode, because it changes fast."),
        "nobody": _("Now nothing can be said of your loss if it failed. Your answer makes a first figure possible."),
        "no_end": _("Now your loss if it failed is %(loss)s, without an upper end. Your answer gives it one."),
        "narrows": _(
            "Now your loss if it failed is %(loss)s a year. Your answer can narrow this interval by up to %(narrows)s."
        ),
        "in_products": _(
            "Now your loss if it failed is counted in products (%(loss)s). Your answer turns it into yuan."
        ),
        "stock_unknown": _("Now nobody can say how soon you would stop. Your answer settles from which day."),
        "switch_assumed": _(
            "Now the time to switch is only assumed; it leaves you %(gap)s without supply. Your answer takes its place."
        ),
        "switch_alone": _("Now the time to switch is only assumed. Your answer takes its place."),
        "stale": _("It was last confirmed on %(day)s. Your answer keeps the entry from ageing."),
        "never": _("You have never confirmed it. Your answer keeps the entry from ageing."),
    }
    return texts[_reason(asked)] % {
        "loss": _span(asked.low, asked.high, _unit(asked)),
        "narrows": _span(asked.narrows, asked.narrows, _unit(asked)),
        "gap": _span(asked.gap_low, asked.gap_high, "days"),
        "day": asked.confirmed_on,
    }


def _reason(asked: Asked) -> str:
    """Return why a question is asked, told apart where a number is not there to be said."""
    if asked.why == "stale" and asked.confirmed_on is None:
        return "never"
    is_alone = asked.why == "switch_assumed" and asked.gap_low is None and asked.gap_high is None
    return "switch_alone" if is_alone else asked.why


def _unit(asked: Asked) -> str:
    return "cny" if asked.measure == MONEY else "products"


def _span(low: float | None, high: float | None, unit: str) -> str:
    return _("unknown") if low is None and high is None else numbers.span(low, high, unit, language())


def answer(asked: Asked, given: Answer | None) -> str:
    """Return what was answered, in words; empty where nothing was yet."""
    if given is None:
        return ""
    return str(Answer.Kind(given.kind).label) if given.value is None else value(asked.code, given.value)


def value(code: str, said: object) -> str:
    """Return the value of an answer in words."""
    if code == Asked.Code.SUPPLIERS:
        assert isinstance(said, list)
        return "; ".join(supplier(one) for one in said)
    if isinstance(said, bool):
        return _("yes") if said else _("no")
    assert isinstance(said, int | float)
    if code == Asked.Code.OUTPUT:
        return numbers.money(said, language())
    unit = "days" if code == Asked.Code.STOCK else "months"
    return numbers.span(said, said, unit, language())


def supplier(said: dict[str, object]) -> str:
    """Return one supplier: name, that it is an alias, country, share."""
    share = said["share"]
    parts = [
        str(said["name"]),
        _("alias") if said["is_alias"] else "",
        country_name(str(said["country"]), language()) if said["country"] else "",
        numbers.percent(share, language()) if isinstance(share, int | float) else "",
    ]
    return ", ".join(filter(None, parts))


def stands(form: Invitation) -> str:
    """Return how far a form is, with the mark of what an officer entered."""
    said = str(Invitation.State(form.state).label)
    return _("%(state)s, entered by an officer, to be confirmed") % {"state": said} if form.is_on_behalf else said
