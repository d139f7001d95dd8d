"""催办: a comment to the people of the leading party of a case that is overdue, counted on the case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from liandesk.base.accounts.access import check
from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import business_now, now, today
from liandesk.base.errors import UserError
from liandesk.base.teamwork.models import Chase, Comment, CommentVersion, Mention
from liandesk.base.teamwork.people import people_of, sees
from liandesk.base.work.models import Case, Party
from liandesk.base.work.policies import CASE
from liandesk.base.work.queries import EARLIEST_DUE, process_of, seen_by


@dataclass(frozen=True)
class Chased:
    """What a chase did: the cases chased, those passed over, and how many people were told."""

    done: tuple[Case, ...]
    passed_over: tuple[Case, ...]
    told: int


def to_chase(viewer: Viewer) -> QuerySet[Case]:
    """Return the overdue cases that the viewer sees, with how often each was chased; the longest overdue first."""
    check(viewer, CASE, "chase")
    found = Case.objects.filter(seen_by(viewer), ended_at=None, due__lt=today(), is_paused=False)
    counted = found.select_related("definition").annotate(times=Count("chases")).order_by(*EARLIEST_DUE)
    return counted.prefetch_related("parties", "chases__comment")


def chases(viewer: Viewer, case_pk: int) -> QuerySet[Chase]:
    """Return how a case that the viewer sees was chased, the first first."""
    return Chase.objects.filter(seen_by(viewer, "case"), case=case_pk).select_related("comment")


def leading(case: Case) -> list[Party]:
    """Return who leads the stages in which a case stands."""
    process = process_of(case.definition)
    leads = {process.stage(key).lead for key in case.stages}
    return [party for party in case.parties.all() if party.role in leads]


@transaction.atomic
def chase(pks: Sequence[int], *, by: Viewer, note: str = "") -> Chased:
    """Chase overdue cases; one that is not overdue, is hidden or was chased today already is passed over.

    Raise UserError when none is left.
    """
    list(Case.objects.select_for_update().filter(pk__in=pks))  # of two who chase at once the second finds the first
    found = list(to_chase(by).filter(pk__in=pks))
    fresh = [case for case in found if not was_chased_today(case)]
    if not fresh:
        raise UserError(_("None of these cases can be chased: they are not overdue, or were chased today already."))
    told = sum(_chase(case, note.strip()[:400], by) for case in fresh)
    return Chased(tuple(fresh), tuple(case for case in found if case not in fresh), told)


def was_chased_today(case: Case) -> bool:
    """Say whether a case was chased on the business date: it is chased once a day at most."""
    return any(localdate(one.comment.at) == today() for one in case.chases.all())


def _chase(case: Case, note: str, by: Viewer) -> int:
    """Write the comment of one case with whom it names; return how many are told."""
    comment = Comment.objects.create(case=case, actor=by.actor, at=business_now(), recorded_at=now())
    people = [user for user in people_of(case, leading(case)) if user.pk != by.user_id and sees(user, case)]
    text = _text(case, people, note)
    CommentVersion.objects.create(comment=comment, number=1, text=text, recorded_at=now())
    Mention.objects.bulk_create(Mention(comment=comment, user=user) for user in people)
    Chase.objects.create(case=case, comment=comment)
    record("case.chase", "case", case.pk, by=by, comment=comment.pk, told=[user.pk for user in people])
    return len(people)


def _text(case: Case, people: Iterable[User], note: str) -> str:
    said = _("Chased: overdue since %(day)s. Please act, or say what holds it up.") % {"day": case.due}
    names = " ".join(f"@{user.username}" for user in people)
    return " ".join(part for part in (said, note, names) if part)
