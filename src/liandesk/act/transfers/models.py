"""What is known of each transfer of a result of research, written by its case, and whether it counts and why.

Every column follows from the log of the case; ``verdict`` and ``counted_by`` from all transfers of one achievement.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy as _c

from liandesk.base.work.models import Case


class Stage(models.TextChoices):
    """Where a transfer is; the last four are its ends."""

    OFFERED = "offered", _c("transfer", "recorded")
    CONTACTED = "contacted", _c("transfer", "in contact")
    CONFIDENTIAL = "confidential", _c("transfer", "confidentiality agreed")
    VISITED = "visited", _c("transfer", "visited")
    AGREED = "agreed", _c("transfer", "agreed")
    REGISTERED = "registered", _c("transfer", "contract registered")
    PAID = "paid", _c("transfer", "paid")
    LOCAL_OUTPUT = "local_output", _c("transfer", "being implemented here")
    IMPLEMENTED = "implemented", _c("transfer", "implemented")
    REFUSED_BY_SUPPLY = "refused_by_supply", _c("transfer", "refused by the supply side")
    REFUSED_BY_DEMAND = "refused_by_demand", _c("transfer", "refused by the demand side")
    LAPSED = "lapsed", _c("transfer", "lapsed")


WAY = tuple(list(Stage)[:9])
"""The stages on the way, in their order."""


class Origin(models.TextChoices):
    """With what it began."""

    NEED = "need", _c("transfer", "a need")
    ACHIEVEMENT = "achievement", _c("transfer", "a result of research")


class Mode(models.TextChoices):
    """How the result is transferred."""

    OWN_USE = "own_use", _c("transfer", "own use")
    TRANSFER = "transfer", _c("transfer", "transfer")
    LICENCE = "licence", _c("transfer", "licence")
    COOPERATION = "cooperation", _c("transfer", "co-operation")
    SHARES = "shares", _c("transfer", "for shares")


class ContractKind(models.TextChoices):
    """The kinds of contracts on technology (Civil Code, from article 843)."""

    DEVELOPMENT = "development", _c("kind of contract", "development")
    TRANSFER = "transfer", _c("kind of contract", "transfer")
    LICENCE = "licence", _c("kind of contract", "licence")
    CONSULTING = "consulting", _c("kind of contract", "consulting")
    SERVICE = "service", _c("kind of contract", "service")


class Proof(models.TextChoices):
    """By what it was shown that it is implemented: one of three."""

    CONTRACT = "contract", _c("transfer", "registration number of the contract")
    SHARES = "shares", _c("transfer", "change of business registration")
    PRODUCT = "product", _c("transfer", "sales of the new product")


class Verdict(models.TextChoices):
    """Whether it counts as a project that brought a result to market, and why not."""

    COUNTED = "counted", _c("counting of transfers", "counted")
    UNDER_WAY = "under_way", _c("counting of transfers", "not yet: still under way")
    ENDED_OTHERWISE = "ended_otherwise", _c("counting of transfers", "not counted: ended without being implemented")
    CONTRACT_KIND = "contract_kind", _c("counting of transfers", "not counted: contract of consulting or service")
    NO_REGISTRATION = "no_registration", _c("counting of transfers", "not counted: no registration number")
    ELSEWHERE = "elsewhere", _c("counting of transfers", "not counted: implemented outside the district")
    SAME_ACHIEVEMENT = (
        "same_achievement",
        _c("counting of transfers", "not counted: the same achievement counts already"),
    )


class Transfer(models.Model):
    """One transfer, as its case tells it."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="transfer")
    title = models.CharField(max_length=200)
    origin = models.CharField(max_length=12, choices=Origin.choices)
    stage = models.CharField(max_length=20, choices=Stage.choices)
    reached = models.CharField(max_length=20, choices=Stage.choices[:9])  # the last stage on the way
    reason = models.CharField(max_length=40, blank=True)  # code of why it ended
    office = models.CharField(max_length=30, blank=True)
    supply = models.CharField(max_length=16, blank=True)
    supply_name = models.CharField(max_length=200, blank=True)
    demand = models.CharField(max_length=16, blank=True)
    demand_name = models.CharField(max_length=200, blank=True)
    organisations = models.CharField(max_length=60, blank=True)  # both sides, between bars
    town = models.CharField(max_length=12, blank=True, db_index=True)  # where it is implemented, else whoever would
    opened_on = models.DateField()

    mode = models.CharField(max_length=12, choices=Mode.choices, blank=True)
    contract_kind = models.CharField(max_length=12, choices=ContractKind.choices, blank=True)
    registration_number = models.CharField(max_length=80, blank=True)
    achievement = models.CharField(max_length=240, blank=True, db_index=True)  # what it is one of: see ``counting``
    achievement_title = models.CharField(max_length=200, blank=True)
    achievement_number = models.CharField(max_length=80, blank=True)
    landed_at = models.CharField(max_length=12, blank=True)  # GB code
    proof = models.CharField(max_length=10, choices=Proof.choices, blank=True)
    implemented_on = models.DateField(null=True)

    verdict = models.CharField(max_length=20, choices=Verdict.choices, default=Verdict.UNDER_WAY)
    counted_on = models.DateField(null=True)
    counted_by = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="stands_for")
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["achievement"], condition=models.Q(verdict="counted"), name="achievement_counted_once"
            ),
            models.CheckConstraint(
                condition=models.Q(verdict="counted", counted_on__isnull=False)
                | ~models.Q(verdict="counted") & models.Q(counted_on=None),
                name="transfer_counted_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.title
