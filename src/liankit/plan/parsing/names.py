"""Places and named things that a plan mentions: towns, documents, programmes in quotation marks, institutions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from liankit.plan.parsing.words import any_of, pattern, words
from liankit.yaml_text import read_yaml

# Signs at which a name begins anew, when one is read backwards from its ending.
_BREAKS = "、,。;:!?()《》“”‘’\n\t 和与及对在由为以的等把向从于至"
_PLACE_ENDS = ("街道", "开发区", "新区", "新城", "高新区", "经开区", "科创城", "示范区", "试验区", "镇", "乡")
_THING_ENDS = (
    *(
        "大学",
        "学院",
        "医院",
        "研究院",
        "研究所",
        "实验室",
        "交易中心",
        "创新中心",
        "研究中心",
        "检测中心",
        "支行",
        "分行",
    ),
    *("银行", "集团", "有限公司", "股份公司", "委员会", "协会", "学会", "商会", "基金会"),
)
_DOCUMENT = re.compile(r"《[^》\n]{2,60}》(?:\([^()]{3,20}\))?|(?:国办?|[一-龥]政办?|[一-龥][办委])发〔20\d\d〕\d+号")
_COMMON_PLACE = re.compile("(?:城乡|小镇|周边镇|乡镇|村镇|集镇|各镇|示范区)$")  # words for places, no names
_QUOTED = re.compile(r"“[^”\n]{2,16}”(?:专项行动|行动计划|行动|计划|工程|改革|指数|目录|平台)?")
_LISTED = re.compile(r"(?P<names>[一-龥]{2}(?:、[一-龥]{2,3}){1,8})等(?:区块|镇街|街道|乡镇|镇|地区|地|省市|城市|区县)")


def names(clean: str) -> Iterator[tuple[str, int, int, float]]:
    """Yield the kind (place or entity), start, end and confidence of each name, no two of them overlapping."""
    taken = 0
    found = sorted({*_entities(clean), *_places(clean)}, key=lambda one: (one[1], -one[2]))
    for kind, start, end, confidence in found:
        if start >= taken:
            yield kind, start, end, confidence
            taken = end


def _entities(clean: str) -> Iterator[tuple[str, int, int, float]]:
    for found in _DOCUMENT.finditer(clean):
        yield "entity", found.start(), found.end(), 0.95
    for found in _QUOTED.finditer(clean):
        yield "entity", found.start(), found.end(), 0.5 if found[0].endswith("”") else 0.8
    for start, end in _ending_in(clean, _THING_ENDS, 22):
        yield "entity", start, end, 0.75


def _places(clean: str) -> Iterator[tuple[str, int, int, float]]:
    for found in _regions().finditer(clean):
        yield "place", found.start(), found.end(), 0.85
    for found in _LISTED.finditer(clean):
        for one in re.finditer("[^、]+", found["names"]):
            yield "place", found.start() + one.start(), found.start() + one.end(), 0.8
    for start, end in _ending_in(clean, _PLACE_ENDS, 16):
        if not _COMMON_PLACE.search(clean[start:end]):
            yield "place", start, end, 0.75


@cache
def _regions() -> re.Pattern[str]:
    provinces = read_yaml(files("liankit").joinpath("entities/regions.yaml").read_text("utf-8"))
    cities = (city for province in provinces.values() for city in province.get("cities", ()))
    known = any_of(name for name in (*provinces, *cities) if name not in words()["not_places"])
    return re.compile(rf"{known}(?:自治区|自治州|特别行政区|省|市|区|县)?(?:[一-龥]{{2}}(?:区|县|市))?(?![大])")


def _ending_in(clean: str, endings: tuple[str, ...], longest: int) -> Iterator[tuple[int, int]]:
    """Yield stretches that end so and reach back to where a name can begin."""
    for found in re.finditer(any_of(endings), clean):
        start = found.start()
        while start > 0 and found.end() - start < longest and clean[start - 1] not in _BREAKS:
            start -= 1
        verbs = list(pattern("name_verbs").finditer(clean, start, found.start()))
        start = verbs[-1].end() if verbs else start
        is_whole = start == 0 or clean[start - 1] in _BREAKS or bool(verbs)  # else it is a clause, no name
        if is_whole and found.start() - start >= 2 and re.fullmatch(r"[一-龥A-Za-z]+", clean[start : found.end()]):
            yield start, found.end()
