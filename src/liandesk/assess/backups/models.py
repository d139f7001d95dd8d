"""The backup list: what is backed up, by what, and the drills that show whether it works.

Readiness is no column: it decays from day to day, so it is computed where it is read.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _c


class TechnologyKind(models.TextChoices):
    PROCESS = "process", _("Process")
    KNOW_HOW = "know_how", _("Know-how")
    EQUIPMENT = "equipment", _("Equipment")
    METHOD = "method", _c("technology", "Method")
    ITEM = "item", _("Supply of an item at risk")


class TechnologyStatus(models.TextChoices):
    IMPORTED = "imported", _c("technology", "Imported")
    OWN = "own", _c("technology", "Own")
    MIXED = "mixed", _c("technology", "Partly own")


class Alert(models.TextChoices):
    RED = "red", _c("alert", "Red")
    ORANGE = "orange", _c("alert", "Orange")
    YELLOW = "yellow", _c("alert", "Yellow")
    BLUE = "blue", _c("alert", "Blue")


class BackupType(models.TextChoices):
    SECOND_SUPPLIER = "second_supplier", _("Second supplier")
    DOMESTIC_SUBSTITUTE = "domestic_substitute", _("Domestic substitute")
    SECOND_SITE = "second_site", _("Second site")
    STOCK = "stock", _c("backup", "Stock")
    TECHNOLOGY_RESERVE = "technology_reserve", _("Technology in reserve")
    PEOPLE = "people", _c("backup", "People")
    DATA = "data", _c("backup", "Data")


class ChangeClass(models.TextChoices):
    MINOR = "minor", _c("change", "Minor")
    MODERATE = "moderate", _c("change", "Moderate")
    MAJOR = "major", _c("change", "Major")


class DrillResult(models.TextChoices):
    PASSED = "passed", _c("drill", "Passed")
    PARTLY = "partly", _c("drill", "Passed in part")
    FAILED = "failed", _c("drill", "Failed")


class Technology(models.Model):
    """One row of the backup list: a key technology, or the supply of an item at risk. Empty and null are unknown."""

    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=TechnologyKind.choices)
    segment = models.CharField(max_length=120, blank=True)
    item = models.CharField(max_length=160, blank=True, db_index=True)  # node of the chain, as of an entry
    item_name = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=10, choices=TechnologyStatus.choices, blank=True)
    source_holder = models.CharField(max_length=200, blank=True)  # who holds it or supplies it today
    source_country = models.CharField(max_length=2, blank=True)
    barrier = models.CharField(max_length=400, blank=True)  # patents and the like in the way
    ip_warning = models.CharField(max_length=10, choices=Alert.choices, blank=True)
    owner_office = models.CharField(max_length=30, blank=True, db_index=True)
    organisation = models.CharField(max_length=16, blank=True, db_index=True)  # whose it is; blank: the district's
    organisation_name = models.CharField(max_length=200, blank=True)
    town = models.CharField(max_length=12, blank=True)
    note = models.CharField(max_length=2000, blank=True)
    state = models.CharField(max_length=10, default="standing")  # standing | retired
    entered_from = models.CharField(max_length=10, default="typed")  # typed | file | proposed | candidate
    created_on = models.DateField()
    changed_on = models.DateField()
    is_synthetic = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)  # raised by each write to it or to what hangs on it

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name", "item"], condition=models.Q(state="standing"), name="technology_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Backup(models.Model):
    """One way out: who or what takes over when the present source fails."""

    technology = models.ForeignKey(Technology, on_delete=models.PROTECT, related_name="backups")
    type = models.CharField(max_length=20, choices=BackupType.choices)
    holder_name = models.CharField(max_length=200)
    holder = models.CharField(max_length=16, blank=True, db_index=True)  # permanent id, where it is known
    country = models.CharField(max_length=2, blank=True)
    trl = models.PositiveSmallIntegerField(null=True, blank=True)  # level of GB/T 22900
    steps_done = models.JSONField(null=True, blank=True)  # keys of steps of the type's path; null: nobody said
    change_class = models.CharField(max_length=10, choices=ChangeClass.choices, blank=True)
    stock_days = models.FloatField(null=True, blank=True)
    project = models.CharField(max_length=200, blank=True)
    milestone = models.CharField(max_length=400, blank=True)
    verifier = models.CharField(max_length=200, blank=True)
    ready_on = models.DateField(null=True, blank=True)  # what its holder expects; it computes nothing
    owner_office = models.CharField(max_length=30, blank=True, db_index=True)
    confirmed_on = models.DateField(null=True)
    basis = models.JSONField(default=dict)  # of an accepted candidate: its row as it was
    state = models.CharField(max_length=10, default="standing")  # standing | withdrawn
    withdrawn_reason = models.CharField(max_length=400, blank=True)
    is_synthetic = models.BooleanField(default=False)
    # of its drills, written with them
    last_drill = models.DateField(null=True)
    last_result = models.CharField(max_length=10, choices=DrillResult.choices, blank=True)
    next_drill = models.DateField(null=True, db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(trl__isnull=True) | models.Q(trl__range=(1, 9)), name="backup_trl_of_scale"
            )
        ]

    def __str__(self) -> str:
        return self.holder_name


class Drill(models.Model):
    """A trial of a backup: planned, then held and recorded, or cancelled with a reason."""

    backup = models.ForeignKey(Backup, on_delete=models.PROTECT, related_name="drills")
    planned_on = models.DateField()
    state = models.CharField(max_length=10, default="planned")  # planned | done | cancelled
    done_on = models.DateField(null=True)
    result = models.CharField(max_length=10, choices=DrillResult.choices, blank=True)
    what_failed = models.CharField(max_length=2000, blank=True)
    evidence = models.CharField(max_length=400, blank=True)  # where the record lies
    planned_by = models.CharField(max_length=80)
    recorded_by = models.CharField(max_length=80, blank=True)
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        ordering = ["-planned_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["backup"], condition=models.Q(state="planned"), name="one_planned_drill")
        ]

    def __str__(self) -> str:
        return f"{self.backup_id}: {self.planned_on}"


class BackupEvent(models.Model):
    """The history of a row of the backup list: what people did to it and to its backups."""

    technology = models.ForeignKey(Technology, on_delete=models.PROTECT, related_name="events")
    backup = models.ForeignKey(Backup, on_delete=models.PROTECT, null=True, related_name="events")
    at = models.DateTimeField()
    on = models.DateField()
    actor = models.CharField(max_length=80)
    action = models.CharField(max_length=30)
    changes = models.JSONField(default=dict)  # field -> [before, after]
    reason = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.action} {self.technology_id}"
