"""What people say and do around a case, beside its log: comments, mentions, watches, tasks, chases, digests."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from liandesk.base.definitions.models import Definition
from liandesk.base.work.models import Case


class Comment(models.Model):
    """One comment on a case. Its text is its last version; rows are never changed or deleted: triggers forbid it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="comments")
    actor = models.CharField(max_length=80)
    at = models.DateTimeField()  # on the business date
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"comment {self.pk} on case {self.case_id}"


class CommentVersion(models.Model):
    """One wording of a comment; an empty text is a comment that its author took back."""

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["comment", "number"]
        constraints = [models.UniqueConstraint(fields=["comment", "number"], name="comment_version_once")]

    def __str__(self) -> str:
        return f"{self.comment_id}.{self.number}"


class Mention(models.Model):
    """Somebody whom a comment names; it stands in their inbox until they have seen it."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="mentions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mentions")
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "user"], name="mention_once")]
        indexes = [models.Index(fields=["user", "seen_at"], name="mention_by_user")]

    def __str__(self) -> str:
        return f"user {self.user_id} in comment {self.comment_id}"


class Watch(models.Model):
    """Somebody who wants to know when a case changes; what is newer than ``seen_at`` is new to them."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="watches")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="watches")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "user"], name="watch_once")]

    def __str__(self) -> str:
        return f"user {self.user_id} watches case {self.case_id}"


class Task(models.Model):
    """One line of the checklist of a case. It changes nothing about where the case stands."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="tasks")
    title = models.CharField(max_length=200)
    who = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="tasks")
    due = models.DateField(null=True)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    done_by = models.CharField(max_length=80, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["who", "done_at", "due"], name="task_by_person")]

    def __str__(self) -> str:
        return self.title


class Chase(models.Model):
    """One time that an overdue case was chased; what was said is its comment."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="chases")
    comment = models.OneToOneField(Comment, on_delete=models.PROTECT, related_name="chase")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"chase of case {self.case_id}"


class Digest(models.Model):
    """What mattered to one person on one day, as ids, titles and days; ``body`` is worded when it is read."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="digests")
    day = models.DateField()
    body = models.JSONField(default=list)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="digest_once")]

    def __str__(self) -> str:
        return f"digest of user {self.user_id} for {self.day}"


class CalendarAddress(models.Model):
    """The secret address of one person's calendar feed; only the digest of its token is kept."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_address")
    token_digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"calendar address of user {self.user_id}"


class Sample(models.Model):
    """A random sample of the evidence given in a period: what was asked for, and of how many pieces it was drawn.

    Drawn by risk it keeps by which rules, and in ``frame`` of each piece it was drawn of ``[case, entry, weight]``:
    what was known changes, and anybody shall draw the same again.
    """

    class Design(models.TextChoices):
        EQUAL = "equal", _("every piece with the same chance")
        RISK = "risk", _("by risk: what is at risk comes more often")

    design = models.CharField(max_length=10, choices=Design.choices, default=Design.EQUAL)
    rules = models.ForeignKey(Definition, null=True, on_delete=models.PROTECT)
    frame = models.JSONField(default=list)
    process = models.CharField(max_length=60, blank=True)  # empty: of every process
    first = models.DateField()
    last = models.DateField()
    seed = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    population = models.PositiveIntegerField()
    drawn_by = models.CharField(max_length=80)
    drawn_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"sample {self.pk}: {self.size} of {self.population}"


class SampleItem(models.Model):
    """One piece of evidence in a sample: whether its file is what was given, and whether it says what it should."""

    class Answer(models.TextChoices):
        OPEN = "", _("not checked yet")
        YES = "yes", _("says what it should")
        NO = "no", _("does not say what it should")

    class Found(models.TextChoices):
        INTACT = "intact", _("there, hash equal")
        CHANGED = "changed", _("there, hash differs")
        MISSING = "missing", _("not there")

    sample = models.ForeignKey(Sample, on_delete=models.CASCADE, related_name="items")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="sample_items")
    number = models.PositiveIntegerField()  # of the event that gave it
    title = models.CharField(max_length=200)
    hash = models.CharField(max_length=64)
    given_by = models.CharField(max_length=80)
    given_on = models.DateField()
    found = models.CharField(max_length=10, choices=Found.choices)  # when the sample was drawn
    weight = models.FloatField(null=True)  # null: drawn with equal chance
    chance = models.FloatField()  # of being drawn
    reasons = models.JSONField(default=dict)  # of the weight: {factor: true, or null where it is unknown}
    answer = models.CharField(max_length=3, blank=True, choices=Answer.choices)
    note = models.CharField(max_length=400, blank=True)
    checked_by = models.CharField(max_length=80, blank=True)
    checked_at = models.DateTimeField(null=True)
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["sample", "case", "number"], name="sample_item_once"),
            models.CheckConstraint(
                condition=models.Q(chance__gt=0) & models.Q(chance__lte=1), name="sample_item_chance"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}.{self.number} {self.title}"

    @property
    def stands(self) -> bool | None:
        """Say whether it was checked, says what it should and is the file that was given; None: not checked yet."""
        if self.answer == self.Answer.OPEN:
            return None
        return (self.answer, self.found) == (self.Answer.YES, self.Found.INTACT)
