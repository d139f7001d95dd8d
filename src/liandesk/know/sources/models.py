"""What a load leaves beside its facts: a receipt, the rows that wait to be mended, and files that were sent and not
yet loaded."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from liandesk.base.facts.models import Landing


class Receipt(models.Model):
    """What a landing was made of and what was lost on the way."""

    landing = models.OneToOneField(Landing, on_delete=models.PROTECT, primary_key=True, related_name="receipt")
    files = models.JSONField()  # name, bytes, digest of each
    facts = models.PositiveIntegerField()
    lost = models.JSONField(default=dict)  # code of the first error of a row -> rows; they add up to the bad rows
    rows_beyond = models.PositiveIntegerField(default=0)  # rejected rows that did not fit into quarantine
    beyond = models.CharField(max_length=64, blank=True)  # blob: those rows as CSV
    settled = models.PositiveIntegerField(default=0)  # waiting rows of earlier loads that came back with it

    def __str__(self) -> str:
        return f"receipt of {self.landing_id}"


class WaitingRows(models.QuerySet["QuarantinedRow"]):
    def waiting(self) -> WaitingRows:
        """Return the rows that nobody has settled: a load that was withdrawn settles nothing and waits for nothing."""
        unsettled = Q(settled_by_landing=None) | Q(settled_by_landing__withdrawn_at__isnull=False)
        return self.filter(unsettled, landing__withdrawn_at=None, set_aside_by="")


class QuarantinedRow(models.Model):
    """A row that could not be read waits here, whole, until it is mended and sent again, or set aside by a person."""

    landing = models.ForeignKey(Landing, on_delete=models.PROTECT, related_name="quarantined")
    table = models.CharField(max_length=40)
    file = models.CharField(max_length=200)
    sheet = models.CharField(max_length=100, blank=True)
    row = models.PositiveIntegerField()  # as a person sees it in the file
    cells = models.JSONField()  # column -> the text that was there
    heads = models.JSONField(default=dict)  # column -> its title in the file, where it names a unit
    problems = models.JSONField()  # of the row: code, column, value, params
    identity = models.CharField(max_length=16, blank=True, db_index=True)  # under which it is known when it comes back
    settled_by_landing = models.ForeignKey(Landing, null=True, on_delete=models.PROTECT, related_name="settled")
    is_mended = models.BooleanField(default=False)  # else the landing that settled it brought it again, still wrong
    set_aside_by = models.CharField(max_length=80, blank=True)
    set_aside_why = models.CharField(max_length=400, blank=True)

    objects: ClassVar[models.Manager[QuarantinedRow]] = WaitingRows.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.file} {self.row}"


class ColumnMapping(models.Model):
    """What a person said the columns of a sender's sheet mean; every later sheet with the same heads is read so."""

    sender = models.CharField(max_length=80)  # as written at the upload: an office, an enterprise; else the account
    signature = models.CharField(max_length=16)  # of the heads in their order
    table = models.CharField(max_length=40, blank=True)  # the contract; "" where the sheet is none of ours
    heads = models.JSONField()  # key of a head -> column of the contract, "" for one that is not read
    titles = models.JSONField()  # the heads as they stood, for people
    confirmed_by = models.CharField(max_length=80)
    confirmed_at = models.DateTimeField()

    class Meta:
        ordering = ["sender", "-confirmed_at"]
        constraints = [models.UniqueConstraint(fields=["sender", "signature"], name="mapping_once_a_sender")]

    def __str__(self) -> str:
        return f"{self.sender} {self.signature}"


class UploadState(models.TextChoices):
    MAPPING = "mapping"  # the sender says what the columns mean
    READING = "reading"  # the worker makes the preview
    READY = "ready"  # the preview is there, the sender decides
    LOADING = "loading"
    LOADED = "loaded"
    FAILED = "failed"
    DISCARDED = "discarded"


class Upload(models.Model):
    """Files that somebody sent by the browser or the API, kept until they are loaded or thrown away."""

    key = models.CharField(max_length=16, primary_key=True)
    source = models.CharField(max_length=40)
    sender = models.CharField(max_length=80, blank=True)  # who made the sheets, as the person who sent them wrote it
    files = models.JSONField()  # name and bytes of each
    looks = models.JSONField(default=list)  # what the sheets look like before they are read
    sent_by = models.CharField(max_length=80, db_index=True)
    sent_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=UploadState.choices, default=UploadState.READING)
    preview = models.JSONField(default=dict)  # counts, lost, facts, bad, report (blob)
    error = models.TextField(blank=True)
    job = models.PositiveBigIntegerField(null=True)
    landing = models.ForeignKey(Landing, null=True, on_delete=models.PROTECT)

    def __str__(self) -> str:
        return f"{self.source} {self.key}"
