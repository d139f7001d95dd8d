"""Texts exist in both languages and say how to mend a wrong call."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest
import yaml

from liankit.entities import identifiers
from liankit.tables import problems
from liankit.texts import TextError, placeholders, render, render_problem, texts

CHINESE = re.compile(r"[一-鿿]")


@pytest.mark.parametrize("code", sorted(texts()))
def test_a_text_has_both_languages_with_the_same_placeholders(code: str) -> None:
    text = texts()[code]
    assert text["zh"] and text["en"]
    assert placeholders(text["zh"]) == placeholders(text["en"])
    assert not CHINESE.search(text["en"])


def test_every_problem_of_tables_has_a_text_and_no_text_is_left_over() -> None:
    folder = Path(problems.__file__)
    code = "".join(file.read_text(encoding="utf-8") for file in folder.parent.glob("*.py"))
    code += Path(identifiers.__file__).read_text(encoding="utf-8")
    ours = yaml.safe_load((files("liankit") / "texts" / "problems.yaml").read_text(encoding="utf-8"))
    assert {name for name in ours if f'"{name}"' not in code} == set()
    assert set(ours) >= problems.WARNINGS | problems.NOTES
    raised = re.findall(r'(?:unreadable|Problem|pl\.lit)\(\s*"([a-z_]+_[a-z_]+)"', code)
    assert {name for name in raised if name not in ours} == set()


def test_an_unknown_code_names_the_nearest() -> None:
    with pytest.raises(TextError, match=r"Did you mean 'empty_file\.what'"):
        render("empty_fil.what", {}, "en")


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(TextError, match="zh, en"):
        render("empty_file.what", {}, "fr")  # type: ignore[arg-type]


def test_a_missing_parameter_is_named() -> None:
    with pytest.raises(TextError, match="file"):
        render("file_not_found.what", {}, "en")


def test_unknown_values_lists_and_bilingual_parameters_are_rendered() -> None:
    params = {"title": {"zh": "企业名称", "en": "Name"}, "nearest": None, "choices": ["a", "b"], "value": "c"}
    assert "企业名称" in render("invalid_choice.what", params, "zh")
    assert "a, b" in render("invalid_choice.todo", params, "en")
    assert "a、b" in render("invalid_choice.todo", params, "zh")


def test_a_problem_says_what_why_and_what_to_do() -> None:
    for language in ("zh", "en"):
        assert all(render_problem("empty_file", {}, language))  # type: ignore[arg-type]
