"""Forms of plans that other places write: of one year, of years to come, with other lists of units."""

from __future__ import annotations

from datetime import date

import pytest

from liankit.plan.parsing import Found, parse

YEAR = "某市2024年重点工作任务分解方案\n一、主要目标\n"


def targets(text: str) -> list[tuple[str | None, float | None, str | None, date | None]]:
    return [(one.indicator, one.value, one.unit, one.deadline) for one in parse(text) if one.kind == "target"]


def values(text: str) -> list[tuple[float | None, int]]:
    return [(value, (deadline or date.min).year) for _, value, _, deadline in targets(text)]


def units(text: str) -> dict[str | None, tuple[str | None, str | None]]:
    read: dict[str | None, Found] = {one.id: one for one in parse(text)}
    return {one.name: (one.role, read[one.parent].title) for one in read.values() if one.kind == "unit"}


# dates


@pytest.mark.parametrize(
    ("title", "year"),
    [
        ("某市2024年重点工作任务分解方案", 2024),
        ("民生实事项目责任分解(2023年)", 2023),
        ("2022年度推进港口建设的实施意见", 2022),
    ],
)
def test_a_plan_of_one_year_dates_its_targets_by_its_title(title: str, year: int) -> None:
    assert values(f"{title}\n一、主要目标\n1.新增航线8条。\n2.建设泊位5个以上。\n") == [(8, year), (5, year)]


def test_a_sentence_that_mentions_a_five_year_plan_does_not_take_the_year_from_the_title() -> None:
    text = "2022年重点任务清单\n今年是“十四五”规划的关键一年。\n一、工业\n1.力争完成投资80亿元,增长6%。\n"
    assert values(text) == [(80, 2022), (6, 2022)]


@pytest.mark.parametrize(
    ("said", "year"),
    [
        ("2021年起5年内,引进船长60名。", 2025),
        ("2021年,全市计划引进船长60名。", 2021),
        ("2021年,全市统筹推进。计划引进船长60名。", 2025),
        ("到2023年,在2020年的基础上实现翻身,船长超过60名。", 2023),
    ],
)
def test_years_are_dates_where_something_is_aimed_at(said: str, year: int) -> None:
    assert values(f"某市港口规划(2021—2025年)\n一、主要目标\n{said}\n") == [(60, year)]


def test_years_to_come_may_outlast_the_plan() -> None:
    assert values(f"{YEAR}1.带动未来三年投资90亿元以上。\n") == [(90, 2026)]


# what is a target


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("引导社会力量设立5个以上航运基金", ("航运基金", 5, "个")),
        ("生产粮食3.5亿斤以上", ("生产粮食", 3.5, "亿斤")),
        ("码头吞吐量120万标箱", ("码头吞吐量", 120, "万标箱")),
        ("每年创建一个5A级码头", ("5A级码头", 1, "个")),
        ("培育12条超10亿元特色链条", ("特色链条", 12, "条")),
        ("引进20亿级项目不少于4个", ("项目", 4, "个")),
        ("集装箱运量实现倍增", ("集装箱运量", 2, "倍")),
        ("群众满意度评分91分以上", ("群众满意度评分", 91, "分")),
    ],
)
def test_a_number_counts_what_stands_before_or_behind_it(said: str, wanted: tuple[str, float, str]) -> None:
    (found,) = targets(f"某市港口规划(2021—2025年)\n一、主要目标\n到2025年,{said}。\n")
    assert found[1:3] == wanted[1:] and wanted[0] in (found[0] or "")


@pytest.mark.parametrize(
    "said",
    [
        "兑现“22条”和“10项举措”",
        "推动6大行动28项具体措施落地",
        "对应纳税所得额不超过200万元的部分减半征收",
        "加计扣除比例提高至100%",
        "事故发生率控制在4/10万以下",
    ],
)
def test_a_name_a_tax_and_a_fraction_are_no_targets(said: str) -> None:
    assert values(f"某市方案(2021—2025年)\n二、重点任务\n1.抓落实。到2025年,{said}。\n") == []


def test_a_numbered_sentence_is_a_target_though_it_looks_like_a_heading() -> None:
    assert values(f"{YEAR}1.生产总值增长6%以上。\n责任单位:发改委\n2.出口增长5%。\n责任单位:商务局\n") == [
        (6, 2024),
        (5, 2024),
    ]


# programmes


@pytest.mark.parametrize(
    ("line", "kinds"),
    [
        ("(一)港口人才行动计划", ["programme"]),
        ("实施安全护航行动", ["programme"]),
        ("一、大力开展营商环境提升行动", ["programme"]),
        ("二、实施六大人才行动计划", ["section"]),
        ("一、总体目标", ["section"]),
    ],
)
def test_a_heading_names_a_programme_or_stands_over_several(line: str, kinds: list[str]) -> None:
    text = f"{line}\n1.目标。三年内形成规模。\n"
    assert [one.kind for one in parse(text) if one.kind in ("programme", "section")] == kinds


def test_a_programme_that_improves_an_environment_sets_targets() -> None:
    text = "2023年工作要点\n一、开展港口环境提升行动\n(一)活跃市场。新增贷款不少于60亿元。\n"
    assert values(text) == [(60, 2023)]


# units


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "一、港口扩建项目\n牵头单位:甲局\n责任单位:乙公司、丙镇任务目标:改造泊位。\n",
            {"甲局": "lead", "乙公司": "with", "丙镇": "with"},
        ),
        ("1.稳就业。\n责任单位:甲局、乙局分别牵头\n", {"甲局": "lead", "乙局": "lead"}),
        (
            "(一)建港口。扩大规模。〔责任单位:甲局、乙局按职责分工负责。具体任务均涉及各县政府,不再分工,下同。〕\n",
            {"甲局": "presumed_lead", "乙局": "with"},
        ),
        (
            "(一)建港口。扩大规模。(甲局、乙局,各区、县级市,列第一位的为牵头单位,下同。以下均需各县政府落实)\n",
            {"甲局": "lead", "乙局": "with", "各区": "with", "县级市": "with"},
        ),
        (
            "(一)由甲局负责,乙局、丙局配合,加快泊位建设,扩大规模,完善集疏运体系,提升服务能力,打造示范港口。\n",
            {"甲局": "presumed_lead", "乙局": "with", "丙局": "with"},
        ),
        ("一、建港口\n由甲局承办,乙局协办。工作目标:完善服务。\n", {"甲局": "lead", "乙局": "with"}),
        (
            "(一)建港口。扩大规模。(甲局等有关部门和各市政府按职责分工负责)\n",
            {"甲局": "presumed_lead", "有关部门": "with", "各市政府": "with"},
        ),
        ("一、甲管委会牵头工作(8项)\n1.建设泊位。\n", {"甲管委会": "lead"}),
        ("一、建港口(甲局牵头)\n1.建设泊位。\n", {"甲局": "lead"}),
        ("1.改造泊位(市甲局、各区政府)\n2.完善服务\n", {"市甲局": "presumed_lead", "各区政府": "with"}),
        ("(一)建港口。扩大规模。(市甲局;2025年底前完成)\n", {"市甲局": "presumed_lead"}),
        ("(一)建港口。扩大规模。(牵头:甲局;配合:乙局)\n", {"甲局": "lead", "乙局": "with"}),
        ("(一)建港口。扩大规模。(主责单位:甲局,协助部门:乙局)\n", {"甲局": "lead", "乙局": "with"}),
        ("(一)建港口。由甲局会同乙局负责,丙局配合。\n", {"甲局": "lead", "乙局": "with", "丙局": "with"}),
        (
            "(一)建港口。扩大规模。(甲局,丙新区党工委和管委会负责)\n",
            {"甲局": "presumed_lead", "丙新区党工委和管委会": "with"},
        ),
        ("甲局:负责泊位的建设和养护,定期检查。\n", {"甲局": "presumed_lead"}),
    ],
)
def test_lists_of_units_are_read_as_other_places_write_them(text: str, wanted: dict[str, str]) -> None:
    assert {name: role for name, (role, _) in units(text).items()} == wanted


def test_units_on_a_line_of_their_own_are_those_of_the_task_above() -> None:
    text = (
        "深化港口改革行动\n6.建设泊位\n加快推进扩建。\n甲局牵头,乙局等单位按职责分工负责\n"
        "7.完善服务\n优化流程。\n丙局牵头\n"
    )
    assert units(text) == {
        "甲局": ("lead", "建设泊位"),
        "乙局": ("with", "建设泊位"),
        "丙局": ("lead", "完善服务"),
    }


def test_a_task_with_units_is_a_task_whatever_its_chapter_is_called() -> None:
    head = "一、彻底破除壁垒,营造更好环境\n(一)"
    task = "清理限制和壁垒,规范收费行为,取消不合理条件,缩短办理时间,公开办事流程,完善投诉机制。"
    text = f"{head}{task}\n责任单位:甲局、乙局(第一责任单位为牵头单位,下同)\n"
    assert units(text) == {"甲局": ("lead", None), "乙局": ("with", None)}


def test_numbers_of_three_digits_part_tasks() -> None:
    text = "——发展航运\n204.扩大船队。(甲局负责)\n205.完善服务。(责任单位:乙局)\n"
    assert units(text) == {"甲局": ("presumed_lead", "扩大船队"), "乙局": ("presumed_lead", "完善服务")}


def test_a_numbered_target_with_a_note_counts_once() -> None:
    assert values("2021年工作要点\n一、主要目标\n(一)吞吐量增长11%。(甲局负责)\n") == [(11, 2021)]


def test_the_units_of_the_only_paragraph_below_a_heading_are_those_of_the_heading() -> None:
    text = "三、壮大航运企业\n扩大船队规模。责任单位:甲局、乙局;协助单位:丙局。\n四、完善服务\n"
    assert units(text) == {
        name: (role, "壮大航运企业") for name, role in (("甲局", "presumed_lead"), ("乙局", "with"), ("丙局", "with"))
    }


@pytest.mark.parametrize(
    "text",
    [
        "2024年任务分解表\n序号\n重点任务\n责任单位\n完成时限\n1\n新建码头2座。\n甲局\n乙局\n6月底前\n2\n完善服务。\n丙局\n",
        "2024年任务分解表 序号 任务 责任单位\n一、主要目标\n1 新建码头2座. 甲局、乙局\n2 完善服务. 丙局\n",
    ],
)
def test_a_table_whose_cells_lost_their_tabs_keeps_its_units(text: str) -> None:
    assert units(text) == {
        "甲局": ("presumed_lead", "新建码头2座"),
        "乙局": ("with", "新建码头2座"),
        "丙局": ("presumed_lead", "完善服务"),
    }
    assert [value for value, _ in values(text)] == [2]


def test_a_table_whose_tabs_were_copied_as_spaces_is_read_from_its_end() -> None:
    text = "序号 类别 任务 牵头单位 参与单位\n1 扩 建 新建码头2座。 甲局 乙局等\n2 服务 完善服务。 丙局 丁镇、戊镇\n"
    assert units(text) == {
        "甲局": ("lead", "新建码头2座"),
        "乙局": ("with", "新建码头2座"),
        "丙局": ("lead", "完善服务"),
        "丁镇": ("with", "完善服务"),
        "戊镇": ("with", "完善服务"),
    }


def test_a_line_that_only_begins_as_the_header_of_a_table_is_none() -> None:
    assert units("建港任务 责任单位甲局和 乙委\n1 扩建 甲局\n") == {}


def test_a_month_in_a_table_is_of_the_year_of_the_plan() -> None:
    head = "2024年重点任务清单\n任务\t责任单位\t完成时限\n"
    assert targets(f"{head}新建码头2座\t甲局\t6月底前\n") == [("码头", 2, "座", date(2024, 6, 30))]
