"""An appraisal of a year: the formulas it was frozen under, what was given of each unit, what was published.

Formulas, given values and results are append-only (migration 0002): a correction is a further row.
"""

from __future__ import annotations

from django.db import models

from liandesk.base.definitions.models import Definition


class Appraisal(models.Model):
    """One year under one scheme."""

    scheme = models.CharField(max_length=60)  # key of the definition
    year = models.PositiveIntegerField()
    version = models.PositiveIntegerField(default=0)  # raised by each write; a stale page is refused

    class Meta:
        ordering = ["-year", "scheme"]
        constraints = [models.UniqueConstraint(fields=["scheme", "year"], name="appraisal_once_a_year")]

    def __str__(self) -> str:
        return f"{self.scheme} {self.year}"


class Formula(models.Model):
    """A version of the scheme, frozen under its hash for a year; a further one needs a reason and erases nothing."""

    appraisal = models.ForeignKey(Appraisal, on_delete=models.PROTECT, related_name="formulas")
    number = models.PositiveIntegerField()
    definition = models.ForeignKey(Definition, on_delete=models.PROTECT)
    hash = models.CharField(max_length=64)
    reason = models.CharField(max_length=400, blank=True)  # of a change
    frozen_on = models.DateField()  # the business date
    frozen_by = models.CharField(max_length=80)
    frozen_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["appraisal", "number"], name="formula_number_once"),
            models.CheckConstraint(condition=models.Q(number=1) | ~models.Q(reason=""), name="formula_change_has_why"),
        ]

    def __str__(self) -> str:
        return f"{self.appraisal} · {self.number}"

    @property
    def is_late(self) -> bool:
        """Say whether the year had begun: a formula belongs before it."""
        return self.frozen_on.year >= self.appraisal.year


class Given(models.Model):
    """What was entered of one unit for one item, or drawn from records. Null is unknown.

    The newest entered row that says something stands, else the newest drawn one. ``drawn`` says of each number of a
    drawn row ("value", "goal", "base") where it comes from: ``drawing.Number.told``; of an entered row it is empty.
    """

    appraisal = models.ForeignKey(Appraisal, on_delete=models.PROTECT, related_name="given")
    unit = models.CharField(max_length=60)  # code of a town, zone or office
    group = models.CharField(max_length=40)
    item = models.CharField(max_length=40)
    value = models.FloatField(null=True)
    goal = models.FloatField(null=True)
    base = models.FloatField(null=True)
    source = models.CharField(max_length=400, blank=True)
    sheet = models.CharField(max_length=64, blank=True)  # hash of the file it came in
    drawn = models.JSONField(default=dict, blank=True)
    given_by = models.CharField(max_length=80)
    given_at = models.DateTimeField()
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["appraisal", "group", "unit", "item"], name="given_of_unit")]

    def __str__(self) -> str:
        return f"{self.unit} {self.item}"

    @property
    def key(self) -> tuple[str, str, str]:
        """Return the group, the unit and the item."""
        return self.group, self.unit, self.item

    @property
    def numbers(self) -> tuple[float | None, float | None, float | None]:
        """Return the value, the goal and the base."""
        return self.value, self.goal, self.base

    @property
    def is_known(self) -> bool:
        """Say whether it holds a number."""
        return any(number is not None for number in self.numbers)


class Result(models.Model):
    """What was published: of which formula and which given values, and the totals as they came out."""

    appraisal = models.ForeignKey(Appraisal, on_delete=models.PROTECT, related_name="results")
    number = models.PositiveIntegerField()
    formula = models.ForeignKey(Formula, on_delete=models.PROTECT)
    last_given = models.PositiveBigIntegerField()  # of the rows up to this one
    totals = models.JSONField()  # group -> unit -> total, null where there is none
    reason = models.CharField(max_length=400, blank=True)  # of a further publication
    objections_until = models.DateField()
    published_on = models.DateField()  # the business date
    published_by = models.CharField(max_length=80)
    published_at = models.DateTimeField()
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["appraisal", "number"], name="result_number_once"),
            models.CheckConstraint(condition=models.Q(number=1) | ~models.Q(reason=""), name="result_change_has_why"),
        ]

    def __str__(self) -> str:
        return f"{self.appraisal} · {self.number}"
