"""What a typed text finds: Chinese, pinyin, initials, English, codes; and in which order."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liankit.search import build_index, find
from liankit.search.pinyin import spell

ROWS = [
    ("organisation", "O1", "杭州绿谷药业有限公司", ["Hangzhou Green Valley Pharma", "91330110PDY000017X"]),
    ("organisation", "O2", "重庆长安医疗器械有限公司", ["曾用名科技"]),
    ("organisation", "O3", "绿谷", [None]),
    ("item", "I1", "层析填料（Protein A）", ["绿谷填料"]),
]


def index(rows: list[tuple[str, str, str, list[str | None]]] = ROWS) -> pl.DataFrame:
    schema = {"kind": pl.String, "id": pl.String, "title": pl.String, "names": pl.List(pl.String)}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return build_index(frame.with_columns(detail=pl.lit(None, dtype=pl.String), town=pl.col("id")))


def ids(text: str, **more: object) -> list[str]:
    return find(index(), text, **more)["id"].to_list()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("谷药", ["O1"]),
        ("hangzhoulvgu", ["O1"]),
        ("hzlg", ["O1"]),
        ("hzlvg", ["O1"]),
        ("HZLG", ["O1"]),
        ("chongqing", ["O2"]),
        ("zhongqing", []),
        ("cqca", ["O2"]),
        ("cymkj", ["O2"]),
        ("green pharma", ["O1"]),
        ("91330110pdy", ["O1"]),
        ("９１３３０１１０ＰＤＹ", ["O1"]),
        ("protein", ["I1"]),
        ("杭州 药业", ["O1"]),
        ("杭州 器械", []),
        ("angzhou", ["O1"]),  # a part of the English name; of pinyin it would not be the beginning of a sign
        ("ongqing", []),
        ("", []),
        ("  ", []),
        ("%", []),
        ("(", ["I1"]),
    ],
)
def test_a_text_finds_what_it_means(text: str, expected: list[str]) -> None:
    assert ids(text) == expected


def test_the_whole_name_comes_first_then_beginnings_then_parts() -> None:
    assert ids("绿谷") == ["O3", "O1", "I1"]  # by kind, the kind of the best hit first
    assert ids("绿谷", where=pl.col("kind") == "organisation") == ["O3", "O1"]


def test_at_most_so_many_of_each_kind_are_returned() -> None:
    assert sorted(ids("绿谷", most=1)) == ["I1", "O3"]


def test_scopes_stay_beside_the_index_and_limit_it() -> None:
    assert ids("绿谷", where=pl.col("town").is_in(["O1"])) == ["O1"]


def test_a_sign_is_read_as_in_the_longest_phrase_it_stands_in() -> None:
    said = spell(pl.Series(["长春", "生长", "银行", "行走", "女"])).to_list()
    assert said == ["ChangChun", "ShengZhang", "YinHang", "XingZou", "Nv"]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=12))
def test_any_text_is_answered_and_a_part_of_a_name_is_always_found(text: str) -> None:
    found = find(index([*ROWS, ("item", "X", f"名{text}称", [None])]), f"名{text}称")
    assert "X" in found["id"].to_list()
    find(index(), text)
