"""Two bodies are told apart part by part, and an extension changes only what it names."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from liankit.definitions import Difference, differences, digest, extend

BODY = {
    "version": 1,
    "stages": [{"key": "a", "lead": "office"}, {"key": "b", "lead": "town"}],
    "days": [1, 2],
}
SCALARS = st.none() | st.booleans() | st.integers(0, 3) | st.text("ab", max_size=2)
BODIES = st.recursive(SCALARS, lambda inner: st.dictionaries(st.sampled_from("xyz"), inner, max_size=3), max_leaves=8)


def test_parts_are_matched_by_key_wherever_they_stand() -> None:
    moved = {**BODY, "stages": [BODY["stages"][1], {"key": "a", "lead": "bureau"}]}  # type: ignore[index]
    assert differences(BODY, moved) == [Difference("stages.a.lead", "changed", "office", "bureau")]


def test_what_came_and_what_went_is_named() -> None:
    after = {"version": 2, "stages": [{"key": "a", "lead": "office"}, {"key": "c"}], "days": [1]}
    assert [(one.where, one.kind) for one in differences(BODY, after)] == [
        ("version", "changed"),
        ("stages.c", "added"),
        ("stages.b", "removed"),
        ("days", "changed"),
    ]


def test_an_extension_changes_adds_and_removes_parts() -> None:
    extension = {"stages": [{"key": "b", "remove": True}, {"key": "a", "lead": "zone"}, {"key": "c"}], "days": [9]}
    assert extend(BODY, extension) == {
        "version": 1,
        "stages": [{"key": "a", "lead": "zone"}, {"key": "c"}],
        "days": [9],
    }
    assert BODY["stages"][0] == {"key": "a", "lead": "office"}  # type: ignore[index]


@given(BODIES, BODIES)
def test_equal_bodies_and_only_they_differ_in_nothing_and_share_a_digest(one: Any, other: Any) -> None:
    assert (differences(one, other) == []) == (digest(one) == digest(other))
    assert differences(one, one) == []


@given(BODIES)
def test_extending_by_nothing_or_by_itself_changes_nothing(body: Any) -> None:
    assert extend(body, body) == body
    assert extend({"x": body}, {}) == {"x": body}
