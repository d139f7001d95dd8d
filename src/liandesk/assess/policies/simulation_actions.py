"""Ask what a draft would change, cancel the question, keep the answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from liandesk.assess.policies import simulation_queries as queries
from liandesk.assess.policies.definitions import POLICY, checked
from liandesk.assess.policies.models import Simulation
from liandesk.assess.policies.policies import SIMULATION
from liandesk.assess.rules.definitions import QUANTITIES
from liandesk.base.accounts.access import check
from liandesk.base.accounts.roles import Viewer, system_viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import now, today
from liandesk.base.definitions.queries import hashes_in_force
from liandesk.base.errors import UserError
from liandesk.base.jobs import actions as jobs
from liandesk.base.snapshots.queries import published

JOB = "policy_simulation"


@transaction.atomic
def ask(title: str, body: Any, law: date, *, by: Viewer) -> Simulation:
    """Ask what a draft would change for today's enterprises as the law of a day; the worker answers.

    Raises DefinitionError with every mistake of the draft, and UserError where it is not in force on that day or
    nothing is known of enterprises yet.
    """
    check(by, SIMULATION, "ask")
    draft = checked(body, "draft.yaml")
    if not draft.period.holds(law):
        raise UserError(
            _("The draft is not in force on %(day)s. Change its period or the day of the law.") % {"day": law}
        )
    snapshot, moment = published(), now()
    if snapshot is None or "rule_facts" not in snapshot.tables:
        raise UserError(_("No refresh has gathered facts of enterprises yet. Refresh the lists on the page of runs."))
    # the right to ask is not the right to start runs: the system asks for the job, the log names who asked
    job = jobs.enqueue(JOB, by=system_viewer("simulation"), params={"asked": moment.isoformat(), "by": by.actor})
    made = Simulation.objects.create(
        title=title,
        policy=draft.key,
        draft=body,
        law=law,
        today=today(),
        definitions={kind: hashes_in_force(kind) for kind in (POLICY, QUANTITIES)},
        asked_by=by.actor,
        asked_at=moment,
        snapshot=snapshot,
        job=job,
    )
    record("policy_simulation.ask", "policy_simulation", made.pk, by=by, snapshot=snapshot.key, policy=draft.key)
    return made


@transaction.atomic
def cancel(pk: int, *, by: Viewer) -> Simulation:
    """Ask the worker to stop: at once when the question waits, at its next beat when it is being answered."""
    check(by, SIMULATION, "ask")
    found = queries.simulation(by, pk)
    if found.is_open:
        jobs.cancel(found.job_id, by=system_viewer("simulation"))
        record("policy_simulation.cancel", "policy_simulation", pk, by=by)
    return found


@transaction.atomic
def keep_answer(found: Simulation, tables: Mapping[str, str], *, by: Viewer) -> None:
    """Keep the tables of an answer, given by the hashes of their blobs."""
    found.tables = dict(tables)
    found.save(update_fields=["tables"])
    record("policy_simulation.answer", "policy_simulation", found.pk, by=by, **tables)
