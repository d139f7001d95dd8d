"""The form of an enterprise: a small form a question, new inputs, a request. The page and the workbook use the same."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from liandesk.base.countries import country_name, country_names, country_synonyms
from liandesk.base.definitions.queries import in_force
from liandesk.base.pack import pack
from liandesk.base.ui.display import language
from liandesk.base.work.queries import process_of
from liandesk.base.work.wording import said
from liandesk.know.survey import wording
from liandesk.know.survey.answering import REQUEST, Filled, Given
from liandesk.know.survey.known import Supplier
from liandesk.know.survey.models import Answer, Asked, Invitation

NEW_INPUTS = 2
_MOST_SUPPLIERS = 8
_SHARE_TOLERANCE = 0.5  # percent points by which shares may sum to more than all, as they are rounded
_KINDS = Answer.Kind
HOW = ((_KINDS.GIVEN, _("Our answer")), (_KINDS.UNKNOWN, _("Not known")), (_KINDS.DECLINED, _("We decline to say")))
_YES_NO = (("yes", _("Yes")), ("no", _("No")), *HOW[1:])


@cache
def _country_codes() -> Mapping[str, str]:
    names = {code: (code, *texts.values()) for code, texts in country_names().items()}
    also = country_synonyms()
    return {_folded(name): code for code, known in names.items() for name in (*known, *also.get(code, ()))}


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()


def countries() -> list[str]:
    """Return the names of countries that a form offers, in the reader's language."""
    return sorted(texts[language()] for texts in country_names().values())


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


def _name(label: Any, **more: Any) -> forms.CharField:
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
                cleaned["how"] = _KINDS.GIVEN
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
        return Given(how, self.value() if how == _KINDS.GIVEN else None)

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
        if cleaned.get("how") == _KINDS.GIVEN and cleaned.get("number") is None and "number" not in self.errors:
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
        return Given(_KINDS.GIVEN, how == "yes") if how in ("yes", "no") else Given(how)

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
        if self.errors or cleaned.get("how") != _KINDS.GIVEN:
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
            _supplier(*(said[f"{name}_{place}"] for name in ("name", "alias", "country", "share")))
            for place in self.places
        )
        return sorted(filter(None, rows), key=lambda one: one["name"])

    @staticmethod
    def begun(asked: Asked, value: Any) -> dict[str, Any]:
        return {name: held for place, one in enumerate(value) for name, held in _begun_supplier(place, one).items()}


def _supplier_fields(place: int) -> dict[str, forms.Field]:
    return {
        f"name_{place}": _name(_("Supplier")),
        f"alias_{place}": forms.BooleanField(required=False, label=_("This is an alias")),
        f"country_{place}": CountryField(),
        f"share_{place}": _share(),
    }


def _supplier(name: str, is_alias: bool, country: str, share: float | None) -> Supplier | None:
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


class NewInputForm(forms.Form):
    """An input that nobody knew of; empty it says nothing."""

    def __init__(self, place: int, data: Mapping[str, Any] | None, **more: Any) -> None:
        super().__init__(data, prefix=f"n{place}", **more)
        kinds = [("", ""), *((kind.code, kind.text[language()]) for kind in pack().item_kinds)]
        self.fields["item"] = _name(_now("Input"))
        self.fields["kind"] = forms.ChoiceField(required=False, label=_now("Kind"), choices=kinds)
        self.fields["product"] = _name(_now("What you need it for"))
        self.fields["name"] = _name(_now("Supplier"))
        self.fields["alias"] = forms.BooleanField(required=False, label=_now("This is an alias"))
        self.fields["country"] = CountryField()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("item") and any(held for name, held in cleaned.items() if name != "item"):
            self.add_error("item", _("Name the input."))
        return cleaned

    @property
    def given(self) -> dict[str, Any] | None:
        """Return what is said, None where nothing is."""
        told = self.cleaned_data
        if not told["item"]:
            return None
        supplier = _supplier(told["name"], told["alias"], told["country"], None)
        return {name: told[name] for name in ("item", "kind", "product")} | {"supplier": supplier}


class RequestForm(forms.Form):
    """What the enterprise asks of the district; it opens a case."""

    topic = forms.ChoiceField(required=False, label=_("What it is about"))
    text = forms.CharField(
        required=False,
        max_length=2000,
        label=_("What is the difficulty, what would help"),
        help_text=_("It goes to the office that answers for it; the next round shows what came of it."),
        widget=forms.Textarea(attrs={"rows": 3, "translate": "no"}),
    )

    def __init__(self, data: Mapping[str, Any] | None, **more: Any) -> None:
        super().__init__(data, prefix="r", **more)
        self.fields["topic"].choices = [("", ""), *_topics()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("text") and not cleaned.get("topic") and "topic" not in self.errors:
            self.add_error("topic", _("Choose what it is about."))
        return cleaned


def _topics() -> list[tuple[str, str]]:
    definition = in_force("process", REQUEST)
    if definition is None:
        return []
    return [(choice.key, said(choice.title)) for choice in process_of(definition).fields["topic"].choices]


class WholeForm:
    """All parts of one enterprise's form: bound to what was sent, or begun with the draft, the answers, the known."""

    def __init__(self, found: Invitation, asked: Sequence[Asked], data: Mapping[str, Any] | None = None) -> None:
        begun = found.draft
        self.asked = asked
        self.questions = [question_form(one)(one, data, initial=_initial(one, begun)) for one in asked]
        self.new_inputs = [
            NewInputForm(place, data, initial=_kept(begun, f"n{place}") or _new_input(found, place))
            for place in range(NEW_INPUTS)
        ]
        request = {"topic": found.request_topic, "text": found.request_text}
        self.request = RequestForm(data, initial=_kept(begun, "r") or request)

    @property
    def parts(self) -> list[forms.Form]:
        return [*self.questions, *self.new_inputs, self.request]

    def is_valid(self) -> bool:
        found = [part.is_valid() for part in self.parts]  # each of them: all errors are shown at once
        return all(found)

    def by_input(self) -> list[tuple[Asked, list[QuestionForm]]]:
        """Return the questions of each input together, with the first of them for what is known of the entry."""
        found: dict[str, list[QuestionForm]] = {}
        for part in self.questions:
            found.setdefault(part.asked.entry, []).append(part)
        return [(parts[0].asked, parts) for parts in found.values()]

    @property
    def minutes(self) -> int:
        """Return about how long it takes: half a minute a question."""
        return max(1, round(len(self.questions) / 2))

    def filled(self) -> Filled:
        """Return what a valid form says."""
        request = self.request.cleaned_data
        return Filled(
            {part.asked.pk: part.given for part in self.questions},
            [new.given for new in self.new_inputs if new.given],
            request["topic"] if request["text"] else "",
            request["text"],
        )

    def draft(self, data: Mapping[str, Any]) -> dict[str, str]:
        """Return what was entered so far, by the names of the fields."""
        names = [field.html_name for part in self.parts for field in part]
        return {name: str(data[name])[:2000] for name in names if data.get(name)}

    def errors(self) -> list[tuple[str, str, str]]:
        """Return what is to be mended: the id of the field, what it is called, why."""
        return [
            (field.auto_id, _called(part, field), str(error))
            for part in self.parts
            for field in part
            for error in field.errors
        ]


def _called(part: forms.Form, field: forms.BoundField) -> str:
    return f"{part.asked.item_name}: {field.label}" if isinstance(part, QuestionForm) else str(field.label)


def _initial(asked: Asked, draft: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a question begins with: the draft, else the answer, else what is known."""
    if kept := _kept(draft, f"q{asked.pk}"):
        return kept
    answer = getattr(asked, "answer", None)
    if answer is not None and answer.value is None:
        return {"how": answer.kind}
    value = asked.known if answer is None else answer.value
    return {} if value is None else {"how": _KINDS.GIVEN, **question_form(asked).begun(asked, value)}


def _kept(draft: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    start = f"{prefix}-"
    return {name.removeprefix(start): held for name, held in draft.items() if name.startswith(start)}


def _new_input(found: Invitation, place: int) -> dict[str, Any]:
    if place >= len(found.new_inputs):
        return {}
    new = found.new_inputs[place]
    supplier = new["supplier"] or {"name": "", "is_alias": False, "country": ""}
    return {
        **{name: new[name] for name in ("item", "kind", "product")},
        "name": supplier["name"],
        "alias": supplier["is_alias"],
        "country": country_name(supplier["country"], language()) if supplier["country"] else "",
    }
