"""Restricted cases: who is named in one, and naming more people or fewer after it was opened."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from liandesk.base.accounts.queries import names_of, persons_meant
from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import now
from liandesk.base.errors import NotAllowed, NotThere, UserError
from liandesk.base.teamwork.actions import seen_case
from liandesk.base.work.models import Case, Named
from liandesk.base.work.queries import PERSON, persons_of


@dataclass(frozen=True)
class NamedPerson:
    """Somebody who sees a restricted case; whoever opened it stays named."""

    row: Named
    name: str
    may_go: bool


def named_people(viewer: Viewer, case: Case) -> list[NamedPerson]:
    """Return who is named in a case that the viewer sees, the first named first."""
    rows = list(Named.objects.filter(case=seen_case(case.pk, viewer)).order_by("id"))
    names = names_of(row.person for row in rows)
    return [NamedPerson(row, names.get(row.person, row.person), row.person != row.named_by) for row in rows]


def may_name(viewer: Viewer, case: Case) -> bool:
    """Say whether the viewer says who sees a restricted case: whoever opened it, or holds a role in it in person."""
    persons = persons_of(viewer)
    opened = case.named.filter(person__in=persons, named_by__in=persons).exists()
    return case.is_restricted and (opened or case.parties.filter(scope_kind=PERSON, scope_id__in=persons).exists())


@transaction.atomic
def name_person(case_pk: int, account: str, *, by: Viewer) -> Named:
    """Let a person see a restricted case; ``account`` is their account's name or very name."""
    case = _named_by(case_pk, by)
    found = persons_meant(account)
    if len(found) != 1:
        said = _("'%(name)s' is nobody's name, or several people's; use the account's name.")
        raise UserError(said % {"name": account})
    made = {"named_by": by.actor, "named_at": now()}
    row, is_new = Named.objects.get_or_create(case=case, person=found[0], defaults=made)
    if is_new:
        record("case.name", "case", case.pk, by=by, person=row.person)
    return row


@transaction.atomic
def unname_person(case_pk: int, pk: int, *, by: Viewer) -> None:
    """Let a person see a restricted case no more; whoever opened it cannot be left out."""
    case = _named_by(case_pk, by)
    row = case.named.filter(pk=pk).first()
    if row is None:
        raise NotThere(_("There is no such person in this case."))
    if row.person == row.named_by:
        raise UserError(_("Whoever opened the case stays named in it."))
    row.delete()
    record("case.unname", "case", case.pk, by=by, person=row.person)


def _named_by(case_pk: int, by: Viewer) -> Case:
    case = seen_case(case_pk, by)
    if not may_name(by, case):
        raise NotAllowed(_("Whoever opened a restricted case, or holds a role in it in person, says who sees it."))
    return case
