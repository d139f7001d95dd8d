"""Ask what would happen, cancel the question, keep the answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from liandesk.assess.whatif import queries
from liandesk.assess.whatif.failing import Shock
from liandesk.assess.whatif.models import ReachedTown, WhatIf
from liandesk.assess.whatif.policies import WHAT_IF
from liandesk.base.accounts.access import check
from liandesk.base.accounts.roles import Viewer, system_viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import now
from liandesk.base.errors import UserError
from liandesk.base.jobs import actions as jobs

JOB = "what_if"
MOST_SHOCKS = 50


@transaction.atomic
def ask(title: str, shocks: Sequence[Shock], *, by: Viewer, note: str = "") -> WhatIf:
    """Ask what happens when these fail, on the published snapshot; the worker answers.

    Raises UserError where nothing fails, too much does, or there is no supply network yet.
    """
    check(by, WHAT_IF, "ask")
    if not shocks:
        raise UserError(_("Nothing fails. Name an enterprise, a supplier or an item."))
    if len(shocks) > MOST_SHOCKS:
        raise UserError(_("At most %(most)s things fail in one what-if.") % {"most": MOST_SHOCKS})
    snapshot, moment = queries.asked_of(), now()
    # the right to ask is not the right to start runs: the system asks for the job, the log names who asked
    job = jobs.enqueue(JOB, by=system_viewer("what_if"), params={"asked": moment.isoformat(), "by": by.actor})
    made = WhatIf.objects.create(
        title=title,
        note=note,
        asked_by=by.actor,
        asked_at=moment,
        snapshot=snapshot,
        shocks=[shock.as_json() for shock in shocks],
        job=job,
    )
    record("what_if.ask", "what_if", made.pk, by=by, snapshot=snapshot.key, shocks=len(shocks))
    return made


@transaction.atomic
def cancel(pk: int, *, by: Viewer) -> WhatIf:
    """Ask the worker to stop: at once when the question waits, at its next beat when it is being answered."""
    check(by, WHAT_IF, "ask")
    found = queries.what_if(by, pk)
    if found.is_open:
        jobs.cancel(found.job_id, by=system_viewer("what_if"))
        record("what_if.cancel", "what_if", pk, by=by)
    return found


@transaction.atomic
def keep_answer(found: WhatIf, tables: Mapping[str, str], towns: Iterable[str], *, by: Viewer) -> None:
    """Keep the tables of an answer, given by the hashes of their blobs, and the towns in which it reaches somebody."""
    found.tables = dict(tables)
    found.save(update_fields=["tables"])
    rows = [ReachedTown(what_if=found, town=town) for town in towns]
    ReachedTown.objects.bulk_create(rows, ignore_conflicts=True)  # a job may be run again
    record("what_if.answer", "what_if", found.pk, by=by, **tables)
