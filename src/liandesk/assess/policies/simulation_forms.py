"""A draft: another number in a copy of a version, or a body from a file; and the filters of an answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Any

import polars as pl
from django import forms
from django.forms import BoundField
from django.http import QueryDict
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from liandesk.assess.policies.simulation_queries import filtered
from liandesk.assess.policies.simulation_wording import size_titles, unit_of
from liandesk.assess.policies.wording import NUMBERS, UNITS, VERDICTS
from liandesk.assess.rules.queries import vocabulary
from liandesk.base.clock import today
from liandesk.base.definitions.packs import parse
from liandesk.base.errors import UserError
from liandesk.base.pack import pack
from liandesk.base.ui.display import language
from liandesk.base.ui.forms import DateInput
from liandesk.base.work.wording import said
from liankit.rules.benefits import Policy
from liankit.rules.drafts import Number, numbers_of, with_numbers

MOST_BYTES = 1_000_000


def next_law() -> date:
    """Return the first day of next year: of its law most drafts are."""
    return date(today().year + 1, 1, 1)


class AskForm(forms.Form):
    """What every simulation says: its title and the day of whose law the draft is."""

    title = forms.CharField(max_length=120, label=_("Title"), widget=forms.TextInput(attrs={"translate": "no"}))
    law = forms.DateField(label=_("Day of the law"), widget=DateInput())


class NumbersForm(AskForm):
    """A copy of a version with other numbers; what is left as it is stays."""

    def __init__(self, sent: QueryDict | None, policy: Policy) -> None:
        law = next_law()
        title = _now("%(policy)s, changed") % {"policy": said(policy.title)}
        super().__init__(sent, initial={"law": law, "title": title[:120]})
        self.policy = policy
        self.numbers = {one.place: one for one in numbers_of(policy, law)}
        self.fields |= {place: _field(one) for place, one in self.numbers.items()}

    @property
    def body(self) -> dict[str, Any]:
        """The body of the draft."""
        told = {place: _told(self.cleaned_data[place]) for place in self.numbers}
        changed = {place: value for place, value in told.items() if value != self.numbers[place].value}
        return with_numbers(self.policy, changed, self.cleaned_data["law"])

    def parts(self) -> Iterator[tuple[str, list[BoundField]]]:
        """Yield the fields by the part they belong to: the policy as a whole first, then its clauses."""
        titles = {clause.key: said(clause.title) for clause in self.policy.clauses}
        for part, numbers in groupby(self.numbers.values(), lambda one: one.part):
            yield titles.get(part, _now("The policy as a whole")), [self[one.place] for one in numbers]


def _field(one: Number) -> forms.Field:
    label, unit = str(NUMBERS[one.name]), UNITS.get(unit_of(one, vocabulary()), "")
    if one.name == "value":
        label = said(one.title)
    elif one.name not in _OF_A_CLAUSE:
        label = f"{said(one.title)} · {label}"
    if one.name.endswith(("from", "to")):
        return forms.DateField(label=label, required=False, initial=one.value, widget=DateInput())
    shown = int(one.value) if isinstance(one.value, float) and one.value.is_integer() else one.value
    kind = forms.IntegerField if one.name == "quota" else forms.FloatField
    return kind(label=f"{label} ({unit})" if unit else label, required=False, initial=shown, min_value=0)


_OF_A_CLAUSE = ("quota", "budget", "town_percent", "from", "to", "period_from", "period_to", "claims_from", "claims_to")
"""Numbers whose label needs no title: the part's stands above them."""


def _told(value: Any) -> float | str | None:
    return value.isoformat() if isinstance(value, date) else value


class FileForm(AskForm):
    """A body from a file, of a policy in force or of a new one."""

    file = forms.FileField(label=_("File"), help_text=_("YAML, as a policy is exported; up to 1 MB"))

    def __init__(self, sent: QueryDict | None = None, files: Any = None) -> None:
        super().__init__(sent, files, initial={"law": next_law()}, prefix="file")

    def clean_file(self) -> Any:
        """Return the body that the file holds."""
        sent = self.cleaned_data["file"]
        if sent.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 1 MB. A policy is a few pages of text."))
        try:
            return parse(sent.read().decode("utf-8"), sent.name)
        except UnicodeDecodeError:
            raise forms.ValidationError(_("The file is no text in UTF-8. Save it as such.")) from None
        except UserError as error:
            raise forms.ValidationError(str(error)) from None

    @property
    def body(self) -> Any:
        """The body of the draft."""
        return self.cleaned_data["file"]


class MovesFilter(forms.Form):
    """Filters of the enterprises; what is not chosen lets all through."""

    text = forms.CharField(label=_("Name"), required=False)
    verdict = forms.ChoiceField(label=_("What it does to them"), required=False)
    town = forms.ChoiceField(label=_("Town"), required=False)
    size = forms.ChoiceField(label=_("Size"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = ("", _("all"))
        towns = [(term.code, term.text[language()]) for term in pack().towns]
        self.fields["verdict"].choices = [every, *VERDICTS.items()]  # type: ignore[attr-defined]
        self.fields["town"].choices = [every, *towns]  # type: ignore[attr-defined]
        self.fields["size"].choices = [every, *size_titles().items(), ("unknown", _("unknown"))]  # type: ignore[attr-defined]

    def apply(self, moves: pl.DataFrame) -> pl.DataFrame:
        """Return the enterprises that the answers let through; an answer that is none lets all through."""
        return filtered(moves, self.cleaned_data if self.is_valid() else {})

    def told(self) -> str:
        """Return the answers in words, for the cover of a copy."""
        asked = self.cleaned_data if self.is_valid() else {}
        return "; ".join(f"{self.fields[name].label}: {value}" for name, value in asked.items() if value) or _now(
            "none"
        )
