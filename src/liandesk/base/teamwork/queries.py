"""Read what people say around a case and what waits for a person; only of cases that the viewer sees."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, QuerySet

from liandesk.base.accounts.roles import Viewer
from liandesk.base.teamwork.models import Comment, CommentVersion, Mention, Task, Watch
from liandesk.base.work.models import Case, CaseEvent
from liandesk.base.work.queries import persons_of, seen_by


@dataclass(frozen=True)
class Said:
    """A comment as it is shown: its last wording, how often it was worded anew, whether it is the viewer's own."""

    comment: Comment
    text: str
    edits: int
    is_own: bool

    @property
    def is_withdrawn(self) -> bool:
        return not self.text


def comments(viewer: Viewer, case_pk: int) -> list[Said]:
    """Return the comments on a case in the order in which they were made."""
    found = Comment.objects.filter(seen_by(viewer, "case"), case=case_pk).prefetch_related("versions").order_by("id")
    return [_said(comment, list(comment.versions.all()), viewer) for comment in found]


def own_comment(viewer: Viewer, pk: int) -> Said | None:
    """Return a comment that the viewer made, on a case they still see."""
    found = Comment.objects.filter(seen_by(viewer, "case"), pk=pk, actor=viewer.actor).first()
    return _said(found, list(found.versions.all()), viewer) if found else None


def _said(comment: Comment, versions: list[CommentVersion], viewer: Viewer) -> Said:
    return Said(comment, versions[-1].text, len(versions) - 1, comment.actor == viewer.actor)


def unseen_mentions(viewer: Viewer) -> QuerySet[Mention]:
    """Return where the viewer was named and has not looked yet, in cases they still see; the latest first."""
    own = Mention.objects.filter(seen_by(viewer, "comment__case"), user=viewer.user_id, seen_at=None)
    return own.select_related("comment__case").prefetch_related("comment__versions").order_by("-id")


def is_watching(viewer: Viewer, case_pk: int) -> bool:
    """Say whether the viewer watches a case."""
    return Watch.objects.filter(case=case_pk, user=viewer.user_id).exists()


def changed_watched(viewer: Viewer) -> QuerySet[Case]:
    """Return the cases the viewer watches that have events or comments of others newer than the viewer's last look."""
    watch = Watch.objects.filter(user=viewer.user_id)
    news = {"case": OuterRef("case"), "recorded_at__gt": OuterRef("seen_at")}
    happened = CaseEvent.objects.filter(**news).exclude(actor=viewer.actor)
    said = Comment.objects.filter(**news).exclude(actor=viewer.actor)
    changed = watch.filter(Exists(happened) | Exists(said))
    return Case.objects.filter(seen_by(viewer), pk__in=changed.values("case")).order_by("-changed_at")


def has_news(viewer: Viewer, case_pk: int) -> bool:
    """Say whether the viewer has not yet seen a mention or a change of a case they watch."""
    named = unseen_mentions(viewer).filter(comment__case=case_pk)
    return named.exists() or changed_watched(viewer).filter(pk=case_pk).exists()


def tasks(viewer: Viewer, case_pk: int) -> QuerySet[Task]:
    """Return the checklist of a case: what is open by its day, then what is done."""
    found = Task.objects.filter(seen_by(viewer, "case"), case=case_pk).select_related("who")
    return found.order_by(F("done_at").asc(nulls_first=True), F("due").asc(nulls_last=True), "id")


def my_tasks(viewer: Viewer) -> QuerySet[Task]:
    """Return the open tasks of the viewer, and of whom they act for, in open cases they see; the earliest due first."""
    persons = [int(person.removeprefix("user:")) for person in persons_of(viewer) if person.startswith("user:")]
    own = Task.objects.filter(seen_by(viewer, "case"), who__in=persons, done_at=None, case__ended_at=None)
    return own.select_related("case").order_by(F("due").asc(nulls_last=True), "id")
