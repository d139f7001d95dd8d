"""What is asked of the picture of a node: how far, and which way."""

from __future__ import annotations

from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from liandesk.know.chain import wording
from liankit.network import Direction

MOST_HOPS = 3


class AroundForm(forms.Form):
    """Hops and direction; what is not offered is the first choice."""

    hops = forms.ChoiceField(
        label=_("Hops"), required=False, choices=[(str(hops), str(hops)) for hops in range(1, MOST_HOPS + 1)]
    )
    direction = forms.ChoiceField(label=_("Direction"), required=False, choices=list(wording.DIRECTIONS.items()))

    @property
    def asked_hops(self) -> int:
        """Return the number of hops, 1 where nothing valid is asked."""
        self.is_valid()
        return int(self.cleaned_data.get("hops") or 1)

    @property
    def asked_direction(self) -> Direction:
        """Return the direction, both ways where nothing valid is asked."""
        self.is_valid()
        return cast(Direction, self.cleaned_data.get("direction") or "both")
