"""What the registry puts on pages of base, and its part in the reading of facts and in publish."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from liandesk.base.accounts.access import can
from liandesk.base.accounts.queries import SCOPE_NAMES
from liandesk.base.accounts.roles import ScopeKind, Viewer
from liandesk.base.facts.queries import RECORD_SCOPES
from liandesk.base.snapshots.actions import register_projection
from liandesk.base.ui import panels
from liandesk.know.registry import things_panels
from liandesk.know.registry.policies import ORGANISATION
from liandesk.know.registry.projection import project
from liandesk.know.registry.queries import organisation_name, records_in_scope


def register() -> None:
    register_projection("risks", project)
    RECORD_SCOPES.append(records_in_scope)
    SCOPE_NAMES[ScopeKind.ORGANISATION] = organisation_name
    panels.MENU.append(_menu)
    things_panels.register()


def _menu(viewer: Viewer) -> Iterator[panels.MenuItem]:
    if can(viewer, ORGANISATION, "read"):
        yield panels.MenuItem("know", _("Organisations"), "organisations", 10)
