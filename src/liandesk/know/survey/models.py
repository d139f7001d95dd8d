"""A survey: rounds, who is asked in each, what they are asked, what they say, and since when an input is confirmed."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _c

from liandesk.base.jobs.models import OPEN_STATES, Job
from liandesk.base.snapshots.models import Snapshot
from liandesk.base.work.models import Case


class Round(models.Model):
    """One round: which enterprises are asked, from when until when. Its mode is one of the pack's."""

    title = models.CharField(max_length=120)
    mode = models.CharField(max_length=20)
    notice = models.TextField(max_length=2000, blank=True)  # for the enterprises
    opens_on = models.DateField()
    deadline = models.DateField()
    chosen = models.JSONField(default=dict)  # the filter that chose the enterprises
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT)  # whose questions are asked
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    job = models.OneToOneField(Job, null=True, on_delete=models.PROTECT)  # opens it; null: from before there was one
    opened_at = models.DateTimeField(null=True)  # null: nobody sees a form of it
    closed_by = models.CharField(max_length=80, blank=True)
    closed_at = models.DateTimeField(null=True)
    is_synthetic = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.title

    @property
    def is_opening(self) -> bool:
        """Say whether the worker may still open it."""
        return self.opened_at is None and self.job is not None and self.job.state in OPEN_STATES


class Invitation(models.Model):
    """One enterprise in a round: its link, how far its form is, and what it said beside the questions."""

    class State(models.TextChoices):
        INVITED = "invited", _c("survey", "not opened")
        OPENED = "opened", _c("survey", "opened")
        DRAFT = "draft", _c("survey", "being filled in")
        RETURNED = "returned", _c("survey", "returned")
        DECLINED = "declined", _c("survey", "declined as a whole")

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="invitations")
    organisation = models.CharField(max_length=16, db_index=True)
    name = models.CharField(max_length=200)  # when it was invited
    town = models.CharField(max_length=12, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.INVITED)
    version = models.PositiveIntegerField(default=0)  # of two who write at once the second is told
    draft = models.JSONField(default=dict)  # the form as it was left
    entered_by = models.CharField(max_length=80, blank=True)
    returned_at = models.DateTimeField(null=True)
    is_on_behalf = models.BooleanField(default=False)  # entered by an officer and not confirmed by the enterprise yet
    confirmed_at = models.DateTimeField(null=True)
    declined_why = models.CharField(max_length=400, blank=True)
    new_inputs = models.JSONField(default=list)  # inputs nobody knew of: item, product, supplier …
    request_topic = models.CharField(max_length=20, blank=True)
    request_text = models.TextField(max_length=2000, blank=True)
    request_case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="+")
    link_serial = models.PositiveIntegerField(default=1)  # a new link ends the earlier one
    link_digest = models.CharField(max_length=64, unique=True)
    link_expires_at = models.DateTimeField()
    link_revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "organisation"], name="survey_invited_once")]
        indexes = [models.Index(fields=["round", "town", "state"], name="survey_by_town")]

    def __str__(self) -> str:
        return f"{self.round_id}: {self.name}"

    @property
    def is_settled(self) -> bool:
        """Say whether nothing more is awaited: it was returned, or the enterprise will not."""
        return self.state in (self.State.RETURNED, self.State.DECLINED)


class Asked(models.Model):
    """One question of one form, with what its answer would change, as it stood when the round was opened."""

    class Code(models.TextChoices):
        SUPPLIERS = "suppliers", _("Suppliers")
        ANOTHER_SOURCE = "another_source", _("Another source")
        OUTPUT = "output", _("Output that depends on it")
        STOCK = "stock", _("Stock")
        SWITCH = "switch", _("Time to switch")

    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="asked")
    place = models.PositiveIntegerField()  # in the form, 1 first
    code = models.CharField(max_length=16, choices=Code.choices)
    entry = models.CharField(max_length=200)
    item = models.CharField(max_length=160)
    item_name = models.CharField(max_length=200)
    product = models.CharField(max_length=200, blank=True)  # what an output is of
    why = models.CharField(max_length=16)  # one of ``choosing.WHY``
    measure = models.CharField(max_length=12, blank=True)  # of the direct loss: output_cny | products
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)  # null: no upper end
    narrows = models.FloatField(null=True)  # by at most so much; null: it cannot be said as a number
    gap_low = models.FloatField(null=True)  # days without supply
    gap_high = models.FloatField(null=True)
    known = models.JSONField(null=True)  # what the form begins with, in the form of an answer's value
    confirmed_on = models.DateField(null=True)

    class Meta:
        ordering = ["invitation", "place"]
        constraints = [models.UniqueConstraint(fields=["invitation", "place"], name="survey_place_once")]

    def __str__(self) -> str:
        return f"{self.invitation_id}.{self.place} {self.code} {self.item_name}"


class Answer(models.Model):
    """What was said to a question. Declined is not unknown, and neither is a number."""

    class Kind(models.TextChoices):
        GIVEN = "given", _("answered")
        UNKNOWN = "unknown", _c("survey", "not known")
        DECLINED = "declined", _("declined to say")

    asked = models.OneToOneField(Asked, on_delete=models.CASCADE, related_name="answer")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    value = models.JSONField(null=True)  # suppliers: a list; another source: true or false; else a number
    is_same = models.BooleanField(default=False)  # what the form began with: it still holds

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="given", value__isnull=False)
                | (~models.Q(kind="given") & models.Q(value__isnull=True)),
                name="survey_value_if_given",
            )
        ]

    def __str__(self) -> str:
        return f"{self.asked_id}: {self.kind}"


class Reminder(models.Model):
    """That an enterprise was reminded on a day: once a day at most."""

    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="reminders")
    day = models.DateField()
    by = models.CharField(max_length=80)

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["invitation", "day"], name="survey_reminded_once_a_day")]

    def __str__(self) -> str:
        return f"{self.invitation_id} on {self.day}"


class Confirmation(models.Model):
    """Since when what is known of an enterprise's need of an item was last said or confirmed by the enterprise."""

    organisation = models.CharField(max_length=16)
    item = models.CharField(max_length=160, db_index=True)
    item_name = models.CharField(max_length=200)
    confirmed_on = models.DateField()
    round = models.ForeignKey(Round, null=True, on_delete=models.SET_NULL, related_name="+")
    is_on_behalf = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "item"], name="survey_confirmation_once")]

    def __str__(self) -> str:
        return f"{self.organisation} {self.item} {self.confirmed_on}"
