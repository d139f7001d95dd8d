from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from liandesk.base.accounts.roles import Grant, Role, ScopeKind, Viewer, system_viewer
from liandesk.base.errors import Conflict, NotAllowed
from liandesk.base.facts import actions
from liandesk.base.facts.models import Landing, Statement
from liandesk.base.facts.queries import as_known
from liandesk.base.facts.schema import FACT_SCHEMA, empty_facts, facts_from_rows, records_from_facts

BY = system_viewer("test")
START = datetime(2024, 9, 1, tzinfo=UTC)


def _facts(said: dict[tuple[str, str], str]) -> pl.DataFrame:
    rows = [
        {"record": record, "kind": "thing", "attribute": attribute, "text": text, "unit": "", "row": place}
        for place, ((record, attribute), text) in enumerate(said.items())
    ]
    return pl.DataFrame(rows, schema=FACT_SCHEMA) if rows else empty_facts()


def _land(said: dict[tuple[str, str], str], *, source: str = "workbook", content: str = "c") -> Landing:
    new = actions.NewLanding(source, "file.csv", content, _facts(said), pl.DataFrame(), {})
    return actions.land(new, by=BY)


def _known(on: datetime | None = None) -> dict[tuple[str, str], str]:
    found = as_known(on, BY).facts
    return {(row["record"], row["attribute"]): row["text"] for row in found.to_dicts()}


@pytest.mark.django_db
def test_a_more_trusted_source_overrules_and_the_other_word_is_returned_as_a_contradiction() -> None:
    _land({("a", "name"): "from workbook"}, source="workbook", content="1")
    _land({("a", "name"): "from synthetic"}, source="synthetic", content="2")
    known = as_known(None, BY)
    assert known.facts["text"].to_list() == ["from workbook"]
    assert known.contradictions["text"].to_list() == ["from synthetic"]


@pytest.mark.django_db
def test_a_statement_overrules_a_file_until_it_is_taken_back() -> None:
    _land({("a", "name"): "file"})
    said = actions.state(record_id="a", kind="thing", attribute="name", value="person", by=BY)
    assert _known() == {("a", "name"): "person"}
    Statement.objects.filter(pk=said.pk).update(withdrawn_at=said.recorded_at + timedelta(seconds=1))
    assert _known() == {("a", "name"): "file"}


@pytest.mark.django_db
def test_the_past_still_sees_what_was_withdrawn_later() -> None:
    landing = _land({("a", "name"): "x"})
    Landing.objects.update(recorded_at=START)
    actions.withdraw(landing.key, why="wrong file", by=BY)
    assert _known() == {}
    assert _known(START + timedelta(days=1)) == {("a", "name"): "x"}
    assert _known(START - timedelta(days=1)) == {}


@pytest.mark.django_db
def test_a_load_withdrawn_twice_is_a_conflict_and_needs_a_reason() -> None:
    landing = _land({("a", "name"): "x"})
    with pytest.raises(Exception, match="needs a reason"):
        actions.withdraw(landing.key, why=" ", by=BY)
    actions.withdraw(landing.key, why="wrong", by=BY)
    with pytest.raises(Conflict):
        actions.withdraw(landing.key, why="again", by=BY)


@pytest.mark.django_db
def test_the_same_content_in_force_is_refused_and_nothing_is_doubled() -> None:
    _land({("a", "name"): "x"})
    with pytest.raises(Conflict), transaction.atomic():
        _land({("a", "name"): "x"})
    assert Landing.objects.count() == 1


@pytest.mark.django_db
def test_nobody_without_a_role_reads_or_adds_facts() -> None:
    _land({("a", "name"): "x"})
    outsider = Viewer("user:1", "outsider")
    enterprise = Viewer("user:2", "e", frozenset({Grant(Role.ENTERPRISE, ScopeKind.ORGANISATION, "O1")}))
    assert as_known(None, outsider).facts.is_empty()
    assert as_known(None, enterprise).facts.is_empty()
    with pytest.raises(NotAllowed):
        actions.state(record_id="a", kind="thing", attribute="name", value="y", organisation="O2", by=enterprise)


def test_rows_become_facts_and_facts_become_rows_again() -> None:
    rows = pl.DataFrame(
        {
            "key": ["1", "2"],
            "name": ["a", None],
            "size": [3.5, 4.0],
            "is_new": [True, None],
            "sheet": ["s", "s"],
            "row": [2, 3],
        }
    )
    facts = facts_from_rows(
        rows,
        kind="thing",
        record=pl.concat_str(pl.lit("t:"), "key"),
        attributes={"name": "", "size": "m", "is_new": ""},
        file="f",
    )
    assert facts.schema == pl.Schema(FACT_SCHEMA) and facts.height == 4
    back = records_from_facts(facts, "thing", {"name": pl.String, "size": pl.Float64, "is_new": pl.Boolean})
    assert back.rows() == [("t:1", "a", 3.5, True), ("t:2", None, 4.0, None)]


OPERATION = st.tuples(
    st.sampled_from(["load", "withdraw"]),
    st.dictionaries(st.tuples(st.sampled_from("ab"), st.sampled_from("xy")), st.sampled_from("123"), max_size=3),
)


class AsKnownEqualsReplay(TestCase):
    """After any sequence of loads and withdrawals, every moment of the past reads as a replay up to it."""

    @settings(max_examples=25, deadline=None)
    @given(st.lists(OPERATION, max_size=6))
    def test_every_moment_reads_as_a_replay(self, operations: list[tuple[str, dict[tuple[str, str], str]]]) -> None:
        Landing.objects.all().delete()
        log: list[tuple[str, dict[tuple[str, str], str]]] = []  # landings in force, in order
        expected = []
        for place, (name, said) in enumerate(operations):
            moment = START + timedelta(days=place)
            if name == "load":
                landing = _land(said, content=str(place))
                Landing.objects.filter(pk=landing.pk).update(recorded_at=moment)
                log.append((landing.key, said))
            elif log:
                key, _ = log.pop(0)
                actions.withdraw(key, why="test", by=BY)
                Landing.objects.filter(pk=key).update(withdrawn_at=moment)
            replay: dict[tuple[str, str], str] = {}
            for _, words in log:
                replay |= words
            expected.append((moment, replay))
        for moment, replay in expected:
            assert _known(moment) == replay
