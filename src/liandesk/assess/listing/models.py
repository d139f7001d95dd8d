"""The listing library: an enterprise's way to a board as officers keep it, and what was forecast of it.

The computed columns of a prospect are projections, written only when forecasts are published; what people keep of it
(state, mark, special cases) is never touched by that. A kept outlook is never changed but for what came in the end.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy as _c


class Stage(models.TextChoices):
    """How far an enterprise is on its way, as an officer says."""

    NONE = "none", _c("way to a listing", "not begun")
    SHARE_REFORM = "share_reform", _c("way to a listing", "share reform")
    TUTORING = "tutoring", _c("way to a listing", "tutoring")
    FILED = "filed", _c("way to a listing", "filed")
    LISTED = "listed", _c("way to a listing", "listed")


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
    board = models.CharField(max_length=40, blank=True)  # the one that is met first, as far as is known
    low = models.PositiveSmallIntegerField(null=True)  # year by which it is met with 10, 50 and 90 percent
    median = models.PositiveSmallIntegerField(null=True)
    high = models.PositiveSmallIntegerField(null=True)
    probability = models.FloatField(null=True)  # that it is met by the day of the target; null: unknown
    missing = models.PositiveSmallIntegerField(default=0)  # answers without which that board stays open

    stage = models.CharField(max_length=12, choices=Stage.choices, default=Stage.NONE)
    stage_on = models.DateField(null=True)
    merger = models.CharField(max_length=8, choices=Merger.choices, default=Merger.NONE)
    merger_reason = models.CharField(max_length=400, blank=True)
    is_relocated = models.BooleanField(default=False)  # listed before it moved here
    is_subsidiary = models.BooleanField(default=False)  # of a listed group, itself not listed
    left_on = models.DateField(null=True)  # delisted on
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["name", "organisation"]

    def __str__(self) -> str:
        return self.name


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
    came = models.PositiveSmallIntegerField(null=True)  # what the number was in the end
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        ordering = ["-made_on"]

    def __str__(self) -> str:
        return self.made_on.isoformat()
