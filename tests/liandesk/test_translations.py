"""The Chinese catalogue is complete, and the pages of the frame speak one language."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from django.test import Client
from tests.liandesk.language import assert_language, words_of, wrong_words

TOOLS = Path(__file__).parents[2] / "tools"


@pytest.fixture(scope="module")
def messages() -> ModuleType:
    """tools/messages.py, which is run as a script."""
    sys.path.insert(0, str(TOOLS))
    try:
        return importlib.import_module("messages")
    finally:
        sys.path.remove(str(TOOLS))


def test_every_text_is_translated_with_the_same_placeholders(messages: ModuleType) -> None:
    assert messages.mistakes(messages.current()) == []


def test_the_catalogue_is_what_the_sources_say(messages: ModuleType) -> None:
    assert messages.CATALOGUE.read_text("utf-8") == messages.rendered(messages.updated())


def test_extraction_reads_python_and_templates_with_plurals_and_contexts(messages: ModuleType, tmp_path: Path) -> None:
    code, page = tmp_path / "a.py", tmp_path / "a.html"
    code.write_text(
        'from django.utils.translation import gettext as said\nsaid("One")\nsaid(name)\n'
        'ngettext("%(n)s row", "%(n)s rows", 2)\npgettext("area", "Act")\n'
    )
    page.write_text(
        '  {% trans "Two" %}\n {% blocktranslate count n=n %}{{ n }} hit{% plural %}{{ n }} hits{% endblocktranslate %}'
        '{% translate "Due" context "desk" %}{% if a %}\n      x\n{% endif %}'
    )
    assert list(messages.texts_of(code)) == [
        (None, ("One",)),
        (None, ("%(n)s row", "%(n)s rows")),
        ("area", ("Act",)),
    ]
    assert sorted(messages.texts_of(page), key=str) == [
        ("desk", ("Due",)),
        (None, ("%(n)s hit", "%(n)s hits")),
        (None, ("Two",)),
    ]


@pytest.mark.parametrize(
    ("text", "translated", "problem"),
    [
        ("Save", "", "not translated"),
        ("Save %(name)s", "保存", "other placeholders"),
        ("Save %(name)s", "保存 %(nam)s", "other placeholders"),
        ("Save %(name)s", "保存 %(name)s", None),
    ],
)
def test_a_missing_or_mangled_translation_is_named(
    messages: ModuleType, text: str, translated: str, problem: str | None
) -> None:
    catalog = messages.empty()
    catalog.add(text, translated, locations=[("a.py", 0)])
    found = messages.mistakes(catalog)
    assert found == ([f"{problem}: {text!r} (a.py)"] if problem else [])


def test_chinese_in_an_english_page_is_found_unless_it_is_marked_as_data() -> None:
    page = '<html lang="en"><title>临平</title><p>Town <span translate="no">临平<b>区</b></span></p>{}</html>'
    assert wrong_words(page.format("")) == []
    assert wrong_words(page.format("<br><p>镇街</p><img alt='示意图'>")) == ["镇街", "示意图"]


def test_english_left_in_a_chinese_page_is_found() -> None:
    page = (
        '<html lang="zh-Hans"><button title="Search">搜索</button><p> Sign\n out </p><p translate="no">Home</p></html>'
    )
    assert sorted(wrong_words(page)) == ["Search", "Sign out"]


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(
    ("path", "who"),
    [
        ("/", "ChainOffice"),
        ("/search?q=abc", "Officer"),
        ("/about", "Hospital"),
        ("/audit", "Auditor"),
        ("/audit", "Bank"),
        ("/nowhere", "Expert"),
    ],
)
def test_a_page_of_the_frame_speaks_one_language(
    path: str, who: str, language: str, cast_client: Callable[[str], Client]
) -> None:
    response = cast_client(who).get(path, headers={"accept-language": language})
    assert_language(response)
    assert words_of(response.content.decode()).lang == ("zh-Hans" if language == "zh-hans" else "en")
