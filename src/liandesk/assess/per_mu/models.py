"""What the per-mu office published: it counts, whatever is computed here; and beside it what is computed, as a list."""

from __future__ import annotations

from django.db import models


class Result(models.Model):
    """The published class of an organisation for a year, one line each. It is preliminary until it is made final.

    A later sheet, or the decision on an objection, corrects it: see ``Correction``.
    """

    organisation = models.CharField(max_length=16, db_index=True)  # permanent id
    year = models.PositiveSmallIntegerField()
    result = models.CharField(max_length=40)  # the key of a class of the method
    score = models.FloatField(null=True)  # null: published without one
    publisher = models.CharField(max_length=120)
    published_on = models.DateField()
    objections_until = models.DateField(null=True)  # null: no text gives the days; open until the result is final
    final_on = models.DateField(null=True)  # null: preliminary
    file = models.CharField(max_length=64)  # hash of the sheet that said so
    landed_by = models.CharField(max_length=80)
    landed_at = models.DateTimeField()
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        ordering = ["-year", "organisation"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "year"], name="per_mu_result_once"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.year} {self.result}"


class Correction(models.Model):
    """A published result that was published anew with a difference; never edited.

    It follows from a later sheet (``file``) or from an objection that was upheld (``case``); then it says which figure
    was wrong, what is computed with the right one, and what that does to the lines between classes and to others.
    """

    published = models.ForeignKey(Result, on_delete=models.PROTECT, related_name="corrections")
    before = models.CharField(max_length=40)
    after = models.CharField(max_length=40)
    score_before = models.FloatField(null=True)
    score_after = models.FloatField(null=True)
    file = models.CharField(max_length=64, blank=True)
    case = models.PositiveBigIntegerField(null=True)
    why = models.TextField(blank=True)
    figure = models.CharField(max_length=40, blank=True)  # the input that was wrong; empty: no figure was
    figure_before = models.FloatField(null=True)  # null: unknown
    figure_after = models.FloatField(null=True)
    statement = models.PositiveBigIntegerField(null=True)  # the fact that says so from now on
    effect = models.JSONField(default=dict)  # as ``objections.effect_of`` gives it
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.published}: {self.before} > {self.after}"


class Line(models.Model):
    """How one organisation is judged under one method: a projection, written only by publish."""

    id = models.CharField(max_length=60, primary_key=True)  # method/organisation
    method = models.CharField(max_length=40)
    organisation = models.CharField(max_length=16, db_index=True)  # permanent id
    name = models.CharField(max_length=200)
    town = models.CharField(max_length=12, blank=True)
    zone = models.CharField(max_length=30, blank=True)
    segment = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=20)  # of ``liankit.rules.per_mu.STATES``
    why = models.CharField(max_length=40, blank=True)  # the exclusion that leaves it out
    group = models.CharField(max_length=40, blank=True)
    is_apart = models.BooleanField(default=False)  # ranked among the tenants
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)  # null beside a ``low``: nothing bounds it
    best = models.CharField(max_length=40, blank=True)
    worst = models.CharField(max_length=40, blank=True)
    best_at = models.SmallIntegerField(null=True)  # the places of these classes, the best being 0
    worst_at = models.SmallIntegerField(null=True)
    is_synthetic = models.BooleanField(default=False)
    is_current = models.BooleanField(default=True)  # whether the published snapshot knows it

    class Meta:
        indexes = [models.Index(fields=["method", "is_current", "low"], name="per_mu_line_by_score")]

    def __str__(self) -> str:
        return self.id
