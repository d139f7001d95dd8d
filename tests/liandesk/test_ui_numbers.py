"""How numbers, intervals, dates, levels and reasons read in both languages; unknown is never a number."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.utils import translation
from tests.liandesk.language import CHINESE

from liandesk.base.ui import levels, numbers
from liankit.reasons import Reason
from liankit.texts import Language, texts


def _render(source: str, language: str = "en", **context: object) -> str:
    with translation.override(language):
        return Template("{% load ui %}" + source).render(Context(context)).replace(numbers.NO_BREAK, " ")


@pytest.mark.parametrize(
    ("amount", "zh", "en"),
    [
        (0, "0 元", "CNY 0"),
        (9_999, "9,999 元", "CNY 9,999"),
        (10_000, "1 万元", "CNY 10,000"),
        (12_345_678, "1,235 万元", "CNY 12.3 m"),
        (99_999_999, "10,000 万元", "CNY 100 m"),
        (123_456_789, "1.23 亿元", "CNY 123 m"),
        (45_600_000_000, "456 亿元", "CNY 45.6 bn"),
        (-2_500_000, "-250 万元", "CNY -2.5 m"),
    ],
)
def test_amounts_read_by_size(amount: float, zh: str, en: str) -> None:
    said = {language: numbers.money(amount, language) for language in ("zh", "en")}
    assert {k: v.replace(numbers.NO_BREAK, " ") for k, v in said.items()} == {"zh": zh, "en": en}


def test_the_exact_amount_is_on_hover() -> None:
    assert _render("{{ n|cny }}", "zh-hans", n=12_345_678.5) == (
        '<span class="num" title="12,345,678.5 元">1,235 万元</span>'
    )


@pytest.mark.parametrize(
    ("low", "high", "unit", "language", "text"),
    [
        (0.48, 0.75, "share", "en", "48–75 %"),
        (0.48, 0.75, "share", "zh", "48–75%"),
        (0.62, 0.62, "share", "en", "62 %"),
        (6, 24, "months", "en", "6–24 months"),
        (8_000_000, 340_000_000, "cny", "zh", "0.08–3.4 亿元"),
        (8_000_000, 340_000_000, "CNY", "en", "CNY 8–340 m"),
        (3, None, "", "en", "≥ 3"),
        (None, 0.2, "share", "zh", "≤ 20%"),
        (0, 0, "days", "en", "0 days"),
        (1, 1, "days", "en", "1 day"),
        (1, 2, "kg", "en", "1–2 kg"),
    ],
)
def test_an_interval_reads_once_with_its_unit(
    low: float | None, high: float | None, unit: str, language: Language, text: str
) -> None:
    with translation.override("en"):
        assert numbers.span(low, high, unit, language).replace(numbers.NO_BREAK, " ") == text


def test_an_estimate_shows_its_interval_behind_it() -> None:
    assert ">62 % (48–75)<" in _render('{{ e|interval:"share" }}', e=(0.62, 0.48, 0.75))
    assert ">62 %<" in _render('{{ e|interval:"share" }}', e=(0.62, 0.62, 0.62))
    assert "CNY 2 m (1–3)" in _render('{{ e|interval:"cny" }}', e=(2e6, 1e6, 3e6))


@pytest.mark.parametrize("source", ["{{ n|cny }}", "{{ n|number }}", "{{ n|percent }}", "{{ n|interval }}"])
def test_what_is_not_known_is_a_chip_and_no_number(source: str) -> None:
    shown = _render(source, n=None)
    assert "chip-unknown" in shown and "unknown" in shown and "0" not in shown


def test_an_interval_without_ends_is_unknown_and_zero_is_zero() -> None:
    assert "chip-unknown" in _render("{% interval low high 'days' %}", low=None, high=None)
    assert ">0 days<" in _render("{% interval low high 'days' %}", low=0, high=0)


def test_unknown_names_the_question_that_would_settle_it() -> None:
    shown = _render("{% unknown q %}", "zh-hans", q="是否有第二来源？")
    assert "未知" in shown and '<span class="question" translate="no">是否有第二来源？</span>' in shown


def test_dates_are_iso_and_say_the_weekday_where_asked() -> None:
    moment = datetime(2024, 9, 30, 18, 5, tzinfo=UTC)  # already 1 October in the district
    shown = _render(
        "{{ d|day }}|{{ d|weekday }}|{{ m|day }}|{{ m|moment }}|{{ none|day }}", d=date(2024, 9, 30), m=moment
    )
    assert shown == "2024-09-30|2024-09-30 Mon|2024-10-01|2024-10-01 02:05|"
    assert _render("{{ d|weekday }}", "zh-hans", d=date(2024, 9, 30)) == "2024-09-30 星期一"


@pytest.mark.parametrize("level", levels.LEVELS)
def test_a_level_is_word_icon_and_colour(level: levels.Level) -> None:
    shown = _render("{{ code|level }}", "zh-hans", code=level.code)
    assert f"level-{level.code}" in shown and f"#{level.icon}" in shown and CHINESE.search(shown)
    assert "not set" in _render("{{ code|level }}", code="")


def test_data_are_marked_and_escaped() -> None:
    assert _render("{{ v|data }}", v="<b>临平</b>") == '<span translate="no">&lt;b&gt;临平&lt;/b&gt;</span>'
    assert _render("{{ v|data }}", v=None) == ""


def test_terms_of_the_pack_come_in_the_readers_language_and_unknown_codes_as_they_are() -> None:
    shown = '{% pack_term "offices" code %}'
    assert _render(shown, "en", code="economy") == '<span translate="no">Bureau of Economy and Science</span>'
    assert _render(shown, "zh-hans", code="economy") == '<span translate="no">经科局</span>'
    assert _render(shown, code="nowhere") == '<span translate="no">nowhere</span>'


def test_a_reason_shows_its_text_value_threshold_and_source() -> None:
    code = next(code for code in texts() if code == "empty_file.what")
    reason = Reason(code, None, 0.48, 0.75, "share", 0.5, {}, "workbook:a.xlsx:3")
    shown = _render("{% reason r %}", r=reason)
    assert "The file holds no data" in shown and "48–75 %" in shown and "50 %" in shown
    assert "workbook:a.xlsx:3" in shown and ">unknown<" in shown


def test_a_reason_without_a_text_still_shows_its_number() -> None:
    shown = _render("{% reason r %}", r=Reason("gone_long_ago", True, 3, 3, "days"))
    assert "gone_long_ago" in shown and "3 days" in shown
