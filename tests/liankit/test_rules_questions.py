"""A question is asked if, and only if, some answer to it changes what somebody is owed, given what is known."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.liankit.policy_cases import ON, VOCABULARY, clause, facts, group, policy

from liankit.rules.panel import build_panel
from liankit.rules.policies import entitle
from liankit.rules.questions import questions

INPUTS = ("revenue_cny", "rd_expense_cny", "principal_cny", "loan_days", "is_open", "titles")
VALUES = {
    "revenue_cny": [1, 99, 100, 199, 200, 1000],
    "rd_expense_cny": [0, 9, 10, 50, 100],
    "principal_cny": [0, 360_000, 10**9],
    "loan_days": [0, 100, 360],
    "is_open": ["yes", "no"],
    "titles": ["giant", "none"],
}
"""Values on both sides of every bound of the clauses below."""
TITLE = {"zh": "甲", "en": "a"}


def _leaf(quantity: str, **bound: object) -> dict[str, object]:
    return {"key": f"{quantity}_{next(iter(bound)).strip('_')}", "title": TITLE, "quantity": quantity, **bound}


LEAVES = [
    _leaf("revenue_cny", at_least=100),
    _leaf("rd_expense_cny", at_least=10),
    _leaf("principal_cny", more_than=0),
    _leaf("is_open", **{"is": True}),
    _leaf("is_giant", **{"is": True}),
]
BENEFITS = [
    {"kind": "fixed", "amount_cny": 50},
    {"kind": "fixed", "amount_cny": 90},
    {"kind": "rate", "quantity": "rd_expense_cny", "percent": 10, "most_cny": 8},
    {"kind": "interest", "principal": "principal_cny", "days": "loan_days", "percent": 1, "most_cny": 3000},
    {"kind": "tiered", "quantity": "revenue_cny", "bands": [{"at_least": 200, "amount_cny": 70}]},
]


@st.composite
def _clauses(draw: st.DrawFn) -> list[dict[str, object]]:
    made = []
    for at in range(draw(st.integers(1, 3))):
        leaves = draw(st.lists(st.sampled_from(LEAVES), min_size=1, max_size=2, unique_by=lambda one: one["key"]))
        form = draw(st.sampled_from(["all", "any"]))
        when = leaves[0] if len(leaves) == 1 else {"key": "both", "title": TITLE, form: leaves}
        more = {"group": "together"} if draw(st.booleans()) else {}
        made.append(clause(f"c{at}", draw(st.sampled_from(BENEFITS)), when=when, **more))
    return made


@given(st.data())
@settings(max_examples=50, deadline=None)
def test_a_question_is_asked_exactly_when_an_answer_can_change_what_is_owed(data):
    rule = data.draw(st.sampled_from([group("highest"), group("exclude"), group("cap", most_cny=60)]))
    one = policy(*data.draw(_clauses()), groups=[rule])
    unknown = data.draw(st.lists(st.sampled_from(INPUTS), min_size=1, max_size=3, unique=True))
    known = {name: data.draw(st.sampled_from(VALUES[name])) for name in INPUTS if name not in unknown}
    words = VOCABULARY.model_copy(
        update={"inputs": tuple(each.model_copy(update={"is_complete": False}) for each in VOCABULARY.inputs)}
    )
    asked = {found.input.key for found in questions(entitle([one], build_panel(facts(a=known), words, ON)), 0)}
    cases = list(product(*(VALUES[name] for name in unknown)))
    settled = {str(at): {**known, **dict(zip(unknown, case, strict=True))} for at, case in enumerate(cases)}
    found = entitle([one], build_panel(facts(**settled), words, ON))
    order = {name: at for at, name in enumerate(found.panel.enterprises)}
    owed = [tuple(found.stages["stacking"].low[order[str(at)]].tolist()) for at in range(len(cases))]
    assert asked == {name for at, name in enumerate(unknown) if _matters(at, cases, owed)}


def _matters(at: int, cases: list[tuple[object, ...]], owed: list[tuple[int, ...]]) -> bool:
    """Say whether two cases that differ in one answer only differ in what is owed."""
    by_rest: dict[tuple[object, ...], set[tuple[int, ...]]] = {}
    for case, given_ in zip(cases, owed, strict=True):
        by_rest.setdefault(case[:at] + case[at + 1 :], set()).add(given_)
    return any(len(different) > 1 for different in by_rest.values())
