"""What the registry puts on pages of base, and its part in the reading of facts and in publish."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from liandesk.base.accounts.access import can
from liandesk.base.accounts.queries import SCOPE_NAMES
from liandesk.base.accounts.roles import STANDS_FOR, ScopeKind, Viewer
from liandesk.base.facts.queries import RECORD_SCOPES
from liandesk.base.snapshots.actions import register_projection
from liandesk.base.ui import panels
from liandesk.know.registry import things_panels
from liandesk.know.registry.correction_actions import disowned
from liandesk.know.registry.policies import JUDGEMENT, ORGANISATION
from liandesk.know.registry.projection import project
from liandesk.know.registry.queries import merged_into, organisation_name, organisation_of, records_in_scope
from liandesk.know.registry.review_queries import candidates
from liandesk.know.registry.subjects import register_subjects

_LINES = 20


def register() -> None:
    register_projection("risks", project)
    RECORD_SCOPES.append(records_in_scope)
    SCOPE_NAMES[ScopeKind.ORGANISATION] = organisation_name
    STANDS_FOR[ScopeKind.ORGANISATION] = merged_into
    panels.MENU.append(_menu)
    panels.INBOX.extend([_to_judge, _disowned])
    things_panels.register()
    register_subjects()


def _menu(viewer: Viewer) -> Iterator[panels.MenuItem]:
    if can(viewer, ORGANISATION, "read"):
        yield panels.MenuItem("know", _("Organisations"), "organisations", 10)
    if can(viewer, JUDGEMENT, "read"):
        yield panels.MenuItem("know", _("Who is who"), "review", 15)


def _to_judge(viewer: Viewer) -> Iterator[panels.InboxLine]:
    """What waits for a judgement on who is who."""
    if not can(viewer, JUDGEMENT, "judge"):
        return
    count = candidates(viewer).filter(entries__gt=0).count()
    if count:
        said = ngettext(
            "%(count)s pair of organisations to judge would change the risk list",
            "%(count)s pairs of organisations to judge would change the risk list",
            count,
        )
        yield panels.InboxLine("waiting", said % {"count": count}, reverse("review"))


def _disowned(viewer: Viewer) -> Iterator[panels.InboxLine]:
    """What organisations said is not theirs: the chain office splits it off, or leaves it."""
    if not can(viewer, JUDGEMENT, "judge"):
        return
    for said in disowned()[:_LINES]:
        organisation = organisation_of(said.record)
        if organisation:
            title = _("Said not to be theirs: %(name)s") % {"name": organisation_name(organisation)}
            url = reverse("organisation", args=[organisation]) + "#records"
            yield panels.InboxLine("waiting", title, url, said.reason, at=said.recorded_at)
