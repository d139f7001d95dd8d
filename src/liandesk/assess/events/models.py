"""Disruptions with a date, and forecasts of them that are scored.

An event says what was said and by whom. It counts once a person confirmed it and until a person takes it back; its
words are never rewritten: what turned out wrong is taken back with a reason and entered anew.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _c


class Cause(models.TextChoices):
    """Why supply was disrupted: the codes of ``liankit.risk.notices``, and ``trade``, which no maker's notice says."""

    RAW_MATERIAL = "raw_material", _("Raw material")
    PRODUCTION = "production", _("Trouble in production")
    HALT = "halt", _("Supply ended for good")
    DEMAND = "demand", _("Demand above supply")
    QUALITY = "quality", _("Quality")
    LOGISTICS = "logistics", _("Transport and logistics")
    TRADE = "trade", _("Trade restriction")
    OTHER = "other", _c("cause", "Other or not said")


class EventSource(models.TextChoices):
    TYPED = "typed", _("Entered by hand")
    FILE = "file", _c("event source", "File")
    NOTICE = "notice", _("Text of a notice")


class HitKind(models.TextChoices):
    """What an event may hit; ``object_id`` of a hit is the id of such a thing."""

    ITEM = "item", _("Item")  # id of the node
    ORGANISATION = "organisation", _("Organisation")  # permanent id
    SUPPLIER = "supplier", _("Supplier")  # as ``supplies.supplier`` of the snapshot
    COUNTRY = "country", _("Country")  # ISO 3166-1 alpha-2
    TOWN = "town", _("Town")  # code of the pack


class EventQuerySet(models.QuerySet["Event"]):
    def in_force(self) -> EventQuerySet:
        """Return the events that count: confirmed by a person and not taken back."""
        return self.filter(confirmed_at__isnull=False, withdrawn_at=None)

    def waiting(self) -> EventQuerySet:
        """Return what was found in notices and waits for a person."""
        return self.filter(confirmed_at=None, withdrawn_at=None)


class Event(models.Model):
    """A disruption: what is hit (``hits``), why, from when and until when, and the sentence that says so."""

    cause = models.CharField(max_length=20, choices=Cause.choices)
    title = models.CharField(max_length=200)
    began_on = models.DateField(db_index=True)
    expected_until = models.DateField(null=True, blank=True)  # the recovery that was announced
    ended_on = models.DateField(null=True, blank=True)  # null: not known to have ended
    source = models.CharField(max_length=10, choices=EventSource.choices)
    source_name = models.CharField(max_length=200, blank=True)  # of the file or the notices
    batch = models.CharField(max_length=16, blank=True, db_index=True)  # what came in one file or one paste
    text = models.TextField(blank=True)  # the notice as it reads, or a note
    span_start = models.PositiveIntegerField(null=True)  # characters of ``text`` that say it
    span_end = models.PositiveIntegerField(null=True)
    licence = models.CharField(max_length=60, blank=True)
    alternatives = models.JSONField(default=list)  # [{"name", "licence"}] that the notice names
    key = models.CharField(max_length=64, blank=True)  # digest of the row it came from; blank: typed
    is_synthetic = models.BooleanField(default=False)

    entered_by = models.CharField(max_length=80)
    entered_at = models.DateTimeField()
    office = models.CharField(max_length=30, blank=True)
    confirmed_by = models.CharField(max_length=80, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=80, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=400, blank=True)
    version = models.PositiveIntegerField(default=0)  # raised by each write; a stale form is refused

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["-began_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="event_row_once"),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("began_on")), name="event_ends_after_it_began"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def state(self) -> str:
        """Return withdrawn, waiting, ended or open."""
        if self.withdrawn_at:
            return "withdrawn"
        if self.confirmed_at is None:
            return "waiting"
        return "ended" if self.ended_on else "open"

    @property
    def sentence(self) -> str:
        """Return the sentence that says so, "" where none is marked."""
        return "" if self.span_start is None else self.text[self.span_start : self.span_end]


class EventHit(models.Model):
    """One thing that an event hits, as it was called; without ``object_id`` nobody has said yet which one it is."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="hits")
    kind = models.CharField(max_length=14, choices=HitKind.choices)
    name = models.CharField(max_length=200)
    object_id = models.CharField(max_length=160, blank=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "object_id"], name="hit_by_object")]

    def __str__(self) -> str:
        return self.name


class ForecastSource(models.TextChoices):
    MODEL = "model", _("Model")
    OFFICE = "office", _c("forecast", "Office")


class Forecast(models.Model):
    """A likelihood as it was said on a day, for a horizon, with the rule that decides whether it came true.

    Everything but the outcome is written once. The outcome follows from the events in force and the day; an event that
    is taken back takes its outcome with it.
    """

    entry = models.CharField(max_length=200, db_index=True)
    item = models.CharField(max_length=160)
    item_name = models.CharField(max_length=200)
    item_kind = models.CharField(max_length=30, blank=True)
    organisation = models.CharField(max_length=16, blank=True)
    organisation_name = models.CharField(max_length=200, blank=True)
    town = models.CharField(max_length=12, blank=True)
    owner_office = models.CharField(max_length=30, blank=True)  # of the entry on that day
    made_on = models.DateField()
    horizon_end = models.DateField(db_index=True)
    likelihood = models.FloatField()
    likelihood_low = models.FloatField()
    likelihood_high = models.FloatField()
    source = models.CharField(max_length=10, choices=ForecastSource.choices)
    model = models.CharField(max_length=64, blank=True)  # version of the model
    office = models.CharField(max_length=30, blank=True)  # whose own number it is
    made_by = models.CharField(max_length=80)
    reason = models.CharField(max_length=400, blank=True)
    base_rate = models.FloatField(null=True)  # of the class when it was made; null: not known
    events_known = models.PositiveIntegerField(null=True)  # of the class when it was made
    rule = models.JSONField()  # see ``resolution``
    is_hindcast = models.BooleanField(default=False)  # made after its horizon began, from what was known before
    is_synthetic = models.BooleanField(default=False)
    snapshot = models.CharField(max_length=64, blank=True)

    outcome = models.BooleanField(null=True)  # null: open
    resolved_on = models.DateField(null=True)
    resolved_by = models.ForeignKey(Event, on_delete=models.PROTECT, null=True, related_name="resolves")

    class Meta:
        ordering = ["-made_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(likelihood_low__gte=0, likelihood_high__lte=1)
                & Q(likelihood__gte=F("likelihood_low"), likelihood__lte=F("likelihood_high")),
                name="forecast_within_its_interval",
            ),
            models.CheckConstraint(condition=Q(horizon_end__gt=F("made_on")), name="forecast_looks_ahead"),
        ]
        indexes = [
            models.Index(fields=["entry", "source", "-made_on"], name="forecast_last_of_entry"),
            models.Index(fields=["item", "outcome"], name="forecast_open_of_item"),
        ]

    def __str__(self) -> str:
        return f"{self.entry} {self.made_on}"
