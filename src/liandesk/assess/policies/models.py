"""What is fulfilled of policies, the lists on which it goes to the office that pays, and drafts that were simulated."""

from __future__ import annotations

from django.db import models

from liandesk.base.jobs.models import OPEN_STATES, Job
from liandesk.base.snapshots.models import Snapshot
from liandesk.base.work.models import Case


class PaymentList(models.Model):
    """What goes to the office that pays together: assembled by one person, approved by another, then listed at once."""

    assembled_by = models.CharField(max_length=80)
    assembled_at = models.DateTimeField()
    approved_by = models.CharField(max_length=80, blank=True)
    approved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"payment list {self.pk}"


class Fulfilment(models.Model):
    """The columns that the case of an entitlement writes; amounts in whole fen. We pay nothing: the payment is told."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="fulfilment")
    policy = models.CharField(max_length=40)
    clause = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    organisation = models.CharField(max_length=16, db_index=True)
    organisation_name = models.CharField(max_length=200)
    town = models.CharField(max_length=12, blank=True, db_index=True)
    low_fen = models.BigIntegerField()  # what was computed when it was matched
    high_fen = models.BigIntegerField()
    amount_fen = models.BigIntegerField(null=True)  # what was checked
    stage = models.CharField(max_length=40)
    confirmed_at = models.DateTimeField(null=True)
    listed_at = models.DateTimeField(null=True)
    listed_to = models.CharField(max_length=30, blank=True)  # the office that pays, once it is listed to it
    paid_fen = models.BigIntegerField(null=True)
    paid_on = models.DateField(null=True)
    reason = models.CharField(max_length=40, blank=True)  # code of why it ended
    dropped_from = models.CharField(max_length=40, blank=True)  # the stage it had reached when it was dropped
    payment_list = models.ForeignKey(PaymentList, null=True, on_delete=models.PROTECT, related_name="lines")
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(  # a dropped one makes room for what an appeal opens anew
                fields=["policy", "clause", "year", "organisation"],
                condition=~models.Q(stage="dropped"),
                name="fulfilment_once_a_year",
            )
        ]

    def __str__(self) -> str:
        return f"{self.policy}/{self.clause} {self.year}: {self.organisation_name}"


class Simulation(models.Model):
    """A draft of a policy as it met the enterprises of a day. It never changes: its answer is tables by content hash.

    ``definitions`` are the hashes of the policies and words in force on ``today``, ``tables["facts"]`` the facts: with
    them, ``draft`` and ``law`` the same answer comes out again.
    """

    title = models.CharField(max_length=120)
    policy = models.CharField(max_length=40)
    draft = models.JSONField()  # the body
    law = models.DateField()
    today = models.DateField()
    definitions = models.JSONField()  # kind -> key -> hash
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT)
    job = models.OneToOneField(Job, on_delete=models.PROTECT)
    tables = models.JSONField(default=dict)  # "facts", "moves", "clauses", "edges", "draws"; empty until it is answered

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Say whether an answer may still come."""
        return self.job.state in OPEN_STATES

    @property
    def is_answered(self) -> bool:
        """Say whether the answer is there."""
        return bool(self.tables)
