"""A small vocabulary and a scheme for tests of rules, as bodies."""

from __future__ import annotations

from typing import Any

from tests.liankit.rules_cases import asked, coded, text


def words() -> dict[str, Any]:
    return coded(
        "trial",
        inputs=[
            asked("revenue", "yearly", unit="CNY"),
            asked("rd", "yearly", unit="CNY"),
            asked("patents", "standing", unit="count"),
            asked("brand", "flag"),
            asked("founded", "date"),
            asked(
                "level", "category", codes=[{"code": "high", "title": text("H")}, {"code": "low", "title": text("L")}]
            ),
            asked(
                "rounds", "events", codes=[{"code": "angel", "title": text("A")}, {"code": "seed", "title": text("S")}]
            ),
        ],
        quantities=[
            coded("rd_share", **{"is": "share(rd, revenue)"}, unit="percent"),
            coded("age", **{"is": "years_since(founded)"}, unit="years"),
            coded("raised", **{"is": 'amount(rounds, "angel", "seed", years=2)'}, unit="CNY"),
        ],
    )


def scheme() -> dict[str, Any]:
    """One of each form: bounds of parameters, a flag, a category, a score of bands, cases and ``per``."""
    return coded(
        "title_2024",
        grants="title",
        family="ladder",
        level="national",
        about=text("about"),
        source={"title": text("paper"), "confidence": "verified"},
        applies=[{"application": "new", "from": "2024-01-01"}],
        parameters=[
            coded(
                "share_least",
                unit="percent",
                values=[{"value": 3, "to": "2024-12-31"}, {"value": 4, "from": "2025-01-01"}],
            )
        ],
        clause=coded(
            "whole",
            all=[
                coded("share", quantity="rd_share", at_least="share_least"),
                coded("routes", any=[coded("own_brand", quantity="brand", **{"is": True}), points()]),
            ],
        ),
        vetoes=[coded("too_low", quantity="level", one_of=["low"])],
        examples=examples(),
    )


def points() -> dict[str, Any]:
    bands = [{"bound": 5, "points": 10}, {"bound": 2, "points": 4}]
    return coded(
        "points",
        at_least=12,
        parts_at_least={"growth": 4},
        score=[
            coded("by_patents", part="growth", quantity="patents", at_least=bands),
            coded("by_age", quantity="age", per=2, points=1, most=3),
            coded("by_money", first=[{"when": coded("raised_enough", quantity="raised", at_least=100), "points": 5}]),
        ],
    )


def examples() -> list[dict[str, Any]]:
    known = {"revenue": {2023: 1000}, "rd": {2023: 30}, "brand": "yes", "level": "high", "patents": 5}
    dated = {"founded": "2018-09-30", "rounds": [{"date": "2023-01-01", "code": "angel", "number": 100}]}
    base = "A maker with exactly three percent and a brand holds the title"
    return [
        {"name": base, "on": "2024-09-30", "facts": {**known, **dated}, "expect": "yes", "points": {"points": 18}},
        _like(base, "A yuan less of research is too little", {"rd": {2023: 29}}, "no", share="no"),
        _like(base, "Whether it has a brand is asked where points do not do", {"brand": None, "patents": 1}, "unknown"),
    ]


def _like(base: str, name: str, facts: dict[str, Any], expect: str, **clauses: str) -> dict[str, Any]:
    return {"name": name, "on": "2024-09-30", "like": base, "facts": facts, "expect": expect, "clauses": clauses}
