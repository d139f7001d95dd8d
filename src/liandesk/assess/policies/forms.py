"""The calculator's questions, and the days of a replay."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import polars as pl
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from liandesk.assess.policies.facts import TOWN
from liandesk.base.clock import today
from liandesk.base.pack import pack
from liandesk.base.ui.display import language
from liandesk.base.ui.forms import DateInput
from liandesk.base.work.wording import said
from liankit.rules.panel import FACTS, NOTHING
from liankit.rules.vocabulary import Input

MOST_ASKED = 5


class AnswersForm(forms.Form):
    """What was answered, and what is asked next; an empty answer says nothing."""

    def __init__(self, sent: QueryDict, inputs: Iterable[Input]) -> None:
        super().__init__(sent)
        self.inputs = tuple(inputs)
        self.fields |= {name: field for one in self.inputs for name, field in _fields(one)}

    @property
    def facts(self) -> pl.DataFrame:
        """The answers as facts of the enterprise ""; only those that are sound."""
        self.is_valid()
        lines = [line for one in self.inputs for line in _lines(one, self.cleaned_data)]
        return pl.DataFrame(lines, schema=FACTS, orient="row")


def _fields(one: Input) -> Iterator[tuple[str, forms.Field]]:
    """Yield the fields of an input: of a yearly one those of the last two years."""
    ask = said(one.ask)
    if one.kind == "yearly":
        for year in (today().year - 1, today().year - 2):
            yield f"{one.key}-{year}", forms.FloatField(label=f"{ask} · {year}", required=False)
    elif one.kind == "standing":
        yield one.key, forms.FloatField(label=ask, required=False)
    elif one.kind == "date":
        yield one.key, forms.DateField(label=ask, required=False, widget=DateInput())
    else:
        yield one.key, forms.ChoiceField(label=ask, required=False, choices=_choices(one))


def _choices(one: Input) -> list[tuple[str, str]]:
    empty = ("", _now("not known"))
    if one.kind == "flag":
        return [empty, ("yes", _now("yes")), ("no", _now("no"))]
    if one.key == TOWN:
        return [empty, *((town.code, town.text[language()]) for town in pack().towns)]
    codes = [(code.code, said(code.title)) for code in one.codes]
    return [empty, *([(NOTHING, _now("none"))] if one.kind == "events" else []), *codes]


def _lines(one: Input, answers: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    for name, value in answers.items():
        key, _dash, year = name.partition("-")
        if key == one.key and value not in (None, ""):
            day = date(int(year), 12, 31) if year else None
            number = value if isinstance(value, float) else None
            text = None if isinstance(value, float) else str(value)
            yield ("", key, day, None, number, text)


class ReplayForm(forms.Form):
    """The day of the law, and the day of knowledge."""

    law = forms.DateField(label=_("Law of the day"), required=False, widget=DateInput())
    then = forms.DateField(label=_("With what was known on"), required=False, widget=DateInput())
