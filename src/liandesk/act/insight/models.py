"""What was said of open cases: when each would end. Never changed; what came is read from the case."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from liandesk.base.work.models import Case


class Forecast(models.Model):
    """When a case would end, as it was said on a day; ``naive_on`` by the median of the cases that had ended."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="forecasts")
    made_on = models.DateField()
    age = models.PositiveIntegerField()  # days since the case was opened
    low_on = models.DateField()  # between these two with the chance ``liankit.insight.forecast.LEVEL``
    median_on = models.DateField()
    high_on = models.DateField(db_index=True)
    naive_on = models.DateField()

    class Meta:
        ordering = ["-made_on", "case"]
        constraints = [
            models.UniqueConstraint(fields=["case", "made_on"], name="finish_forecast_once_a_day"),
            models.CheckConstraint(
                condition=Q(low_on__gte=F("made_on"), median_on__gte=F("low_on"), high_on__gte=F("median_on")),
                name="finish_forecast_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.made_on.isoformat()}"
