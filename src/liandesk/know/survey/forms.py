"""The form of an enterprise: the questions, new inputs, a request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from liandesk.base.countries import country_name, country_names
from liandesk.base.definitions.queries import in_force
from liandesk.base.pack import pack
from liandesk.base.ui.display import language
from liandesk.base.work.queries import process_of
from liandesk.base.work.wording import said
from liandesk.know.survey.answering import REQUEST, Filled
from liandesk.know.survey.models import Asked, Invitation
from liandesk.know.survey.question_forms import (
    KINDS,
    CountryField,
    QuestionForm,
    name_field,
    question_form,
    supplier_of,
)

NEW_INPUTS = 2


def countries() -> list[str]:
    """Return the names of countries that a form offers, in the reader's language."""
    return sorted(texts[language()] for texts in country_names().values())


class NewInputForm(forms.Form):
    """An input that nobody knew of; empty it says nothing."""

    def __init__(self, place: int, data: Mapping[str, Any] | None, **more: Any) -> None:
        super().__init__(data, prefix=f"n{place}", **more)
        kinds = [("", ""), *((kind.code, kind.text[language()]) for kind in pack().item_kinds)]
        self.fields["item"] = name_field(_now("Input"))
        self.fields["kind"] = forms.ChoiceField(required=False, label=_now("Kind"), choices=kinds)
        self.fields["product"] = name_field(_now("What you need it for"))
        self.fields["name"] = name_field(_now("Supplier"))
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
        supplier = supplier_of(told["name"], told["alias"], told["country"], None)
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
    return {} if value is None else {"how": KINDS.GIVEN, **question_form(asked).begun(asked, value)}


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
