"""What is known of each deal, written by its case: what it would close, since when it holds, when it was proven.

Every column follows from the log of the case, but for the two levels: they are what the entry showed right before and
right after its switch was proven.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy as _c

from liandesk.assess.lists.models import Level, ListEntry
from liandesk.base.work.models import Case


class Kind(models.TextChoices):
    EQUITY = "equity", _c("deal", "equity")
    ACQUISITION = "acquisition", _c("deal", "acquisition")
    MERGER = "merger", _c("deal", "merger")
    TECHNOLOGY = "technology", _c("deal", "technology purchase")
    JOINT_VENTURE = "joint_venture", _c("deal", "joint venture")
    LICENCE = "licence", _c("deal", "licence")
    RESEARCH = "research", _c("deal", "R&D co-operation")
    OVERSEAS_NODE = "overseas_node", _c("deal", "overseas node")


class Stage(models.TextChoices):
    """Where a deal is; the last three are its ends."""

    IDEA = "idea", _c("deal", "idea")
    CONTACT = "contact", _c("deal", "in contact")
    CONFIDENTIAL = "confidential", _c("deal", "confidentiality agreed")
    DILIGENCE = "diligence", _c("deal", "due diligence")
    NEGOTIATION = "negotiation", _c("deal", "negotiation")
    APPROVING = "approving", _c("deal", "awaiting approval")
    SIGNED = "signed", _c("deal", "signed, to be closed")
    CLOSED = "closed", _c("deal", "closed, switch to be evidenced")
    EVIDENCED = "evidenced", _c("deal", "switch evidenced")
    ENDED = "ended", _c("deal", "ended")
    GIVEN_UP = "given_up", _c("deal", "given up")
    FALLEN = "fallen", _c("deal", "fell through after closing")


class Switch(models.TextChoices):
    """What a deal would bring; what the thresholds of levels call evidence."""

    SECOND_SOURCE = "second_source", _c("deal", "a second source")
    DOMESTIC_SOURCE = "domestic_source", _c("deal", "a domestic source")
    STOCK = "stock", _c("deal", "a stock")


class Evidence(models.TextChoices):
    """How far a deal came towards closing its weak link."""

    NOTHING = "nothing", _c("deal", "nothing agreed yet")
    AGREED = "agreed", _c("deal", "agreed, not yet proven")
    PROVEN = "proven", _c("deal", "switch proven")
    LOST = "lost", _c("deal", "given up or fallen through")


class Deal(models.Model):
    """One deal: a case of the process ``deal``."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, primary_key=True, related_name="deal")
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    stage = models.CharField(max_length=20, choices=Stage.choices)
    evidence = models.CharField(max_length=10, choices=Evidence.choices, default=Evidence.NOTHING)
    reason = models.CharField(max_length=40, blank=True)  # why it ended
    partner = models.CharField(max_length=200, blank=True)
    partner_country = models.CharField(max_length=80, blank=True)

    entry = models.ForeignKey(ListEntry, null=True, on_delete=models.PROTECT, related_name="deals")
    weak_link = models.CharField(max_length=200)  # what it would close, as it was called when the deal was opened

    office = models.CharField(max_length=30, db_index=True)
    organisation = models.CharField(max_length=16, blank=True, db_index=True)
    organisation_name = models.CharField(max_length=200, blank=True)
    town = models.CharField(max_length=12, blank=True, db_index=True)

    switch_by = models.CharField(max_length=20, choices=Switch.choices)  # planned, then what was proven
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)  # a second person confirmed the closing
    effective_from = models.DateField(null=True)
    evidenced_on = models.DateField(null=True)  # a second person confirmed the switch
    fallen_on = models.DateField(null=True)  # what was agreed holds no longer
    level_before = models.CharField(max_length=10, choices=Level.choices, blank=True)
    level_after = models.CharField(max_length=10, choices=Level.choices, blank=True)
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        ordering = ["-case_id"]

    def __str__(self) -> str:
        return self.title
