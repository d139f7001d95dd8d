"""Write around a case: comments, watching, having seen. None of it changes where the case stands."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import business_now, now
from liandesk.base.errors import NotThere, UserError
from liandesk.base.teamwork.models import Comment, CommentVersion, Mention, Watch
from liandesk.base.teamwork.people import Named, named_in
from liandesk.base.work.models import Case
from liandesk.base.work.queries import one_case, seen_by

MAX_CHARACTERS = 4000


def seen_case(pk: int, viewer: Viewer) -> Case:
    """Return a case that the viewer sees; raise NotThere otherwise."""
    found = one_case(viewer, pk).first()
    if found is None:
        raise NotThere(_("There is no such case for you."))
    return found


@transaction.atomic
def say(case_pk: int, text: str, *, by: Viewer) -> tuple[Comment, Named]:
    """Write a comment; return it with who is told and which names were nobody's who sees the case."""
    case = seen_case(case_pk, by)
    comment = Comment.objects.create(case=case, actor=by.actor, at=business_now(), recorded_at=now())
    named = _word(comment, 1, _checked(text))
    record("comment.say", "case", case.pk, by=by, comment=comment.pk, told=[user.pk for user in named.told])
    return comment, named


@transaction.atomic
def reword(comment_pk: int, text: str, *, by: Viewer) -> tuple[Comment, Named]:
    """Give one's own comment a further wording; the earlier ones are kept."""
    comment = _own(comment_pk, by)
    named = _word(comment, comment.versions.count() + 1, _checked(text))
    record("comment.reword", "case", comment.case_id, by=by, comment=comment.pk, told=[u.pk for u in named.told])
    return comment, named


@transaction.atomic
def withdraw(comment_pk: int, *, by: Viewer) -> Comment:
    """Take one's own comment back: that it was there stays visible, its text does not."""
    comment = _own(comment_pk, by)
    _word(comment, comment.versions.count() + 1, "")
    Mention.objects.filter(comment=comment).delete()
    record("comment.withdraw", "case", comment.case_id, by=by, comment=comment.pk)
    return comment


def _own(pk: int, by: Viewer) -> Comment:
    found = Comment.objects.filter(seen_by(by, "case"), pk=pk, actor=by.actor).first()
    last = found.versions.last() if found else None
    if found is None or last is None or not last.text:
        raise NotThere(_("There is no such comment of yours."))
    return found


def _checked(text: str) -> str:
    plain = text.strip()
    if not plain:
        raise UserError(_("A comment needs a text."))
    if len(plain) > MAX_CHARACTERS:
        raise UserError(_("A comment has at most %(most)s characters.") % {"most": MAX_CHARACTERS})
    return plain


def _word(comment: Comment, number: int, text: str) -> Named:
    """Keep one wording and tell whom it names; whoever was told of an earlier one is not told twice."""
    CommentVersion.objects.create(comment=comment, number=number, text=text, recorded_at=now())
    named = named_in(text, comment.case)
    Mention.objects.bulk_create((Mention(comment=comment, user=user) for user in named.told), ignore_conflicts=True)
    return named


@transaction.atomic
def watch(case_pk: int, *, by: Viewer) -> None:
    """Be told when a case changes; watching it already changes nothing."""
    case = seen_case(case_pk, by)
    assert by.user_id is not None  # a program watches nothing
    _made, is_new = Watch.objects.get_or_create(case=case, user_id=by.user_id, defaults={"seen_at": now()})
    if is_new:
        record("case.watch", "case", case.pk, by=by)


@transaction.atomic
def unwatch(case_pk: int, *, by: Viewer) -> None:
    """Be told no more; somebody who does not see the case any more may still stop."""
    gone, _rows = Watch.objects.filter(case=case_pk, user=by.user_id).delete()
    if gone:
        record("case.unwatch", "case", case_pk, by=by)


@transaction.atomic
def mark_seen(case_pk: int, *, by: Viewer) -> None:
    """Say that one has seen what is new in a case: its lines leave the inbox."""
    case = seen_case(case_pk, by)
    Mention.objects.filter(comment__case=case, user=by.user_id, seen_at=None).update(seen_at=now())
    Watch.objects.filter(case=case, user=by.user_id).update(seen_at=now())
    record("case.seen", "case", case.pk, by=by)
