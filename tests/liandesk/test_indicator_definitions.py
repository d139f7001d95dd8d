"""A definition of an indicator names its mistakes; what is counted of places adds up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liandesk.base.metrics import Row, tally
from liankit.plan.indicators import build_indicator
from liankit.process.check import DefinitionError


def test_a_definition_that_is_wrong_names_its_mistakes() -> None:
    body = {"key": "x", "title": {"zh": "甲", "en": "x"}, "definition": {"zh": "甲", "en": "x"}, "unit": "share"}
    body |= {"counting": "rate", "period": "quarter", "source": "entered", "owner": "economy"}
    with pytest.raises(DefinitionError, match="share of"):
        build_indicator(body, "x.yaml")
    with pytest.raises(DefinitionError, match="colour"):
        build_indicator(body | {"colour": "red"}, "x.yaml")


@given(st.lists(st.tuples(st.sampled_from(["", "a", "b"]), st.booleans())))
def test_what_is_counted_of_places_adds_up_to_what_has_a_place(said: list[tuple[str, bool]]) -> None:
    rows = [Row(str(n), place, holds, None, False) for n, (place, holds) in enumerate(said)]
    placed = [row for row in rows if row.place]
    assert sum(one.value or 0 for one in tally(rows, "town")) == tally(placed, "none")[0].value
    share = tally(rows, "none", is_share=True)[0].value
    assert share is None if not rows else share is not None and 0 <= share <= 1
