"""The filters of a declared list: a text, one choice a column that is asked by, and what a page asks beside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Any, TypeVar

from django import forms
from django.db.models import Model, Q, QuerySet
from django.forms import BoundField
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from liandesk.base.errors import UserError
from liandesk.base.ui.listing import Listing, Question

Row = TypeVar("Row", bound=Model)


class ListFilter(forms.Form):
    """What of a declared list is shown. A value that is not offered filters nothing and is said beside its field."""

    text = forms.CharField(required=False)

    def __init__(self, listing: Listing, asked: Mapping[str, Any], more: Sequence[Question] = ()) -> None:
        super().__init__(asked)
        self.listing = listing
        self.fields["text"].label = str(listing.text_label)
        columns = (column.question() for column in listing.columns if column.is_filter)
        self.asked = {question.name: question for question in (*columns, *more)}
        for question in self.asked.values():
            choices = [("", str(_("All"))), *question.options]
            field = forms.ChoiceField(choices=choices, label=str(question.title), required=False)
            field.widget.attrs |= {"translate": "no"} if question.is_data else {}
            self.fields[question.name] = field

    @property
    def chosen(self) -> dict[str, str]:
        """Return the valid filters that are set."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def apply(self, rows: QuerySet[Row]) -> QuerySet[Row]:
        """Return the rows that the filters let through."""
        for name, value in self.chosen.items():
            rows = rows.filter(self._has_text(value) if name == "text" else self.asked[name].where(value))
        return rows

    def check(self) -> None:
        """Raise UserError for a value that is not offered; for callers who read no page."""
        if self.errors:
            raise UserError("; ".join(f"{name}: {' '.join(map(str, said))}" for name, said in self.errors.items()))

    def said(self) -> str:
        """Return the set filters in words, for a copy."""
        parts = []
        for name, value in self.chosen.items():
            words = dict(getattr(self.fields[name], "choices", ()))
            parts.append(f"{self.fields[name].label}: {words.get(value, value)}")
        return "; ".join(parts) or _now("none")

    @property
    def questions(self) -> Iterator[tuple[BoundField, list[tuple[str, Any]]]]:
        """Yield each field with its choices, none for a text."""
        for bound in self:
            yield bound, list(getattr(bound.field, "choices", ()))

    def _has_text(self, value: str) -> Q:
        return reduce(or_, (Q(**{f"{name}__icontains": value}) for name in self.listing.text))
