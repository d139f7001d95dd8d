from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.utils import translation
from tests.liandesk.policies_world import (
    BODY,
    FINANCE,
    KEY,
    OFFICE,
    RD,
    SECOND,
    listed,
    make_district,
    matched,
    step,
)
from tests.liandesk.registry_world import enterprise, members

from liandesk.assess.policies import queries
from liandesk.assess.policies.definitions import POLICY
from liandesk.assess.policies.replays import replayed
from liandesk.base.definitions.actions import propose, publish
from liandesk.base.definitions.packs import body_as_text

AUGUST = date(2024, 8, 8)
On = Callable[[str], None]


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> On:
    return lambda day: monkeypatch.setenv("LIANDESK_TODAY", day)


@pytest.fixture
def ids(db: None, on: On) -> Iterator[dict[str, str]]:
    """The permanent ids of the enterprises by their short names, on 31 July 2024."""
    on("2024-07-31")
    make_district()
    with translation.override("en"):
        yield members()


def _row(organisation: str, law: date, then: date) -> dict[str, Any]:
    return next(row for row in replayed(OFFICE, organisation, law, then) if row["clause"] == RD)


def _pay(ids: dict[str, str], on: On, paid: float) -> None:
    """Both confirm, "one" first; its 40,000 of the budget of 50,000 are listed, and so much is paid."""
    found = matched(ids)
    for name in ("one", "two"):
        found[name] = step(found[name], "confirm", enterprise(ids[name]))
    one = step(found["one"], "publish", OFFICE, amount_cny=40_000)
    on("2024-08-08")
    reason = "paid_in_full" if paid == 40_000 else "paid_in_part"
    step(listed(one)[0], "pay", FINANCE, reason, paid_cny=paid, paid_on="2024-08-08")


def _halve(on: On) -> None:
    """From September on the clause gives half."""
    first, *rest = BODY["clauses"]
    halved = {**BODY, "clauses": [{**first, "benefit": {**first["benefit"], "percent": 5}}, *rest]}
    text = body_as_text(halved)
    made = propose(by=OFFICE, kind=POLICY, key=KEY, text=text, effective_from=date(2024, 9, 1))
    publish(made.pk, by=SECOND)
    on("2024-09-30")


def test_a_payment_made_under_an_older_version_of_a_clause_replays_equal(ids, on):
    _pay(ids, on, 40_000)
    _halve(on)
    assert queries.owed_to(OFFICE, ids["one"])[0].low == 20_000
    row = _row(ids["one"], AUGUST, AUGUST)
    assert {name: row[name] for name in ("low", "high", "paid", "over", "under")} == {
        "low": 40_000,
        "high": 40_000,
        "paid": 40_000,
        "over": 0,
        "under": 0,
    }
    assert _row(ids["one"], date(2024, 9, 30), AUGUST)["over"] == 20_000  # by the law of September it was too much


def test_a_payment_that_was_too_little_is_found(ids, on):
    _pay(ids, on, 30_000)
    assert _row(ids["one"], AUGUST, AUGUST)["under"] == 10_000


def test_what_others_took_of_the_budget_counts_in_the_replay(ids, on):
    row = _row(ids["two"], AUGUST, AUGUST)
    assert (row["low"], row["high"]) == (0, 30_000)  # nobody had confirmed: who comes first is open
    _pay(ids, on, 40_000)
    row = _row(ids["two"], AUGUST, AUGUST)
    assert (row["low"], row["high"], row["under"]) == (10_000, 10_000, 10_000)


def test_what_was_not_known_then_was_not_owed_then_and_the_inputs_are_named(ids, on):
    row = _row(ids["one"], date(2024, 6, 30), date(2024, 6, 30))
    assert (row["then_low"], row["then_high"]) == (0, 50_000)  # open, up to the budget
    assert row["high"] == 40_000 and row["inputs"]
