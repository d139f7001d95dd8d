"""What a plan says is found in its text: numbers, dates, owners, in many houses' styles and with noise."""

from __future__ import annotations

import os
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liankit.plan.evaluate import score
from liankit.plan.parsing import Found, Offices, parse, rows
from liankit.synthetic.plans import STYLES, GivenTarget, Noise, draw_plan, truth, write_plan

NOISES = [
    Noise(),
    *(Noise(**{name: True}) for name in ("glued", "unnumbered", "wide", "spliced", "wrapped", "spaced")),
    Noise(unnumbered=True, wide=True, spliced=True, spaced=True),
    Noise(wide=True, wrapped=True),
]
SIGNS = "一二三、（）(1.。；，牵头负责局到2025年起5从和与各部门未来4任务方案家%亿元—《》“”工程实施目标:\n\t 　①第章"
PLANS = Path(os.environ.get("LIANDESK_REAL_DATA", "/nowhere")).parent / "plans"
needs_plans = pytest.mark.skipif(
    "LIANDESK_REAL_DATA" not in os.environ or not PLANS.is_dir(),
    reason="set LIANDESK_REAL_DATA; the plans lie in the folder plans beside it",
)


def found(text: str, kind: str) -> list[Found]:
    return [one for one in parse(text) if one.kind == kind]


def only_target(text: str) -> Found:
    (target,) = [one for one in found(text, "target") if one.value is not None]
    return target


def roles(text: str) -> dict[str | None, str | None]:
    return {one.name: one.role for one in found(text, "unit")}


# the property


@pytest.mark.parametrize("style", STYLES)
@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10**6), noise=st.sampled_from(NOISES))
def test_what_was_written_is_found_whatever_the_style_and_the_noise(style: str, seed: int, noise: Noise) -> None:
    plan = draw_plan(seed, programmes=3)
    read = parse(write_plan(plan, style, noise, seed=seed))
    assert all(one.f1 == 1 for one in score(rows(read), truth(plan)))
    wanted = Counter(told(one, style) for programme in plan.programmes for one in programme.targets)
    assert Counter(told(one, style) for one in read if one.kind == "target" and one.value is not None) == wanted


def told(one: Found | GivenTarget, style: str) -> tuple[object, ...]:
    """Return what both sides say of a target; a table does not tell how firmly it is promised."""
    return one.indicator, one.value, one.deadline, one.comparator, style == "tables" or one.commitment


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=SIGNS, max_size=200))
def test_any_text_is_read_without_error_and_each_finding_is_where_it_says(text: str) -> None:
    for one in parse(text):
        assert text[one.start : one.end] == one.text
        assert one.text.strip()
        assert 0 < one.confidence <= 1


def test_ids_are_unique_and_parents_stand_in_the_list() -> None:
    read = parse(write_plan(draw_plan(4), "labels"))
    ids = {one.id for one in read}
    assert len(ids) == len(read)
    assert {one.parent for one in read} <= ids | {None}


# numbers


@pytest.mark.parametrize(
    ("said", "value", "unit", "comparator"),
    [
        ("上市公司达到5家以上", 5, "家", ">="),
        ("总产值超过千亿元", 1000, "亿元", ">"),
        ("交易额达到2.5万亿元", 2.5, "万亿元", ">="),
        ("引进人才1,200余名", 1200, "名", ">="),
        ("经费占比不低于3.5％", 3.5, "%", ">="),
        ("平均用时压缩至4个月以内", 4, "个月", "<="),
        ("产业规模翻一番", 2, "倍", ">="),
        ("产业规模翻两番", 4, "倍", ">="),
        ("单位能耗控制在0.5吨标准煤/万元", 0.5, "吨标准煤/万元", "<="),
        ("市值1000亿元以上的上市公司达到8家", 8, "家", ">="),
    ],
)
def test_a_number_is_read_as_printed_with_its_unit_and_comparator(
    said: str, value: float, unit: str, comparator: str
) -> None:
    one = only_target(f"到2025年,{said}。")
    assert (one.value, one.unit, one.comparator, one.deadline) == (value, unit, comparator, date(2025, 12, 31))


def test_hundreds_of_millions_are_also_given_without_their_scale() -> None:
    one = only_target("到2025年,产值达到1.5亿元。")
    assert (one.amount, one.amount_unit) == (1.5e8, "元")


def test_a_range_keeps_both_ends() -> None:
    one = only_target("到2025年,建成重点实验室15-20个。")
    assert (one.value, one.high) == (15, 20)


def test_dates_and_numbers_told_respectively_go_together() -> None:
    text = "2024年、2025年、2026年产值分别达到300亿元、400亿元、500亿元。"
    read = [((one.deadline or date.min).year, one.value) for one in found(f"一、目标\n{text}\n", "target")]
    assert read == [(2024, 300), (2025, 400), (2026, 500)]


def test_a_rise_from_a_value_keeps_it_as_the_baseline() -> None:
    one = only_target("到2025年,研发投入强度从3%提高到5%。")
    assert (one.baseline, one.value, one.indicator) == (3, 5, "研发投入强度")


def test_each_number_of_a_list_is_a_target_of_its_own() -> None:
    text = "到2026年,每年新增企业25家以上、融资额100亿元以上;培育龙头企业30家。"
    read = [(one.indicator, one.value, one.per) for one in found(text, "target")]
    assert read == [("企业", 25, "year"), ("融资额", 100, "year"), ("龙头企业", 30, None)]


@pytest.mark.parametrize(
    "said",
    [
        "截至2020年底,全区拥有企业120家,产值突破300亿元。",
        "到2025年,对固定资产投资3000万元以上的项目优先供地。",
        "到2025年,对新认定的企业给予最高500万元补助。",
        "按照〔2020〕24号文件,到2025年基本建成体系。",
        "网上技术市场3.0建设取得进展。",
    ],
)
def test_a_state_a_condition_a_subsidy_and_a_reference_are_no_targets(said: str) -> None:
    assert [one.text for one in found(said, "target")] == []


@pytest.mark.parametrize(
    ("said", "counting", "direction", "commitment"),
    [
        ("力争上市公司累计达到5家", "cumulative", "up", "strive"),
        ("确保新增上市公司5家", "within", "up", "ensure"),
        ("探索建设示范中心5个", "level", "up", "explore"),
        ("单位能耗下降13%", "growth", "down", "plain"),
        ("覆盖率达到90%", "rate", "up", "plain"),
    ],
)
def test_how_a_number_adds_up_and_how_firmly_it_is_promised(
    said: str, counting: str, direction: str, commitment: str
) -> None:
    one = only_target(f"到2025年,{said}。")
    assert (one.counting, one.direction, one.commitment) == (counting, direction, commitment)


# dates


@pytest.mark.parametrize(
    ("said", "deadline"),
    [
        ("到2025年末,", date(2025, 12, 31)),
        ("2021年6月底前,", date(2021, 6, 30)),
        ("到2024年2月,", date(2024, 2, 29)),
        ("到“十五五”末,", date(2030, 12, 31)),
    ],
)
def test_a_deadline_is_the_last_day_of_what_is_named(said: str, deadline: date) -> None:
    assert only_target(f"{said}建成平台5个。").deadline == deadline


def test_a_deadline_holds_for_the_paragraphs_below_and_says_that_it_was_inherited() -> None:
    text = "一、主要目标\n到2026年,实现明显提升。\n——人才集聚。汇聚3000名以上人才。\n"
    one = only_target(text)
    assert (one.deadline, one.deadline_from) == (date(2026, 12, 31), "section")


def test_a_number_of_years_ends_with_the_period_of_the_plan() -> None:
    one = only_target("某区行动计划(2021—2025年)\n一、主要目标\n力争5年新增上市公司350家以上。\n")
    assert (one.deadline, one.deadline_from, one.counting) == (date(2025, 12, 31), "period", "within")


# tables of indicators


@pytest.mark.parametrize("gap", ["\t", " "])
@pytest.mark.parametrize("end", ["\n", " "])
def test_rows_of_a_table_are_targets_also_when_the_table_became_one_line(gap: str, end: str) -> None:
    lines = ["序号 指标 单位 2020年 2025年 属性", "1 总产值 亿元 300 800 预期性", "2 单位能耗降低 % - 〔13〕 约束性"]
    text = "专栏1 主要指标\n" + end.join(line.replace(" ", gap) for line in lines) + "\n"
    read = [(one.indicator, one.baseline, one.value, one.unit, one.binding) for one in found(text, "target")]
    assert read == [("总产值", 300, 800, "亿元", "anticipatory"), ("单位能耗降低", None, 13, "%", "binding")]


# units


@pytest.mark.parametrize(
    ("note", "lead", "others"),
    [
        ("(甲委牵头,乙局、丙部等相关部门及各地区按职责分工负责)", "lead", ["乙局", "丙部", "相关部门", "各地区"]),
        ("(甲委、乙局、丙部按职责分工负责)", "presumed_lead", ["乙局", "丙部"]),
        ("(责任单位:甲委、文化和旅游局和乙局)", "presumed_lead", ["文化和旅游局", "乙局"]),
        ("(牵头单位:甲委;配合单位:乙局,各县(市、区)政府)", "lead", ["乙局", "各县(市、区)政府"]),
        ("(责任单位:甲委、乙局,列首位的为牵头单位)", "lead", ["乙局"]),
        ("(甲委(牵头)、乙局)", "lead", ["乙局"]),
        ("(由甲委负责)", "presumed_lead", []),
        ("。(甲委、乙局)", "presumed_lead", ["乙局"]),
    ],
)
def test_end_notes_name_who_leads_and_who_joins(note: str, lead: str, others: list[str]) -> None:
    assert roles(f"(一)优化流程。加快办理{note}。") == {"甲委": lead, **dict.fromkeys(others, "with")}


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("甲局负责,各镇(街道)按职责落实", {"甲局": "presumed_lead", "各镇(街道)": "with"}),
        ("由甲局牵头负责,乙局参与", {"甲局": "lead", "乙局": "with"}),
        ("招商中心会同发改局开展征集工作", {"招商中心": "lead", "发改局": "with"}),
        ("发改局、招商中心等单位联合启动论证", {"发改局": "presumed_lead", "招商中心": "with"}),
        ("鼓励龙头企业联合高校开展攻关", {}),
    ],
)
def test_running_text_names_who_acts(said: str, wanted: dict[str, str]) -> None:
    assert roles(f"1.征集项目。每年办理。{said}。") == wanted


def test_a_table_of_tasks_gives_a_measure_a_row_with_its_units_and_date() -> None:
    head = "序号\t主要任务\t牵头单位\t配合单位\t完成时限\n"
    text = head + "1\t建成标准厂房50万平方米\t经信局\t规资局、各镇\t2024年6月\n2\t完善服务\t发改局\t\t2025年底\n"
    read = {one.id: one for one in parse(text)}
    named = [(read[one.parent or ""].text, one.name, one.role) for one in read.values() if one.kind == "unit"]
    first = "建成标准厂房50万平方米"
    assert named == [
        (first, "经信局", "lead"),
        (first, "规资局", "with"),
        (first, "各镇", "with"),
        ("完善服务", "发改局", "lead"),
    ]
    (target,) = [one for one in read.values() if one.kind == "target"]
    assert (target.value, target.unit, target.deadline) == (50, "万平方米", date(2024, 6, 30))


def test_a_date_of_one_measure_is_not_carried_into_the_next() -> None:
    text = "某区方案(2023—2027年)\n二、重点任务\n1.建平台。到2024年底前建成平台5个。\n2.育企业。新增企业12家。\n"
    assert [one.deadline for one in found(text, "target")] == [date(2024, 12, 31), date(2027, 12, 31)]


def test_the_words_behind_a_number_say_whether_it_binds() -> None:
    assert only_target("到2025年,单位能耗累计下降16%(约束性)。").binding == "binding"


def test_what_is_said_once_of_all_lists_holds_for_the_lists_below() -> None:
    first = "1.建平台。尽快开工。(责任单位:甲委、乙局,列首位的为牵头单位,下同)\n"
    text = f"{first}2.育企业。长期坚持。(责任单位:丙局、丁局)\n"
    assert {one.role for one in found(text, "unit") if one.name in ("甲委", "丙局")} == {"lead"}


def test_an_office_with_a_second_nameplate_is_one_office() -> None:
    (one,) = found("3.责任单位:\n市场监管局(知识产权局)。\n", "unit")
    assert (one.name, one.nameplate) == ("市场监管局", "知识产权局")


def test_units_of_a_list_whose_heading_is_lost_belong_to_a_programme_without_title() -> None:
    read = parse("(3)鼓励设立窗口。\n(4)开发产品。\n3.责任单位:\n发改局、财政局。\n")
    (programme,) = [one for one in read if one.kind == "programme"]
    assert programme.title is None
    assert {one.parent for one in read if one.kind in ("measure", "unit")} == {programme.id}


def test_old_names_and_nameplates_lead_to_the_office() -> None:
    body = [
        {
            "code": "trade",
            "zh": "商务局(口岸办)",
            "aliases": [{"name": "外经贸局", "from": None, "until": "2010-01-01"}],
        }
    ]
    offices = Offices.from_body(body)
    read = parse("责任单位:\n市外经贸局、商务局、科技局。\n", offices=offices)
    assert [one.office for one in read if one.kind == "unit"] == ["trade", "trade", None]


# names


def test_places_documents_and_institutions_are_named() -> None:
    text = (
        "依托浙江大学基础医学创新研究院,推动乔司、塘栖等区块联动,落实浙政发〔2021〕6号和《某区条例》,改善住房城乡环境。"
    )
    named = {(one.kind, one.text) for one in parse(text) if one.kind in ("place", "entity")}
    assert named == {
        ("entity", "浙江大学基础医学创新研究院"),
        ("place", "乔司"),
        ("place", "塘栖"),
        ("entity", "浙政发〔2021〕6号"),
        ("entity", "《某区条例》"),
    }


# headings


@pytest.mark.parametrize(
    ("line", "title", "number"),
    [
        ("工程7产品品牌提升工程", "产品品牌提升工程", "7"),
        ("工程企业上市推进工程", "企业上市推进工程", None),
        ("专栏3 人才集聚工程", "人才集聚工程", "3"),
        ("(二)实施企业培育行动", "企业培育行动", "(二)"),
    ],
)
def test_a_programme_is_known_by_its_heading(line: str, title: str, number: str | None) -> None:
    (one,) = found(f"三、主要任务\n{line}\n1.实施目标:\n提升能级。\n", "programme")
    assert (one.title, one.number) == (title, number)


@pytest.mark.parametrize("line", ["二、重点工程", "(一)八大行动", "四、加快重大工程建设"])
def test_a_heading_over_programmes_is_a_section(line: str) -> None:
    assert [one.kind for one in parse(f"{line}\n") if one.kind in ("section", "programme")] == ["section"]


# the real texts


@needs_plans
@pytest.mark.parametrize(
    ("name", "programmes", "targets", "units"),
    [
        ("linping-plan-a", 2, 0, 6),
        ("linping-plan-b", 3, 2, 10),
        ("state-council-opinion-2020-43", 0, 1, 118),
        ("other-district-fragments", 0, 34, None),
    ],
)
def test_the_real_texts_give_what_was_counted_by_hand(
    name: str, programmes: int, targets: int, units: int | None
) -> None:
    read = parse((PLANS / f"{name}.txt").read_text("utf-8"))
    assert len([one for one in read if one.kind == "programme"]) == programmes
    assert len([one for one in read if one.kind == "target" and one.value is not None]) == targets
    assert units is None or len([one for one in read if one.kind == "unit"]) == units
