from datetime import date

import polars as pl
from tests.liankit.policy_cases import VOCABULARY, clause, facts, policy

from liankit.rules.benefits import Budget
from liankit.rules.replay import CAME, PAYMENTS, Known, known_by, owed, replay

LAW, THEN, NOW = date(2024, 6, 30), date(2024, 6, 30), date(2024, 9, 30)
RATE = {"kind": "rate", "quantity": "rd_expense_cny", "percent": 10, "most_cny": 10**6}
POLICY = policy(clause("rd", RATE))


def told(number: float, known: date) -> pl.DataFrame:
    return facts(a={"revenue_cny": 1000, "rd_expense_cny": number}).with_columns(known=pl.lit(known))


TOLD = pl.concat([told(100, date(2024, 5, 1)), told(80, date(2024, 8, 1))])


def paid(fen: int, clause: str = "rd") -> pl.DataFrame:
    return pl.DataFrame([("a", "cases", clause, fen)], schema=PAYMENTS, orient="row")


def test_what_is_told_later_replaces_a_number_and_changes_nothing_before():
    assert known_by(TOLD, THEN).filter(input="rd_expense_cny")["number"].to_list() == [100]
    assert known_by(TOLD, NOW).filter(input="rd_expense_cny")["number"].to_list() == [80]
    assert owed([POLICY], TOLD, VOCABULARY, law=LAW, known=THEN).owed.low.tolist() == [[1000]]


def test_a_payment_by_what_was_known_then_is_over_by_what_is_known_now_and_the_fact_is_named():
    then, now = (Known(known_by(TOLD, day)) for day in (THEN, NOW))
    row = replay([POLICY], VOCABULARY, then, now, paid(1000), law=LAW).row(0, named=True)
    assert (row["then_low_fen"], row["low_fen"], row["paid_fen"]) == (1000, 800, 1000)
    assert (row["over_fen"], row["under_fen"], row["changed"]) == (200, 0, ["rd_expense_cny"])


def test_an_underpayment_is_found_and_a_payment_without_a_clause_is_over_in_full():
    known = Known(known_by(TOLD, THEN))
    table = replay([POLICY], VOCABULARY, known, known, pl.concat([paid(500), paid(70, "gone")]), law=LAW)
    found = table.select("clause", "over_fen", "under_fen", "changed").rows()
    assert found == [("gone", 70, 0, None), ("rd", 0, 500, None)]


def test_the_budget_is_replayed_with_everybody_who_shared_it_and_in_the_order_in_which_they_came():
    budget = Budget(amount_cny=12, when_short="stop")
    short = POLICY.model_copy(update={"clauses": (POLICY.clauses[0].model_copy(update={"budget": budget}),)})
    facts = known_by(TOLD, NOW)
    both = pl.concat([facts, facts.with_columns(enterprise=pl.lit("other"))])
    own = facts["enterprise"][0]

    def owed_after(*came: str) -> tuple[int, int]:
        known = Known(both, pl.DataFrame([(name, POLICY.key, "rd") for name in came], schema=CAME, orient="row"))
        table = replay([short], VOCABULARY, known, known, paid(0).clear(), law=LAW)
        return table.filter(enterprise=own).select("low_fen", "high_fen").row(0)

    assert owed_after() == (400, 800)  # nobody came yet: either may be first
    assert owed_after(own, "other") == (800, 800)
    assert owed_after("other", own) == (400, 400)
