import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.liankit.policy_cases import fixed, group, panel, policy
from tests.liankit.policy_reference import stacked

from liankit.process.check import DefinitionError
from liankit.rules.benefits import Policy
from liankit.rules.policies import entitle, stack_of
from liankit.rules.policy_check import check_together

ONE = {"revenue_cny": 1000}
OPEN = {"key": "open", "title": {"zh": "甲", "en": "a"}, "quantity": "is_open", "is": True}


def _pair(rule: dict[str, object], *amounts: float) -> list[Policy]:
    """Return a policy whose group joins the clause ``theirs`` of another, which comes first."""
    here = [fixed(f"own{at}", cny, group="together") for at, cny in enumerate(amounts[:-1])]
    there = policy(fixed("theirs", amounts[-1]), key="province")
    return [there, policy(*here, key="district", groups=[{**rule, "joins": ["province.theirs"]}])]


def _owed(policies: list[Policy], **said: object) -> dict[tuple[str, str], tuple[int, int]]:
    found = entitle(policies, panel(a={**ONE, **said}))
    ends = zip(found.owed.low[0].tolist(), found.owed.high[0].tolist(), strict=True)
    return {term.key: end for term, end in zip(found.terms, ends, strict=True)}


def test_a_group_takes_a_clause_of_another_policy_after_its_own():
    highest = _owed(_pair(group("highest"), 10, 30))
    assert highest == {("province", "theirs"): (3000, 3000), ("district", "own0"): (0, 0)}
    first = _owed(_pair(group("exclude"), 10, 30))
    assert first == {("province", "theirs"): (0, 0), ("district", "own0"): (1000, 1000)}
    capped = _owed(_pair(group("cap", most_cny=25), 10, 30))
    assert capped == {("province", "theirs"): (1500, 1500), ("district", "own0"): (1000, 1000)}


def test_where_the_clause_of_the_other_policy_is_open_so_is_what_ours_gives():
    there = policy(fixed("theirs", 30, when=OPEN), key="province")
    here = policy(fixed("own", 10, group="together"), groups=[{**group("highest"), "joins": ["province.theirs"]}])
    found = entitle([there, here], panel(a=ONE))
    assert [(int(low), int(high)) for low, high in zip(*found.total(), strict=True)] == [(1000, 3000)]
    assert stack_of(found.terms, 0) == stack_of(found.terms, 1)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_stacking_over_policies_is_as_the_plain_reference_has_it(data):
    amounts = st.integers(0, 60)
    rules = st.sampled_from([group("highest"), group("exclude"), group("cap", most_cny=70)])
    holds = st.booleans()
    cells = {(name, f"c{at}"): (data.draw(amounts), data.draw(holds)) for name in ("p", "q", "r") for at in range(3)}
    free = [f"{name}.{key}" for name, key in cells if key == "c2"]
    places = {name: data.draw(st.sampled_from(["p", "q", "r", ""])) for name in free}
    policies = [
        policy(
            *(
                fixed(
                    key,
                    cny,
                    when={**OPEN, "is": entitled},
                    **({"group": "together"} if key != "c2" else {}),
                )
                for (whose, key), (cny, entitled) in cells.items()
                if whose == name
            ),
            key=name,
            groups=[{**data.draw(rules), "joins": [one for one in free if places[one] == name]}],
        )
        for name in ("p", "q", "r")
    ]
    check_together(policies, "cases.yaml")
    worth = {cell: cny * 100 for cell, (cny, entitled) in cells.items() if entitled}
    owed = _owed(policies, is_open="yes")
    assert {cell: low for cell, (low, _) in owed.items()} == stacked(policies, worth)


def test_a_group_that_joins_what_is_not_there_or_stands_elsewhere_is_refused_with_the_nearest_name():
    there, here = _pair(group("highest"), 10, 30)
    with pytest.raises(DefinitionError, match=r"no clause 'province\.theirz'.*province\.theirs"):
        wrong = here.groups[0].model_copy(update={"joins": ("province.theirz",)})
        check_together([there, here.model_copy(update={"groups": (wrong,)})], "cases.yaml")
    with pytest.raises(DefinitionError, match="stands in another group"):
        check_together([there, here, here.model_copy(update={"key": "town"})], "cases.yaml")
