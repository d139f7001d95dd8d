"""Appeal 申诉 and claim 申领: an enterprise says that it should get what was dropped, or what nobody matched it with.

Both are cases of their own. An appeal that is upheld, and a claim that is granted, open the fulfilment; the checks
before it is published and listed stand as for everybody. Whoever took part in dropping it does not judge the appeal.
"""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from liandesk.assess.policies import queries
from liandesk.assess.policies.actions import open_fulfilment
from liandesk.assess.policies.models import Fulfilment
from liandesk.assess.policies.policies import FULFILMENT
from liandesk.base.accounts.access import check
from liandesk.base.accounts.roles import Role, ScopeKind, Viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import today
from liandesk.base.errors import Conflict, NotAllowed, NotThere, UserError
from liandesk.base.work.actions import NewCase, open_following
from liandesk.base.work.effects import EFFECTS
from liandesk.base.work.models import Case, CaseEvent
from liandesk.know.registry.queries import organisation_name
from liankit.process import Event, State

APPEAL, CLAIM = "policy_appeal", "policy_claim"
_JUDGING = frozenset({"uphold", "reject", "not_admit"})
_NOT_DECIDING = ("notify", "confirm")


def register() -> None:
    EFFECTS.setdefault(APPEAL, []).append(follow_appeal)
    EFFECTS.setdefault(CLAIM, []).append(follow_claim)


@transaction.atomic
def appeal(pk: int, grounds: str, *, by: Viewer) -> Case:
    """Open the appeal of an enterprise against dropping one of its fulfilments; NotThere for another's.

    Raises Conflict where it is not dropped, or where an appeal on it is open already.
    """
    found = appealable(by, pk)
    parties = [("appellant", "organisation", found.organisation)]
    new = NewCase(
        APPEAL,
        found.case.title,
        parties,
        {"appeal_grounds": grounds},
        ("case", str(found.case_id)),
        is_synthetic=found.is_synthetic,
    )
    made = open_following(new, by=by)
    record("policy.appeal", "fulfilment", found.pk, by=by, case=made.pk)
    return made


def appealable(viewer: Viewer, pk: int) -> Fulfilment:
    """Return a dropped fulfilment of the viewer's own that has no open appeal; NotThere, or Conflict with why."""
    check(viewer, FULFILMENT, "plead")
    found = queries.fulfilments(viewer).filter(pk=pk, organisation__in=_own(viewer)).first()
    if found is None:
        raise NotThere(_("There is no such fulfilment of yours."))
    if found.stage != "dropped" or _standing(found):
        raise Conflict(_("It is being fulfilled: an appeal is made when it was dropped."))
    if Case.objects.filter(process=APPEAL, subject_kind="case", subject_id=str(found.case_id), ended_at=None).exists():
        raise Conflict(_("Your appeal on it is open already: you find it among your cases."))
    return found


@transaction.atomic
def claim(organisation: str, term: tuple[str, str], grounds: str, *, by: Viewer) -> Case:
    """Open the claim of an enterprise to a clause (policy, clause) for which it has no case this year.

    Raises NotThere for another's organisation, UserError outside the time to claim and for a made-up clause, Conflict
    for a second one.
    """
    line = claimable(by, organisation, term)
    if not line.may_be_claimed:
        raise UserError(_("The clause is made up to show the product: nothing can be claimed under it."))
    policy, clause = term
    title = f"{line.term.clause.title.zh}：{line.name}"
    data = {"policy": policy, "clause": clause, "claim_grounds": grounds}
    is_synthetic = line.is_synthetic or not line.term.policy.is_claimable(line.term.clause)
    parties = [("claimant", "organisation", organisation)]
    new = NewCase(CLAIM, title, parties, data, ("organisation", organisation), is_synthetic=is_synthetic)
    made = open_following(new, by=by)
    record("policy.claim", "policy", f"{policy}/{clause}", by=by, case=made.pk)
    return made


def claimable(viewer: Viewer, organisation: str, term: tuple[str, str]) -> queries.Line:
    """Return what a clause gives an enterprise of the viewer's own that may claim it; else raise with why not."""
    check(viewer, FULFILMENT, "plead")
    if organisation not in _own(viewer):
        raise NotThere(_("There is no such enterprise for you."))
    line = _line(viewer, organisation, term)
    if not line.term.clause.claims.holds(today()):
        raise UserError(_("The clause cannot be claimed today; its page says when."))
    if line.case is not None:
        raise Conflict(_("It has a case this year already; where that was dropped, appeal."))
    title = f"{line.term.clause.title.zh}：{line.name}"
    if Case.objects.filter(process=CLAIM, subject_id=organisation, title=title, ended_at=None).exists():
        raise Conflict(_("Your claim to it is open already: you find it among your cases."))
    return line


def _own(viewer: Viewer) -> frozenset[str]:
    return viewer.scope_ids(Role.ENTERPRISE, ScopeKind.ORGANISATION)


def _line(viewer: Viewer, organisation: str, term: tuple[str, str]) -> queries.Line:
    found = (one for one in queries.owed_to(viewer, organisation) if one.term.key == term)
    line = next(found, None)
    if line is None:
        raise UserError(_("The clause is not in force today."))
    return line


def _standing(found: Fulfilment) -> bool:
    """Say whether the same is being fulfilled, or was, beside a dropped one."""
    same = {name: getattr(found, name) for name in ("policy", "clause", "year", "organisation")}
    return Fulfilment.objects.filter(**same).exclude(stage="dropped").exists()


def follow_appeal(case: Case, event: Event, state: State, by: Viewer) -> None:
    """Refuse the judgement of whoever dropped it; open the fulfilment anew, with its place, once it is upheld."""
    if event.kind != "do" or event.name not in _JUDGING:
        return
    found = Fulfilment.objects.select_related("case").get(case_id=int(case.subject_id))
    if not event.persons.isdisjoint(_decided(found.case)):
        raise NotAllowed(_("You took part in what this appeal is about; somebody else has to judge it."))
    if event.name == "uphold":
        if _standing(found):
            raise Conflict(_("It is being fulfilled already."))
        line = _line(by, found.organisation, (found.policy, found.clause))
        open_fulfilment(line, by=by, year=found.year, confirmed_at=found.confirmed_at)


def _decided(case: Case) -> frozenset[str]:
    """Return who took the steps in which a fulfilment was decided."""
    steps = CaseEvent.objects.filter(case=case, kind__in=["do", "approve"]).exclude(name__in=_NOT_DECIDING)
    return frozenset(
        person for actor, others in steps.values_list("actor", "on_behalf_of") for person in (actor, *others)
    )


def follow_claim(case: Case, event: Event, state: State, by: Viewer) -> None:
    """Open the fulfilment of a claim that is granted."""
    if event.kind != "do" or event.name != "grant":
        return
    line = _line(by, case.subject_id, (str(state.fields["policy"]), str(state.fields["clause"])))
    if line.case is not None and line.case.stage != "dropped":
        raise Conflict(_("%(name)s has a case for it already.") % {"name": organisation_name(case.subject_id)})
    open_fulfilment(line, by=by)
