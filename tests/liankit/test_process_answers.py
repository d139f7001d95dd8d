"""An answer is of the kind that its question asks for, whoever sends it."""

from __future__ import annotations

import pytest

from liankit.process.definition import FormField, Text


@pytest.mark.parametrize(
    ("kind", "right", "wrong"),
    [
        ("text", "x", 5),
        ("number", 2.5, "2.5"),
        ("number", 0, True),
        ("number", -1, float("nan")),
        ("date", "2024-02-29", "2023-02-29"),
        ("date", "2024-10-31", "soon"),
        ("office", "economy", ["economy"]),
    ],
)
def test_a_question_takes_answers_of_its_kind_and_empty_ones(kind: str, right: object, wrong: object) -> None:
    field = FormField(key="asked", title=Text(zh="问", en="asked"), kind=kind)
    assert field.takes(right) and field.takes(None) and field.takes("") and not field.takes(wrong)
