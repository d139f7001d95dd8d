"""Whatever is computed and whatever people do, in any order: re-computation never touches what people entered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.liandesk.lists_world import OFFICE, SUPPLIES, USES, publish_world

from liandesk.assess.lists import actions
from liandesk.assess.lists.models import EntryEvent, EntryState, ListEntry

HUMAN = ("state", "owner_office", "due_date", "measure", "level", "level_reason", "version")
ITEMS = ("I-resin", "I-valve", "I-medium")
BUYERS = {"I-resin": "enterprise-one", "I-valve": "enterprise-one", "I-medium": "enterprise-two"}
OWNERS = {"I-resin": "economy", "I-valve": "market", "I-medium": "economy"}


@dataclass(frozen=True)
class Human:
    """The plain model of what people said of one entry."""

    state: str = EntryState.PROPOSED
    owner_office: str = ""
    due_date: date | None = None
    measure: str = ""
    level: str = ""
    level_reason: str = ""
    version: int = 0


def _key(item: str) -> str:
    return f"input:{BUYERS[item]}:{item}"


Model = dict[str, Human]
Step = tuple[Any, ...]
items = st.sampled_from(ITEMS)
dates = st.one_of(st.none(), st.dates(date(2024, 10, 1), date(2025, 3, 1)))
offices = st.sampled_from(["economy", "market", "health"])
computing = st.tuples(
    st.just("publish"), st.sets(items), st.sampled_from([1e6, 5e7, 9e7]), st.sampled_from([True, False, None])
)
judging = st.one_of(
    st.tuples(st.just("admit"), items, dates),
    st.tuples(st.just("decline"), items, st.text("ab", min_size=1, max_size=3)),
    st.tuples(st.just("assign"), items, offices, dates),
    st.tuples(st.just("report"), items, st.text("ab", max_size=3), st.sampled_from(["", "red", "blue"])),
    st.tuples(st.just("close"), items, st.just("x")),
    st.tuples(st.just("reopen"), items, st.just("x")),
)


def _publish(model: Model, place: int, kept: set[str], output: float, another: bool | None) -> None:
    uses = [{**row, "output_cny": output, "another_source": another} for row in USES if row["item"] in kept]
    supplies = [row for row in SUPPLIES if row["item"] in kept]
    publish_world(uses=uses, supplies=supplies, mark=str(place))
    for item in kept:
        model.setdefault(_key(item), Human())


def _admit(model: Model, item: str, due: date | None) -> None:
    before = model[_key(item)]
    actions.admit(_key(item), by=OFFICE, version=before.version, due_date=due)
    model[_key(item)] = replace(before, state="admitted", owner_office=OWNERS[item], due_date=due)


def _decline(model: Model, item: str, reason: str) -> None:
    before = model[_key(item)]
    actions.decline(_key(item), by=OFFICE, version=before.version, reason=reason)
    model[_key(item)] = replace(before, state="declined")


def _assign(model: Model, item: str, office: str, due: date | None) -> None:
    before = model[_key(item)]
    actions.assign(_key(item), by=OFFICE, version=before.version, owner_office=office, due_date=due)
    model[_key(item)] = replace(before, owner_office=office, due_date=due)


def _report(model: Model, item: str, measure: str, level: str) -> None:
    before = model[_key(item)]
    said = {"measure": measure, "level": level, "level_reason": "独家" if level else ""}
    actions.report(_key(item), by=OFFICE, version=before.version, **said)
    model[_key(item)] = replace(before, **said)


def _close(model: Model, item: str, reason: str) -> None:
    before = model[_key(item)]
    actions.close(_key(item), by=OFFICE, version=before.version, reason=reason)
    model[_key(item)] = replace(before, state="closed")


def _reopen(model: Model, item: str, reason: str) -> None:
    before = model[_key(item)]
    actions.reopen(_key(item), by=OFFICE, version=before.version, reason=reason)
    model[_key(item)] = replace(before, state="admitted" if before.state == "closed" else "proposed")


DOES: dict[str, Callable[..., None]] = {
    "admit": _admit,
    "decline": _decline,
    "assign": _assign,
    "report": _report,
    "close": _close,
    "reopen": _reopen,
}


def _do(model: Model, place: int, step: Step) -> None:
    name, *arguments = step
    if name == "publish":
        _publish(model, place, *arguments)
        return
    key = _key(arguments[0])
    if key not in model:
        return
    before = model[key]
    try:
        DOES[name](model, *arguments)
    except actions.WrongState:
        return
    if model[key] != before:
        model[key] = replace(model[key], version=before.version + 1)


@pytest.mark.slow
@pytest.mark.django_db
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=computing, steps=st.lists(st.one_of(computing, judging, judging), max_size=14))
def test_human_columns_equal_a_plain_model_after_any_sequence(first: Step, steps: list[Step]) -> None:
    with transaction.atomic():
        model: Model = {}
        for place, step in enumerate([first, *steps]):
            _do(model, place, step)
            found = {row.pop("key"): row for row in ListEntry.objects.filter(scope="input").values("key", *HUMAN)}
            assert found == {key: vars(human) for key, human in model.items()}
        versions = EntryEvent.objects.exclude(action="recomputed").count()
        assert versions == sum(human.version for human in model.values())
        transaction.set_rollback(True)
