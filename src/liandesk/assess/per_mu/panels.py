"""What per-mu judging puts on pages of base: menu, panel of an organisation, inbox, objections to a result."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from liandesk.assess.per_mu import queries
from liandesk.assess.per_mu.corrections import shown_correction, shown_effect
from liandesk.assess.per_mu.models import Correction, Result
from liandesk.assess.per_mu.objections import effect_of_case
from liandesk.assess.per_mu.policies import PER_MU, PROCESS, SUBJECT, is_open
from liandesk.assess.per_mu.projection import project_lines
from liandesk.base.accounts.access import can
from liandesk.base.accounts.roles import Role, Viewer
from liandesk.base.clock import today
from liandesk.base.snapshots.actions import register_projection
from liandesk.base.ui import panels
from liandesk.base.work import subjects
from liandesk.base.work.queries import one_case, state_of


def register() -> None:
    panels.MENU.append(_menu)
    panels.INBOX.append(_open_results)
    panels.PANELS.setdefault("organisation", []).append(_of_organisation)
    subjects.register(SUBJECT, subjects.Subject(_title, _url))
    panels.PANELS.setdefault(f"case:{PROCESS}", []).append(_of_case)
    register_projection("risks", project_lines)


def _menu(viewer: Viewer) -> Iterator[panels.MenuItem]:
    if can(viewer, PER_MU, "read"):
        yield panels.MenuItem("assess", _("Yield per mu"), "per_mu", 34)


def _open_results(viewer: Viewer) -> Iterator[panels.InboxLine]:
    """An enterprise finds its published class while objections are open, with the last day."""
    if Role.ENTERPRISE in viewer.roles:
        for found in queries.results(viewer).filter(final_on=None):
            if is_open(found, today()):
                until = _("objections until then")
                detail = until if found.objections_until else _("objections are open until the results are final")
                yield panels.InboxLine("due", _named(found), _url(str(found.pk)), detail, due=found.objections_until)


def _of_organisation(viewer: Viewer, key: str) -> panels.Panel | None:
    found = queries.results(viewer).filter(organisation=key).first() if can(viewer, PER_MU, "read") else None
    if found is None:
        return None
    context = {"result": found, "place": found.result.upper(), "url": reverse("per_mu_own", args=[key])}
    return panels.Panel(_("Yield per mu"), "per_mu/_of_organisation.html", context)


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


def _of_case(viewer: Viewer, pk: str) -> panels.Panel | None:
    """Of an objection: what the stated figure would change, before it is decided; what was published anew, after."""
    case = one_case(viewer, pk).first()
    found = _found(viewer, case.subject_id) if case else None
    if case is None or found is None:
        return None
    made = Correction.objects.filter(case=case.pk).first()
    context: dict[str, object] = {"result": found, "url": _url(case.subject_id)}
    if made:
        context["correction"] = shown_correction(viewer, made)
    elif case.ended_at is None and can(viewer, PER_MU, "weigh"):
        told = effect_of_case(case, state_of(case).fields)
        context["effect"] = shown_effect(viewer, told[1]) if told else None
    return panels.Panel(_("Class by yield per mu"), "per_mu/_of_case.html", context)
