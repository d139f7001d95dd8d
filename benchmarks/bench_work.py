"""Cases at scale: 100,000 with 2,000,000 events on SQLite, in a home of its own; inbox, lists, one case, one step.

``python -m benchmarks.bench_work [CASES]``. The logs are drawn and run by the interpreter; each distinct log stands 50
times, under offices of its own, and the columns are those that its replay gives (a sample is recomputed).
"""

from __future__ import annotations

import random
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.home import own_home

CASES = 100_000
COPIES = 50
OPEN_SHARE = 0.2
ROUNDS = 20
FIRST = datetime(2022, 1, 4, 1, tzinfo=UTC)
DAYS = 990  # until 20 September 2024, the benchmark's today being the 30th


def main(wanted: int = CASES) -> None:
    """Print how long the cases take to make, p95 of the pages and of a step, and the memory."""
    with own_home():
        _measure(wanted)


def _measure(wanted: int) -> None:
    from liandesk.base.accounts.actions import make_cast
    from liandesk.base.accounts.roles import system_viewer
    from liandesk.base.definitions import actions as definitions

    by = system_viewer("bench")
    people = make_cast(by=by)
    definitions.take_over_packs(by=by)
    started = time.perf_counter()
    cases, events = _make(wanted)
    print(f"{cases:,} cases with {events:,} events made in {time.perf_counter() - started:.0f} s")
    _check_sample()
    for name in ("ChainOffice", "Officer", "TownOfficer"):
        _queries(people[name])
        _pages(people[name])
    _steps(people["Officer"])
    print(f"memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB at most")


@dataclass(frozen=True)
class Drawn:
    """One log with what its replay gives."""

    events: list[Any]
    columns: dict[str, Any]
    parts: list[Any]
    stays: list[Any]


def _make(wanted: int) -> tuple[int, int]:
    """Write the cases in batches of distinct logs; return how many cases and events."""
    from django.db import connection, transaction

    from liandesk.base.definitions.queries import in_force

    definition = in_force("process", "instruction")
    draw = random.Random(4)
    made = [0, 0]
    for _ in range(wanted // COPIES):
        drawn = _drawn(definition, draw)
        with transaction.atomic():
            _write(definition, drawn, COPIES, made[0])
        made = [made[0] + COPIES, made[1] + COPIES * len(drawn.events)]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return made[0], made[1]


def _drawn(definition: Any, draw: random.Random) -> Drawn:
    from liandesk.base.work.columns import columns_of, parts_of, stays_of
    from liandesk.base.work.queries import process_of
    from liankit.process import replay

    process, events = process_of(definition), list(_events(draw))
    state = replay(process, events)
    parts = sorted(parts_of(process, state), key=lambda part: (part.role, part.scope_id))
    return Drawn(events, columns_of(process, state), parts, stays_of(state))


def _events(draw: random.Random) -> Iterator[Any]:
    """Yield the log of one instruction: progress again and again, an extension, evidence, the end or not yet."""
    from liankit.process import Event

    is_open = draw.random() < OPEN_SHARE
    begun = FIRST + timedelta(days=draw.randrange(DAYS - 120, DAYS) if is_open else draw.randrange(DAYS - 120))
    issuer, lead = draw.sample(OFFICES, 2)
    holders = {"issuer": (f"office:{issuer}",), "lead": (f"office:{lead}",)}
    due = (begun + timedelta(days=draw.randrange(20, 160))).date().isoformat()
    told = {"task": "为第二厂区落实用地" * draw.randrange(2, 12), "due": due}
    yield Event(1, "open", "user:1", begun, data=told, holders=holders)
    at = begun
    for number, (kind, name, said, reason) in enumerate(_steps_of(draw, is_open), start=2):
        at += timedelta(hours=draw.randrange(1, 60))
        actor = "user:2" if kind == "approve" else "user:3"
        yield Event(number, kind, actor, at, name, said, reason)


def _steps_of(draw: random.Random, is_open: bool) -> Iterator[tuple[Any, str, dict[str, str], str]]:
    yield "do", "sign_for", {}, ""
    for _ in range(draw.randrange(8, 20)):
        yield "do", "feed_back", {"progress": "已与相关单位对接，正在推进。" * 3}, ""
    if draw.random() < 0.3:
        yield "do", "ask_extension", {"new_due": "2024-12-31", "why_later": "审批未完成"}, ""
        yield "do", "grant_extension", {}, ""
    if is_open and draw.random() < 0.6:
        return
    yield "prove", "result", {"hash": "ab" * 32, "title": "会议纪要"}, ""
    yield "do", "report_done", {"result_text": "已落实"}, ""
    yield "do", "close", {}, "done"
    if not is_open:
        yield "approve", "close", {}, ""


OFFICES = ("economy", "development", "commerce", "market", "finance", "health")


def _write(definition: Any, drawn: Drawn, copies: int, first: int) -> None:
    """Write a case and copies of it; the database copies the rows of its log."""
    from django.db import connection

    from liandesk.base.work.models import Case, CaseEvent, Party, Stay

    head = {"definition": definition, "process": definition.key, "is_synthetic": True}
    count = {"events_count": len(drawn.events), "changed_at": drawn.events[-1].at}
    cases = Case.objects.bulk_create(
        Case(title=f"交办事项 {number}", **_about(number), **head, **drawn.columns, **count)
        for number in range(first, first + copies)
    )
    CaseEvent.objects.bulk_create(_row(cases[0], event) for event in drawn.events)
    with connection.cursor() as cursor:
        cursor.execute(_COPY, [cases[0].pk, cases[0].pk, cases[-1].pk])
    Party.objects.bulk_create(Party(case=case, **vars(part)) for case in cases for part in drawn.parts)
    Stay.objects.bulk_create(
        Stay(case=case, process=case.process, **vars(stayed)) for case in cases for stayed in drawn.stays
    )


def _about(number: int) -> dict[str, str]:
    """Three of five cases are about one of 5,000 enterprises."""
    return {"subject_kind": "organisation", "subject_id": f"bench-{number % 5000}"} if number % 5 < 3 else {}


_NAMES = "number, kind, name, actor, at, recorded_at, data, reason, holders, on_behalf_of"
_COPY = f"""INSERT INTO work_caseevent (case_id, {_NAMES})
SELECT copied.id, {", ".join(f"event.{name}" for name in _NAMES.split(", "))}
FROM work_caseevent AS event, work_case AS copied
WHERE event.case_id = %s AND copied.id > %s AND copied.id <= %s"""


def _row(case: Any, event: Any) -> Any:
    from liandesk.base.work.models import CaseEvent

    said = {name: getattr(event, name) for name in ("number", "kind", "name", "actor", "at", "data", "reason")}
    return CaseEvent(case=case, recorded_at=event.at, holders=dict(event.holders), **said)


def _check_sample() -> None:
    from liandesk.base.work.upkeep import differing

    print(f"columns against replay: {len(differing(200))} of 200 differ")


def _queries(user: Any) -> None:
    """Print how many cases each list of the inbox has for somebody, and the milliseconds of its first 20."""
    from liandesk.base.accounts.roles import viewer_of
    from liandesk.base.work import queries

    viewer = viewer_of(user)
    lists = (queries.mine, queries.of_office, queries.waiting_on_others, queries.overdue, queries.open_cases)
    for found in lists:
        rows = found(viewer)
        took = [_seconds(lambda rows=rows: list(rows[:20])) for _ in range(ROUNDS)]
        counted = _seconds(rows.count)
        said = f"first 20 p95 {_p95(took):.0f} ms, counted in {counted * 1000:.0f} ms"
        print(f"  {user.username:<12} {found.__name__:<18} {rows.count():>7,} cases, {said}")


def _pages(user: Any) -> None:
    from django.test import Client

    from liandesk.base.accounts.roles import viewer_of
    from liandesk.base.work import queries

    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    some = queries.in_hand(viewer_of(user)).first()
    pages = ["/", *_LISTS, *([f"/cases/{some.pk}"] if some else [])]
    for page in pages:
        client.get(page)
        before = time.process_time()
        answers = [(_seconds(lambda page=page: client.get(page))) for _ in range(ROUNDS)]
        worked = (time.process_time() - before) / ROUNDS
        status = client.get(page).status_code
        said = f"p95 {_p95(answers):.0f} ms, median {statistics.median(answers) * 1000:.0f} ms"
        said += f", of which {worked * 1000:.0f} ms computing"
        print(f"  {user.username:<12} {page:<40} {status} {said}")


_LISTS = (
    "/cases/?show=hand",
    "/cases/?show=open",
    "/cases/?show=open&process=instruction&stage=in_hand",
    "/cases/?show=ended",
    "/cases/board/instruction",
    "/api/v1/cases?show=mine&limit=50",
    "/insight/",
    "/insight/instruction",
)


def _steps(user: Any) -> None:
    from liandesk.base.accounts.roles import viewer_of
    from liandesk.base.work import queries
    from liandesk.base.work.actions import Step, act

    viewer, took = viewer_of(user), []
    for case in list(
        queries.mine(viewer).filter(
            stays__stage="in_hand", stays__left_at=None, parties__role="lead", parties__scope_id="market"
        )[:50]
    ):
        step = Step("do", case.events_count, "feed_back", {"progress": "又进一步"})
        took.append(_seconds(lambda case=case, step=step: act(case.pk, step, by=viewer)))
    print(f"one step: p95 {_p95(took):.0f} ms over {len(took)} cases")


def _p95(seconds: list[float]) -> float:
    return sorted(seconds)[int(len(seconds) * 0.95)] * 1000 if seconds else float("nan")


def _seconds(do: Callable[[], object]) -> float:
    started = time.perf_counter()
    do()
    return time.perf_counter() - started


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
