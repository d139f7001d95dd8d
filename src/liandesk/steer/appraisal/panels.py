"""What appraisals put on pages of base: menu, inbox, and what an objection may be about."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from liandesk.base.accounts.access import can
from liandesk.base.accounts.roles import Viewer
from liandesk.base.errors import NotThere, UserError
from liandesk.base.ui import panels
from liandesk.base.work import objections, subjects
from liandesk.base.work.effects import EFFECTS
from liandesk.base.work.models import Case
from liandesk.steer.appraisal import queries
from liandesk.steer.appraisal.policies import FORMULA
from liandesk.steer.appraisal.shown import SUBJECT
from liankit.process import Event, State


def register() -> None:
    panels.MENU.append(_menu)
    panels.INBOX.append(_published)
    subjects.register(SUBJECT, subjects.Subject(_title, _url))
    objections.DECIDED_BY[SUBJECT] = queries.decided_by
    EFFECTS.setdefault(objections.OBJECTION, []).append(refuse_late)


def _menu(viewer: Viewer) -> Iterator[panels.MenuItem]:
    if can(viewer, FORMULA, "read"):
        yield panels.MenuItem("steer", _("Appraisal"), "appraisals", 60)


def _published(viewer: Viewer) -> Iterator[panels.InboxLine]:
    """A unit finds its result while objections are open, with the last day."""
    for own in queries.own_units(viewer):
        if own.may_object:
            title = _("Result of %(year)s: %(unit)s") % {"year": own.result.appraisal.year, "unit": own.name}
            url = reverse("appraisal_unit", args=[own.result.appraisal_id, own.unit])
            detail = _("objections until then")
            yield panels.InboxLine("due", title, url, detail, due=own.result.objections_until)


def _title(viewer: Viewer, subject: str) -> str | None:
    pk, _dot, unit = subject.partition(".")
    if not pk.isdecimal() or not can(viewer, FORMULA, "read"):
        return None
    try:
        found = queries.published_unit(viewer, int(pk), unit)
    except NotThere:
        return None
    return _("Result of %(year)s: %(unit)s") % {"year": found.result.appraisal.year, "unit": found.name}


def _url(subject: str) -> str:
    pk, _dot, unit = subject.partition(".")
    return reverse("appraisal_unit", args=[int(pk), unit])


def refuse_late(case: Case, event: Event, state: State, by: Viewer) -> None:
    """Raise UserError for an objection to a result that is opened after the last day for it."""
    pk, _dot, unit = case.subject_id.partition(".")
    if case.subject_kind != SUBJECT or event.kind != "open" or not pk.isdecimal():
        return  # a subject that is none is refused after the effects
    found = queries.published_unit(by, int(pk), unit)
    if not found.may_object:
        until = found.result.objections_until.isoformat()
        raise UserError(_("Objections to this result were open until %(day)s.") % {"day": until})
