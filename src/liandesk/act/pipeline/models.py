"""What is known of each investment lead, written by its case: where it stands, its dates, and whose credit it is.

Every column of a project and every share of credit follows from the log of the case.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy as _c

from liandesk.base.work.models import Case


class Stage(models.TextChoices):
    """Where a project is; the last three are its ends."""

    LEAD = "lead", _c("project", "lead")
    ANSWERED = "answered", _c("project", "answered")
    NEGOTIATION = "negotiation", _c("project", "in negotiation")
    PROPOSED = "proposed", _c("project", "proposal made")
    REVIEW = "review", _c("project", "under review")
    CLEARED = "cleared", _c("project", "cleared")
    SIGNED = "signed", _c("project", "signed")
    REGISTERED = "registered", _c("project", "registered")
    LANDED = "landed", _c("project", "landed")
    PERMITTED = "permitted", _c("project", "permitted")
    CONSTRUCTION = "construction", _c("project", "under construction")
    COMPLETED = "completed", _c("project", "completed")
    LICENSED = "licensed", _c("project", "licensed")
    PRODUCTION = "production", _c("project", "in production")
    FULL_CAPACITY = "full_capacity", _c("project", "at full capacity")
    KEPT = "kept", _c("project", "audited")
    EXITED = "exited", _c("project", "exited")
    LOST = "lost", _c("project", "lost")


class Kind(models.TextChoices):
    """What kind of project it is."""

    NEW = "new", _c("kind of project", "new")
    EXPANSION = "expansion", _c("kind of project", "expansion")
    RELOCATION = "relocation", _c("kind of project", "relocation")


class Site(models.TextChoices):
    """On what it lands; known from its signing."""

    LAND = "land", _c("site of a project", "land")
    LEASE = "lease", _c("site of a project", "lease")


class Project(models.Model):
    """One investment lead, as its case tells it; a day that is None is not known or not reached."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="project")
    title = models.CharField(max_length=200)
    investor_name = models.CharField(max_length=400)
    credit_code = models.CharField(max_length=18, blank=True, db_index=True)
    name_key = models.CharField(max_length=240, db_index=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    stage = models.CharField(max_length=20, choices=Stage.choices)
    reason = models.CharField(max_length=40, blank=True)  # code of why it ended
    town = models.CharField(max_length=30, db_index=True)  # the town or zone that hosts it now
    office = models.CharField(max_length=30, blank=True)
    credited = models.CharField(max_length=400, blank=True)  # the towns that have a share of its credit, between bars
    site = models.CharField(max_length=8, choices=Site.choices, blank=True)
    is_fund_project = models.BooleanField(null=True)
    agreed_cny = models.FloatField(null=True)
    arrived_cny = models.FloatField(null=True)
    progress_on = models.DateField()  # the last day on which it moved: what the first-contact lock counts from

    opened_on = models.DateField()
    answered_on = models.DateField(null=True)
    contacted_on = models.DateField(null=True)
    proposed_on = models.DateField(null=True)
    cleared_on = models.DateField(null=True)
    signed_on = models.DateField(null=True, db_index=True)
    registered_on = models.DateField(null=True)
    landed_on = models.DateField(null=True)
    permitted_on = models.DateField(null=True)
    started_on = models.DateField(null=True)
    completed_on = models.DateField(null=True)
    licensed_on = models.DateField(null=True)
    produced_on = models.DateField(null=True)
    capacity_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.title


class LeadCredit(models.Model):
    """The share of a lead's credit that a town has; the shares of a lead add up to one."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="credits")
    town = models.CharField(max_length=30)
    share = models.DecimalField(max_digits=7, decimal_places=6)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "town"], name="lead_credit_once"),
            models.CheckConstraint(condition=models.Q(share__gt=0, share__lte=1), name="lead_credit_is_a_share"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.town}: {self.share}"


class Dispute(models.Model):
    """A town's claim to a lead that another town has."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="dispute")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="disputes")
    claimant = models.CharField(max_length=30)

    def __str__(self) -> str:
        return f"{self.case_id}: {self.claimant}"
