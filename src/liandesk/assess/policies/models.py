"""What is fulfilled of policies: one row for one clause, one enterprise and one year, each a case of its own."""

from __future__ import annotations

from django.db import models

from liandesk.base.work.models import Case


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
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "clause", "year", "organisation"], name="fulfilment_once_a_year")
        ]

    def __str__(self) -> str:
        return f"{self.policy}/{self.clause} {self.year}: {self.organisation_name}"
