"""Incident rooms: what a disruption reached when it was traced, who does what about it, what enterprises are told.

A room is a case of the process ``incident``; what the trace computed lies in tables under content hashes.
"""

from __future__ import annotations

from django.db import models

from liandesk.assess.events.models import Event
from liandesk.assess.lists.models import ListEntry
from liandesk.base.snapshots.models import Snapshot
from liandesk.base.teamwork.models import Task
from liandesk.base.work.models import Case
from liandesk.base.work.tables import stage_titles


class Incident(models.Model):
    """One room, about one or several events. ``began_on`` is day 0 of every day that the trace gives."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="incident")
    events = models.ManyToManyField(Event, related_name="incidents")
    began_on = models.DateField()

    # the trace: written anew when it is traced anew
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT)
    tables = models.JSONField(default=dict)  # "lines", "inputs" -> blob
    unplaced = models.PositiveIntegerField(default=0)  # makers of unknown country that could be meant
    traced_at = models.DateTimeField()
    traced_ms = models.PositiveIntegerField()

    # what it leaves behind, when its end is confirmed
    lesson = models.TextField(max_length=4000, blank=True)
    learnt_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.case.title

    @property
    def traced_seconds(self) -> float:
        """Return how long the last trace took, in seconds to two digits."""
        return round(self.traced_ms / 1000, 2)


class IncidentEntry(models.Model):
    """An entry of the risk list that the room is about; an empty verdict: the last trace does not reach it any more."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="entries")
    entry = models.ForeignKey(ListEntry, on_delete=models.PROTECT, related_name="incidents")
    verdict = models.CharField(max_length=12, blank=True)  # stops | may_stop | loses_part
    lost_low = models.FloatField(null=True)  # of what it buys, or of what the worst hit buyer does, 0..1
    lost_high = models.FloatField(null=True)
    day_low = models.FloatField(null=True)  # days after the beginning; null: not known
    day_high = models.FloatField(null=True)

    # why nothing is done about it
    reason = models.CharField(max_length=400, blank=True)
    reason_by = models.CharField(max_length=80, blank=True)
    reason_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "entry"], name="incident_entry_once")]

    def __str__(self) -> str:
        return f"{self.incident_id}: {self.entry_id}"


class RoomTask(models.Model):
    """Which office does a task of the room's checklist, and about which entry; without one it is the room's."""

    task = models.OneToOneField(Task, on_delete=models.CASCADE, related_name="of_room")
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="tasks")
    entry = models.ForeignKey(IncidentEntry, null=True, on_delete=models.CASCADE, related_name="tasks")
    office = models.CharField(max_length=30, db_index=True)
    step = models.CharField(max_length=40, blank=True)  # of the playbook; blank: somebody added it

    class Meta:
        ordering = ["task__due", "id"]

    def __str__(self) -> str:
        return f"{self.incident_id}: {self.task_id} {self.office}"


class Message(models.Model):
    """What one enterprise is told. A draft until it is sent; then a case of its own, which the enterprise answers."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="messages")
    organisation = models.CharField(max_length=16)
    organisation_name = models.CharField(max_length=200)
    town = models.CharField(max_length=12, blank=True)
    text = models.TextField(max_length=3000)
    answer_by = models.DateField()
    notice = models.OneToOneField(Case, null=True, on_delete=models.PROTECT, related_name="told_by")
    version = models.PositiveIntegerField(default=0)  # raised by each write; a stale form is refused

    class Meta:
        ordering = ["organisation_name", "id"]
        constraints = [models.UniqueConstraint(fields=["incident", "organisation"], name="incident_message_once")]

    def __str__(self) -> str:
        return f"{self.incident_id}: {self.organisation_name}"

    @property
    def stage_titles(self) -> list[str]:
        """Return where its case stands, in words; nothing of a draft."""
        return list(stage_titles(self.notice)) if self.notice else []
