"""What fails, in whose words, and how much of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from liandesk.assess.whatif import queries
from liandesk.assess.whatif.failing import MOST, Failing, Shock
from liandesk.base.accounts.roles import Viewer

_LOSS = re.compile(r"[\s,，;；]+(\d{1,3}(?:\.\d+)?)\s*[%％]\s*$")
"""The loss at the end of a line: "Cytiva, 50 %"."""


def _lines(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "translate": "no"})


class ShocksField(forms.CharField):
    """What fails, one a line, with the share that is lost where it is not all; cleaned it is a list of shocks."""

    widget = _lines(3)

    def __init__(self, find: Callable[[str], list[Failing]], **more: Any) -> None:
        super().__init__(required=False, max_length=4000, **more)
        self.find = find

    def clean(self, value: Any) -> list[Shock]:
        found: list[Shock] = []
        problems: list[str] = []
        for line in filter(None, map(str.strip, super().clean(value).splitlines())):
            try:
                found.append(self._shock(line))
            except forms.ValidationError as error:
                problems += error.messages
        if problems:
            raise forms.ValidationError(problems)
        return found

    def _shock(self, line: str) -> Shock:
        said = _LOSS.search(line)
        name, loss = (line[: said.start()], float(said[1]) / 100) if said else (line, 1.0)
        if not 0 < loss <= 1:
            raise forms.ValidationError(
                _("'%(line)s': the loss is above 0 %% and at most 100 %%."), params={"line": line}
            )
        hits = self.find(name)
        if len(hits) == 1:
            return Shock(hits[0], loss)
        if not hits:
            raise forms.ValidationError(_("Nothing in the supply network is called '%(name)s'."), params={"name": name})
        likely = "、".join(hit.name for hit in hits[:MOST])
        several = _("'%(name)s' may mean several: %(likely)s. Write one name in full.")
        raise forms.ValidationError(several, params={"name": name, "likely": likely})


class AskForm(forms.Form):
    """A what-if as it is asked."""

    title = forms.CharField(
        max_length=120,
        label=_("Title"),
        help_text=_("Officers of towns whose enterprises are hit see it."),
        widget=forms.TextInput(attrs={"translate": "no"}),
    )
    note = forms.CharField(
        max_length=2000,
        required=False,
        label=_("Note"),
        help_text=_("Why it is asked. For the offices only. No state secrets."),
        widget=_lines(2),
    )
    field_order = ("makers", "items", "title", "note")

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["makers"] = ShocksField(
            lambda text: queries.makers_meant(viewer, text),
            label=_now("Enterprises and suppliers that fail"),
            help_text=_now("One a line. Part of the output only: name, 50 %."),
        )
        self.fields["items"] = ShocksField(
            lambda text: queries.items_meant(viewer, text),
            label=_now("Items of which every maker fails"),
            help_text=_now("One a line. Part of the output only: name, 50 %."),
        )
        self.order_fields(self.field_order)

    @property
    def shocks(self) -> list[Shock]:
        """Return everything that fails."""
        return [*self.cleaned_data["makers"], *self.cleaned_data["items"]]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.errors and not (said["makers"] or said["items"]):
            self.add_error("makers", _("Nothing fails. Name an enterprise, a supplier or an item."))
        return said
