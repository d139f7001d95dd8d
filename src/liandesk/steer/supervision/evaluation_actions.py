"""Judge a target or a clause in an evaluation; the judgement before it stays, and the newest stands."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from liandesk.base.accounts.access import check
from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import business_now
from liandesk.base.errors import Conflict, NotThere, UserError
from liandesk.steer.plan.queries import the_plan
from liandesk.steer.supervision.actions import check_open
from liandesk.steer.supervision.evaluation import Evaluated, evaluated
from liandesk.steer.supervision.models import EvaluationKind, Grade, Judgement
from liandesk.steer.supervision.policies import EVALUATION


@transaction.atomic
def judge(
    kind: str, subject_id: str, grade: str, *, by: Viewer, seen: int, reason: str = "", is_synthetic: bool = False
) -> Judgement:
    """Judge one target or clause; ``seen`` is how many judgements of it the writer saw.

    Raises UserError where the level is not the proposed one and no reason is given, Conflict where somebody was first.
    """
    check(by, EVALUATION, "judge")
    found = _found(kind, subject_id, by)
    proposed = found.proposed.grade
    if grade not in Grade.values or (grade != proposed and not reason.strip()):
        raise UserError(_("Choose a level; where it is not the computed one, say why."))
    made = _write(the_plan(by).key, kind, found, grade, reason.strip()[:600], by, seen, is_synthetic)
    record("evaluation.judge", "plan", made.plan, by=by, of=subject_id, kind=kind, grade=grade, proposed=proposed)
    return made


def _found(kind: str, subject_id: str, by: Viewer) -> Evaluated:
    if kind not in EvaluationKind.values:
        raise NotThere(_("There is no such evaluation."))
    check_open(the_plan(by).key)
    found = next((one for one in evaluated(by, kind) if one.subject_id == subject_id), None)
    if found is None:
        raise NotThere(_("The plan has no such target or clause."))
    return found


def _write(
    plan: str, kind: str, of: Evaluated, grade: str, reason: str, by: Viewer, seen: int, is_synthetic: bool
) -> Judgement:
    said = {"proposed": of.proposed.grade, "grade": grade, "reason": reason, "is_synthetic": is_synthetic}
    who = {"judged_by": by.actor, "judged_at": business_now()}
    if of.seen != seen:
        raise Conflict(_("Somebody judged this after you looked at it. Look at it again."))
    try:
        with transaction.atomic():
            return Judgement.objects.create(
                plan=plan, kind=kind, subject_id=of.subject_id, number=seen + 1, **said, **who
            )
    except IntegrityError:
        raise Conflict(_("Somebody judged this after you looked at it. Look at it again.")) from None
