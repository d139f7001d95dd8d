"""The lists and registers of the areas below that clauses of a plan can be bound to."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from liandesk.assess.backups.policies import BACKUP
from liandesk.assess.events.policies import EVENT
from liandesk.assess.incidents.policies import INCIDENT
from liandesk.assess.lists.policies import EDITION, ENTRY
from liandesk.assess.portfolio.policies import PORTFOLIO
from liandesk.know.registry.policies import ORGANISATION
from liandesk.know.survey.policies import ROUND
from liandesk.steer.plan.executors import Executor, register


def register_things() -> None:
    """Register what is there without any app of this area."""
    register("list", "risks", Executor(_("Risk list"), "risks", ENTRY))
    register("list", "backups", Executor(_("Backup list"), "backups", BACKUP))
    register("report", "editions", Executor(_("Editions of the risk list"), "editions", EDITION))
    register("register", "organisations", Executor(_("Organisations"), "organisations", ORGANISATION))
    register("register", "surveys", Executor(_("Survey rounds"), "surveys", ROUND))
    register("register", "interventions", Executor(_("Interventions"), "interventions", PORTFOLIO))
    register("register", "events", Executor(_("Disruptions"), "events", EVENT))
    register("register", "incidents", Executor(_("Incident rooms"), "incidents", INCIDENT))
