"""Interventions as they were entered, the portfolios that were asked for, and what was proposed of them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from liandesk.base.jobs.models import OPEN_STATES, Job
from liandesk.base.snapshots.models import Snapshot
from liandesk.base.work.models import Case


class Kind(models.TextChoices):
    """What is done; each is a change of the supply network."""

    SECOND_SOURCE = "second_source", _("Qualify a second source")
    STOCK = "stock", _("Stock")
    DOMESTIC = "domestic", _("Domestic development")
    ACQUISITION = "acquisition", _("Acquisition")
    JOINT_VENTURE = "joint_venture", _("Joint venture")
    LICENCE = "licence", _("Licence")
    PLANT = "plant", _("Plant")


class Objective(models.TextChoices):
    """What a portfolio lowers. The two are never mixed: one counts known likelihoods only, the other none."""

    EXPECTED = "expected", _("Expected loss a year (likelihood × impact)")
    IMPACT = "impact", _("Impact if lost")


class Intervention(models.Model):
    """One intervention of the register: what it covers, what it costs, from when. Its effect is computed, not kept."""

    kind = models.CharField(max_length=20, choices=Kind.choices)
    title = models.CharField(max_length=120)
    item = models.CharField(max_length=160, db_index=True)
    item_name = models.CharField(max_length=200)
    supplier = models.CharField(max_length=160)  # whose deliveries it covers
    supplier_name = models.CharField(max_length=200)
    buyer = models.CharField(max_length=160, blank=True)  # blank: the deliveries to everybody
    buyer_name = models.CharField(max_length=200, blank=True)
    new_supplier = models.CharField(max_length=160, blank=True)  # blank: a stock, or nobody the network knows
    new_supplier_name = models.CharField(max_length=200, blank=True)
    covers = models.FloatField()  # share of the deliveries, above 0 to 1
    cost_low_cny = models.BigIntegerField()
    cost_high_cny = models.BigIntegerField()
    cost_source = models.CharField(max_length=200, blank=True)
    months_low = models.FloatField(null=True)  # until it takes effect; null: unknown
    months_high = models.FloatField(null=True)
    months_source = models.CharField(max_length=200, blank=True)
    entered_by = models.CharField(max_length=80)
    entered_at = models.DateTimeField()
    is_synthetic = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=0)  # raised by each write; a stale form is refused
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=80, blank=True)
    withdrawn_reason = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(cost_low_cny__gte=0, cost_high_cny__gte=models.F("cost_low_cny")),
                name="intervention_cost_in_order",
            ),
            models.CheckConstraint(condition=models.Q(covers__gt=0, covers__lte=1), name="intervention_covers_a_share"),
        ]

    def __str__(self) -> str:
        return self.title


class Portfolio(models.Model):
    """What somebody asked to be chosen, from which interventions, on which snapshot; the answer lies in tables."""

    title = models.CharField(max_length=120)
    objective = models.CharField(max_length=10, choices=Objective.choices)
    budget_cny = models.BigIntegerField()
    months_most = models.FloatField(null=True)  # only what takes effect within so many months; null: whenever
    plans = models.JSONField()  # the interventions as they stood, see ``plans.Plan``
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT)
    job = models.OneToOneField(Job, on_delete=models.PROTECT)
    is_synthetic = models.BooleanField(default=False)
    tables = models.JSONField(default=dict)  # "effects", "frontier", "lowered" -> blob; empty until there is an answer

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


class ProposalKind(models.TextChoices):
    CHALLENGE = "challenge", _("Open challenge")
    DEAL = "deal", _("Co-operation deal")


class Proposal(models.Model):
    """What came of a portfolio: a challenge that was opened, or a co-operation deal kept until there is a process."""

    portfolio = models.ForeignKey(Portfolio, on_delete=models.PROTECT, related_name="proposals")
    kind = models.CharField(max_length=10, choices=ProposalKind.choices)
    plan = models.CharField(max_length=20)  # key of the intervention among those of the portfolio
    title = models.CharField(max_length=200)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True)  # of a challenge
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["portfolio", "plan", "kind"], name="proposal_once")]

    def __str__(self) -> str:
        return self.title
