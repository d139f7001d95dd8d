"""What is asked of the pages: weights in place of the method's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms

from liandesk.assess.per_mu.wording import said, titles
from liankit.rules.per_mu import Weights
from liankit.rules.per_mu_method import Group, Method

MOST = 100


class WeightsForm(forms.Form):
    """A number a weight, named ``group-indicator``, with a slider beside it; without any the method's own stand."""

    def __init__(self, method: Method, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.method = method
        named = titles(method.indicators)
        for group in method.groups:
            for key, weight in group.weights.items():
                number = forms.NumberInput(attrs={"min": 0, "max": MOST, "step": "any"})
                self.fields[f"{group.key}-{key}"] = forms.FloatField(
                    label=named[key], min_value=0, max_value=MOST, required=False, initial=weight, widget=number
                )

    def parts(self) -> Iterator[tuple[str, list[tuple[forms.BoundField, float]]]]:
        """Yield the groups with their sliders, each with the weight that it stands at."""
        for group in self.method.groups:
            yield said(group.title), [(self[f"{group.key}-{key}"], self._weight(group, key)) for key in group.weights]

    def told(self) -> str:
        """Return the weights in words, for the cover of a copy."""
        parts = (f"{title}: {self._listed(sliders)}" for title, sliders in self.parts())
        return "; ".join(parts)

    def _listed(self, sliders: list[tuple[forms.BoundField, float]]) -> str:
        return ", ".join(f"{field.label} {weight:g}" for field, weight in sliders)

    def weights(self) -> Weights:
        """Return the weights that were asked for."""
        return {group.key: {key: self._weight(group, key) for key in group.weights} for group in self.method.groups}

    def _weight(self, group: Group, key: str) -> float:
        asked = self.cleaned_data.get(f"{group.key}-{key}") if self.is_bound and self.is_valid() else None
        return group.weights[key] if asked is None else asked
