"""What is known of each trial's start-up at one site, written by its case: every column follows from the case's log."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils.translation import pgettext_lazy as _c

from liandesk.base.work.models import Case


class Variant(models.TextChoices):
    """Under which rule the authority lets the trial begin."""

    IND_60 = "ind_60", _c("trial", "drug, 60 working days")
    IND_30 = "ind_30", _c("trial", "drug, 30 working days")
    BIOEQUIVALENCE = "bioequivalence", _c("trial", "bioequivalence")
    DEVICE_FILING = "device_filing", _c("trial", "device, by filing")
    DEVICE_APPROVAL = "device_approval", _c("trial", "device, by approval")
    INVESTIGATOR = "investigator", _c("trial", "initiated by an investigator")


class Place(models.TextChoices):
    """Where a sponsor or a site is."""

    LOCAL = "local", _c("trial", "in the district")
    OUTSIDE = "outside", _c("trial", "outside")


class Startup(models.Model):
    """One trial at one site; each date is that of the last time the milestone was reached."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="startup")
    title = models.CharField(max_length=200)
    protocol = models.CharField(max_length=100)
    protocol_key = models.CharField(max_length=100)  # the number without case, width and blanks
    site = models.CharField(max_length=80, blank=True)  # organisation that holds the role, where one does
    site_name = models.CharField(max_length=200)
    site_key = models.CharField(max_length=200)
    site_place = models.CharField(max_length=8, choices=Place.choices)
    sponsor = models.CharField(max_length=80, blank=True)
    sponsor_name = models.CharField(max_length=200)
    sponsor_place = models.CharField(max_length=8, choices=Place.choices)
    office = models.CharField(max_length=30, blank=True)
    variant = models.CharField(max_length=16, choices=Variant.choices)

    contacted_on = models.DateField()
    accepted_on = models.DateField(null=True)  # by the institution: from here on start-up is counted
    institution_on = models.DateField(null=True)
    ethics_accepted_on = models.DateField(null=True)
    ethics_on = models.DateField(null=True)
    contract_on = models.DateField(null=True)
    genetic_asked_on = models.DateField(null=True)
    genetic_on = models.DateField(null=True)
    submitted_on = models.DateField(null=True)
    authority_on = models.DateField(null=True)
    initiated_on = models.DateField(null=True)
    first_patient_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)  # without a patient
    days = models.PositiveIntegerField(null=True)  # from acceptance to the first patient
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["protocol_key", "site_key"], name="startup_once_a_site")]
        indexes = [
            models.Index(fields=["site"], name="startup_by_site"),
            models.Index(fields=["sponsor"], name="startup_by_sponsor"),
        ]

    def __str__(self) -> str:
        return f"{self.protocol} · {self.site_name}"

    def days_by(self, day: date) -> int | None:
        """Return the days of start-up seen by a day; None before acceptance, or where it ended without a patient."""
        if self.accepted_on is None or self.accepted_on > day or (self.ended_on and self.ended_on <= day):
            return None
        return (min(self.first_patient_on or day, day) - self.accepted_on).days

    def has_started(self, day: date) -> bool:
        """Say whether the first patient was in by a day."""
        return self.first_patient_on is not None and self.first_patient_on <= day
