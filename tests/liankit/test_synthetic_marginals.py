"""The synthetic district is of the order of magnitude that is publicly known, and says so in a page."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

import pytest

from liankit.errors import UserError
from liankit.synthetic import generate, load_vocabulary, marginals, marginals_markdown

VOCABULARY = load_vocabulary("linping_biomed")
PAGE = Path(__file__).parents[2] / "docs/reference/synthetic-marginals.md"
RENEW = (
    "renew it: liankit synthetic FOLDER --enterprises 300 --seed 1 --marginals docs/reference/synthetic-marginals.md"
)


@pytest.mark.parametrize(
    ("size", "seed"), [(300, 1), (300, 2), (300, 3), (300, 4), (1_000, 5), (3_000, 6), (10_000, 7)]
)
def test_every_marginal_is_inside_its_range(size: int, seed: int) -> None:
    table = marginals(generate(VOCABULARY, enterprises=size, seed=seed))
    assert table.height == len(VOCABULARY["marginals"])
    assert table.filter(inside=False).rows() == []


def test_every_range_has_a_source_and_says_how_far_it_is_known() -> None:
    for row in VOCABULARY["marginals"]:
        assert row["confidence"] in {"verified", "recalled", "assumption"}
        assert len(row["source"]) > 5 and row["low"] < row["high"]


def test_a_value_outside_its_range_is_said_to_be_outside() -> None:
    body = deepcopy(VOCABULARY)
    body["marginals"] = [{**body["marginals"][0], "low": 0.0, "high": 0.1}]
    table = marginals(generate(body, enterprises=30, seed=1))
    assert table["inside"].to_list() == [False]
    assert "**no**" in marginals_markdown(table, enterprises=30, seed=1)


def test_a_marginal_that_cannot_be_measured_is_refused_with_the_nearest() -> None:
    body = deepcopy(VOCABULARY)
    body["marginals"] = [{**body["marginals"][0], "marginal": "imported_shares"}]
    with pytest.raises(UserError, match="imported_share"):
        marginals(generate(body, enterprises=30, seed=1))


def test_the_page_of_marginals_is_fresh() -> None:
    table = marginals(generate(VOCABULARY, enterprises=300, seed=1))
    assert PAGE.read_text(encoding="utf-8") == marginals_markdown(table, enterprises=300, seed=1), RENEW
