"""How a reader wants the pages: language, light or dark, normal or large type. Kept in cookies, set by small forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import pgettext_lazy as _c

from liandesk.base.pack import pack
from liankit.texts import Language

COOKIE_AGE = 365 * 24 * 3600
TITLES: Mapping[str, Mapping[str, tuple[Promise, str]]] = {
    "theme": {
        "light": (_c("theme", "Light"), "sun"),
        "dark": (_c("theme", "Dark"), "moon"),
    },
    "size": {
        "normal": (gettext_lazy("Normal type"), "text-size"),
        "large": (gettext_lazy("Large type"), "eye"),
    },
}
"""Each setting's values, the first being the default, with title and icon."""


@dataclass(frozen=True)
class Choice:
    """One button of the display menu; ``code`` is "setting:value"."""

    code: str
    title: Promise
    icon: str
    is_on: bool


@dataclass(frozen=True)
class OtherLanguage:
    """A language one can switch to, in its own name."""

    code: str
    lang: str
    name: str


@dataclass(frozen=True)
class Display:
    """What one reader has chosen."""

    theme: str
    size: str

    @property
    def lang(self) -> str:
        """The language of the page as HTML writes it."""
        return html_lang(get_language() or settings.LANGUAGE_CODE)

    @property
    def html_class(self) -> str:
        return f"theme-{self.theme} type-{self.size}"

    @property
    def choices(self) -> list[Choice]:
        chosen = {"theme": self.theme, "size": self.size}
        return [
            Choice(f"{name}:{value}", title, icon, chosen[name] == value)
            for name, values in TITLES.items()
            for value, (title, icon) in values.items()
        ]

    @property
    def other_languages(self) -> list[OtherLanguage]:
        return [
            OtherLanguage(code, html_lang(code), name)
            for code, name in settings.LANGUAGES
            if html_lang(code) != self.lang
        ]


def display_of(cookies: Mapping[str, str]) -> Display:
    """Return what the cookies say; anything unknown is the default."""
    return Display(**{name: _valid(name, cookies.get(name, "")) for name in TITLES})


def parse_choice(code: str) -> tuple[str, str] | None:
    """Return setting and value of a button's code, or None for a code that no button has."""
    name, _, value = code.partition(":")
    return (name, value) if value in TITLES.get(name, {}) else None


def html_lang(code: str) -> str:
    """Return the BCP 47 tag of a Django language code: script subtags have a capital.

    >>> html_lang("zh-hans")
    'zh-Hans'
    """
    main, _, script = code.partition("-")
    return f"{main}-{script.title()}" if script else main


def language() -> Language:
    """Return the reader's language as texts and packs name it."""
    return "en" if (get_language() or settings.LANGUAGE_CODE).startswith("en") else "zh"


def term_name(group: str, code: str) -> str:
    """Return the name of a term of the pack in the reader's language; one that the pack does not have by its code."""
    term = pack().term(group, code)
    return term.text[language()] if term else code


def _valid(name: str, value: str) -> str:
    return value if value in TITLES[name] else next(iter(TITLES[name]))
