"""A case is an append-only log of events run against the version of the process it was opened with.

The computed columns of a case (stages, state, due …) are what its events give; they are written with each event and
may be computed anew from the log at any time.
"""

from __future__ import annotations

from django.db import models

from liandesk.base.definitions.models import Definition


class Case(models.Model):
    """One case. ``subject`` is any object: its kind and permanent id."""

    definition = models.ForeignKey(Definition, on_delete=models.PROTECT)
    process = models.CharField(max_length=60)  # the definition's key
    title = models.CharField(max_length=200)
    subject_kind = models.CharField(max_length=30, blank=True)
    subject_id = models.CharField(max_length=200, blank=True)
    is_restricted = models.BooleanField(default=False)  # only the persons named in it see it
    is_synthetic = models.BooleanField(default=False)

    # computed from the events
    events_count = models.PositiveIntegerField(default=0)  # the version: a stale form is refused
    stages = models.JSONField(default=list)
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    entered_at = models.DateTimeField(null=True)  # when the youngest stage was entered
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=40, blank=True)
    due = models.DateField(null=True)  # the earliest day on which a running clock is due
    due_clock = models.CharField(max_length=40, blank=True)  # the key of that clock
    warn_from = models.DateField(null=True)  # from this day that clock warns
    is_paused = models.BooleanField(default=False)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["process", "ended_at", "due"], name="case_by_process"),
            models.Index(fields=["subject_kind", "subject_id"], name="case_by_subject"),
            models.Index(fields=["due", "id"], name="case_open_by_due", condition=models.Q(ended_at=None)),
            models.Index(fields=["-ended_at"], name="case_by_end"),
            models.Index(fields=["-changed_at", "-id"], name="case_by_change"),
        ]

    def __str__(self) -> str:
        return self.title


class CaseEvent(models.Model):
    """What happened in a case. Rows are never changed or deleted: triggers forbid it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=60, blank=True)
    actor = models.CharField(max_length=80)
    at = models.DateTimeField()  # when it happened
    recorded_at = models.DateTimeField()  # when it was entered
    data = models.JSONField(default=dict)
    reason = models.CharField(max_length=40, blank=True)
    holders = models.JSONField(default=dict)  # role: who holds it from here on, each "kind:id"
    on_behalf_of = models.JSONField(default=list)  # the persons for whom the actor acted

    class Meta:
        ordering = ["case", "number"]
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="case_event_once")]

    def __str__(self) -> str:
        return f"{self.case_id}.{self.number} {self.kind} {self.name}"


class Party(models.Model):
    """Who holds a role of a case, as its log gives it: an office, a town, an organisation, a person (``user:7``).

    ``acts``: the role has a step that it can take now, or a proposal to answer; ``barred`` names the persons, as
    ``|user:7|user:9|``, who may take none of these (whoever proposed does not agree).
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="parties")
    role = models.CharField(max_length=40)
    scope_kind = models.CharField(max_length=20)
    scope_id = models.CharField(max_length=80)
    is_open = models.BooleanField(default=True)  # the case has not ended
    acts = models.BooleanField(default=False)
    barred = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "role", "scope_kind", "scope_id"], name="party_role_once")
        ]
        indexes = [models.Index(fields=["scope_id", "scope_kind", "is_open", "acts", "case"], name="party_by_scope")]

    def __str__(self) -> str:
        return f"{self.role}: {self.scope_id}"


class Stay(models.Model):
    """One stay of a case in a stage; without ``left_at`` the case stands there, or ended there: boards count these."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="stays")
    number = models.PositiveIntegerField()  # its place among the stays of the case
    process = models.CharField(max_length=60)
    stage = models.CharField(max_length=40)
    entered_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    step = models.CharField(max_length=40, blank=True)  # by which it was left

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="stay_once")]
        indexes = [
            models.Index(
                fields=["process", "stage", "entered_at", "case"],
                name="stay_by_stage",
                condition=models.Q(left_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.stage}"


class Named(models.Model):
    """A person who sees a restricted case beside the persons that hold a role in it."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="named")
    person = models.CharField(max_length=80)  # "user:7"
    named_by = models.CharField(max_length=80)
    named_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "person"], name="named_once")]
        indexes = [models.Index(fields=["person"], name="named_by_person")]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.person}"


class ImportedRow(models.Model):
    """A row of a workbook that was written, by the digest of what it says, with the event it became."""

    digest = models.CharField(max_length=64, unique=True)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="imported_rows")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.case_id}.{self.number} {self.digest[:12]}"
