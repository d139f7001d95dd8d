"""Random plans and their prose in the styles of different houses, with the noise that copies of plans carry.

What the prose says is known, so a parser can be held to it: ``parse(write_plan(p)) = p``. Every programme, number and
date is drawn; no plan of any place is behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

import numpy as np

from liankit.synthetic.draws import stream

T = TypeVar("T")
Rng = np.random.Generator

_FIELDS = (
    "生命健康",
    "高端装备",
    "数字经济",
    "现代种业",
    "绿色能源",
    "时尚消费",
    "航空物流",
    "海洋产业",
    "新材料",
    "文化创意",
)
_DEEDS = (
    "企业梯队培育",
    "创新平台建设",
    "品牌质量提升",
    "人才集聚",
    "场景应用推广",
    "成果转化",
    "开放合作",
    "园区提质增效",
)
_COUNTED = (
    *(
        ("上市公司", "家"),
        ("高新技术企业", "家"),
        ("省级以上创新平台", "个"),
        ("成果转化项目", "项"),
        ("发明专利", "件"),
    ),
    *(
        ("领军人才", "名"),
        ("标准厂房", "万平方米"),
        ("产业规模", "亿元"),
        ("技术合同成交额", "万元"),
        ("示范基地", "个"),
    ),
)
_RATES = ("研发经费占营业收入比重", "规上企业数字化改造覆盖率", "项目履约率")
_TASKS = (
    "建立重点企业库,分类做好辅导和服务。",
    "对固定资产投资3000万元以上的项目,优先保障用地和能耗。",
    "落实国办发〔2020〕24号文件要求,优化审批流程。",
    "鼓励龙头企业联合高校开展攻关,推动上下游协同。",
    "对新认定的平台给予最高500万元补助。",
    "完善第三方评价机制,加强宣传推介。",
)
_OFFICES = (
    *(("经信局", None), ("发改局", None), ("商务局", None), ("市场监管局", "知识产权局"), ("财政局", "国资办")),
    *(("自然资源和规划局", None), ("文化和旅游局", None), ("科技局", None), ("金融办", None), ("卫生健康委", None)),
)
_NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True)
class GivenTarget:
    """A target as drawn; ``value`` as printed with ``unit``."""

    indicator: str
    value: float
    unit: str
    deadline: date
    comparator: str
    commitment: str


@dataclass(frozen=True)
class GivenProgramme:
    """A programme as drawn; the first of ``units`` (name, second nameplate) leads."""

    title: str
    targets: tuple[GivenTarget, ...]
    tasks: tuple[str, ...]
    units: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True)
class GivenPlan:
    """A plan as drawn, up to ``until``."""

    until: int
    programmes: tuple[GivenProgramme, ...]


@dataclass(frozen=True)
class Noise:
    """What happened to the text on its way: each as found in copies of plans on the web."""

    glued: bool = False  # line breaks lost
    unnumbered: bool = False  # numbers of the programmes lost
    wide: bool = False  # digits and signs full width
    spliced: bool = False  # advertising words in the middle
    wrapped: bool = False  # lines broken at a fixed width
    spaced: bool = False  # indented, with blank lines


def draw_plan(seed: int, *, programmes: int = 5) -> GivenPlan:
    """Return the plan of a seed, with up to ``programmes`` programmes, no two of one name."""
    rng = stream(seed, 71)
    until = 2025 + 5 * int(rng.random() < 0.3)
    deeds = [_DEEDS[place] for place in rng.permutation(len(_DEEDS))[:programmes]]
    return GivenPlan(until, tuple(_draw_programme(rng, deed, until) for deed in deeds))


def _draw_programme(rng: Rng, deed: str, until: int) -> GivenProgramme:
    targets = [_draw_target(rng, place, until) for place in rng.permutation(len(_COUNTED) + len(_RATES))[:3]]
    tasks = [_TASKS[place] for place in rng.permutation(len(_TASKS))[: 2 + int(rng.random() * 3)]]
    units = [_OFFICES[place] for place in rng.permutation(len(_OFFICES))[: 2 + int(rng.random() * 4)]]
    wanted = targets[: 1 + int(rng.random() * 3)]
    return GivenProgramme(_choose(rng, _FIELDS) + deed + "工程", tuple(wanted), tuple(tasks), tuple(units))


def _draw_target(rng: Rng, place: int, until: int) -> GivenTarget:
    year = until - int(rng.random() * 3)
    month = 6 if rng.random() < 0.2 else 12
    deadline = date(year, month, 30 if month == 6 else 31)
    commitment = _choose(rng, ("plain", "plain", "strive", "ensure"))
    if place >= len(_COUNTED):
        return GivenTarget(
            _RATES[place - len(_COUNTED)], round(2 + 90 * rng.random(), 1), "%", deadline, ">=", commitment
        )
    indicator, unit = _COUNTED[place]
    comparator = _choose(rng, (">=", ">=", ">"))
    return GivenTarget(indicator, float(2 + int(rng.random() * 2000)), unit, deadline, comparator, commitment)


def _choose(rng: Rng, choices: Sequence[T]) -> T:
    return choices[int(rng.random() * len(choices))]


# prose


def write_plan(plan: GivenPlan, style: str, noise: Noise | None = None, *, seed: int = 0) -> str:
    """Return the plan as prose in one of ``STYLES``, with the noise told."""
    rng = stream(seed, 72)
    lines = [
        f"某区产业发展规划({plan.until - 4}—{plan.until}年)",
        "一、发展基础",
        f"截至{plan.until - 5}年底,全区拥有规上企业126家,产值突破300亿元,同比增长12%。",
        "二、主要任务",
    ]
    for number, programme in enumerate(plan.programmes, start=1):
        lines += STYLES[style](rng, number, programme)
    return _spoiled(lines, noise or Noise(), rng)


def truth(plan: GivenPlan, file: str = "") -> list[dict[str, Any]]:
    """Return what a parser should find, as rows for ``liankit.plan.evaluate.score``."""
    rows: list[dict[str, Any]] = []
    for programme in plan.programmes:
        units = [{"name": name, "role": "with" if place else "lead"} for place, (name, _) in enumerate(programme.units)]
        rows.append({"file": file, "kind": "programme", "title": programme.title, "units": units})
        rows += [
            {"file": file, "kind": "target", "value": one.value, "unit": one.unit, "deadline": one.deadline.isoformat()}
            for one in programme.targets
        ]
    return rows


def _labels(rng: Rng, number: int, programme: GivenProgramme) -> list[str]:
    return [
        f"工程{number}{programme.title}",
        "1.实施目标:",
        f"持续提升产业能级,{_sentences(rng, programme)}",
        "2.实施重点:",
        *(f"({place}){task}" for place, task in enumerate(programme.tasks, start=1)),
        "3.责任单位:",
        f"{_listed(programme)}。",
    ]


def _end_notes(rng: Rng, number: int, programme: GivenProgramme) -> list[str]:
    lead, others = _office(programme.units[0]), "、".join(map(_office, programme.units[1:]))
    body = "".join([_sentences(rng, programme), *programme.tasks])
    return [f"({_NUMERALS[number - 1]}){programme.title}。{body}({lead}牵头,{others}按职责分工负责)"]


def _boxes(rng: Rng, number: int, programme: GivenProgramme) -> list[str]:
    return [
        f"专栏{number} {programme.title}",
        f"工作目标:{_sentences(rng, programme)}",
        *(f"{place}.{task}" for place, task in enumerate(programme.tasks, start=1)),
        f"牵头单位:{_office(programme.units[0])}。",
        f"配合单位:{'、'.join(map(_office, programme.units[1:]))}。",
    ]


def _headings(rng: Rng, number: int, programme: GivenProgramme) -> list[str]:
    return [
        f"({_NUMERALS[number - 1]})实施{programme.title}",
        f"{_sentences(rng, programme)}{''.join(programme.tasks)}",
        f"(责任单位:{_listed(programme)},列首位的为牵头单位)",
    ]


def _tables(rng: Rng, number: int, programme: GivenProgramme) -> list[str]:
    """Write the targets of each year's end as a table of indicators; those of midyear stay in a sentence."""
    rows = [one for one in programme.targets if one.deadline.month == 12 and one.comparator == ">="]
    told = [_sentence(rng, one) for one in programme.targets if one not in rows]
    lines = [f"({_NUMERALS[number - 1]}){programme.title}", *told]
    for one in rows:
        lines += [f"指标\t单位\t{one.deadline.year}年\t属性", f"{one.indicator}\t{one.unit}\t{one.value:g}\t预期性"]
    return [*lines, "".join(programme.tasks), f"责任单位:{_listed(programme)}。"]


def _two_lists(rng: Rng, number: int, programme: GivenProgramme) -> list[str]:
    """Name who leads and who is responsible besides in a list each, the second without saying that they join."""
    return [
        f"({_NUMERALS[number - 1]})实施{programme.title}",
        f"{_sentences(rng, programme)}{''.join(programme.tasks)}",
        f"牵头单位:{_office(programme.units[0])}",
        f"责任单位:{'、'.join(map(_office, programme.units[1:]))}",
    ]


def _running(rng: Rng, number: int, programme: GivenProgramme) -> list[str]:
    """Say who acts in a sentence that goes on with what is to be done."""
    lead, others = _office(programme.units[0]), "、".join(map(_office, programme.units[1:]))
    body = "".join([_sentences(rng, programme), *programme.tasks])
    return [f"({_NUMERALS[number - 1]}){programme.title}。{body}由{lead}牵头,{others}配合,按季度推进各项工作。"]


STYLES: dict[str, Callable[[Rng, int, GivenProgramme], list[str]]] = {
    "labels": _labels,
    "end_notes": _end_notes,
    "boxes": _boxes,
    "headings": _headings,
    "tables": _tables,
    "two_lists": _two_lists,
    "running": _running,
}


def _office(unit: tuple[str, str | None]) -> str:
    return f"{unit[0]}({unit[1]})" if unit[1] else unit[0]


def _listed(programme: GivenProgramme) -> str:
    return "、".join(map(_office, programme.units))


def _sentences(rng: Rng, programme: GivenProgramme) -> str:
    return "".join(_sentence(rng, one) for one in programme.targets)


def _sentence(rng: Rng, one: GivenTarget) -> str:
    promise = {"plain": "", "strive": "力争", "ensure": "确保"}[one.commitment]
    number = f"{one.value:g}{one.unit}"
    if one.comparator == ">":
        return f"{_dated(rng, one.deadline)},{promise}{one.indicator}突破{number}。"
    if one.unit == "%":
        return f"{_dated(rng, one.deadline)},{promise}{one.indicator}不低于{number}。"
    forms = (
        f"{one.indicator}达到{number}以上",
        f"新增{one.indicator}{number}",
        f"引导社会力量培育{number}以上{one.indicator}",
    )
    return f"{_dated(rng, one.deadline)},{promise}{_choose(rng, forms)}。"


def _dated(rng: Rng, deadline: date) -> str:
    if deadline.month != 12:
        return f"到{deadline.year}年{deadline.month}月底"
    return _choose(rng, (f"到{deadline.year}年", f"到{deadline.year}年末", f"{deadline.year}年底前"))


# noise

_WIDE = str.maketrans({sign: chr(ord(sign) + 0xFEE0) for sign in "0123456789%(),:.;"})
_SPLICES = ("pg电子官方的", "pp电子娱乐官网", "bet电子游戏平台")
_WIDTH = 28


def _spoiled(lines: list[str], noise: Noise, rng: Rng) -> str:
    if noise.unnumbered:
        lines = [f"工程{line.lstrip('工程0123456789')}" if line.startswith("工程") else line for line in lines]
    if noise.spliced:
        lines = [_spliced(line, rng) for line in lines]
    if noise.wide:
        lines = [line.translate(_WIDE) for line in lines]
    if noise.wrapped:
        lines = [part for line in lines for part in _wrapped(line)]
    if noise.spaced:
        lines = [part for line in lines for part in (f"\u3000\u3000{line}  ", "")]
    return _glued(lines) if noise.glued else "\n".join(lines) + "\n"


def _spliced(line: str, rng: Rng) -> str:
    place = line.find(",") + 1
    return line[:place] + _choose(rng, _SPLICES) + line[place:] if place and rng.random() < 0.5 else line


def _wrapped(line: str) -> list[str]:
    if "\t" in line:
        return [line]
    return [line[place : place + _WIDTH] for place in range(0, len(line), _WIDTH)]


def _glued(lines: list[str]) -> str:
    """Join what follows a full stop or a colon; headings and tables keep their line."""
    text = ""
    for line in lines:
        text += line if text.endswith(("。", ":", "：")) and "\t" not in line else f"\n{line}"
    return text.lstrip("\n") + "\n"
