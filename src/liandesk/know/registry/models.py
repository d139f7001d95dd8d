"""Organisations are clusters of records; what a source said stays on its record.

The computed columns (names, place …) are projections, written only by publish; ids are permanent. A judgement is what
a person decided about two records: lines are appended and undone, never edited or deleted.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from liandesk.know.registry.things_models import Thing as Thing


class Organisation(models.Model):
    """A projection of one cluster of records under its permanent id."""

    id = models.CharField(max_length=16, primary_key=True)
    name = models.CharField(max_length=200, db_index=True)
    name_en = models.CharField(max_length=200, blank=True)
    kind = models.CharField(
        max_length=30
    )  # enterprise, institution, hospital, university, fund, office, foreign_partner
    uscc = models.CharField(max_length=18, blank=True, db_index=True)
    country = models.CharField(max_length=2, blank=True)
    town = models.CharField(max_length=12, blank=True, db_index=True)
    zone = models.CharField(max_length=30, blank=True)
    segment = models.CharField(max_length=120, blank=True)
    is_synthetic = models.BooleanField(default=False)
    is_current = models.BooleanField(default=True)  # whether the published snapshot knows it
    merged_into = models.CharField(max_length=16, blank=True, db_index=True)  # the id that stands for this one now

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class Record(models.Model):
    """Which organisation a source's record belongs to. An organisation never loses its id when records join."""

    record = models.CharField(max_length=160, primary_key=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="records")
    held = models.TextField(blank=True)  # every id it ever had, in order, separated by blanks

    def __str__(self) -> str:
        return self.record


class JudgementKind(models.TextChoices):
    SAME = "same", _("the same organisation")
    DIFFERENT = "different", _("different organisations")


class Act(models.TextChoices):
    """What the person did; one act may write several lines."""

    ACCEPT = "accept", _("accepted a pair")
    REJECT = "reject", _("rejected a pair")
    MERGE = "merge", _("merged")
    SPLIT = "split", _("split")


class Judgement(models.Model):
    """One line of what a person decided: two records are, or are not, of one organisation.

    The later line on a pair counts; undoing it brings the earlier one back.
    """

    decision = models.CharField(max_length=16, db_index=True)  # the lines that one act wrote
    act = models.CharField(max_length=10, choices=Act.choices)
    kind = models.CharField(max_length=10, choices=JudgementKind.choices)
    left = models.CharField(max_length=160)
    right = models.CharField(max_length=160)
    reason = models.CharField(max_length=400, blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=80, blank=True)
    undone_why = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=Q(left__lt=F("right")), name="judgement_left_before_right")]
        indexes = [models.Index(fields=["left", "right"], name="judgement_by_pair")]

    def __str__(self) -> str:
        return f"{self.left} {self.kind} {self.right}"


class Candidate(models.Model):
    """A projection of one pair of organisations that a person has to judge, with what a judgement would change."""

    key = models.CharField(max_length=16, primary_key=True)
    position = models.PositiveIntegerField()  # by entries, output, suppliers and score; see ``review.queue``
    left = models.CharField(max_length=160)  # the two records that look most alike
    right = models.CharField(max_length=160)
    left_organisation = models.CharField(max_length=16, db_index=True)
    right_organisation = models.CharField(max_length=16, db_index=True)
    left_name = models.CharField(max_length=200)
    right_name = models.CharField(max_length=200)
    score = models.FloatField()  # estimated probability that they are one
    method = models.CharField(max_length=40)
    reasons = models.JSONField(default=list)
    entries = models.PositiveIntegerField()  # entries of the risk list that would change
    output_cny = models.FloatField(null=True)  # annual output behind them; null: none of it is known
    suppliers = models.PositiveIntegerField()  # items that would have one supplier fewer
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.left_name} | {self.right_name}"


class Place(models.Model):
    """A projection: an organisation is in a town or a zone since a day; there may be several at a time."""

    key = models.CharField(max_length=16, primary_key=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="places")
    kind = models.CharField(max_length=10)  # town | zone
    code = models.CharField(max_length=30)
    since = models.DateField(null=True)  # null: not dated by the source
    until = models.DateField(null=True)  # the day before a later word of the same record; null: still
    source = models.CharField(max_length=40)

    class Meta:
        ordering = ["kind", "code", "since"]
        indexes = [models.Index(fields=["kind", "code"], name="place_by_code")]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.kind}:{self.code}"


class Consent(models.Model):
    """An organisation lets one of its items be used: for what, until when, seen by whom. Revoked, never edited."""

    organisation = models.CharField(max_length=16, db_index=True)  # permanent id
    item = models.CharField(max_length=60)  # a code of ``attributes.CONSENT_ITEMS``
    purpose = models.CharField(max_length=200)
    valid_from = models.DateField()
    valid_until = models.DateField()
    seen_by = models.JSONField(default=list)  # roles
    given_at = models.DateTimeField()
    given_by = models.CharField(max_length=80)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(valid_until__gte=F("valid_from")), name="consent_term_in_order")
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.item}"
