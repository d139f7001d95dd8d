"""A ladder of two rungs in definitions of its own, and enterprises around its bounds; no pack has a part in it."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.liandesk.registry_world import load, organisation, said

from liandesk.base.accounts.roles import system_viewer
from liandesk.base.definitions.actions import take_over
from liandesk.base.definitions.kinds import KINDS
from liandesk.base.definitions.packs import Shipped

BY = system_viewer("test")
LINE = {"record": "", "kind": "organisation", "file": "figures.xlsx", "sheet": "facts", "row": 3}


def _text(english: str) -> dict[str, str]:
    return {"zh": f"甲{english}", "en": english}


def _input(key: str, kind: str, unit: str = "", **more: Any) -> dict[str, Any]:
    return {"key": key, "kind": kind, "unit": unit, "title": _text(key), "ask": _text(f"What is {key}?"), **more}


WORDS = {
    "key": "words",
    "title": _text("Words"),
    "inputs": [
        _input("revenue_cny", "yearly", "CNY", change={"effort": 4, "step": 1_000_000}),
        _input("rd_expense_cny", "yearly", "CNY", change={"effort": 1, "step": 100_000}),
        _input("rd_staff_share", "yearly", "percent"),
        _input("class_one_patents", "standing", change={"effort": 2, "step": 1, "days": 37}),
        _input(
            "titles",
            "events",
            complete=True,
            codes=[
                {"code": "innovative_sme", "title": {"zh": "创新型中小企业", "en": "Innovative SME"}},
                {"code": "specialised_sme", "title": {"zh": "专精特新中小企业", "en": "Specialised SME"}},
            ],
        ),
    ],
    "quantities": [
        {"key": "rd_share", "title": _text("R&D share"), "is": "share(rd_expense_cny, revenue_cny)", "unit": "percent"},
        {"key": "is_innovative", "title": _text("Innovative"), "is": 'holds(titles, "innovative_sme")'},
    ],
}


def _scheme(key: str, grants: str, clauses: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {
        "key": key,
        "title": _text(key),
        "grants": grants,
        "family": "ladder",
        "level": "provincial",
        "about": _text("For tests."),
        "source": {"title": _text("A notice"), "clause": "1", "confidence": "synthetic"},
        "applies": [{"application": "new"}, {"application": "recheck"}],
        "valid_years": 3,
        "clause": {"key": "conditions", "title": _text("All conditions"), "all": clauses},
        **more,
    }


def _share_from(*values: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"key": "least_rd_share", "title": _text("Least R&D share"), "unit": "percent", "values": list(values)}]


PATENT = {"key": "patents", "title": _text("Patents"), "quantity": "class_one_patents", "at_least": 1}
LOWER = _scheme("lower_2022", "innovative_sme", [PATENT])
UPPER = _scheme(
    "upper_2022",
    "specialised_sme",
    [
        {"key": "below", "title": _text("Innovative before"), "quantity": "is_innovative", "is": True},
        {"key": "rd", "title": _text("R&D share"), "quantity": "rd_share", "at_least": "least_rd_share"},
        {"key": "patents", "title": _text("Patents"), "quantity": "class_one_patents", "at_least": 2},
    ],
    parameters=_share_from({"value": 3, "to": "2024-12-31"}, {"value": 5, "from": "2025-01-01"}),
)


def _example(name: str, day: str, expect: str, year: int, spent: float, **more: Any) -> dict[str, Any]:
    known = {
        "revenue_cny": {year: 1e7},
        "rd_expense_cny": {year: spent},
        "class_one_patents": 2,
        "titles": [{"code": "innovative_sme", "date": "2022-01-01"}],
        **more,
    }
    return {"name": name, "on": day, "expect": expect, "facts": known}


def examples(least: float = 3.0, later: float = 5.0) -> list[dict[str, Any]]:
    """Return examples on both sides of each bound of the upper scheme, with the least R&D shares of the two years."""
    spent, more = least * 1e5, later * 1e5
    return [
        _example("exactly the least share", "2024-12-31", "yes", 2023, spent),
        _example("just below the least share", "2024-12-31", "no", 2023, spent - 1e3),
        _example("one patent too few", "2024-12-31", "no", 2023, spent, class_one_patents=1),
        _example("not on the rung below", "2024-12-31", "no", 2023, spent, titles=[]),
        _example("the share of the next year", "2025-01-01", "yes", 2024, more),
        _example("just below the share of the next year", "2025-01-01", "no", 2024, more - 1e3),
    ]


def take_over_rules() -> None:
    """Put the words and the two schemes into force."""
    bodies = (("quantities", WORDS), ("scheme", LOWER), ("scheme", UPPER))
    take_over([Shipped(KINDS[kind], body["key"], body, "test", "test.yaml") for kind, body in bodies], by=BY)


def take_over_ladder() -> None:
    """Put the ladder of the two rungs into force."""
    body = {"key": "ladder", "title": _text("Ladder"), "rungs": ["innovative_sme", "specialised_sme"]}
    take_over([Shipped(KINDS["ladder"], "ladder", body, "test", "test.yaml")], by=BY)


def figures(key: str, year: int, **numbers: float) -> list[dict[str, Any]]:
    """Return figures of one year of an organisation; a share (rd_staff_share) as files bring it, from 0 to 1."""
    line = LINE | {"record": f"workbook:organisation:{key}", "valid_from": date(year, 12, 31), "text": None}
    shares = {"rd_staff_share"}
    return [
        line | {"attribute": name, "number": value, "unit": "share" if name in shares else "CNY"}
        for name, value in numbers.items()
    ]


def title(key: str, name: str, awarded: str, expires: str | None = None) -> list[dict[str, Any]]:
    """Return a title of an organisation as the registry lists it."""
    more = {"expires_on": expires} if expires else {}
    owner = f"workbook:organisation:{key}"
    return said("title", f"{key}-{name}", title=name, organisation=owner, awarded_on=awarded, **more)


ENTERPRISES = [
    *organisation("edge", "恰好有限公司"),  # exactly 3 %: meets the upper rung
    *figures("edge", 2023, revenue_cny=1e7, rd_expense_cny=3e5, class_one_patents=2.0, rd_staff_share=0.0294),
    *title("edge", "创新型中小企业", "2023-05-01", "2024-10-31"),
    *said(
        "organisation", "short", name="差一点有限公司", role="enterprise", country="CN", town="330113002"
    ),  # one clause short
    *figures("short", 2023, revenue_cny=1e7, rd_expense_cny=2.9e5, class_one_patents=2.0),
    *title("short", "创新型中小企业", "2021-11-01", "2026-04-30"),
    *organisation("open", "未知有限公司"),  # nothing but a title above what it is computed to
    *title("open", "专精特新中小企业", "2023-01-01"),
    *figures("open", 2023, class_one_patents=0.0),
    *organisation("bare", "无数有限公司"),
]


def load_enterprises() -> None:
    """Land the enterprises; ``refresh`` of the registry's world grades them."""
    load(ENTERPRISES, "enterprises")
