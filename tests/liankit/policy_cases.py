"""Small policies and facts for the tests of entitlements."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import polars as pl

from liankit.rules.benefits import Policy
from liankit.rules.panel import FACTS, Panel, build_panel
from liankit.rules.policies import Entitled, entitle
from liankit.rules.policy_check import build_policy
from liankit.rules.vocabulary import Vocabulary

ON = date(2024, 9, 30)
_TITLE = {"zh": "甲", "en": "a"}


def _input(key: str, kind: str) -> dict[str, Any]:
    return {"key": key, "kind": kind, "title": _TITLE, "ask": _TITLE, "complete": kind == "events"}


VOCABULARY = Vocabulary.model_validate(
    {
        "key": "cases",
        "title": _TITLE,
        "inputs": [
            *(_input(key, "yearly") for key in ("revenue_cny", "rd_expense_cny")),
            *(_input(key, "standing") for key in ("principal_cny", "loan_days")),
            _input("is_open", "flag"),
            _input("titles", "events"),
        ],
        "quantities": [
            {"key": "rd_share", "is": "share(rd_expense_cny, revenue_cny)", "title": _TITLE},
            {"key": "is_giant", "is": 'holds(titles, "giant")', "title": _TITLE},
        ],
    }
)
ALWAYS = {"key": "always", "title": _TITLE, "quantity": "revenue_cny", "at_least": 0}


def clause(key: str, benefit: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return the body of a clause that everybody with a known revenue is entitled to."""
    plain = {"title": _TITLE, "text": _TITLE, "when": ALWAYS, "review": {"result": "not_done"}}
    return {**plain, "key": key, "benefit": benefit, **more}


def fixed(key: str, cny: float, **more: Any) -> dict[str, Any]:
    return clause(key, {"kind": "fixed", "amount_cny": cny}, **more)


def policy(*clauses: dict[str, Any], **more: Any) -> Policy:
    """Return a policy of some clauses, in force for years."""
    plain = {
        "key": "cases",
        "title": _TITLE,
        "about": _TITLE,
        "level": "district",
        "office": "economy",
        "source": {"title": _TITLE, "confidence": "synthetic"},
        "period": {"from": "2020-01-01", "to": "2029-12-31"},
    }
    return build_policy({**plain, **more, "clauses": list(clauses)}, "cases.yaml", VOCABULARY)


def group(rule: str, **more: Any) -> dict[str, Any]:
    return {"key": "together", "title": _TITLE, "rule": rule, **more}


def facts(**said: dict[str, Any]) -> pl.DataFrame:
    """Return facts of enterprises: name -> {input: number of 2023, yes or no, or the code of an event}."""
    yearly = {one.key for one in VOCABULARY.inputs if one.kind == "yearly"}
    lines = [
        {
            "enterprise": name,
            "input": key,
            "date": date(2023, 12, 31) if key in yearly else None,
            "until": None,
            "number": None if isinstance(value, str) else float(value),
            "text": value if isinstance(value, str) else None,
        }
        for name, values in said.items()
        for key, value in (values or {"loan_days": 1}).items()
    ]
    return pl.DataFrame(lines, schema=FACTS)


def panel(on: date = ON, **said: dict[str, Any]) -> Panel:
    return build_panel(facts(**said), VOCABULARY, on)


def entitled(one: Policy, came: dict[str, list[int]] | None = None, **said: dict[str, Any]) -> Entitled:
    """Return what enterprises are owed; ``came`` gives places by clause."""
    places = {(one.key, key): np.array(order) for key, order in (came or {}).items()}
    return entitle([one], panel(**said), places)


def owed(one: Policy, came: dict[str, list[int]] | None = None, **said: dict[str, Any]) -> list[list[tuple[int, int]]]:
    """Return (low, high) in CNY of each enterprise and clause."""
    low, high = entitled(one, came, **said).owed
    return [
        [(a // 100, b // 100) for a, b in zip(*row, strict=True)]
        for row in zip(low.tolist(), high.tolist(), strict=True)
    ]
