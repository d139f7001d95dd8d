"""What is asked of the pages: filters, and weights in place of the method's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _c

from liandesk.assess.per_mu.wording import said, titles
from liandesk.base.pack import pack
from liandesk.base.ui.display import language
from liankit.rules.per_mu import Weights
from liankit.rules.per_mu_method import Group, Method

MOST = 100


class LineFilter(forms.Form):
    """Filters of the table; what is not chosen lets all rows through."""

    text = forms.CharField(label=_("Name"), required=False)
    town = forms.ChoiceField(label=_("Town"), required=False)
    group = forms.ChoiceField(label=_("Group"), required=False)
    place = forms.ChoiceField(label=_("Class, computed"), required=False)
    difference = forms.ChoiceField(
        label=_("Difference"),
        required=False,
        choices=[("", _("all")), ("yes", _("differs from the published class")), ("no", _c("per mu", "the same"))],
    )

    def __init__(self, method: Method, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = ("", _("all"))
        towns = [(term.code, term.text[language()]) for term in pack().towns]
        self.fields["town"].choices = [every, *towns]  # type: ignore[attr-defined]
        self.fields["group"].choices = [every, *titles(method.groups).items()]  # type: ignore[attr-defined]
        self.fields["place"].choices = [every, *titles(method.classes).items()]  # type: ignore[attr-defined]

    def apply(self, lines: pl.DataFrame) -> pl.DataFrame:
        """Return the lines that the answers let through; an answer that is none lets all through."""
        asked = self.cleaned_data if self.is_valid() else {}
        if text := asked.get("text"):
            lines = lines.filter(pl.col("name").str.contains(text, literal=True))
        for name, column in (("town", "town"), ("group", "group")):
            if asked.get(name):
                lines = lines.filter(pl.col(column) == asked[name])
        if place := asked.get("place"):
            lines = lines.filter(pl.col("best") == place, pl.col("worst") == place)
        if difference := asked.get("difference"):
            lines = lines.filter(pl.col("difference") == (difference == "yes"))
        return lines

    def told(self) -> str:
        """Return the answers in words, for the cover of a copy."""
        asked = self.cleaned_data if self.is_valid() else {}
        return "; ".join(f"{self.fields[name].label}: {value}" for name, value in asked.items() if value) or str(
            _("none")
        )


class WeightsForm(forms.Form):
    """A slider a weight, named ``group-indicator``; without any the method's own weights stand."""

    def __init__(self, method: Method, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.method = method
        named = titles(method.indicators)
        for group in method.groups:
            for key, weight in group.weights.items():
                slider = forms.NumberInput(attrs={"type": "range", "min": 0, "max": MOST, "step": 1})
                self.fields[f"{group.key}-{key}"] = forms.FloatField(
                    label=named[key], min_value=0, max_value=MOST, required=False, initial=weight, widget=slider
                )

    def parts(self) -> Iterator[tuple[str, list[tuple[forms.BoundField, float]]]]:
        """Yield the groups with their sliders, each with the weight that it stands at."""
        for group in self.method.groups:
            yield said(group.title), [(self[f"{group.key}-{key}"], self._weight(group, key)) for key in group.weights]

    def weights(self) -> Weights:
        """Return the weights that were asked for."""
        return {group.key: {key: self._weight(group, key) for key in group.weights} for group in self.method.groups}

    def _weight(self, group: Group, key: str) -> float:
        asked = self.cleaned_data.get(f"{group.key}-{key}") if self.is_bound and self.is_valid() else None
        return group.weights[key] if asked is None else asked
