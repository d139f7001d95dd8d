"""What per-mu judging puts on pages of base: menu, panel of an organisation, inbox, objections to a result."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from liandesk.assess.per_mu import queries
from liandesk.assess.per_mu.models import Result
from liandesk.assess.per_mu.policies import PER_MU
from liandesk.base.accounts.access import can
from liandesk.base.accounts.roles import Role, Viewer
from liandesk.base.clock import today
from liandesk.base.errors import UserError
from liandesk.base.ui import panels
from liandesk.base.work import objections, subjects
from liandesk.base.work.effects import EFFECTS
from liandesk.base.work.models import Case
from liankit.process import Event, State

SUBJECT = "per_mu_result"


def register() -> None:
    panels.MENU.append(_menu)
    panels.INBOX.append(_open_results)
    panels.PANELS.setdefault("organisation", []).append(_of_organisation)
    subjects.register(SUBJECT, subjects.Subject(_title, _url))
    objections.DECIDED_BY[SUBJECT] = _landed_by
    EFFECTS.setdefault(objections.OBJECTION, []).append(refuse_late)


def _menu(viewer: Viewer) -> Iterator[panels.MenuItem]:
    if can(viewer, PER_MU, "read"):
        yield panels.MenuItem("assess", _("Yield per mu"), "per_mu", 34)


def _open_results(viewer: Viewer) -> Iterator[panels.InboxLine]:
    """An enterprise finds its published class while objections are open, with the last day."""
    if Role.ENTERPRISE in viewer.roles:
        for found in queries.results(viewer).filter(objections_until__gte=today()):
            detail = _("objections until then")
            yield panels.InboxLine("due", _named(found), _url(str(found.pk)), detail, due=found.objections_until)


def _of_organisation(viewer: Viewer, key: str) -> panels.Panel | None:
    found = queries.results(viewer).filter(organisation=key).first() if can(viewer, PER_MU, "read") else None
    if found is None:
        return None
    context = {"result": found, "place": found.result.upper(), "url": reverse("per_mu_own", args=[key])}
    return panels.Panel(_("Yield per mu"), "per_mu/_of_organisation.html", context)


def objection_url(viewer: Viewer, found: Result) -> str:
    """Return where to object to a result; empty when its time is over, or the viewer is not whom it is about."""
    may_object = Role.ENTERPRISE in viewer.roles and found.objections_until and today() <= found.objections_until
    about = urlencode({"about": f"{SUBJECT}:{found.pk}"})
    return f"{reverse('case_new', args=['objection'])}?{about}" if may_object else ""


def _named(found: Result) -> str:
    return _("Class by yield per mu in %(year)s: %(class)s") % {"year": found.year, "class": found.result.upper()}


def _found(viewer: Viewer, subject: str) -> Result | None:
    if not subject.isdecimal() or not can(viewer, PER_MU, "read"):
        return None
    return queries.results(viewer).filter(pk=int(subject)).first()


def _title(viewer: Viewer, subject: str) -> str | None:
    found = _found(viewer, subject)
    return _named(found) if found else None


def _url(subject: str) -> str:
    found = Result.objects.filter(pk=int(subject)).first()
    return reverse("per_mu_own", args=[found.organisation]) if found else reverse("per_mu")


def _landed_by(subject: str) -> frozenset[str]:
    """Whoever landed a result does not judge an objection to it."""
    found = Result.objects.filter(pk=int(subject)) if subject.isdecimal() else Result.objects.none()
    return frozenset(found.values_list("landed_by", flat=True))


def refuse_late(case: Case, event: Event, state: State, by: Viewer) -> None:
    """Raise UserError for an objection to a result that is opened after the last day for it."""
    found = _found(by, case.subject_id) if case.subject_kind == SUBJECT and event.kind == "open" else None
    if found and (found.objections_until is None or found.objections_until < today()):
        until = found.objections_until.isoformat() if found.objections_until else _("no day")
        raise UserError(_("Objections to this result were open until %(day)s.") % {"day": until})
