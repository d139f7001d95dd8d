"""Payment lists: assembled by one person, checked as a whole, approved by another, and then listed at once.

A list is tried before it stands, by the same steps that list it: each line is checked together with those before it, so
that all of them fit the quotas and budgets. A line that cannot be listed stays where it was, and is named with why.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, F, QuerySet, Sum
from django.utils.translation import gettext as _

from liandesk.assess.policies.models import Fulfilment, PaymentList
from liandesk.assess.policies.policies import PAYMENT_LIST
from liandesk.base.accounts.access import check, visibility
from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import business_now
from liandesk.base.errors import Conflict, NotAllowed, NotThere, UserError
from liandesk.base.work.actions import Step, act


@dataclass(frozen=True)
class Refused:
    """A line that cannot be listed, and everything that stands against it."""

    line: Fulfilment
    why: str


class ListRefused(UserError):
    """Nothing of a list went out: some of its lines cannot be listed now; ``refused`` says which and why."""

    def __init__(self, refused: Collection[Refused]) -> None:
        self.refused = tuple(refused)
        named = "; ".join(f"{one.line.organisation_name}: {one.why}" for one in refused)
        super().__init__(
            _("Nothing was listed. Take these lines off, then approve the rest: %(lines)s") % {"lines": named}
        )


def payment_lists(viewer: Viewer) -> QuerySet[PaymentList]:
    """Return the lists with how many lines and fen each has, the youngest first."""
    found = PaymentList.objects.filter(visibility(viewer, PAYMENT_LIST).as_q())
    return found.annotate(count=Count("lines"), sum_fen=Sum("lines__amount_fen"))


def payment_list(viewer: Viewer, pk: int) -> PaymentList:
    """Return one list; NotThere where the viewer may see none such."""
    found = payment_lists(viewer).filter(pk=pk).first()
    if found is None:
        raise NotThere(_("There is no such payment list for you."))
    return found


def waiting(viewer: Viewer) -> QuerySet[Fulfilment]:
    """Return what is published and on no list: who confirmed first stands first."""
    check(viewer, PAYMENT_LIST, "read")
    return _in_order(Fulfilment.objects.filter(stage="published", payment_list=None))


def lines_of(viewer: Viewer, pk: int) -> QuerySet[Fulfilment]:
    """Return the lines of a list: who confirmed first stands first."""
    return _in_order(payment_list(viewer, pk).lines.all())


def _in_order(found: QuerySet[Fulfilment]) -> QuerySet[Fulfilment]:
    return found.select_related("case").order_by(F("confirmed_at").asc(nulls_last=True), "pk")


@transaction.atomic
def assemble(pks: Collection[int], *, by: Viewer) -> tuple[PaymentList | None, tuple[Refused, ...]]:
    """Put published fulfilments on a new list, all that could be listed now; the rest is returned with why.

    No list is made where none could be listed. Raises Conflict where one is on another list by now.
    """
    check(by, PAYMENT_LIST, "assemble")
    free = Fulfilment.objects.filter(pk__in=pks, stage="published", payment_list=None)
    locked = [one.pk for one in free.select_for_update()]
    if not locked or len(locked) != len(set(pks)):
        raise Conflict(_("What was chosen is not published, or on another list by now. Look again, then choose."))
    made = PaymentList.objects.create(assembled_by=by.actor, assembled_at=business_now())
    Fulfilment.objects.filter(pk__in=locked).update(payment_list=made)
    refused = _tried(made, by)
    Fulfilment.objects.filter(pk__in=[one.line.pk for one in refused]).update(payment_list=None)
    if not made.lines.exists():
        made.delete()
        return None, refused
    record("payment_list.assemble", "payment_list", made.pk, by=by, lines=made.lines.count(), refused=len(refused))
    return made, refused


def _tried(found: PaymentList, by: Viewer) -> tuple[Refused, ...]:
    """Return what could not be listed now; nothing is written."""
    with transaction.atomic():
        refused = _list_all(found, by)
        transaction.set_rollback(True)
    return refused


def _list_all(found: PaymentList, by: Viewer) -> tuple[Refused, ...]:
    """List the lines one after another, each beside those before it; return those that could not be."""
    PaymentList.objects.filter(pk=found.pk).update(approved_by=by.actor, approved_at=business_now())
    refused = []
    for line in _in_order(found.lines.all()):
        try:
            with transaction.atomic():
                act(line.case_id, Step("do", line.case.events_count, "list_for_payment"), by=by)
        except UserError as error:
            refused.append(Refused(line, str(error)))
    return tuple(refused)


def approve(pk: int, *, by: Viewer) -> PaymentList:
    """List every line of a list for payment at once.

    Raises NotAllowed to whoever assembled it, Conflict where it was approved already, ListRefused where a check stands
    against a line by now: then nothing is listed and the list stands as it was.
    """
    check(by, PAYMENT_LIST, "approve")
    with transaction.atomic():
        found = _open_list(pk, by)
        if found.assembled_by in {by.actor, *by.acts_for}:
            raise NotAllowed(_("You assembled this list; somebody else has to approve it."))
        refused = _list_all(found, by)
        if refused:
            raise ListRefused(refused)
        record("payment_list.approve", "payment_list", found.pk, by=by, lines=found.lines.count())
    return found


@transaction.atomic
def take_off(pk: int, line: int, *, by: Viewer) -> None:
    """Take a line off a list that is not approved yet; it can go on another list. An empty list is gone."""
    check(by, PAYMENT_LIST, "assemble")
    found = _open_list(pk, by)
    if not found.lines.filter(pk=line).update(payment_list=None):
        raise Conflict(_("This line is on the list no more."))
    record("payment_list.take_off", "payment_list", pk, by=by, line=line)
    if not found.lines.exists():
        found.delete()


def _open_list(pk: int, by: Viewer) -> PaymentList:
    """Return a list for writing, locked; Conflict where it went out already."""
    payment_list(by, pk)
    found = PaymentList.objects.select_for_update().get(pk=pk)
    if found.approved_at is not None:
        raise Conflict(_("This list was approved already; what is to be changed is returned by the office that pays."))
    return found
