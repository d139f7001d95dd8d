"""The form in which a person says what the columns of a sheet are, filled in with what was guessed or said before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

import polars as pl
from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from liandesk.base.ui.display import language
from liandesk.know.sources.contracts import QUARANTINE_ID
from liandesk.know.sources.mappings import missing_columns
from liandesk.know.sources.reading import Source
from liankit.tables import Table
from liankit.tables.guess import Guess, Mapped, SheetLook, guess_columns

BASES = {
    "title": _("by its title"),
    "near": _("by a title that is near"),
    "values": _("by its values"),
    "said": _("as said before"),
}


@dataclass(frozen=True)
class Line:
    """One column of the sheet on the page."""

    title: str
    place: int  # 1-based
    samples: tuple[str, ...]
    field: BoundField
    basis: object  # why this was filled in, "" where nothing was


class SheetForm(forms.Form):
    """Which table a sheet holds and which of its columns each of the sheet's is."""

    table = forms.ChoiceField(label=_("What the sheet holds"), required=False)

    def __init__(self, look: SheetLook, source: Source, said: Mapped | None, data: Mapping[str, Any] | None) -> None:
        super().__init__(data, prefix=look.signature)
        self.look, self.source = look, source
        name = self._chosen_table(said, data)
        self.chosen = next((table for table in source.tables if table.name == name), None)
        self._bases = self._add_columns(said if said and said.table == name else None)
        self._offer_tables(name)

    def _chosen_table(self, said: Mapped | None, data: Mapping[str, Any] | None) -> str:
        if data is not None:
            return str(data.get(self.add_prefix("table"), ""))
        return said.table if said else self.look.table

    def _offer_tables(self, chosen: str) -> None:
        field = cast(forms.ChoiceField, self.fields["table"])
        tables = [(table.name, table.titled(language())) for table in self.source.tables]
        field.choices = [("", _now("nothing that is read")), *tables]
        field.initial = chosen

    def _add_columns(self, said: Mapped | None) -> list[object]:
        """Add a field a column; return why each is filled in as it is."""
        guesses = self._guesses()
        bases: list[object] = []
        for place, (key, guess) in enumerate(zip(self.look.keys, guesses, strict=True)):
            initial = said.heads.get(key, "") if said else guess.column if guess else ""
            bases.append(BASES["said"] if said else BASES[guess.basis] if guess else "")
            self.fields[f"c{place}"] = self._column_field(place, initial)
        return bases

    def _column_field(self, place: int, initial: str) -> forms.ChoiceField:
        title = self.look.titles[place] or _now("column %(place)s, without a title") % {"place": place + 1}
        field = forms.ChoiceField(label=title, required=False, choices=self._columns(), initial=initial)
        field.widget.attrs["aria-label"] = _now("What “%(title)s” is") % {"title": title}
        return field

    def _columns(self) -> list[tuple[str, str]]:
        columns = self.chosen.columns if self.chosen else ()
        named = [(c.name, c.titled(language()) + " *" * c.required) for c in columns if c.name != QUARANTINE_ID.name]
        return [("", _now("not read")), *named]

    def _guesses(self) -> tuple[Guess | None, ...]:
        if self.chosen is None:
            return (None,) * len(self.look.titles)
        if self.chosen.name == self.look.table:
            return self.look.guesses
        cells = [pl.Series(samples, dtype=pl.String) for samples in self.look.samples]
        return guess_columns(self.look.titles, cells, self.chosen)

    def lines(self) -> Iterator[Line]:
        """Return the sheet's columns in their order."""
        for place, title in enumerate(self.look.titles):
            yield Line(title, place + 1, self.look.samples[place][:3], self[f"c{place}"], self._bases[place])

    def clean(self) -> dict[str, Any]:
        given = [str(name) for name in self._given().values() if name]
        if self.chosen is not None:
            self._check_columns(self.chosen, given)
        return self.cleaned_data

    def _check_columns(self, table: Table, given: list[str]) -> None:
        twice = sorted({name for name in given if given.count(name) > 1})
        missing = missing_columns(table, given)
        for names, text in (
            (twice, _now("Two columns of the sheet cannot both be: %(columns)s.")),
            (missing, _now("Say which columns are: %(columns)s. Without them no row is complete.")),
        ):
            if names:
                titles = ", ".join(table.column(name).titled(language()) for name in names)
                self.add_error("table", text % {"columns": titles})

    def _given(self) -> dict[str, str]:
        return {key: self.cleaned_data.get(f"c{place}", "") for place, key in enumerate(self.look.keys)}

    def mapped(self) -> Mapped:
        """Return what was said; of a sheet that is not read, that none of its columns is."""
        table = self.cleaned_data["table"]
        return Mapped(table, self._given() if table else dict.fromkeys(self.look.keys, ""))
