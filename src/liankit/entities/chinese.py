"""Chinese names of organisations: region, stem, trade, legal form, and what stands around them.

The order is that of the rules on enterprise names (企业名称登记管理规定): division, trade name, trade, form.
"""

from __future__ import annotations

import re
from functools import cache

from liankit.entities.parsed import ParsedName
from liankit.entities.vocabulary import NOWHERE, Region, blind_words, chinese

_BRACKETED = re.compile(r"\(([^()]*)\)")
_SHARE_CLASS = re.compile(r"(?<=[\u3400-\u9fff])(?:-[uwdb]{1,2}|[ab])$")
_SIGNS = re.compile(r"[^\w\u3400-\u9fff]|_")
_NUMBER = re.compile(r"第?[一二三四五六七八九十]+(?=医院|人民|附属|中学|分|厂|研究)|第[一二三四五六七八九十百]+|\d+")


def parse_chinese(text: str) -> ParsedName:
    """Split a name, folded and in simplified signs, into its parts.

    >>> parsed = parse_chinese("杭州澄禾(集团)生物科技有限公司")
    >>> parsed.region.city, parsed.stem, parsed.trade, parsed.legal_form, parsed.is_group
    ('杭州', '澄禾', '生物科技', '有限公司', True)
    """
    bare, also = _without_former_names(text)
    status, bare = _status(bare)
    bare = _SIGNS.sub("", _SHARE_CLASS.sub("", bare))
    head, branch = _branch(bare)
    rest, legal_form, is_group = _legal_form(head)
    region, region_text, rest = _region(rest)
    stem, trades = _trades(rest)
    is_group |= stem.endswith("集团")
    stem = stem.removesuffix("集团") or stem
    return ParsedName(
        script="zh",
        text=bare,
        words=(stem,) if stem else (),
        trades=trades,
        region=region,
        region_text=region_text,
        legal_form=legal_form,
        is_group=is_group,
        branch=branch,
        status=status,
        numbers=tuple(found.removeprefix("第") for found in _NUMBER.findall(head)),
        also=also,
        is_blind=_is_blind(bare),
    )


def _without_former_names(text: str) -> tuple[str, tuple[str, ...]]:
    """Take out bracketed former names; every other bracket only loses its signs."""
    former = "|".join(map(re.escape, chinese().words["former"]))
    also = tuple(
        inner[found.end() :]
        for inner in _BRACKETED.findall(text)
        if (found := re.match(rf"(?:{former})[:：]?", inner)) and len(inner) > found.end() + 1
    )
    kept = _BRACKETED.sub(lambda found: "" if any(found[1].endswith(name) for name in also) else found[1], text)
    return kept, also


def _status(text: str) -> tuple[str, str]:
    """Take off the mark of an exchange (*ST, N, XD …) where a Chinese sign follows it."""
    found = _status_pattern().match(text)
    return (found[1], text[found.end() :]) if found else ("", text)


@cache
def _status_pattern() -> re.Pattern[str]:
    marks = "|".join(map(re.escape, chinese().words["status"]))
    return re.compile(rf"({marks})\s*(?=[\u3400-\u9fff]{{2}})")


def _branch(text: str) -> tuple[str, str]:
    """Split what belongs to an organisation from the organisation: 甲有限公司 | 杭州分公司."""
    for word in chinese().words["branch"]:
        if text.endswith(word) and len(text) > len(word) + 2:
            head = re.match(r".*(?:公司|集团|医院|大学|银行)(?=.)", text[: -len(word)] + "。")
            cut = head.end() if head and head.end() <= len(text) - len(word) else len(text) - len(word)
            return text[:cut], text[cut:]
    return text, ""


def _legal_form(text: str) -> tuple[str, str, bool]:
    """Take legal form and group words off the end; at least two signs stay."""
    form, is_group, rest = "", False, text
    while True:
        for word, compared in _endings():
            if rest.endswith(word) and len(rest) >= len(word) + 2:
                rest = rest[: -len(word)]
                is_group |= not compared
                form = form or compared
                break
        else:
            return rest, form, is_group


@cache
def _endings() -> tuple[tuple[str, str], ...]:
    words = chinese()
    both = [*words.legal_forms.items(), *((word, "") for word in words.words["group"])]
    return tuple(sorted(both, key=lambda pair: -len(pair[0])))


def _region(text: str) -> tuple[Region, str, str]:
    """Take places off the front, the province and then the city; something must stay for the stem or trade."""
    region, said, rest = NOWHERE, "", text
    while (found := _place(rest)) and len(rest) > len(found[1]) + 1:
        place, written = found
        said, rest = said + written, rest[len(written) :]
        region = place if place.city or not region.province else region
    return region, said, rest


def _place(text: str) -> tuple[Region, str] | None:
    regions = chinese().regions
    for length in (4, 3, 2):
        if (place := regions.get(text[:length])) is not None:
            mark = next((mark for mark in chinese().words["area_marks"] if text.startswith(mark, length)), "")
            return place, text[: length + len(mark)]
    return None


def _trades(text: str) -> tuple[str, tuple[str, ...]]:
    """Split the trades off the end, longest first, so long as what is left is no single sign."""
    words, rest = chinese(), text
    trades: list[str] = []
    while word := _last_trade(rest, words.trades, words.longest_trade):
        if len(rest) - len(word) == 1:
            break
        trades.insert(0, word)
        rest = rest[: -len(word)]
    return rest, tuple(trades)


def _last_trade(text: str, trades: frozenset[str], longest: int) -> str:
    return next((text[-size:] for size in range(min(longest, len(text)), 0, -1) if text[-size:] in trades), "")


def _is_blind(text: str) -> bool:
    """Say whether nothing is left without the words of a blind code: 研究中心012, 某医院."""
    rest = re.sub(r"[\da-z甲乙丙丁]", "", text)
    words = sorted((word for word in blind_words() if word and word[0] >= "\u3400"), key=len, reverse=True)
    for word in words:
        rest = rest.replace(word, "")
    return not rest
