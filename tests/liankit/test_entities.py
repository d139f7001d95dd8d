"""Identifiers and name keys hold what they promise."""

from __future__ import annotations

import string

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from stdnum.cn import uscc

from liankit.entities import check_uscc, name_key, normalise_uscc, uscc_holds
from liankit.entities.identifiers import suggest_uscc

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
REAL = ("91330100799655058B", "914403001922038216", "91350100M000100Y43")
stems = st.builds(
    lambda head, district, rest: head + district + rest,
    st.text(ALPHABET, min_size=2, max_size=2),
    st.text(string.digits, min_size=6, max_size=6),
    st.text(ALPHABET, min_size=9, max_size=9),
)


@pytest.mark.parametrize("code", REAL)
def test_real_codes_hold_however_they_are_written(code: str) -> None:
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in code)
    for written in (code, code.lower(), f" {code[:6]} {code[6:]}\u200b", wide, f"{code[:8]}-{code[8:]}"):
        assert check_uscc(written) is None
        assert normalise_uscc(written) == code


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("913301007996550588", "uscc_check_digit"),
        ("9133O100799655058B", "uscc_letters"),
        ("9133A100799655058B", "uscc_form"),
        ("91330100_99655058B", "uscc_form"),
        ("330184000123456", "uscc_old_registration"),
        ("79965505-8", "uscc_old_organisation"),
        ("MA27XLQY-X", "uscc_old_organisation"),
        ("9133010079965505", "uscc_length"),
        ("", "uscc_length"),
        ("公司", "uscc_length"),
    ],
)
def test_a_fault_is_named(code: str, fault: str) -> None:
    assert check_uscc(code) == fault


@given(stems)
def test_the_check_digit_is_that_of_the_standard_library_of_numbers(stem: str) -> None:
    code = stem + uscc.calc_check_digit(stem)
    assert check_uscc(code) is None
    assert check_uscc(code[:-1] + ALPHABET[(ALPHABET.index(code[-1]) + 1) % 31]) == "uscc_check_digit"


@given(stems, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_one_wrong_sign_never_passes(stem: str, place: int, sign: str) -> None:
    code = stem + uscc.calc_check_digit(stem)
    wrong = code[:place] + sign + code[place + 1 :]
    assert (check_uscc(wrong) is None) == (wrong == code)


@given(st.lists(st.one_of(st.none(), stems, stems.map(lambda s: s + uscc.calc_check_digit(s)), st.text(max_size=20))))
def test_the_fast_check_equals_the_plain_one(codes: list[str | None]) -> None:
    codes = [None if code is None else normalise_uscc(code) for code in codes]
    expected = [None if code is None else check_uscc(code) is None for code in codes]
    assert uscc_holds(pl.Series("code", codes, dtype=pl.String)).to_list() == expected


def test_look_alike_letters_are_explained_and_other_faults_are_not() -> None:
    assert suggest_uscc("9I33OI00799655058B") == "91330100799655058B"
    assert suggest_uscc("9I33OI00799655058C") is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acme Co., Ltd.", "ACME COMPANY LIMITED"),
        ("Acme Co.Ltd", "Acme Co Ltd"),
        ("Acme Inc.", "Acme, Incorporated"),
        ("Acme S.p.A.", "Acme SPA"),
        ("Acme S.r.l.", "Acme Srl"),
        ("Acme B. V.", "Acme BV"),
        ("Acme Pvt. Ltd.", "Acme Private Limited"),
        ("Johnson & Johnson", "Johnson and Johnson"),
        ("Acme AG", "Acme Aktiengesellschaft"),
        ("浙江（临平）医药有限公司", "浙江(临平) 医药有限公司"),
        ("ＡＢＣ医药", "abc医药"),
        ("Dr. Reddy’s", "Dr Reddys"),
        ("Acme®", "Acme"),
    ],
)
def test_two_spellings_of_a_name_have_one_key(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acme Inc", "Acme Ltd"),
        ("Acme", "Acme Inc"),
        ("A+ Pharma", "A Pharma"),
        ("临平医药有限公司", "临平医药有限责任公司"),
        ("Limited Brands", "Ltd Brands"),
        ("Société", "Societe"),
    ],
)
def test_different_names_keep_different_keys(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


def test_a_name_without_letters_has_no_key() -> None:
    assert name_key(" —。 ") == ""


@given(st.text())
@example("com pany")
@example("Ⅷ ﬁ ™ İ ß ς")
def test_the_key_of_a_key_is_the_key(name: str) -> None:
    key = name_key(name)
    assert name_key(key) == key


@given(st.text(), st.sampled_from([" ", "\u3000", "，", "·", "-"]))
def test_surrounding_signs_change_nothing(name: str, sign: str) -> None:
    assert name_key(f"{sign}{name}{sign}") == name_key(name)
