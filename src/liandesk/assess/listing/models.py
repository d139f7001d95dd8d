"""The listing library: an enterprise's way to a board as officers keep it, and what was forecast of it.

The computed columns of a prospect are projections, written only when a snapshot is published; what people keep of it
(milestones, mark, special cases) is never touched by that. ``stage`` is the last milestone that stands. A kept outlook
is never changed once its day is over but for what came in the end.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy as _c


class Stage(models.TextChoices):
    """How far an enterprise is on its way, and how the way ended, as officers say."""

    NONE = "none", _c("way to a listing", "not begun")
    SHARE_REFORM = "share_reform", _c("way to a listing", "share reform")
    TUTORING = "tutoring", _c("way to a listing", "tutoring")
    FILED = "filed", _c("way to a listing", "filed")
    ACCEPTED = "accepted", _c("way to a listing", "accepted")
    LISTED = "listed", _c("way to a listing", "listed")
    DELISTED = "delisted", _c("way to a listing", "delisted")
    ACQUIRED = "acquired", _c("way to a listing", "acquired by a listed company")
    ACQUIRER = "acquirer", _c("way to a listing", "took control of a listed company")


PROVED = frozenset({Stage.FILED, Stage.ACCEPTED, Stage.LISTED, Stage.DELISTED, Stage.ACQUIRED, Stage.ACQUIRER})
"""What a public paper proves and the number rests on: it takes evidence, and a second person."""


class Merger(models.TextChoices):
    """What an enterprise could be in a merger."""

    NONE = "none", _c("merger", "no candidate")
    BUYER = "buyer", _c("merger", "buyer")
    TARGET = "target", _c("merger", "target")


class Prospect(models.Model):
    """One enterprise of the library."""

    organisation = models.CharField(max_length=16, primary_key=True)
    name = models.CharField(max_length=200)
    town = models.CharField(max_length=12, blank=True, db_index=True)
    is_synthetic = models.BooleanField(default=False)
    is_current = models.BooleanField(default=True)
    met = models.CharField(max_length=400, blank=True)  # boards whose standards are met today, between bars
    boards = models.JSONField(default=dict)  # of each board: holds, failed, unknown, sets, low, median, high, until
    board = models.CharField(max_length=40, blank=True)  # the one that is met first, as far as is known
    low = models.PositiveSmallIntegerField(null=True)  # year by which it is met with 10, 50 and 90 percent
    median = models.PositiveSmallIntegerField(null=True)
    high = models.PositiveSmallIntegerField(null=True)
    until = models.PositiveSmallIntegerField(null=True)  # the last year that was drawn; null: none was
    is_open = models.BooleanField(default=True)  # something unknown decides, so that nothing is forecast
    probability = models.FloatField(null=True)  # that it is met by the day of the target; null: unknown
    missing = models.PositiveSmallIntegerField(default=0)  # answers without which that board stays open

    stage = models.CharField(max_length=12, choices=Stage.choices, default=Stage.NONE)
    stage_on = models.DateField(null=True)
    merger = models.CharField(max_length=8, choices=Merger.choices, default=Merger.NONE)
    merger_reason = models.CharField(max_length=400, blank=True)
    is_relocated = models.BooleanField(default=False)  # listed before it moved here
    is_subsidiary = models.BooleanField(default=False)  # of a listed group, itself not listed
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["name", "organisation"]

    def __str__(self) -> str:
        return self.name


class Milestone(models.Model):
    """That an enterprise reached a state on a day. Never changed but for the second person's word."""

    prospect = models.ForeignKey(Prospect, models.PROTECT, related_name="milestones")
    stage = models.CharField(max_length=12, choices=Stage.choices)
    reached_on = models.DateField()
    evidence = models.CharField(max_length=400, blank=True)  # the paper, by number or address
    is_proved = models.BooleanField(default=False)  # whether it stands only with a second person's word
    entered_by = models.CharField(max_length=80)
    entered_at = models.DateTimeField()
    confirmed_by = models.CharField(max_length=80, blank=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["reached_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(confirmed_by=F("entered_by")) | Q(confirmed_by=""), name="milestone_by_two_persons"
            )
        ]

    def __str__(self) -> str:
        return f"{self.prospect_id} {self.stage} {self.reached_on.isoformat()}"

    @property
    def waits(self) -> bool:
        """Whether a second person still has to confirm it."""
        return self.is_proved and self.confirmed_at is None


class Outlook(models.Model):
    """What was said on a day of the number listed by the day of the target, and of every enterprise and board.

    ``numbers`` are the probabilities of 0, 1, 2 …: ``low`` were everything unknown against, ``high`` in favour.
    """

    made_on = models.DateField(unique=True)
    snapshot = models.CharField(max_length=64)
    until = models.DateField()
    goal = models.PositiveSmallIntegerField()
    counted = models.PositiveSmallIntegerField()  # listed already that day
    numbers = models.JSONField()
    years = models.CharField(max_length=80)  # blob of ``liankit.rules.trajectory.FORECASTS``
    outcomes = models.CharField(max_length=80, blank=True)  # blob of ``OUTCOMES``: earlier ones whose year had come
    came = models.PositiveSmallIntegerField(null=True)  # what the number was in the end
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        ordering = ["-made_on"]

    def __str__(self) -> str:
        return self.made_on.isoformat()
