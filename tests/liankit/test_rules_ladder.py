"""The ladder as shipped: which version governs when, what the district of the demo comes to, and titles by name."""

from __future__ import annotations

from datetime import date
from functools import cache

import polars as pl
import pytest
from tests.liankit.ladder_cases import RULES, SCHEMES, facts_of, grades_of

from liankit.rules.versions import governing
from liankit.synthetic import District, generate, load_vocabulary

LADDER = sorted(key for key, one in SCHEMES.items() if one.family in ("ladder", "size"))
GOVERNS = [
    ("specialised_sme", "new", date(2022, 7, 31), None),
    ("specialised_sme", "new", date(2022, 8, 1), "specialised_sme_2022"),
    ("specialised_sme", "new", date(2026, 3, 31), "specialised_sme_2022"),
    ("specialised_sme", "new", date(2026, 4, 1), "specialised_sme_2026"),
    ("specialised_sme", "recheck", date(2026, 4, 1), "specialised_sme_2026_recheck"),
    ("little_giant", "new", date(2026, 3, 31), "little_giant_2022"),
    ("little_giant", "new", date(2026, 4, 1), "little_giant_2026"),
    ("little_giant", "recheck", date(2026, 12, 31), "little_giant_2022"),
    ("little_giant", "recheck", date(2027, 1, 1), "little_giant_2026_recheck"),
    ("single_champion", "new", date(2022, 12, 31), "single_champion_2016"),
    ("single_champion", "new", date(2023, 1, 1), "single_champion_2023"),
    ("new_eaglet", "new", date(2024, 10, 10), None),
    ("new_eaglet", "new", date(2024, 10, 11), "new_eaglet_2024"),
    ("new_eaglet", "new", date(2028, 1, 1), None),
    ("key_little_giant", "new", date(2023, 12, 31), None),
    ("key_little_giant", "new", date(2026, 11, 22), None),
    ("innovative_sme", "new", date(2026, 4, 1), "innovative_sme_2022"),
]
SIZES = ("size_large", "size_medium", "size_small", "size_micro")


@cache
def district() -> District:
    return generate(load_vocabulary("linping_biomed"), enterprises=300, seed=1)


def outcomes(scheme: str) -> list[int]:
    [grades] = grades_of(district(), [scheme], district().enterprises["name"].to_list())
    return grades.outcome.tolist()


@pytest.mark.parametrize(("grants", "application", "on", "key"), GOVERNS)
def test_the_version_that_governs_follows_the_kind_and_the_day(
    grants: str, application: str, on: date, key: str | None
) -> None:
    found = governing(RULES.schemes, grants, application, on)
    assert (found.key if found else None) == key


@pytest.mark.parametrize("key", ["tech_sme_2017", "innovative_sme_2022", "specialised_sme_2022"])
def test_on_the_day_of_the_demo_some_meet_a_rung_some_do_not_and_of_some_it_is_open(key: str) -> None:
    found = outcomes(key)
    assert min(found.count(1), found.count(0), found.count(-1)) >= 0.04 * len(found)


def test_an_enterprise_is_of_one_size_or_of_none_that_is_known() -> None:
    sizes = list(zip(*(outcomes(key) for key in SIZES), strict=True))
    assert all(one.count(1) == 1 or -1 in one for one in sizes)
    assert sum(one.count(1) for one in sizes) > 50


def test_titles_by_their_chinese_names_are_in_force_expired_or_to_be_checked_soon() -> None:
    titles = facts_of(district()).filter(input="titles")
    until = titles["until"].drop_nulls()
    assert {"innovative_sme", "specialised_sme", "little_giant", "high_tech"} <= set(titles["text"])
    assert (until < date(2024, 9, 30)).any() and (until > date(2025, 3, 31)).any()
    assert until.is_between(date(2024, 9, 30), date(2025, 3, 31)).any()


def test_nothing_is_graded_by_a_scheme_that_has_no_source() -> None:
    assert all(one.source.title.zh and one.source.confidence != "synthetic" for one in map(SCHEMES.get, LADDER) if one)


def test_three_years_of_money_are_handed_in_by_those_who_answer() -> None:
    years = district().facts.filter(pl.col("attribute") == "main_business_revenue_cny")["as_of"].dt.year()
    assert set(years) == {2021, 2022, 2023}
