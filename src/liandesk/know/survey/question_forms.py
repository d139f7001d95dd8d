"""The form of one question of a survey: a number, yes or no, suppliers; the page and the workbook use the same."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from liandesk.base.countries import country_name, country_names, country_synonyms
from liandesk.base.ui.display import language
from liandesk.know.survey import wording
from liandesk.know.survey.answering import Given
from liandesk.know.survey.known import Supplier
from liandesk.know.survey.models import Answer, Asked

_MOST_SUPPLIERS = 8
_SHARE_TOLERANCE = 0.5  # percent points by which shares may sum to more than all, as they are rounded
KINDS = Answer.Kind
HOW = ((KINDS.GIVEN, _("Our answer")), (KINDS.UNKNOWN, _("Not known")), (KINDS.DECLINED, _("We decline to say")))
_YES_NO = (("yes", _("Yes")), ("no", _("No")), *HOW[1:])


@cache
def _country_codes() -> Mapping[str, str]:
    names = {code: (code, *texts.values()) for code, texts in country_names().items()}
    also = country_synonyms()
    return {_folded(name): code for code, known in names.items() for name in (*known, *also.get(code, ()))}


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()


class CountryField(forms.CharField):
    """A country by its name in either language or its code; cleaned it is the code, or nothing."""

    def __init__(self, **more: Any) -> None:
        widget = forms.TextInput(attrs={"list": "countries", "autocomplete": "off", "translate": "no"})
        super().__init__(required=False, label=_("Country or region"), max_length=60, widget=widget, **more)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        code = _country_codes().get(_folded(text), "") if text else ""
        if text and not code:
            raise forms.ValidationError(_("No country or region is called '%(name)s'."), params={"name": text})
        return code


def name_field(label: Any, **more: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"translate": "no", "autocomplete": "off"})
    return forms.CharField(required=False, label=label, max_length=160, widget=widget, **more)


def _share() -> forms.FloatField:
    return forms.FloatField(required=False, label=_("Share, %"), min_value=0, max_value=100)


class QuestionForm(forms.Form):
    """One question; ``given`` is the answer of a valid form."""

    how = forms.ChoiceField(required=False, choices=HOW, widget=forms.RadioSelect)

    def __init__(self, asked: Asked, data: Mapping[str, Any] | None, **more: Any) -> None:
        self.asked = asked
        super().__init__(data, prefix=f"q{asked.pk}", **more)
        self.fields["how"].label = wording.question(asked)

    @property
    def effect(self) -> str:
        """Return what the answer changes."""
        return wording.effect(self.asked)

    def clean(self) -> dict[str, Any]:
        """Take what is filled in as an answer, whatever was chosen above it or not."""
        cleaned = super().clean() or {}
        if not cleaned.get("how") and not self.errors:
            if self.is_filled(cleaned):
                cleaned["how"] = KINDS.GIVEN
            else:
                self.add_error("how", _("Choose one."))
        return cleaned

    def is_filled(self, cleaned: Mapping[str, Any]) -> bool:
        """Say whether anything beside ``how`` was entered."""
        return False

    @property
    def given(self) -> Given:
        """Return the answer."""
        how = self.cleaned_data["how"]
        return Given(how, self.value() if how == KINDS.GIVEN else None)

    def value(self) -> Any:
        """Return the value of an answer that is given."""
        raise NotImplementedError

    @staticmethod
    def begun(asked: Asked, value: Any) -> dict[str, Any]:
        """Return what the fields begin with for a value."""
        raise NotImplementedError


class NumberForm(QuestionForm):
    """A number at least 0, in the unit of the question."""

    number = forms.FloatField(required=False, min_value=0, max_value=1e9)

    def __init__(self, asked: Asked, data: Mapping[str, Any] | None, **more: Any) -> None:
        super().__init__(asked, data, **more)
        self.fields["number"].label = _UNITS[asked.code]
        self.fields["number"].widget.attrs |= {"inputmode": "decimal", "step": "any"}

    def is_filled(self, cleaned: Mapping[str, Any]) -> bool:
        return cleaned.get("number") is not None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("how") == KINDS.GIVEN and cleaned.get("number") is None and "number" not in self.errors:
            self.add_error("number", _("Give the number, or say that it is not known."))
        return cleaned

    def value(self) -> float:
        return float(self.cleaned_data["number"]) * _scale(self.asked)

    @staticmethod
    def begun(asked: Asked, value: Any) -> dict[str, Any]:
        number = round(value / _scale(asked), 6)
        return {"number": int(number) if number == int(number) else number}


CNY = _("CNY 10,000 a year")
_UNITS = {
    Asked.Code.OUTPUT.value: CNY,
    Asked.Code.STOCK.value: _("Days"),
    Asked.Code.SWITCH.value: _("Months"),
}


def _scale(asked: Asked) -> float:
    return wording.CNY_PER_UNIT if asked.code == Asked.Code.OUTPUT else 1.0


class YesNoForm(QuestionForm):
    """Yes, no, not known, or declined."""

    def __init__(self, asked: Asked, data: Mapping[str, Any] | None, **more: Any) -> None:
        super().__init__(asked, data, **more)
        self.fields["how"].choices = _YES_NO  # type: ignore[attr-defined]

    @property
    def given(self) -> Given:
        how = self.cleaned_data["how"]
        return Given(KINDS.GIVEN, how == "yes") if how in ("yes", "no") else Given(how)

    @staticmethod
    def begun(asked: Asked, value: Any) -> dict[str, Any]:
        return {"how": "yes" if value else "no"}


class SuppliersForm(QuestionForm):
    """The suppliers of an input: name or alias, country, share of its purchases."""

    def __init__(self, asked: Asked, data: Mapping[str, Any] | None, **more: Any) -> None:
        super().__init__(asked, data, **more)
        self.places = range(min(max(3, len(asked.known or ()) + 1), _MOST_SUPPLIERS))
        for place in self.places:
            self.fields |= _supplier_fields(place)

    def rows(self) -> Iterator[list[forms.BoundField]]:
        """Yield the fields of each supplier."""
        for place in self.places:
            yield [self[f"{name}_{place}"] for name in ("name", "alias", "country", "share")]

    def is_filled(self, cleaned: Mapping[str, Any]) -> bool:
        return any(cleaned.get(f"name_{place}") for place in self.places)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.errors or cleaned.get("how") != KINDS.GIVEN:
            return cleaned
        named = self.value()
        if not named:
            self.add_error("name_0", _("Name a supplier, an alias will do, or say that it is not known."))
        for place in self.places:
            if not cleaned[f"name_{place}"] and (cleaned[f"country_{place}"] or cleaned[f"share_{place}"] is not None):
                self.add_error(f"name_{place}", _("Name the supplier of this line, an alias will do."))
        if sum(one["share"] or 0 for one in named) * 100 > 100 + _SHARE_TOLERANCE:
            self.add_error("share_0", _("The shares sum to more than 100 %."))
        if len({one["name"] for one in named}) < len(named):
            self.add_error("name_0", _("A supplier stands here twice."))
        return cleaned

    def value(self) -> list[Supplier]:
        said = self.cleaned_data
        rows = (
            supplier_of(*(said[f"{name}_{place}"] for name in ("name", "alias", "country", "share")))
            for place in self.places
        )
        return sorted(filter(None, rows), key=lambda one: one["name"])

    @staticmethod
    def begun(asked: Asked, value: Any) -> dict[str, Any]:
        return {name: held for place, one in enumerate(value) for name, held in _begun_supplier(place, one).items()}


def _supplier_fields(place: int) -> dict[str, forms.Field]:
    return {
        f"name_{place}": name_field(_("Supplier")),
        f"alias_{place}": forms.BooleanField(required=False, label=_("This is an alias")),
        f"country_{place}": CountryField(),
        f"share_{place}": _share(),
    }


def supplier_of(name: str, is_alias: bool, country: str, share: float | None) -> Supplier | None:
    if not name:
        return None
    part = None if share is None else round(share / 100, 6)
    return {"name": name, "is_alias": is_alias, "country": country, "share": part}


def _begun_supplier(place: int, one: Supplier) -> dict[str, Any]:
    return {
        f"name_{place}": one["name"],
        f"alias_{place}": one["is_alias"],
        f"country_{place}": country_name(one["country"], language()) if one["country"] else "",
        f"share_{place}": None if one["share"] is None else round(one["share"] * 100, 4),
    }


_FORMS: Mapping[str, type[QuestionForm]] = {
    Asked.Code.SUPPLIERS: SuppliersForm,
    Asked.Code.ANOTHER_SOURCE: YesNoForm,
    Asked.Code.OUTPUT: NumberForm,
    Asked.Code.STOCK: NumberForm,
    Asked.Code.SWITCH: NumberForm,
}


def question_form(asked: Asked) -> type[QuestionForm]:
    """Return the form of a question."""
    return _FORMS[asked.code]
