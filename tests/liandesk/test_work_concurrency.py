"""Several people act on one case at the same moment, on both databases: who was second is told, nothing is lost."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from django.db import connection
from tests.liandesk.own_database import at_once, migrated_home, own_database, race_in_a_file  # noqa: F401
from tests.liandesk.work_world import BY, REQUEST, publish

from liandesk.base.accounts.actions import make_cast
from liandesk.base.accounts.roles import Viewer, viewer_of
from liandesk.base.errors import Conflict
from liandesk.base.work.actions import NewCase, Step, act, open_case
from liandesk.base.work.models import Case, CaseEvent
from liandesk.base.work.upkeep import is_as_replayed

WRITERS, EACH = 4, 5


def begin() -> tuple[int, Viewer]:
    """Open a case; return it with whoever may give evidence in it."""
    publish(REQUEST)
    office = viewer_of(make_cast(by=BY)["ChainOffice"])
    return open_case(NewCase("request", "Land", [], {"what": "land"}), by=office).pk, office


def give_evidence(pk: int, office: Viewer, writer: int) -> None:
    """Write several pieces of evidence, each again until nobody else was first."""
    for piece in range(EACH):
        while True:
            seen = Case.objects.get(pk=pk).events_count
            try:
                act(pk, Step("prove", seen, "letter", {"hash": f"{writer}-{piece}", "title": "x"}), by=office)
                break
            except Conflict:
                continue


def check(pk: int) -> None:
    """Every piece stands in the log once, the numbers have no gap, and the columns are those of a replay."""
    events = list(CaseEvent.objects.filter(case=pk).order_by("number"))
    assert [event.number for event in events] == list(range(1, WRITERS * EACH + 2))
    given = [event.data["hash"] for event in events[1:]]
    assert sorted(given) == sorted(f"{writer}-{piece}" for writer in range(WRITERS) for piece in range(EACH))
    assert is_as_replayed(Case.objects.get(pk=pk))


def race() -> None:
    """Let several writers, each on a connection of its own, give evidence in one case; check what is left."""
    pk, office = begin()
    at_once(*(partial(give_evidence, pk, office, writer) for writer in range(WRITERS)))
    check(pk)


@pytest.mark.django_db(transaction=True)
def test_writers_on_postgresql_lose_nothing() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite in memory has one connection; the next test takes a file")
    race()


@own_database
@pytest.mark.slow
def test_writers_on_sqlite_lose_nothing(migrated_home: Path) -> None:  # noqa: F811
    race_in_a_file(__name__, migrated_home)
