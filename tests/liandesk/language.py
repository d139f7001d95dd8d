"""Whether a page speaks one language: no Chinese in the English interface, no English left in the Chinese one.

Data are in whatever language they are in; pages mark them with ``translate="no"``, and the title may name them.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

CATALOGUE = Path(__file__).parents[2] / "src/liandesk/locale/zh_Hans/LC_MESSAGES/django.mo"
CHINESE = re.compile(r"[\u3400-\u9fff\uff00-\uffef\u3000-\u303f]")
READ_ALOUD = ("title", "aria-label", "placeholder", "alt", "data-label")
SILENT = {"script", "style", "title", "code"}
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


class Words(HTMLParser):
    """Collects the language of a page and what it says as interface: text nodes and attributes people hear."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lang = ""
        self.said: list[str] = []
        self._open: list[tuple[str, bool]] = []  # tags, and whether what is in them counts

    @property
    def _counts(self) -> bool:
        return self._open[-1][1] if self._open else True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "html":
            self.lang = given.get("lang") or ""
        is_ours = self._counts and given.get("translate") != "no"
        if is_ours:
            self.said += [given[name] or "" for name in READ_ALOUD if name in given]
        if tag not in VOID:
            self._open.append((tag, is_ours and tag not in SILENT))

    def handle_endtag(self, tag: str) -> None:
        while self._open and any(tag == opened for opened, _ in self._open):
            if self._open.pop()[0] == tag:
                break

    def handle_data(self, text: str) -> None:
        if self._counts and text.strip():
            self.said.append(" ".join(text.split()))


def words_of(page: str) -> Words:
    """Read a page."""
    words = Words()
    words.feed(page)
    return words


def wrong_words(page: str) -> list[str]:
    """Return what a page says in the other language than its own."""
    words = words_of(page)
    assert words.lang in ("zh-Hans", "en"), f"the page says its language is {words.lang!r}"
    return [text for text in words.said if _is_wrong(text, words.lang)]


def assert_language(response: object) -> None:
    """Fail when a page mixes languages; takes a response of Django's test client."""
    page = response.content.decode()  # type: ignore[attr-defined]
    assert wrong_words(page) == []


def _is_wrong(text: str, lang: str) -> bool:
    return bool(CHINESE.search(text)) if lang == "en" else text in english()


@cache
def english() -> frozenset[str]:
    """Return the English texts that have another wording in Chinese; those with placeholders never stand alone."""
    with CATALOGUE.open("rb") as file:
        catalogue = gettext.GNUTranslations(file)
    return frozenset(_originals(catalogue))


def _originals(catalogue: gettext.GNUTranslations) -> Iterator[str]:
    for original, text in catalogue._catalog.items():  # type: ignore[attr-defined]
        said = original[0] if isinstance(original, tuple) else original
        words = said.split("\x04")[-1]
        if words and words != text and "%" not in words:
            yield words
