from datetime import date

import polars as pl
from tests.liankit.policy_cases import VOCABULARY, clause, facts, policy

from liankit.rules.replay import PAYMENTS, known_by, owed, replay

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
    known = (known_by(TOLD, THEN), known_by(TOLD, NOW))
    row = replay([POLICY], VOCABULARY, *known, paid(1000), law=LAW).row(0, named=True)
    assert (row["then_low_fen"], row["low_fen"], row["paid_fen"]) == (1000, 800, 1000)
    assert (row["over_fen"], row["under_fen"], row["changed"]) == (200, 0, ["rd_expense_cny"])


def test_an_underpayment_is_found_and_a_payment_without_a_clause_is_over_in_full():
    known = known_by(TOLD, THEN)
    table = replay([POLICY], VOCABULARY, known, known, pl.concat([paid(500), paid(70, "gone")]), law=LAW)
    found = table.select("clause", "over_fen", "under_fen", "changed").rows()
    assert found == [("gone", 70, 0, None), ("rd", 0, 500, None)]
