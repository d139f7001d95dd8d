"""Nobody judges an objection to what they decided themselves; within the case the process sees to it, here the object.

An app that owns a kind of object registers in ``DECIDED_BY`` who decided about one.
"""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from liandesk.base.accounts.roles import Viewer
from liandesk.base.errors import NotAllowed
from liandesk.base.work.effects import EFFECTS
from liandesk.base.work.models import Case, CaseEvent
from liankit.process import Event, State

OBJECTION = "objection"
JUDGING = frozenset({"uphold", "reject", "uphold_appeal", "reject_appeal"})

DECIDED_BY: dict[str, Callable[[str], frozenset[str]]] = {}
"""By kind of subject: the persons who decided about the object of an id."""


def register() -> None:
    EFFECTS.setdefault(OBJECTION, []).append(refuse_own_decision)
    DECIDED_BY["case"] = _decided_case


def refuse_own_decision(case: Case, event: Event, state: State, by: Viewer) -> None:
    """Raise NotAllowed when whoever judges an objection took part in deciding what it is to."""
    decided_by = DECIDED_BY.get(case.subject_kind)
    if event.name in JUDGING and decided_by and not event.persons.isdisjoint(decided_by(case.subject_id)):
        raise NotAllowed(_("You decided what this objection is to; somebody else has to judge it."))


def _decided_case(pk: str) -> frozenset[str]:
    if not pk.isdecimal():
        return frozenset()
    steps = CaseEvent.objects.filter(case=int(pk), kind__in=["do", "approve"]).values_list("actor", "on_behalf_of")
    return frozenset(person for actor, others in steps for person in (actor, *others))
