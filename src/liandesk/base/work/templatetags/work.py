"""How a case is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from liandesk.base.accounts.queries import scope_name
from liandesk.base.accounts.roles import ScopeKind
from liandesk.base.ui.templatetags.ui import data, unknown
from liandesk.base.work.models import CaseEvent, Party
from liandesk.base.work.wording import reason_text, said
from liankit.process import ClockState, Reading
from liankit.process.definition import Text
from liankit.reasons import Reason

register = template.Library()

CLOCKS = {
    ClockState.WAITING: ("○", _("not started")),
    ClockState.RUNNING: ("▶", _("running")),
    ClockState.WARNING: ("▲", _("due soon")),
    ClockState.BREACHED: ("✕", _("overdue")),
    ClockState.PAUSED: ("■", _("paused")),
    ClockState.MET: ("✓", _("in time")),
    ClockState.LATE: ("✕", _("late")),
    ClockState.UNSET: ("?", _("period not yet laid down")),
}
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
}


@register.filter
def title_of(text: Text) -> SafeString | str:
    """Render a text of a definition."""
    return data(said(text))


@register.simple_tag
def clock_state(reading: Reading) -> SafeString:
    """Render how a clock stands: a mark, a word, what is left in its unit."""
    mark, word = CLOCKS[reading.state]
    return format_html('<span class="state">{} {}</span>', mark, word)


@register.simple_tag
def clock_left(reading: Reading) -> SafeString | str:
    """Render the days left, and of which kind they are."""
    if reading.left is None:
        return unknown() if reading.state == ClockState.UNSET else ""
    unit = _now("working days") if reading.clock.unit == "working_days" else _now("days")
    note = "" if reading.is_published else _now("preliminary: the working days of a year are not published yet")
    return format_html("{} / {} {} {}", reading.left, reading.clock.days or 0, unit, note)


@register.simple_tag
def event_said(event: CaseEvent, titles: Mapping[str, str]) -> SafeString:
    """Render what happened in one line."""
    return format_html("{} {}", EVENTS[event.kind], data(titles.get(event.name, "")))


@register.simple_tag
def answers(said_: Mapping[str, Any], titles: Mapping[str, str]) -> list[tuple[str, Any]]:
    """Return the answers of a form with their questions."""
    return [(titles[key], value) for key, value in said_.items() if key in titles]


@register.simple_tag
def party_name(party: Party) -> SafeString | str:
    """Render who holds a role."""
    return data(
        scope_name(party.scope_kind, party.scope_id) if party.scope_kind in ScopeKind.values else party.scope_id
    )


@register.simple_tag
def missing(reason: Reason, titles: Mapping[str, str]) -> SafeString | str:
    """Render what keeps a step from being taken."""
    return data(reason_text(reason, titles))
