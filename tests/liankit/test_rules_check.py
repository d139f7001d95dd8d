"""A wrong scheme or vocabulary is refused with every mistake: file, key, what, and the nearest valid name."""

from __future__ import annotations

from typing import Any

import pytest
from tests.liankit.rule_cases import scheme, words
from tests.liankit.rules_cases import asked, coded, text

from liankit.process.check import DefinitionError
from liankit.rules.check import build_scheme, build_vocabulary

VOCABULARY = build_vocabulary(words())


def faults_of(body: dict[str, Any]) -> list[str]:
    with pytest.raises(DefinitionError) as caught:
        build_scheme(body, "wrong/scheme.yaml", VOCABULARY)
    assert str(caught.value).startswith(
        f"wrong/scheme.yaml: {len(caught.value.faults)} to mend, nothing was taken over."
    )
    return [str(fault) for fault in caught.value.faults]


def faults_of_words(*bodies: dict[str, Any]) -> list[str]:
    with pytest.raises(DefinitionError) as caught:
        build_vocabulary(*bodies)
    return [str(fault) for fault in caught.value.faults]


def parts(body: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = body["clause"]["all"]
    return found


def compare(quantity: str, **how: Any) -> dict[str, Any]:
    body = scheme()
    parts(body).append(coded("extra", quantity=quantity, **how))
    return body


def dated(*values: dict[str, Any]) -> dict[str, Any]:
    body = scheme()
    body["parameters"][0]["values"] = list(values)
    return body


def changed(place: int, **said: Any) -> dict[str, Any]:
    """The score's item of a place, otherwise."""
    body = scheme()
    parts(body)[1]["any"][1]["score"][place].update(said)
    return body


def test_what_is_right_is_taken() -> None:
    assert build_scheme(scheme(), "right", VOCABULARY).key == "title_2024"


def test_a_file_with_ten_kinds_of_mistake_is_told_ten_times_what_to_mend() -> None:
    body = scheme()
    body["suorce"] = "typed wrong"  # 1 a key that nobody reads
    del parts(body)[0]["title"]["en"]  # 2 no title in one language
    body["applies"][0]["to"] = "2023-01-01"  # 3 it ends before it begins
    body["parameters"][0]["values"][1]["from"] = "2024-12-01"  # 4 two values at once
    body["parameters"].append(coded("spare", values=[{"value": 1}]))  # 5 a parameter that nobody names
    parts(body)[0]["at_least"] = "share_lest"  # 6 no such parameter, so that the right one has no use either
    parts(body).append(coded("brands", quantity="brand", at_least=1))  # 7 a flag compared with a number
    parts(body).append(coded("typed", quantity="rd_shar", at_least=1))  # 8 no such quantity
    parts(body).append(
        coded("typed", at_least_of=3, of=[coded("only", quantity="patents", at_least=1)])
    )  # 9, and twice
    body["examples"][1]["clauses"] = {"shar": "no"}  # 10 an example of a clause that is not there
    assert faults_of(body) == [
        "clause.all.share.title.en: it is missing. Write it.",
        "suorce: nobody reads a key of this name. Did you mean 'source'? Take it out, or write it otherwise.",
        "clauses.typed: the key stands 2 times. Give each its own.",
        "applies.new: it ends on 2023-01-01, before it begins on 2024-01-01. Mend one of them.",
        "parameters.share_least: from 2024-12-01 on two hold at once. End the one before the other begins.",
        "clauses.share: there is no parameter 'share_lest'. Did you mean 'share_least'?",
        "parameters.share_least: no clause names this parameter. Name it, or leave it out.",
        "parameters.spare: no clause names this parameter. Name it, or leave it out.",
        "clauses.brands: 'brand' is yes or no: compare it by `is`.",
        "clauses.typed.quantity: there is no quantity or input 'rd_shar'. Did you mean 'rd_share'?",
        "clauses.typed: at least 3 of 1 parts never hold. Lower it, or add parts.",
        "examples.A yuan less of research is too little.clauses: there is no clause 'shar'. Did you mean 'share'?",
    ]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (compare("level", at_least=1), "'level' is a category: compare it by `one_of`."),
        (compare("patents", **{"is": True}), "'patents' is a number: compare it by at_least"),
        (compare("founded", at_least=3), "'founded' is a day: compare a quantity with years_since"),
        (compare("rounds", at_least=3), "'rounds' is a list of events: compare a quantity with count"),
        (compare("level", one_of=["hihg"]), "there is no code 'hihg'. Did you mean 'high'?"),
        (compare("patents", at_least="share_least"), "'share_least' is in percent, 'patents' in count."),
        (compare("patents", at_least=1, at_most=2), "compare in one way"),
        (changed(0, at_least=[{"bound": 2, "points": 10}, {"bound": 5, "points": 4}]), "the bands are not in order"),
        (changed(0, part="groth"), "there is no part of the score 'growth'. Did you mean 'groth'?"),
        (changed(1, most=None), "per needs points and most."),
        (dated({"value": 3, "to": "2024-06-30"}, {"value": 4, "from": "2024-07-02"}), "no value between 2024-06-30"),
        (dated({"value": 3}, {"value": 4}), "two hold from the beginning"),
    ],
)  # fmt: skip
def test_a_mistake_is_said_with_what_to_do(body: dict[str, Any], said: str) -> None:
    (fault,) = faults_of(body)
    assert said in fault


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("grants", None, "'None' is no text. Write one, in quotes where it looks like a number."),
        ("family", "laddder", "there is no 'laddder'. Did you mean 'ladder'? There are: ladder, size, listing"),
        ("valid_years", "three", "'three' is no number. Write it in digits."),
        ("applies.0.from", "1.1.2024", "'1.1.2024' is no day. Write it as 2024-09-30."),
        ("applies", [], "there are too few parts. Write 1 or more."),
        ("applies", {"from": "2024-01-01"}, "it is no list. Write each part of it on a line that begins with `- `."),
        ("applies.0.application", "renew", "there is no 'renew'. Did you mean 'new'? There are: new, recheck."),
        ("parameters.0.key", "Bad Key", "'Bad Key' does not fit"),
        ("clause.all.0.at_least", [3], "'[3]' is neither a number nor a key. Write one of them."),
        ("clause.all.0", "text", "it holds no keys. Write them as `key: value`."),
        ("examples.0.expect", "maybe", "there is no 'maybe'. There are: yes, no, unknown."),
    ],
)
def test_a_value_of_another_form_is_said_once_in_words_of_the_file(path: str, value: object, said: str) -> None:
    place: Any = (body := scheme())
    *way, last = (int(step) if step.isdecimal() else step for step in path.split("."))
    for step in way:
        place = place[step]
    place[last] = value
    (fault,) = faults_of(body)
    assert fault.split(": ", 1)[1].startswith(said)


@pytest.mark.parametrize("body", [None, [], ["key"], "key"])
def test_a_file_without_keys_is_refused(body: Any) -> None:
    assert faults_of(body) == ["(the file): it holds no keys. Write them as `key: value`."]


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"patent": 3}, "there is no input 'patent'. Did you mean 'patents'?"),
        ({"revenue": 1000}, "it is a number a year"),
        ({"revenue": {"last": 1000}}, "'last' is no year"),
        ({"patents": "three"}, "'three' is no number"),
        ({"brand": "maybe"}, "'maybe' is neither yes nor no"),
        ({"founded": "30.9.2020"}, "'30.9.2020' is no day"),
        ({"level": "higher"}, "'higher' is no code of 'level'. Did you mean 'high'?"),
        ({"rounds": {"date": "2023-01-01"}}, "it is a list"),
        ({"rounds": ["angel"]}, "'angel' is no event"),
        ({"rounds": [{"untill": "2023-01-01"}]}, "an event has no 'untill'. Did you mean 'until'?"),
    ],
)
def test_a_fact_of_an_example_is_of_the_kind_of_its_input(facts: dict[str, Any], said: str) -> None:
    body = scheme()
    body["examples"][0]["facts"].update(facts)
    (fault,) = faults_of(body)
    assert said in fault


def test_a_name_of_an_example_is_prose_in_both_languages_or_in_one_for_both() -> None:
    body = scheme()
    body["examples"][0]["name"] = {"zh": "恰好达到下限", "en": "Exactly at its least"}
    body["examples"][1]["name"] = "少一元的不够"
    for one in body["examples"][1:]:
        one.pop("like", None)
    found = build_scheme(body, "named", VOCABULARY)
    assert [one.name.zh for one in found.examples[:2]] == ["恰好达到下限", "少一元的不够"]
    assert found.examples[1].name.en == "少一元的不够"
    body["examples"][0]["name"] = "one"
    assert faults_of(body) == ["examples.one.name: say in prose what the case is, in 4 signs or more."]


def test_an_example_is_like_one_that_is_there() -> None:
    body = scheme()
    body["examples"][1]["like"] = "Another"
    assert "there is no other example 'Another'" in faults_of(body)[0]


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("share(rd, revenue", "is no formula"),
        ("__import__('os')", "there is no function '__import__'"),
        ("rd if brand else 0", "a formula holds names, numbers"),
        ("3 * 4", "names no input and no quantity"),
        ("share(rd, revenu)", "there is no input or quantity 'revenu'. Did you mean 'revenue'?"),
        ("shares(rd, revenue)", "there is no function 'shares'. Did you mean 'share'?"),
        ("share(rd)", "share takes 2 parts, not 1. Give it as many."),
        ("mean(rd, 2, years=3)", "mean has no option 'years'."),
        ('count(rounds, "angle")', "'angle' is no code of 'rounds'. Did you mean 'angel'?"),
        ("mean(patents, 2)", "mean is taken over years"),
        ("count(patents)", "count is of events"),
        ("mean(rd, 0)", "mean is over a whole number of years"),
        ("level + 1", "'level' has no value of its own"),
    ],
)
def test_a_formula_that_cannot_be_computed_is_refused(formula: str, said: str) -> None:
    body = words()
    body["quantities"].append(coded("wrong", **{"is": formula}))
    faults = faults_of_words(body)
    assert all(one.startswith("trial.quantities.wrong.is: ") for one in faults)
    assert any(said in one for one in faults)


def test_a_name_means_one_thing_in_all_vocabularies() -> None:
    other = coded("other", inputs=[asked("revenue", "yearly")], quantities=[coded("rd", **{"is": "revenue + 1"})])
    assert [said.split(":")[0] for said in faults_of_words(words(), other)] == [
        "trial.inputs.revenue",
        "trial.inputs.rd",
        "other.inputs.revenue",
        "other.quantities.rd",
    ]


def test_formulas_that_rest_on_each_other_are_refused() -> None:
    circle = [coded("one", **{"is": "two + revenue"}), coded("two", **{"is": "one * 2"})]
    said = faults_of_words(words(), coded("other", quantities=circle))
    assert [one.split(":")[0] for one in said] == ["quantities.one.is", "quantities.two.is"]


def test_codes_stand_once_and_only_where_there_are_codes() -> None:
    twice = [{"code": "a", "title": text("a")}, {"code": "a", "title": text("b")}]
    said = faults_of_words(
        coded("odd", inputs=[asked("kind", "category", codes=twice), asked("yes", "flag", codes=twice[:1])])
    )
    assert [one.split(":")[0] for one in said] == ["odd.inputs.kind.codes.a", "odd.inputs.yes.codes"]
