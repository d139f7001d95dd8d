"""From reviewed texts to the body of a plan (:mod:`liankit.plan.model`): what people took over goes in, nothing else.

A draft adds and changes; it takes nothing out, for a text may be a fragment. Where a plan stands already, its parts are
found again, their keys, words, translations, baselines and bindings stay, and what the texts say of numbers, days and
units comes in. A new part has no English yet: it repeats the Chinese.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz

from liankit.plan.anchors import squeeze
from liankit.plan.review import Reviewed, Tree
from liankit.texts import texts

Body = dict[str, Any]

SAME_TITLE = 75
SAME_MEASURE = 35
"""From which likeness (0 to 100) a title or a measure is one that stands already; measures may be in other words."""

SHORT_IN_LONG = 0.45
"""From which share of its pairs of signs a clause that stands says in short what a long one says, as a paragraph of
the safeguards holds several duties. On a real plan a duty has 0.47 or more in its own paragraph, else 0.31 at most."""

_DUTIES = "保障"  # the chapter of safeguards, as plans call it
_DIGITS = {sign: number for number, sign in enumerate("一二三四五六七八九", start=1)}
_UNIT = "unit."
_OWNERS = ("programme", "measure", "duty", "section")


@dataclass(frozen=True)
class LeftOut:
    """What was taken over and cannot stand in the plan yet: its value, unit, deadline, office or home is missing."""

    found: Reviewed
    missing: str


@dataclass(frozen=True)
class Frame:
    """What a new plan is called and how long it runs; a plan that stands says so itself."""

    key: str
    title: Mapping[str, str]
    period: Mapping[str, str]  # from, to
    source: Mapping[str, str]


@dataclass(frozen=True)
class Draft:
    """The body of a plan, and what could not go into it."""

    body: Body
    left_out: tuple[LeftOut, ...]


def draft(texts_reviewed: Iterable[Sequence[Reviewed]], frame: Frame, standing: Mapping[str, Any] | None) -> Draft:
    """Return the plan that reviewed texts give, on top of the one that stands."""
    body: Body = deepcopy(dict(standing)) if standing else _new(frame)
    left_out: list[LeftOut] = []
    for found in texts_reviewed:
        one_text = _OneText(body, Tree(found))
        kept = (one for one in found if one.is_kept)
        left_out += [LeftOut(one, missing) for one in kept if (missing := one_text.place(one))]
    for programme in body["programmes"]:
        _say_what_is_known(programme)
    body["programmes"].sort(key=lambda one: one.get("number") or 10_000)
    return Draft(body, tuple(left_out))


def _new(frame: Frame) -> Body:
    said = {"title": frame.title, "period": frame.period, "source": frame.source}
    return {"key": frame.key, **{name: dict(value) for name, value in said.items()}, "programmes": [], "duties": []}


class _OneText:
    """Puts what people took over of one text into the body of a plan."""

    def __init__(self, body: Body, tree: Tree) -> None:
        self.body, self.tree = body, tree
        self.programmes: dict[str, Body] = {}  # by the key of the programme or section that was found

    def place(self, one: Reviewed) -> str:
        """Put a row where it belongs; return what is missing for that, else an empty text."""
        if one.kind == "programme":
            self.programme(one)
        elif one.kind in ("measure", "duty"):
            return "" if self.clause(one) is not None else "home"
        elif one.kind == "target":
            return self.target(one)
        elif one.kind == "unit":
            return self.unit(one)
        return ""

    def programme(self, one: Reviewed) -> Body:
        """Return the programme of the plan that a found programme or section is; a new one where there is none."""
        if one.key not in self.programmes:
            self.programmes[one.key] = self._standing(one) or self._made(one)
        return self.programmes[one.key]

    def _standing(self, one: Reviewed) -> Body | None:
        parts: list[Body] = self.body["programmes"]
        title = squeeze(one.wording)
        if not title:
            untitled = (part for part in parts if not part.get("title"))
            return next((part for part in untitled if self._has_clause_of(part, one)), None)
        titled = [part for part in parts if part.get("title")]
        best = max(titled, key=lambda part: _likeness(part["title"]["zh"], title), default=None)
        if best is not None and _likeness(best["title"]["zh"], title) >= SAME_TITLE:
            return best
        number = _number(one)
        gap = next((part for part in parts if number and part.get("number") == number and not part.get("title")), None)
        if gap is not None:
            gap["title"] = _both(one.wording)
        return gap

    def _has_clause_of(self, part: Body, one: Reviewed) -> bool:
        """A programme whose heading is lost is known by what it does."""
        below = [each.wording for each in self.tree.below(one) if each.kind == "measure"]
        return any(_like(part.get("measures", ()), words) is not None for words in below)

    def _made(self, one: Reviewed) -> Body:
        parts: list[Body] = self.body["programmes"]
        number = _number(one)
        if any(part.get("number") == number for part in parts):
            number = None
        made: Body = {"key": _free_key(parts, f"p{number or len(parts) + 1}"), "number": number}
        made |= {"numbered": "stated" if number else "unknown", "known": "part"}
        if one.wording:
            made["title"] = _both(one.wording)
        parts.append(made)
        return made

    def clause(self, one: Reviewed) -> Body | None:
        """Return the measure or duty that a row is, as it stands or new; None where it belongs nowhere."""
        clauses = self._clauses(one)
        if clauses is None:
            return None
        found = _like(clauses, one.wording)
        if found is None:
            found = {"key": _free_key(clauses, f"m{len(clauses) + 1}"), "text": _both(one.wording)}
            clauses.append(found)
        elif "wording" in one.said:
            found["text"] = {**found["text"], "zh": one.wording}
        return found

    def _clauses(self, one: Reviewed) -> list[Body] | None:
        """Return the list that a clause belongs to: the duties in the chapter of safeguards, else its programme's."""
        above = list(self.tree.above(one))
        is_in_programme = any(each.kind == "programme" for each in above)
        if one.kind == "duty" or (not is_in_programme and any(_DUTIES in each.wording for each in above)):
            duties: list[Body] = self.body.setdefault("duties", [])
            return duties
        home = self.tree.home(one)
        measures: list[Body] | None = self.programme(home).setdefault("measures", []) if home else None
        return measures

    def target(self, one: Reviewed) -> str:
        """Put a target with its number, or as the goal in words where it has none."""
        home = self.tree.home(one)
        if home is not None and one.get("value") is None:
            self.programme(home).setdefault("goal", _both(one.wording))
            return ""
        needed = {"home": home, **{name: one.get(name) for name in ("value", "unit", "deadline")}}
        if missing := next((name for name, value in needed.items() if value is None), ""):
            return missing
        said, programme = _said(one), self.programme(home) if home else {}
        targets: list[Body] = programme.setdefault("targets", [])
        found = next((each for each in targets if _is_same_target(each, said, one)), None)
        if found is None:
            key = _free_key([*targets, *programme.get("measures", ())], f"t{len(targets) + 1}")
            baseline = {"value": one.row.get("baseline"), "on": one.row.get("baseline_on")}
            found = {"key": key, "indicator": None, "text": _both(one.wording), "baseline": baseline}
            targets.append(found)
        elif "wording" in one.said:
            found["text"] = {**found["text"], "zh": one.wording}
        found |= said
        return ""

    def unit(self, one: Reviewed) -> str:
        """Say who answers for a programme or a clause."""
        if not one.get("office"):
            return "office"
        owner = next((each for each in self.tree.above(one) if each.kind in _OWNERS), None)
        if owner is None:
            return "home"
        part = self.clause(owner) if owner.kind in ("measure", "duty") else self.programme(owner)
        if part is None:
            return "home"
        units: list[Body] = part.setdefault("units", [])
        held = next((unit for unit in units if unit["office"] == one.get("office")), None)
        if held is None:
            units.append({"office": one.get("office"), "role": one.get("role") or "with"})
        elif held["role"] != "lead" or "role" in one.said:
            held["role"] = one.get("role") or "with"
        return ""


def _said(target: Reviewed) -> Body:
    """Return what a text says of a target and may change of one that stands."""
    return {
        "comparator": target.get("comparator") or ">=",
        "value": _whole(target.get("value")),
        "unit": unit_key(target.get("unit")),
        "by": target.get("deadline"),
        "counting": {"growth": "rate"}.get(target.get("counting"), target.get("counting")) or "level",
        "binding": target.get("binding") or "unstated",
        "commitment": target.get("commitment") or "plain",
    }


def _whole(value: float) -> float:
    """Return 5 for 5.0: bodies are read and compared as text."""
    return int(value) if value == int(value) else value


def _is_same_target(standing: Body, said: Body, one: Reviewed) -> bool:
    """A target that stands is the same where its words are, or where unit and day are and the number as found is."""
    if squeeze(standing["text"]["zh"]) == squeeze(one.wording):
        return True
    is_placed = (standing["unit"], str(standing["by"])) == (said["unit"], said["by"])
    return is_placed and standing["value"] in (said["value"], one.row.get("value"))


def _like(clauses: Sequence[Body], words: str) -> Body | None:
    """Return the clause that says nearly the same in words, or the one that best says in short what they say."""
    best = max(clauses, key=lambda each: _likeness(each["text"]["zh"], words), default=None)
    if best is None or _likeness(best["text"]["zh"], words) >= SAME_MEASURE:
        return best
    pairs = _pairs(words)
    short = max(clauses, key=lambda each: _share(_pairs(each["text"]["zh"]), pairs))
    return short if _share(_pairs(short["text"]["zh"]), pairs) >= SHORT_IN_LONG else None


def _pairs(text: str) -> set[str]:
    plain = re.sub(r"\W", "", squeeze(text))
    return {plain[place : place + 2] for place in range(len(plain) - 1)}


def _share(part: set[str], whole: set[str]) -> float:
    return len(part & whole) / len(part) if part else 0.0


def _number(one: Reviewed) -> int | None:
    return number_of(one.row.get("number")) if one.kind == "programme" else None


def _say_what_is_known(programme: Body) -> None:
    has_more = any(programme.get(name) for name in ("title", "targets", "measures"))
    if programme["known"] == "missing" and has_more:
        programme["known"] = "part"


def unit_key(printed: str) -> str:
    """Return the key of a unit as it is printed, by the texts of units; one that they lack by its reading.

    >>> unit_key("家"), unit_key("亿元"), unit_key("车次")
    ('company', 'cny_100m', 'checi')
    """
    plain = squeeze(printed)
    known = {text["zh"]: code.removeprefix(_UNIT) for code, text in texts().items() if code.startswith(_UNIT)}
    return known.get(plain) or _reading(plain) or "unit"


def _reading(plain: str) -> str:
    from pypinyin import lazy_pinyin  # its dictionaries take memory, and no page needs them

    return re.sub(r"[^a-z0-9]", "", "".join(lazy_pinyin(plain)).lower())[:40]


def number_of(printed: str | None) -> int | None:
    """Return a printed number up to 99; None where it is none.

    >>> number_of("7"), number_of("（二）"), number_of("工程十二"), number_of(None)
    (7, 2, 12, None)
    """
    plain = squeeze(printed or "")
    if digits := re.search(r"\d{1,3}", plain):
        return int(digits.group()) or None
    signs = "".join(re.findall("[一二三四五六七八九十]", plain))
    tens, ten, ones = signs.partition("十")
    if not ten:
        return _DIGITS.get(signs)
    return 10 * _DIGITS.get(tens, 1) + _DIGITS.get(ones, 0)


def _likeness(one: str, other: str) -> float:
    return fuzz.ratio(squeeze(one), squeeze(other))


def _both(text: str) -> Body:
    plain = " ".join(text.split())
    return {"zh": plain, "en": plain}


def _free_key(parts: Sequence[Body], wanted: str) -> str:
    taken = {part["key"] for part in parts}
    return next(key for key in (wanted, *(f"{wanted}_{n}" for n in range(2, 1000))) if key not in taken)
