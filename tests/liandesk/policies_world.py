"""A small policy of its own, three enterprises of two towns, and who has it fulfilled; no pack has a part in it."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.liandesk.registry_world import load, organisation, refresh, said, viewer

from liandesk.assess.policies.actions import match
from liandesk.assess.policies.definitions import POLICY
from liandesk.assess.policies.models import Fulfilment
from liandesk.assess.policies.payment_lists import approve, assemble
from liandesk.base.accounts.roles import Role, ScopeKind, Viewer, system_viewer
from liandesk.base.definitions.actions import take_over
from liandesk.base.definitions.kinds import KINDS
from liandesk.base.definitions.packs import Shipped, shipped
from liandesk.base.work.actions import Step, act

BY = system_viewer("test")
KEY, RD, STEPS = "support", "rd", "steps"
OFFICE = viewer(Role.CHAIN_OFFICE, ScopeKind.OFFICE, "economy", 1001)
SECOND = viewer(Role.CHAIN_OFFICE, ScopeKind.OFFICE, "economy", 1006)
FINANCE = viewer(Role.OFFICER, ScopeKind.OFFICE, "finance", 1002)
TOWN = viewer(Role.TOWN_OFFICER, ScopeKind.TOWN, "330113001", 1003)


def _text(english: str) -> dict[str, str]:
    return {"zh": f"甲{english}", "en": english}


def _compare(key: str, quantity: str, **bound: Any) -> dict[str, Any]:
    return {"key": key, "title": _text(key), "quantity": quantity, **bound}


def clause(key: str, when: dict[str, Any], benefit: dict[str, Any], **more: Any) -> dict[str, Any]:
    review = {"on": "2023-12-01", "office": "market", "result": "no_harm", "document": "甲1号"}
    return {"key": key, "title": _text(key), "text": _text(f"What {key} gives."), "review": review} | {
        "when": when,
        "benefit": benefit,
        **more,
    }


BODY: dict[str, Any] = {
    "key": KEY,
    "title": _text("Support"),
    "about": _text("For tests."),
    "level": "district",
    "office": "economy",
    "source": {"title": _text("A notice"), "confidence": "verified"},
    "period": {"from": "2024-01-01", "to": "2025-12-31"},
    "groups": [{"key": "both", "title": _text("Both"), "rule": "exclude"}],
    "vetoes": [_compare("bad", "violations_3y", at_least=1)],
    "clauses": [
        clause(
            RD,
            _compare("spends", "rd_expense_cny", at_least=300_000),
            {"kind": "rate", "quantity": "rd_expense_cny", "percent": 10, "most_cny": 100_000},
            budget={"amount_cny": 50_000, "when_short": "stop"},
            publication={"days": 7, "unit": "calendar_days", "source": "甲2号"},
        ),
        clause(STEPS, _compare("large", "revenue_cny", at_least=2e7), {"kind": "fixed", "amount_cny": 20_000}),
    ],
}


def _figures(key: str, **numbers: float) -> list[dict[str, Any]]:
    line = {"record": f"workbook:organisation:{key}", "kind": "organisation", "file": "f.xlsx", "sheet": "", "row": 3}
    dated = line | {"valid_from": date(2023, 12, 31), "unit": "CNY"}
    return [dated | {"attribute": name, "number": value} for name, value in numbers.items()]


ENTERPRISES = [
    *organisation("one", "甲一有限公司"),
    *_figures("one", revenue_cny=1e7, rd_expense_cny=4e5),
    *said("organisation", "two", name="乙二有限公司", role="enterprise", country="CN", town="330113002"),
    *_figures("two", revenue_cny=3e7, rd_expense_cny=3e5),
    *organisation("bare", "丙三有限公司"),
]


def make_district() -> None:
    """Put the words of the packs, the process and the policy into force; land and publish the enterprises."""
    take_over([one for one in shipped() if one.kind.code in ("quantities", "process")], by=BY)
    take_over([Shipped(KINDS[POLICY], KEY, BODY, "test", "test.yaml")], by=BY)
    load(ENTERPRISES, "policies")
    refresh()


def say_made_up() -> None:
    """Publish the policy anew as one that no text gives."""
    body = BODY | {"source": {"title": _text("Nobody's"), "confidence": "synthetic"}}
    take_over([Shipped(KINDS[POLICY], KEY, body, "test", "test.yaml")], by=BY)


def step(one: Fulfilment, name: str, by: Viewer, reason: str = "", **data: object) -> Fulfilment:
    """Take one step of a fulfilment's case; return its row after it."""
    one.case.refresh_from_db()
    act(one.case_id, Step("do", one.case.events_count, name, data, reason), by=by)
    return Fulfilment.objects.get(pk=one.pk)


def matched(ids: dict[str, str], clause: str = RD) -> dict[str, Fulfilment]:
    """Match a clause; return what was opened by the short name of the enterprise."""
    found = {one.organisation: one for one in match(KEY, clause, by=OFFICE)}
    return {name: found[pk] for name, pk in ids.items() if pk in found}


def listed(*ones: Fulfilment) -> list[Fulfilment]:
    """Put what is published on a list, let the second person approve it; return the rows after it."""
    made, refused = assemble([one.pk for one in ones], by=OFFICE)
    assert made is not None and not refused, refused
    approve(made.pk, by=SECOND)
    return [Fulfilment.objects.get(pk=one.pk) for one in ones]
