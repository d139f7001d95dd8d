"""Any sequence of load, withdraw, merge, split and undo: facts unchanged, groups equal a replay, the past stays."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.liandesk.registry_world import BY, CODES, OFFICE, load, organisation

from liandesk.base.facts.actions import withdraw
from liandesk.base.facts.models import Landing
from liandesk.base.facts.queries import as_known
from liandesk.base.snapshots import store
from liandesk.base.snapshots.actions import keep
from liandesk.base.snapshots.models import Publication
from liandesk.know.registry import actions
from liandesk.know.registry.clusters import KNOWN_SCHEMA, cluster
from liandesk.know.registry.models import Judgement, Organisation, Record
from liandesk.know.registry.portrait_queries import portrait
from liandesk.know.registry.projection import project
from liandesk.know.registry.queries import judgements_in_force
from liandesk.refresh.steps import STEPS

START = datetime(2024, 1, 1, 4, tzinfo=UTC)
FILES = [
    [*organisation("a", "甲公司"), *organisation("b", "乙公司", uscc=CODES[0])],
    [*organisation("c", "甲公司"), *organisation("d", "丙公司", uscc=CODES[0])],
    [*organisation("e", "乙公司"), *organisation("f", "丁公司", uscc=CODES[1]), *organisation("g", "丙公司")],
]
number = st.integers(0, 9)
step = st.one_of(
    st.tuples(st.sampled_from(["load", "load", "withdraw", "undo"]), number, number),
    st.tuples(st.sampled_from(["merge", "merge", "split"]), number, number),
)


@dataclass
class Seen:
    """What was read on a day of an organisation: records and facts."""

    day: int
    portraits: dict[str, tuple[list[str], pl.DataFrame]] = field(default_factory=dict)


def _organisations() -> list[str]:
    return sorted(set(Record.objects.values_list("organisation", flat=True)))


def _do(name: str, one: int, two: int, day: int) -> None:
    """Do one step where it can be done."""
    moment, there = START + timedelta(days=day), _organisations()
    in_force = Landing.objects.filter(withdrawn_at=None).order_by("recorded_at")
    decisions = list(dict.fromkeys(Judgement.objects.filter(undone_at=None).values_list("decision", flat=True)))
    if name == "load":
        mark = str(one % len(FILES))
        if not in_force.filter(title=mark).exists():
            landing = load(FILES[one % len(FILES)], mark)
            Landing.objects.filter(pk=landing.pk).update(recorded_at=moment)
    elif name == "withdraw" and in_force:
        key = in_force[one % len(in_force)].pk
        withdraw(key, why="x", by=BY)
        Landing.objects.filter(pk=key).update(withdrawn_at=moment)
    elif name == "undo" and decisions:
        actions.undo(decisions[one % len(decisions)], by=BY, reason="x")
    elif name == "merge" and there and there[one % len(there)] != there[two % len(there)]:
        actions.merge(there[one % len(there)], there[two % len(there)], by=BY, reason="x")
    elif name == "split" and there:
        whole = there[one % len(there)]
        records = sorted(Record.objects.filter(organisation=whole).values_list("record", flat=True))
        if len(records) > 1:
            actions.split(whole, records[: 1 + two % (len(records) - 1)], by=BY, reason="x")


def _resolve(day: int) -> dict[str, pl.DataFrame]:
    """Do the part of a refresh that says who is who, and publish it on a day."""
    tables: dict[str, pl.DataFrame] = {}
    for one in STEPS[:3]:
        tables |= one.compute(tables, BY).tables
    blobs = {name: store.put_frame(table) for name, table in tables.items()}
    snapshot = keep(tables=blobs, inputs={"day": day}, is_synthetic=False, by=BY)
    project(snapshot)
    Publication.objects.create(name="risks", snapshot=snapshot, published_at=START + timedelta(days=day))
    return tables


def _read(day: int) -> dict[str, tuple[list[str], pl.DataFrame]]:
    """Read every organisation as known on a day."""
    found: dict[str, Any] = {pk: portrait(OFFICE, pk, (START + timedelta(days=day)).date()) for pk in _all()}
    return {pk: ([member.record for member in one.members], one.facts) for pk, one in found.items() if one.members}


def _all() -> list[str]:
    return sorted(Organisation.objects.values_list("pk", flat=True))


def _groups(members: pl.DataFrame) -> set[frozenset[str]]:
    return set(map(frozenset, members.group_by("organisation").agg("record")["record"].to_list()))


@pytest.mark.slow
@pytest.mark.django_db
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(step, min_size=2, max_size=6))
def test_facts_are_unchanged_groups_equal_a_replay_and_the_past_reads_the_same(steps: list[Any]) -> None:
    with transaction.atomic():
        past: list[Seen] = []
        for day, (name, one, two) in enumerate([("load", 0, 0), ("load", 1, 0), *steps]):
            _do(name, one, two, day)
            said = as_known(None, BY).facts
            tables = _resolve(day)
            assert tables["facts"].sort(said.columns).equals(said.sort(said.columns))
            names = said.filter(attribute="name").select("record", name="text")
            codes = said.filter(attribute="uscc").select("record", uscc="text")
            records = names.join(codes, on="record", how="left")
            nobody = pl.DataFrame(schema=KNOWN_SCHEMA)
            replayed = cluster(records, nobody, tables["pairs"], judgements_in_force())
            assert _groups(tables["members"]) == _groups(replayed.members)
            assert set(_all()) >= set(tables["members"]["organisation"]) | set(tables["aliases"]["alias"])
            past.append(Seen(day, _read(day)))
        for seen in past:
            again = _read(seen.day)
            assert {pk: records for pk, (records, _) in again.items()} == {
                pk: records for pk, (records, _) in seen.portraits.items()
            }
            assert all(facts.equals(seen.portraits[pk][1]) for pk, (_, facts) in again.items())
        transaction.set_rollback(True)
