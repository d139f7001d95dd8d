"""Texts of codes in two languages: data in ``texts/*.yaml``, rendered at the face in the reader's language.

A file maps a code to ``{zh: ..., en: ...}``, or to named parts of that form (a problem has ``what``, ``why``
and ``todo``), addressed as ``code.part``. Placeholders are those of ``str.format``: ``{share:.0%}``.
"""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Literal, NamedTuple

from liankit.errors import LiankitError, nearest
from liankit.yaml_text import read_yaml

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
_UNKNOWN = {"zh": "不清楚", "en": "unknown"}
_COMMA = {"zh": "、", "en": ", "}


class TextError(LiankitError):
    """A text is asked for that does not exist, or with parameters that do not fit it."""


class ProblemText(NamedTuple):
    """What is wrong, why it matters, and what to do next, in one language."""

    what: str
    why: str
    todo: str


def render(code: str, params: Mapping[str, Any], language: Language) -> str:
    """Return the text of ``code`` in ``language`` with ``params`` filled in.

    A parameter is a scalar; ``None`` reads as "unknown"; a mapping ``{zh, en}`` gives the language asked for; a list
    or tuple is joined. Spare parameters are ignored.

    Raises ``TextError`` for an unknown code or language (with the nearest valid one) and for a missing parameter.

    >>> render("empty_file.what", {}, "en")
    'The file holds no data'
    """
    if language not in LANGUAGES:
        raise TextError(f"No texts in language {language!r}; there are {', '.join(LANGUAGES)}.")
    catalogue = texts()
    if code not in catalogue:
        raise TextError(f"No text for code {code!r}.{nearest(code, catalogue)}")
    try:
        return _Renderer(language).vformat(catalogue[code][language], (), params)
    except KeyError as error:
        raise TextError(f"The text of {code!r} needs the parameter {error}; given: {sorted(params)}.") from error
    except (TypeError, ValueError) as error:
        raise TextError(f"A parameter of the text {code!r} does not fit its format: {error}.") from error


def render_problem(code: str, params: Mapping[str, Any], language: Language) -> ProblemText:
    """Return the three parts of the text of a problem; errors as ``render``.

    >>> render_problem("empty_file", {}, "en").what
    'The file holds no data'
    """
    return ProblemText(*(render(f"{code}.{part}", params, language) for part in ProblemText._fields))


@cache
def texts() -> Mapping[str, Mapping[str, str]]:
    """Return every text as ``{code: {"zh": ..., "en": ...}}``; raises ``TextError`` where a file is wrong."""
    found: dict[str, Mapping[str, str]] = {}
    for file in sorted((files("liankit") / "texts").iterdir(), key=lambda file: file.name):
        if not file.name.endswith(".yaml"):
            continue
        for code, text in _flatten("", read_yaml(file.read_text(encoding="utf-8"))):
            if code in found:
                raise TextError(f"{file.name}: the code {code!r} has a text already.")
            found[code] = text
    return found


def placeholders(template: str) -> set[str]:
    """Return the names of the placeholders of a template.

    >>> sorted(placeholders("{n:,} of {total}"))
    ['n', 'total']
    """
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def _flatten(code: str, node: Any) -> Iterator[tuple[str, Mapping[str, str]]]:
    if not isinstance(node, dict):
        raise TextError(f"The text of {code!r} is not given as zh and en.")
    if set(node) & set(LANGUAGES):
        if set(node) != set(LANGUAGES):
            raise TextError(f"The text of {code!r} must have exactly zh and en; it has {sorted(node)}.")
        yield code, {language: str(text).strip() for language, text in node.items()}
        return
    for name, child in node.items():
        yield from _flatten(f"{code}.{name}" if code else str(name), child)


class _Renderer(string.Formatter):
    """Formats values that may be unknown, lists, or differ by language."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, Mapping):
            value = value[self._language]
        if value is None:
            return _UNKNOWN[self._language]
        if isinstance(value, list | tuple):
            return _COMMA[self._language].join(self.format_field(one, format_spec) for one in value)
        return format(value, format_spec)
