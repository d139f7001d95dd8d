"""What people say of indicators: claims of values, shares in a fact, lights, replies, ratings by the independent.

What is computed is no row here: values counted from records and lights are tables of the published snapshot.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy as _c


class State(models.TextChoices):
    CLAIMED = "claimed", _c("value", "Claimed")
    VERIFIED = "verified", _c("value", "Verified")
    APPROVED = "approved", _c("value", "Approved")
    REFUSED = "refused", _c("value", "Refused")


class Colour(models.TextChoices):
    GREEN = "green", _c("light", "On track")
    YELLOW = "yellow", _c("light", "Slipping")
    RED = "red", _c("light", "Off track")
    GREY = "grey", _c("light", "Not known")


_OTHERS = ~Q(verified_by=F("claimed_by")) | Q(verified_by="")
_THIRD = (~Q(approved_by=F("claimed_by")) & ~Q(approved_by=F("verified_by"))) | Q(approved_by="")


class Claim(models.Model):
    """That an indicator had a value on a day. Never changed: a correction is a new claim that names it.

    Claimed, verified and approved by three different people; ``version`` is raised by each step.
    """

    indicator = models.CharField(max_length=60)
    on = models.DateField()
    scope = models.CharField(max_length=40, blank=True)  # "" the district, "town:<code>", "office:<code>"
    value = models.FloatField()
    note = models.CharField(max_length=400, blank=True)
    evidence = models.CharField(max_length=64)  # hash of the file
    evidence_name = models.CharField(max_length=200)
    office = models.CharField(max_length=30, blank=True)  # on whose behalf it is claimed; blank: a town's
    offices = models.CharField(max_length=400)  # of the indicator on that day: |owner|contributor|
    owner = models.CharField(max_length=30)
    town = models.CharField(max_length=12, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.CLAIMED)
    claimed_by = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()
    verified_by = models.CharField(max_length=80, blank=True)
    verified_at = models.DateTimeField(null=True)
    approved_by = models.CharField(max_length=80, blank=True)
    approved_at = models.DateTimeField(null=True)
    refused_by = models.CharField(max_length=80, blank=True)
    refused_at = models.DateTimeField(null=True)
    refused_reason = models.CharField(max_length=400, blank=True)
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="corrected_by")
    is_synthetic = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-on", "-id"]
        indexes = [models.Index(fields=["indicator", "scope", "on"], name="claim_by_indicator")]
        constraints = [
            models.CheckConstraint(condition=_OTHERS, name="claim_verified_by_another"),
            models.CheckConstraint(condition=_THIRD, name="claim_approved_by_a_third"),
            models.CheckConstraint(
                condition=~Q(state=State.APPROVED) | (~Q(approved_by="") & ~Q(verified_by="")),
                name="claim_approved_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.on}"


class Fact(models.Model):
    """One fact that several offices had a part in; ``credited`` is the sum of its shares, in ten-thousandths."""

    indicator = models.CharField(max_length=60, db_index=True)
    title = models.CharField(max_length=200)
    on = models.DateField()
    amount = models.FloatField(default=1)
    credited = models.PositiveIntegerField(default=0)
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        ordering = ["-on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "title"], name="fact_once"),
            models.CheckConstraint(condition=Q(credited__lte=10_000), name="fact_credited_at_most_once"),
        ]

    def __str__(self) -> str:
        return self.title


class Credit(models.Model):
    """The share of a fact that an office claims, in ten-thousandths."""

    fact = models.ForeignKey(Fact, on_delete=models.PROTECT, related_name="credits")
    office = models.CharField(max_length=30)
    share = models.PositiveIntegerField()
    claimed_by = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fact", "office"], name="credit_once"),
            models.CheckConstraint(condition=Q(share__range=(1, 10_000)), name="credit_within_the_fact"),
        ]

    def __str__(self) -> str:
        return f"{self.office}: {self.share}"


class Report(models.Model):
    """The light that the lead office gives its target, and why. The newest stands."""

    target = models.CharField(max_length=90, db_index=True)  # <programme>.<target>
    colour = models.CharField(max_length=10, choices=Colour.choices)
    reason = models.CharField(max_length=1000)
    office = models.CharField(max_length=30)
    on = models.DateField()
    reported_by = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.target}: {self.colour}"


class Divergence(models.Model):
    """A computed light that is not the reported one. The office sees it at once, the chain chief with its reply."""

    target = models.CharField(max_length=90, db_index=True)
    office = models.CharField(max_length=30)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="divergences")
    computed = models.CharField(max_length=10, choices=Colour.choices)
    opened_on = models.DateField()
    reply_due = models.DateField()
    reply = models.CharField(max_length=1000, blank=True)
    replied_by = models.CharField(max_length=80, blank=True)
    replied_at = models.DateTimeField(null=True)
    closed_on = models.DateField(null=True)  # when the two lights were the same again, or another was reported
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["target"], condition=Q(closed_on=None), name="one_open_divergence")
        ]

    def __str__(self) -> str:
        return f"{self.target}: {self.report.colour} / {self.computed}"


class Rating(models.Model):
    """How confident somebody independent is that a target will be reached by its day. Never changed, only renewed.

    ``grade`` is a key of the rules of lights. ``role`` and ``office`` say in which capacity it was given.
    """

    target = models.CharField(max_length=90, db_index=True)
    grade = models.CharField(max_length=40)
    note = models.CharField(max_length=1000)  # what it rests on
    on = models.DateField()  # the day it speaks of
    evidence = models.CharField(max_length=64, blank=True)  # hash of the file
    evidence_name = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=20)
    office = models.CharField(max_length=30, blank=True)  # of an officer
    lead = models.CharField(max_length=30, blank=True)  # who answered for the target when it was given
    offices = models.CharField(max_length=400)  # the lead with all others who do: |lead|with|owner|
    rated_by = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        ordering = ["-on", "-id"]
        constraints = [models.CheckConstraint(condition=~Q(note=""), name="rating_rests_on_something")]

    def __str__(self) -> str:
        return f"{self.target}: {self.grade}"


class Forecast(models.Model):
    """What was forecast of a target in a month; scored when the day of the target is over."""

    target = models.CharField(max_length=90)
    indicator = models.CharField(max_length=60)
    made_on = models.DateField()  # the first of the month
    by = models.DateField()
    goal = models.FloatField()
    comparator = models.CharField(max_length=2)
    low = models.FloatField()
    median = models.FloatField()
    high = models.FloatField()
    level = models.FloatField()  # share of outcomes that lie between low and high
    p_low = models.FloatField(null=True)
    p = models.FloatField(null=True)
    p_high = models.FloatField(null=True)
    model = models.CharField(max_length=60)
    points = models.PositiveIntegerField()
    is_synthetic = models.BooleanField(default=False)
    outcome = models.FloatField(null=True)  # the value on the day of the target
    brier = models.FloatField(null=True)  # (probability - came true)^2
    is_within = models.BooleanField(null=True)  # the outcome lies in the interval
    scored_on = models.DateField(null=True)

    class Meta:
        ordering = ["target", "made_on"]
        constraints = [models.UniqueConstraint(fields=["target", "made_on"], name="forecast_once_a_month")]

    def __str__(self) -> str:
        return f"{self.target} {self.made_on}"
