"""How a case is shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from liandesk.base.accounts.queries import names_of
from liandesk.base.ui.templatetags.ui import data, icon, moment
from liandesk.base.work.models import CaseEvent, Party
from liandesk.base.work.shown import Change
from liandesk.base.work.wording import answer, holder_name, reason_text, said
from liankit.process import ClockState, Reading
from liankit.process.definition import FormField, Text
from liankit.reasons import Reason

register = template.Library()

CLOCKS = {
    ClockState.WAITING: ("circle", _("not started"), "none"),
    ClockState.RUNNING: ("player-play", _("running"), "blue"),
    ClockState.WARNING: ("alert-triangle", _("due soon"), "yellow"),
    ClockState.BREACHED: ("alert-octagon", _("overdue"), "red"),
    ClockState.PAUSED: ("player-stop", _("paused"), "none"),
    ClockState.MET: ("circle-check", _("in time"), "none"),
    ClockState.LATE: ("circle-x", _("late"), "orange"),
    ClockState.UNSET: ("help-circle", _("period not yet laid down"), "none"),
}
"""How each state of a clock is shown: icon, words, colour."""
EVENTS = {
    "open": _("opened"),
    "do": _("took the step"),
    "approve": _("agreed to"),
    "refuse": _("did not agree to"),
    "fill": _("filled in"),
    "prove": _("gave evidence"),
    "pause": _("stopped the clocks"),
    "resume": _("let the clocks run on"),
    "assign": _("named who holds a role"),
    "correct": _("corrected an entry"),
    "migrate": _("went over to a later version of the process"),
}


@register.filter
def title_of(text: Text) -> SafeString | str:
    """Render a text of a definition."""
    return data(said(text))


@register.simple_tag
def clock_state(reading: Reading) -> SafeString:
    """Render how a clock stands: icon, words, colour."""
    mark, words, colour = CLOCKS[reading.state]
    return format_html('<span class="badge level level-{}">{}{}</span>', colour, icon(mark), words)


@register.simple_tag
def clock_words(reading: Reading) -> str:
    """Say in which days a clock counts, how many are used and left."""
    if reading.left is None:
        return ""
    unit = _now("working days") if reading.clock.unit == "working_days" else _now("days")
    words = [] if reading.clock.days is None else [_now("%(used)s of %(days)s %(unit)s used")]
    words.append(_now("%(left)s %(unit)s left") if reading.left >= 0 else _now("%(over)s %(unit)s over"))
    counts = {"used": reading.used, "days": reading.clock.days, "left": reading.left, "over": -reading.left}
    said_ = _now(", ").join(words) % {**counts, "unit": unit}
    note = "" if reading.is_published else _now("preliminary: the working days of a year are not published yet")
    return f"{said_} ({note})" if note else said_


@register.simple_tag
def event_said(event: CaseEvent, titles: Mapping[str, str]) -> SafeString:
    """Render what happened in one line."""
    return format_html("{} {}", EVENTS[event.kind], data(titles.get(event.name, "")))


@register.simple_tag
def on_behalf(event: CaseEvent) -> SafeString | str:
    """Render for whom a deputy acted; nothing where the actor acted in their own right."""
    names = "、".join(names_of(event.on_behalf_of).values()) if event.on_behalf_of else ""
    return format_html(" ({} {})", pgettext("on behalf", "for"), data(names)) if names else ""


@register.simple_tag
def answers(given: Mapping[str, Any], questions: Mapping[str, FormField]) -> list[tuple[str, SafeString | str]]:
    """Return the answers of a form in words, each with its question."""
    return [
        (said(questions[key].title), data(answer(questions[key], value)))
        for key, value in given.items()
        if key in questions and value not in (None, "")
    ]


@register.simple_tag
def changed(change: Change, questions: Mapping[str, FormField]) -> SafeString:
    """Render what a correction put in place of what; the old word is struck."""
    asked = questions.get(change.key)
    title = data(said(asked.title)) if asked else _now("When it happened")
    old, new = (answer(asked, value) if asked else moment(value) for value in (change.old, change.new))
    return format_html("{}: <del>{}</del> → <ins>{}</ins>", title, data(old), data(new))


@register.simple_tag
def party_name(party: Party) -> SafeString | str:
    """Render who holds a role."""
    return data(holder_name(party.scope_kind, party.scope_id))


@register.filter
def holders(named: Iterable[str]) -> SafeString | str:
    """Render who holds a role, each as ``kind:id``."""
    return data("、".join(holder_name(*one.split(":", 1)) for one in named))


@register.simple_tag
def title_for(key: str, titles: Mapping[str, str]) -> SafeString | str:
    """Render the title of a key of a process."""
    return data(titles.get(key, key))


@register.simple_tag
def missing(reason: Reason, titles: Mapping[str, str]) -> SafeString | str:
    """Render what keeps a step from being taken."""
    return data(reason_text(reason, titles))
