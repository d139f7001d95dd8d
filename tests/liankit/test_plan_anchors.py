"""What was found is found again by its words and their company; what people took over becomes a plan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from liankit.plan.anchors import Anchor, Row, anchored, compare, match, squeeze
from liankit.plan.drafting import Frame, draft, number_of
from liankit.plan.model import build_plan
from liankit.plan.parsing import Offices, parse, rows
from liankit.plan.review import Reviewed

TEXT = """三、主要任务
工程2 示范企业上市工程
1.实施目标：
到2025年，全区本产业上市公司累计达到8家以上。
2.实施重点：
（1）建立拟上市企业名单，逐家辅导，帮助解决用地与用能。
（2）与各类资本市场建立联系，每年组织两次对接活动。
3.责任单位：
发改局、经科局。
四、保障措施
（一）加强组织领导。成立工作专班，定期会商，协调解决难题。
"""
OFFICES = Offices.from_body([{"code": "development", "zh": "发改局"}, {"code": "economy", "zh": "经科局"}])
FRAME = Frame(
    "sample",
    {"zh": "示例", "en": "Sample"},
    {"from": "2021-01-01", "to": "2025-12-31"},
    {"zh": "测试", "en": "A test"},
)
WORDS = st.text("上市公司企业局发改经科，。 \n", min_size=1, max_size=30)


def _rows(text: str = TEXT) -> list[dict[str, Any]]:
    return rows(parse(text, offices=OFFICES))


def _reviewed(text: str = TEXT, **said: Any) -> list[Reviewed]:
    return [Reviewed(key, row, "accepted") for key, (_, row) in anchored(text, _rows(text)).items()]


def _only(found: dict[str, tuple[Anchor, Row]]) -> Anchor:
    ((one, _row),) = found.values()
    return one


def _span(kind: str, text: str, words: str) -> dict[str, Any]:
    start = text.index(words)
    return {"id": f"{kind}{start}", "kind": kind, "text": words, "start": start, "end": start + len(words)}


@given(text=WORDS, spans=st.lists(st.tuples(st.integers(0, 29), st.integers(1, 9)), max_size=5))
def test_read_again_as_it_was_everything_is_where_it_was(text: str, spans: Sequence[tuple[int, int]]) -> None:
    found = [
        {"id": str(n), "kind": "unit", "text": text[a : a + n_signs], "start": a, "end": min(a + n_signs, len(text))}
        for n, (a, n_signs) in enumerate(spans)
        if a < len(text)
    ]
    here = anchored(text, found)
    assert len(here) == len(found)
    anchors = {key: one for key, (one, _) in here.items()}
    places = match(anchors, anchors)
    assert all(anchors[key] == anchors[place] for key, place in places.items())
    assert set(places) == set(anchors)
    assert compare(here, here) == []


@given(front=WORDS, year=st.sampled_from(["2025", "２０２５", "20 25"]))
def test_text_put_before_spaces_and_widths_move_nothing(front: str, year: str) -> None:
    before = anchored(TEXT, [_span("target", TEXT, "到2025年，全区本产业上市公司累计达到8家以上")])
    other = front + TEXT.replace("2025", year).replace("，", "，\n  ")
    after = anchored(other, [_span("target", other, f"到{year}年，\n  全区本产业上市公司累计达到8家以上")])
    assert match({1: _only(before)}, {"here": _only(after)}) == {1: "here"}


def test_a_short_name_alone_is_not_enough_to_be_the_same_place() -> None:
    elsewhere = "全新的一段话里也提到发改局，与原处无关。"
    kept = anchored(TEXT, [_span("unit", TEXT, "发改局")])
    here = anchored(elsewhere, [_span("unit", elsewhere, "发改局")])
    assert match({1: _only(kept)}, {"here": _only(here)}) == {}


def test_of_two_places_that_say_the_same_each_keeps_its_own() -> None:
    text = "甲工程由发改局牵头，逐项落实各项任务。乙工程由发改局牵头，按年度分解各项任务。"
    first = _span("unit", text, "发改局")
    second = {**first, "id": "b", "start": text.rindex("发改局"), "end": text.rindex("发改局") + 3}
    kept = {"first": anchored(text, [first]), "second": anchored(text, [second])}
    moved = "前言。" + text
    here = anchored(moved, [{**one, "start": one["start"] + 3, "end": one["end"] + 3} for one in (first, second)])
    places = match(
        {name: _only(found) for name, found in kept.items()},
        {key: one for key, (one, _) in here.items()},
    )
    assert [here[places[name]][1]["start"] for name in ("first", "second")] == [first["start"] + 3, second["start"] + 3]


def test_a_newer_reading_is_told_by_what_it_found_more_less_and_otherwise() -> None:
    old = anchored(TEXT, [_span("unit", TEXT, "发改局"), {**_span("target", TEXT, "8家以上"), "value": 8.0}])
    new = anchored(TEXT, [_span("unit", TEXT, "经科局"), {**_span("target", TEXT, "8家以上"), "value": 80.0}])
    told = [(change.kind, change.row["text"], dict(change.fields)) for change in compare(old, new)]
    assert told == [
        ("added", "经科局", {}),
        ("changed", "8家以上", {"value": (8.0, 80.0)}),
        ("gone", "发改局", {}),
    ]


def test_what_people_took_over_is_a_plan_that_can_be_built() -> None:
    made = draft([_reviewed()], FRAME, None)
    plan = build_plan(made.body, "sample")
    target = plan.targets["p2.t1"]
    assert (target.value, target.unit, str(target.by), target.comparator, target.counting) == (
        8.0, "company", "2025-12-31", ">=", "cumulative",
    )  # fmt: skip
    assert [(unit.office, unit.role) for unit in plan.programmes[0].units] == [
        ("development", "presumed_lead"),
        ("economy", "with"),
    ]
    assert [len(one.measures) for one in plan.programmes] == [2]
    assert len(plan.duties) == 1


def test_what_nobody_decided_is_in_no_draft() -> None:
    undecided = [Reviewed(one.key, one.row) for one in _reviewed()]
    assert draft([undecided], FRAME, None).body["programmes"] == []


def test_drafted_twice_nothing_changes_and_nothing_is_doubled() -> None:
    once = draft([_reviewed()], FRAME, None).body
    assert draft([_reviewed()], FRAME, once).body == once
    assert draft([_reviewed(), _reviewed()], FRAME, None).body == once


def test_a_duty_that_stands_in_short_is_not_doubled_by_the_paragraph_that_says_it() -> None:
    body = draft([_reviewed()], FRAME, None).body
    body["duties"] = [
        {"key": "talent", "text": {"zh": "引进和留住人才", "en": "Talent"}},
        {"key": "group", "text": {"zh": "工作专班定期会商", "en": "A group that meets"}},
    ]
    assert draft([_reviewed()], FRAME, body).body["duties"] == body["duties"]
    body["duties"] = body["duties"][:1]
    assert len(draft([_reviewed()], FRAME, body).body["duties"]) == 2


def test_words_and_bindings_that_stand_stay_and_the_numbers_come_from_the_text() -> None:
    body = draft([_reviewed()], FRAME, None).body
    programme = body["programmes"][0]
    programme["title"]["en"] = "Listing"
    programme["targets"][0] |= {"indicator": "listed", "text": {"zh": "上市公司八家", "en": "Eight listed"}}
    programme["measures"][0]["executes"] = [{"kind": "process", "key": "request"}]
    said = [
        Reviewed(one.key, one.row, "corrected", {"value": 9.0}) if one.kind == "target" else one for one in _reviewed()
    ]
    again = draft([said], FRAME, body).body["programmes"][0]
    assert again["title"]["en"] == "Listing"
    assert (again["targets"][0]["indicator"], again["targets"][0]["value"], len(again["targets"])) == ("listed", 9.0, 1)
    assert again["measures"][0]["executes"] == [{"kind": "process", "key": "request"}]


def test_what_cannot_stand_in_a_plan_yet_is_named() -> None:
    said = [
        Reviewed(one.key, one.row, "corrected", {"deadline": None} if one.kind == "target" else {"office": None})
        if one.kind in ("target", "unit")
        else one
        for one in _reviewed()
    ]
    assert sorted(one.missing for one in draft([said], FRAME, None).left_out) == ["deadline", "office", "office"]


def test_a_target_without_a_number_is_the_goal_in_words() -> None:
    said = [
        Reviewed(one.key, one.row, "corrected", {"value": None}) if one.kind == "target" else one for one in _reviewed()
    ]
    made = draft([said], FRAME, None)
    assert made.left_out == ()
    assert made.body["programmes"][0]["goal"]["zh"] == "全区本产业上市公司累计达到8家以上"


def test_numbers_are_read_as_plans_print_them() -> None:
    printed = ("7", "（十）", "二十一", "第三", "工程", None)
    assert [number_of(one) for one in printed] == [7, 10, 21, 3, None, None]
    assert squeeze(" ５ 家\n") == "5家"
