"""When numbers of a group of cases may be told: each case is written as its organisations, a letter each."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from liandesk.act.insight.groups import may_be_told


@pytest.mark.parametrize(
    ("behind", "is_told"),
    [
        (["a", "a", "b", "b", "c"], True),
        (["a", "b", "c", "d"], False),  # four cases
        (["a", "a", "b", "b", "b", "a"], False),  # two organisations
        (["a", "a", "a", "b", "c"], False),  # more than half are one's
        (["ax", "ax", "by", "by", "ay", "bx"], False),  # two hospitals, whatever sponsors they have
        (["ax", "by", "cz", "a", "b", "c"], True),
        (["a", "a", "b", "b", "c", "", ""], True),  # of nobody
        (["", "", "", "", ""], False),
    ],
)
def test_a_group_is_told_where_nobody_can_be_made_out_in_it(behind: Sequence[str], is_told: bool) -> None:
    assert may_be_told(behind) is is_told
