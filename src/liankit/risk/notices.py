"""Find dated disruptions in Chinese notices of supply, in traditional or simplified characters.

A notice tells of one product. Words are matched, not guessed: what a notice does not say is null, and every finding
carries the characters of the sentence that says it, so that a person can judge it at a glance. The words are data:
``notices.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import opencc
import polars as pl

from liankit.risk.notice_dates import find_periods
from liankit.yaml_text import read_yaml

NOTICES = {"product": pl.String, "licence": pl.String, "told_on": pl.Date, "text": pl.String}
"""Columns of the notices that are read; ``licence`` may be null or absent."""

NOTICE_SCHEMA: dict[str, Any] = {
    "row": pl.Int64,  # 1-based place of the notice
    "product": pl.String,
    "licence": pl.String,
    "maker": pl.String,  # who says so; null: the notice names nobody
    "told_on": pl.Date,
    "status": pl.String,  # disrupted | recovered | unclear
    "cause": pl.String,  # raw_material, quality, demand, logistics, production, halt, other; null unless disrupted
    "began_on": pl.Date,  # the stop that is stated, else the day of the notice; null unless disrupted
    "expected_until": pl.Date,  # last day of the stated period of recovery
    "ended_on": pl.Date,  # of a recovery that is told
    "span_start": pl.Int64,  # characters of ``text`` that say so; null where nothing does
    "span_end": pl.Int64,
    "alternatives": pl.List(pl.Struct({"name": pl.String, "licence": pl.String, "holder": pl.String})),
}

_SENTENCE = re.compile(r"[^。；;\n]+[。；;]?")
_NUMBERING = re.compile(r"^[\s\"“]*(?:\d{1,2}\s*(?:[.．、]|(?=[一-龥])(?![年月日季])))?\s*")
_MAKER = re.compile(r"([^，,。]{2,40}?)表示")
_NEAR = 6
"""How many signs may stand between a day and the word that says what happens then."""
_BEFORE_NAME = re.compile(r"[◎\n；;：:。、]|如\s*[:：]")


@dataclass(frozen=True)
class _Words:
    """The patterns of ``notices.yaml``, compiled."""

    causes: dict[str, re.Pattern[str]]
    patterns: dict[str, re.Pattern[str]]
    licence: re.Pattern[str]


@cache
def _words() -> _Words:
    body = read_yaml(files("liankit.risk").joinpath("notices.yaml").read_text(encoding="utf-8"))
    names = (
        "disrupted",
        "recovered",
        "expected",
        "recovery",
        "now",
        "lasts",
        "stop",
        "reason",
        "advice",
        "holder",
        "before_name",
    )
    return _Words(
        {cause: re.compile(pattern) for cause, pattern in body["causes"].items()},
        {name: re.compile(body[name]) for name in names},
        re.compile("|".join(body["licences"])),
    )


@cache
def _simplified(sign: str) -> str:
    return _converter()(sign)


@cache
def _converter() -> Callable[[str], str]:
    return opencc.OpenCC("t2s").convert


def _simplify(text: str) -> str:
    """Return a text in simplified characters, sign by sign: every place in it stays where it is."""
    return "".join(map(_simplified, text))


def extract(notices: pl.DataFrame) -> pl.DataFrame:
    """Return ``NOTICE_SCHEMA``, one row a notice of ``NOTICES``, in their order.

    Example: a notice of 2025-03-01, "因原料問題導致缺藥。", has the cause raw_material and began_on 2025-03-01.
    """
    rows = notices.with_row_index("row", offset=1).iter_rows(named=True)
    return pl.DataFrame([_read(row) for row in rows], schema=NOTICE_SCHEMA, orient="row")


def _read(row: dict[str, Any]) -> dict[str, Any]:
    text = row["text"] or ""
    plain = _simplify(text)
    found = {name: row.get(name) for name in ("row", "product", "licence", "told_on")}
    found |= dict.fromkeys(name for name in NOTICE_SCHEMA if name not in found)
    found |= {"status": "unclear", "alternatives": _alternatives(text, plain, row.get("licence"))}
    for start, end in _sentences(plain):
        told = _judge(plain[start:end], row["told_on"])
        if told:
            maker = _MAKER.match(text, start, end)
            return found | told | {"span_start": start, "span_end": end, "maker": maker[1].strip() if maker else None}
    return found


def _sentences(plain: str) -> Iterator[tuple[int, int]]:
    """Yield the places of sentences, without the numbering before them, up to the advice what to take instead."""
    for match in _SENTENCE.finditer(plain):
        start = match.start() + _NUMBERING.match(match[0]).end()  # type: ignore[union-attr]  # it may match nothing
        sentence = plain[start : match.end()].rstrip()
        if sentence:
            yield start, start + len(sentence)


def _judge(sentence: str, told_on: date | None) -> dict[str, Any] | None:
    """Return what one sentence says of supply; None: nothing."""
    patterns = _words().patterns
    if patterns["recovered"].search(sentence):
        return {"status": "recovered", "ended_on": _first_day(sentence) or told_on}
    disrupted = patterns["disrupted"].search(sentence)
    advice = patterns["advice"].search(sentence)
    if not disrupted or (advice and advice.start() < disrupted.start()):
        return None
    return {
        "status": "disrupted",
        "cause": _cause(sentence),
        "began_on": _began(sentence, told_on),
        "expected_until": _expected(sentence),
    }


def _cause(sentence: str) -> str:
    """Return the cause that the given reason fits, else the one that the whole sentence does, else "other"."""
    causes = _words().causes
    reason = _words().patterns["reason"].search(sentence)
    if reason is None:
        return _first_fitting(sentence, causes) or "other"
    return _first_fitting(reason[1], causes) or ("halt" if causes["halt"].search(sentence) else "other")


def _first_fitting(said: str, causes: Mapping[str, re.Pattern[str]]) -> str | None:
    return next((cause for cause, pattern in causes.items() if pattern.search(said)), None)


def _first_day(sentence: str) -> date | None:
    found = find_periods(sentence)
    return found[0].last if found else None


def _began(sentence: str, told_on: date | None) -> date | None:
    """Return the first day of the stated stop; one still to come does not delay a shortage that is there already."""
    patterns = _words().patterns
    for one in find_periods(sentence):
        follows = [stop.start() - one.end for stop in patterns["stop"].finditer(sentence)]
        lasts = patterns["lasts"].search(sentence[: one.start])
        day = one.last if lasts else one.first if any(0 <= gap <= _NEAR for gap in follows) else None
        if day and not (told_on and day > told_on and patterns["now"].search(sentence)):
            return day
    return told_on


def _expected(sentence: str) -> date | None:
    """Return the last day of the period for which recovery is expected."""
    patterns = _words().patterns
    for one in find_periods(sentence):
        is_expected = patterns["expected"].search(sentence[max(0, one.start - _NEAR) : one.start])
        if is_expected and patterns["recovery"].search(sentence[one.end :]):
            return one.last
    return None


def _alternatives(text: str, plain: str, own: str | None) -> list[dict[str, str | None]]:
    """Return the other products that a notice names with their licence numbers, each once, in order."""
    words, found = _words(), {}
    same = _bare(_simplify(own or ""))
    matches = list(words.licence.finditer(plain))
    ends = [match.end() for match in matches]
    starts = [match.start() for match in matches]
    for match, before, after in zip(matches, [0, *ends], [*starts[1:], len(plain)], strict=False):
        number = _bare(match[0])
        if number == same or number in found:
            continue
        holder = words.patterns["holder"].search(plain[match.end() : after])
        offset = match.end()
        name = _name(text[before : match.start()])
        if name:
            found[number] = {
                "name": name,
                "licence": "".join(text[match.start() : match.end()].split()),
                "holder": text[offset + holder.start(1) : offset + holder.end(1)].strip() if holder else None,
            }
    return list(found.values())


def _bare(licence: str) -> str:
    return "".join(licence.split())


def _name(before: str) -> str:
    """Return the name that ends a text: after the last bullet or mark, without the bracket of its licence."""
    cut = before.rstrip(" （(")
    parts = list(_BEFORE_NAME.finditer(cut))
    name = " ".join(cut[parts[-1].end() if parts else 0 :].split())
    lead = _words().patterns["before_name"].match(_simplify(name))
    return name[lead.end() :] if lead else name
