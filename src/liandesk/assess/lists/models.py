"""A list row is both: its human columns are edited, its projection is written only by publish.

An edition is the approved list frozen: its rows are a blob under a content hash, so nothing later changes what was
signed.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from liandesk.base.clock import today
from liandesk.base.work.models import Case


class EntryState(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")  # computed, nobody has judged it
    ADMITTED = "admitted", _("Admitted")
    DECLINED = "declined", _("Declined")  # judged and left out, with a reason
    CLOSED = "closed", _("Closed")  # was admitted; what was wrong is settled


class Level(models.TextChoices):
    """How grave an officer holds the risk; word, icon and colour are those of ``base.ui.levels``."""

    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    BLUE = "blue"


class ListEntry(models.Model):
    """One entry of one list. ``key`` is stable over re-computation ("input:<organisation>:<item>", "item:<item>")."""

    key = models.CharField(max_length=200, primary_key=True)
    list = models.CharField(max_length=20, default="risks")

    # projection: rewritten by publish, never by a person
    position = models.PositiveIntegerField(default=0)  # place in the list's own order: by rank, unranked last
    scope = models.CharField(max_length=10)  # item | input
    item = models.CharField(max_length=160, db_index=True)
    item_name = models.CharField(max_length=200)
    item_kind = models.CharField(max_length=30, blank=True)
    organisation = models.CharField(max_length=16, blank=True, db_index=True)
    organisation_name = models.CharField(max_length=200, blank=True)
    town = models.CharField(max_length=12, blank=True, db_index=True)
    rank = models.IntegerField(null=True)
    rank_low = models.IntegerField(null=True)
    rank_high = models.IntegerField(null=True)
    rank_width = models.IntegerField(null=True)  # ranks of the set beyond the first; null: nothing was resampled
    impact_measure = models.CharField(max_length=12, blank=True)  # output_cny | products
    impact_low = models.FloatField(null=True)
    impact_high = models.FloatField(null=True)
    impact_basis = models.CharField(max_length=12, blank=True)  # whose shares: declared | market | mixed; or cascade
    direct_low = models.FloatField(null=True)  # what the enterprises that use the item lose, before it goes on
    direct_high = models.FloatField(null=True)
    coverage_low = models.FloatField(null=True)  # share of their purchases that known links cover; null: unknown
    coverage_high = models.FloatField(null=True)
    hit_enterprises = models.IntegerField(null=True)  # reached by the cascade, at most; null: it is not computed
    hit_products = models.IntegerField(null=True)
    impact_share_low = models.FloatField(null=True)  # of all known output
    impact_share_high = models.FloatField(null=True)
    first_stop_low = models.FloatField(null=True)  # days until the first stop if no more came
    first_stop_high = models.FloatField(null=True)
    likelihood_low = models.FloatField(null=True)
    likelihood_high = models.FloatField(null=True)
    sole_source = models.BooleanField(null=True)
    suppliers = models.IntegerField(null=True)
    reach_products = models.IntegerField(null=True)
    reach_buyers = models.IntegerField(null=True)
    unknowns = models.IntegerField(null=True)  # claims that nobody can answer
    facts_on = models.DateField(null=True)  # when the oldest statement it rests on was made or confirmed
    computed_level = models.CharField(max_length=10, choices=Level.choices, blank=True)  # proven; "": unknown
    computed_level_most = models.CharField(max_length=10, choices=Level.choices, blank=True)  # still possible
    question_code = models.CharField(max_length=40, blank=True)
    question_params = models.JSONField(default=dict)
    question_to = models.CharField(max_length=80, blank=True)
    is_current = models.BooleanField(default=True)  # whether the published snapshot still has it
    is_synthetic = models.BooleanField(default=False)
    listed_on = models.DateField()  # business date of the snapshot that first had it; never rewritten
    recomputed_on = models.DateField()  # business date of the snapshot that last changed its numbers

    # human columns: never touched by publish
    state = models.CharField(max_length=10, choices=EntryState.choices, default=EntryState.PROPOSED)
    owner_office = models.CharField(max_length=30, blank=True, db_index=True)
    with_offices = models.CharField(max_length=200, blank=True)  # co-operating offices, "|health|market|"
    due_date = models.DateField(null=True, blank=True)
    level = models.CharField(max_length=10, choices=Level.choices, blank=True)  # an officer's, over the computed one
    level_reason = models.CharField(max_length=400, blank=True)
    measure = models.CharField(max_length=400, blank=True)  # what is done about it
    note = models.CharField(max_length=2000, blank=True)
    agreed_from = models.DateField(null=True)  # the day from which an agreed measure takes effect
    evidence_kind = models.CharField(max_length=30, blank=True)  # by what the switch was proven
    evidenced_on = models.DateField(null=True)
    changed_on = models.DateField(null=True)  # business date of the last human write
    version = models.PositiveIntegerField(default=0)  # raised by each human write; a stale form is refused

    # set by ``following``: the entry that stands for this one since its organisation was merged
    carried_to = models.CharField(max_length=200, blank=True, db_index=True)

    class Meta:
        indexes = [
            models.Index(fields=["list", "is_current", "state", "position"], name="entry_by_state"),
            models.Index(fields=["list", "is_current", "position"], name="entry_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.item_name} {self.organisation_name}".strip()


class EntryEvent(models.Model):
    """The history of an entry: what people did to it and what re-computation changed."""

    entry = models.ForeignKey(ListEntry, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField()
    on = models.DateField(default=today)  # the business date
    actor = models.CharField(max_length=80)
    # admit, decline, assign, report, close, reopen; by publish: recomputed, carried, joined, returned
    action = models.CharField(max_length=30)
    changes = models.JSONField(default=dict)  # field -> [before, after]
    reason = models.CharField(max_length=400, blank=True)
    snapshot = models.CharField(max_length=64, blank=True)  # of a re-computation: which publish changed it

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["snapshot", "action"], name="event_by_snapshot"),
            models.Index(fields=["on"], name="event_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.entry_id}"


class Agreement(models.Model):
    """What a case agreed about an entry, and by what it proved the switch; ``agreements`` says which one stands."""

    entry = models.ForeignKey(ListEntry, on_delete=models.PROTECT, related_name="agreements")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="agreements")
    measure = models.CharField(max_length=400, blank=True)  # empty: the case is restricted
    effective_from = models.DateField()
    made_at = models.DateTimeField()
    evidence_kind = models.CharField(max_length=30, blank=True)
    evidenced_on = models.DateField(null=True)
    holds = models.BooleanField(default=True)  # false: given up, fallen through or agreed anew

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=models.Q(holds=True), name="agreement_of_case_once")
        ]

    def __str__(self) -> str:
        return f"{self.entry_id}: {self.effective_from}"


class Edition(models.Model):
    """A frozen list: prepared by the chain office, signed by the chain chief, another person.

    The number is given by the signature, so that what was issued counts 1, 2, 3 without a gap whatever was discarded.
    """

    list = models.CharField(max_length=20, default="risks")
    number = models.PositiveIntegerField(null=True)  # null until signed
    title = models.CharField(max_length=200)
    classification = models.CharField(max_length=20)
    rows = models.CharField(max_length=64)  # blob: every column and the reasons of every entry as they stood
    rows_count = models.PositiveIntegerField()
    snapshot = models.CharField(max_length=64)
    today = models.DateField()
    is_synthetic = models.BooleanField()
    prepared_by = models.CharField(max_length=80)
    prepared_at = models.DateTimeField()
    signed_by = models.CharField(max_length=80, blank=True)
    signed_at = models.DateTimeField(null=True)
    size_reason = models.CharField(max_length=400, blank=True)  # why it is shorter or longer than the pack asks
    discarded_by = models.CharField(max_length=80, blank=True)
    discarded_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["list", "number"], name="edition_number_once"),
            models.CheckConstraint(condition=~models.Q(signed_by=models.F("prepared_by")), name="edition_four_eyes"),
            models.CheckConstraint(
                condition=models.Q(number__isnull=True, signed_at__isnull=True)
                | models.Q(number__isnull=False, signed_at__isnull=False, discarded_at__isnull=True),
                name="edition_number_by_signature",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.list} {self.number or 'draft'}"

    @property
    def state(self) -> str:
        """Return draft, signed or discarded."""
        if self.signed_at:
            return "signed"
        return "discarded" if self.discarded_at else "draft"
