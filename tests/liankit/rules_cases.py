"""A small vocabulary that has every function of formulas, and random facts and schemes over it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
from hypothesis import strategies as st

from liankit.rules.panel import FACTS
from liankit.rules.scheme import Scheme
from liankit.rules.vocabulary import Vocabulary

ON = date(2024, 9, 30)


def text(word: str) -> dict[str, str]:
    return {"zh": word, "en": word}


def coded(key: str, **more: Any) -> dict[str, Any]:
    return {"key": key, "title": text(key), **more}


def asked(key: str, kind: str, **more: Any) -> dict[str, Any]:
    return coded(key, kind=kind, ask=text(key), **more)


INPUTS = [
    asked("revenue", "yearly"),
    asked("rd", "yearly"),
    asked("staff", "standing"),
    asked("brand", "flag"),
    asked("founded", "date"),
    asked("group", "category"),
    asked("patents", "events"),
    asked("titles", "events", complete=True),
]
FORMULAS = {
    "rd_share": "share(rd, revenue)",
    "rd_each": "least(rd_share, 2)",
    "rd_best": "most(ratio(rd, revenue), 2)",
    "rd_sum": "sum(rd, 3)",
    "revenue_mean": "mean(revenue, 2)",
    "revenue_before": "before(revenue)",
    "revenue_rate": "cagr(revenue, 2)",
    "growth_last": "growth(revenue)",
    "growth_mean": "growth(revenue, 2)",
    "risen": "rises(revenue, 2)",
    "profit": "last(revenue) - 2 * rd - 10",
    "per_head": "revenue / staff",
    "class_one": 'count(patents, "one", "high_*")',
    "patents_new": "count(patents, years=2)",
    "raised": 'amount(titles, "round", years=3)',
    "titled": 'holds(titles, "giant")',
    "age": "years_since(founded)",
    "months": "months_since(founded)",
    "days": "days_since(founded)",
    "industrial": 'is_one_of(group, "drugs", "dev*")',
    "size": "either(staff, rd, 5)",
}
FLAGS = ("brand", "risen", "titled", "industrial")
VOCABULARY = Vocabulary.model_validate(
    coded("trial", inputs=INPUTS, quantities=[coded(key, **{"is": text}) for key, text in FORMULAS.items()])
)
NUMBERS = sorted({*FORMULAS, "revenue", "rd", "staff"} - set(FLAGS))


def fact(
    enterprise: str, name: str, number: float | None = None, day: date | None = None, **more: Any
) -> dict[str, Any]:
    """Return one line; ``word`` is its text, ``until`` its last day."""
    rest = {"until": more.get("until"), "number": number, "text": more.get("word")}
    return {"enterprise": enterprise, "input": name, "date": day, **rest}


def table(*facts: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(facts), schema=FACTS)


def scheme_of(clause: dict[str, Any], *vetoes: dict[str, Any], key: str = "grade", **more: Any) -> Scheme:
    body = {
        "grants": "grade",
        "family": "ladder",
        "level": "national",
        "about": text("trial"),
        "source": {"title": text("trial"), "clause": "5", "confidence": "synthetic"},
        "applies": [{"application": "new"}],
        "clause": clause,
        "vetoes": vetoes,
    }
    return Scheme.model_validate(coded(key, **{**body, **more}))


_figures = st.sampled_from([-10.0, 0.0, 3.0, 7.0, 29.0, 95.0, 100.0, 105.0, 110.25, 115.0, 127.0])
_days = st.integers(0, 1500).map(lambda back: ON + timedelta(days=100 - back))
_codes = st.sampled_from(["one", "high_value", "giant", "round", "two", "none", None])


def _line(name: str) -> st.SearchStrategy[tuple[Any, ...]]:
    kind = next(one["kind"] for one in INPUTS if one["key"] == name)
    day = st.none() | _days
    if kind == "yearly":
        years = st.integers(2020, 2024).map(lambda year: date(year, 12, 31)) | _days
        return st.tuples(st.just(name), _figures, years, st.none(), st.none())
    if kind == "standing":
        return st.tuples(st.just(name), _figures, day, st.none(), st.none())
    if kind == "events":
        return st.tuples(st.just(name), st.none() | _figures, day, _codes, st.none() | _days)
    words = {
        "flag": ["yes", "no"],
        "date": ["2020-02-29", "2019-09-30", "2023-12-31"],
        "category": ["drugs", "devices", "it"],
    }
    return st.tuples(st.just(name), st.none(), day, st.sampled_from(words[kind]), st.none())


@st.composite
def facts_of_several(draw: st.DrawFn, enterprises: int = 4) -> pl.DataFrame:
    """Draw lines of a few enterprises; of many inputs nothing is known."""
    lines = st.lists(st.sampled_from([one["key"] for one in INPUTS]).flatmap(_line), max_size=16)
    found = [fact(f"E{at}", "staff", None, date(2000, 1, 1)) for at in range(enterprises)]
    for at in range(enterprises):
        for name, number, day, word, until in draw(lines):
            found.append(fact(f"E{at}", name, number, day, word=word, until=until))
    return table(*found)


BOUNDS = st.sampled_from([-20.0, 0.0, 0.29, 1.0, 2.0, 5.0, 7.0, 29.0, 100.0, 105.0, "dated", "lapsed"])
PARAMETERS = [
    coded("dated", values=[{"value": 5, "to": "2023-12-31"}, {"value": 7, "from": "2024-01-01"}]),
    coded("lapsed", values=[{"value": 5, "to": "2023-12-31"}]),
]
_ways = st.sampled_from(["at_least", "more_than", "at_most", "less_than"])
_numbers = st.sampled_from(NUMBERS)
_points = st.sampled_from([-3.0, 0.1, 0.2, 2.0, 5.0])
COMPARES = st.one_of(
    st.builds(lambda key, way, bound: coded("x", quantity=key, **{way: bound}), _numbers, _ways, BOUNDS),
    st.builds(lambda key, yes: coded("x", quantity=key, **{"is": yes}), st.sampled_from(FLAGS), st.booleans()),
    st.builds(
        lambda codes: coded("x", quantity="group", one_of=codes), st.lists(st.sampled_from(["drugs", "it"]), min_size=1)
    ),
)
_bands = st.lists(
    st.builds(lambda bound, points: {"bound": bound, "points": points}, BOUNDS, st.just(2.0) | st.just(5.0)),
    min_size=1,
    max_size=3,
)
_cases = st.lists(
    st.builds(lambda when, points: {"when": when, "points": points}, COMPARES, _points), min_size=1, max_size=3
)
_forms, _pers = st.sampled_from(["at_least", "at_most"]), st.sampled_from([0.1, 2.0])
ITEMS = st.one_of(
    st.builds(lambda key, form, bands: {"quantity": key, form: bands}, _numbers, _forms, _bands),
    st.builds(lambda cases: {"first": cases}, _cases),
    st.builds(lambda cases, most: {"each": cases, "most": most}, _cases, st.none() | st.just(4.0)),
    st.builds(lambda key, per: {"quantity": key, "per": per, "points": 1, "most": 5}, _numbers, _pers),
)  # fmt: skip


def _scored(items: list[dict[str, Any]], bound: float | str) -> dict[str, Any]:
    lines = [coded("x", part=("left", "right")[at % 2], **item) for at, item in enumerate(items)]
    return coded("x", score=lines, at_least=bound, parts_at_least={"left": 1})


def _joined(parts: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    several = st.lists(parts, min_size=1, max_size=4)
    return st.one_of(
        st.builds(lambda of: coded("x", all=of), several),
        st.builds(lambda of: coded("x", any=of), several),
        st.builds(lambda of, count: coded("x", of=of, at_least_of=min(count, len(of))), several, st.integers(1, 3)),
    )


_scores = st.builds(_scored, st.lists(ITEMS, min_size=1, max_size=4), st.sampled_from([0.3, 2.0, 5.0, "dated"]))
CLAUSES = st.recursive(COMPARES | _scores, _joined, max_leaves=6)
SCHEMES = st.builds(
    lambda clause, vetoes: scheme_of(clause, *vetoes, parameters=PARAMETERS), CLAUSES, st.lists(COMPARES, max_size=2)
)
