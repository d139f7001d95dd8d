"""The spike behind decision 5: ten million facts, 50,000 entries, 30 writers, on the database of DATABASE_URL.

Run: python -m benchmarks.spike [FACTS [ENTRIES [WRITERS]]]. It makes a home of its own and leaves nothing behind.
Prints as-of reads, publish, the list's 95th percentile, audited writes and sealing, each with what it grows with.
"""

from __future__ import annotations

import os
import resource
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

LANDINGS = 10
REPEATS = 5
REQUESTS = 200
WRITES = 40


def main(facts: int = 10_000_000, entries: int = 50_000, writers: int = 30) -> None:
    with tempfile.TemporaryDirectory(prefix="liandesk-spike-") as folder, _installation(Path(folder)) as vendor:
        print(f"{vendor}: {facts:,} facts, {entries:,} entries, {writers} writers")
        _read_facts(facts)
        _publish(entries)
        _list_pages()
        _write(writers)
        print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


@contextmanager
def _installation(home: Path) -> Iterator[str]:
    """A migrated database and home; on PostgreSQL a database of its own that is dropped at the end."""
    os.environ |= {"LIANDESK_HOME": str(home), "LIANDESK_LOG_LEVEL": "ERROR", "LIANDESK_TODAY": "2024-09-30"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "liandesk.config.settings"
    import django

    django.setup()
    from django.db import connection
    from django.test.utils import setup_test_environment

    setup_test_environment()
    from liandesk.refresh.server import collect_static

    collect_static()
    name = connection.settings_dict["NAME"]
    if connection.vendor == "postgresql":
        connection.creation.create_test_db(verbosity=0)
    from liandesk.base.prepare import prepare

    prepare()
    try:
        yield connection.vendor
    finally:
        if connection.vendor == "postgresql":
            connection.creation.destroy_test_db(name, verbosity=0)


def _read_facts(count: int) -> None:
    from liandesk.base.accounts.roles import system_viewer
    from liandesk.base.clock import now
    from liandesk.base.facts.models import Landing
    from liandesk.base.facts.queries import as_known

    by = system_viewer("spike")
    _land(count, by)
    Landing.objects.filter(key__in=list(Landing.objects.values_list("key", flat=True)[:5])).update(
        recorded_at=now() - timedelta(days=30)
    )
    _print("as-of read of all, now", _times(lambda: as_known(None, by), REPEATS), "the facts in force")
    past = now() - timedelta(days=1)
    _print(
        "as-of read of all, yesterday (half)", _times(lambda: as_known(past, by), REPEATS), "the facts then in force"
    )
    one = ["workbook:organisation:7"]
    _print("as-of read of one organisation", _times(lambda: as_known(None, by, records=one), REPEATS), "landings")


def _land(count: int, by: object) -> None:
    """Each landing repeats five per cent of the records of the one before with other numbers: contradictions."""
    import numpy as np
    import polars as pl

    from liandesk.base.facts import actions
    from liandesk.base.facts.schema import FACT_SCHEMA

    each, records = count // LANDINGS, count // LANDINGS // 10
    times = []
    for number in range(LANDINGS):
        place = np.arange(each)
        frame = pl.DataFrame({"at": place // 10 + number * records * 95 // 100, "attribute": place % 10}).select(
            record=pl.concat_str(pl.lit("workbook:organisation:"), pl.col("at").cast(pl.String)),
            kind=pl.lit("organisation"),
            attribute=pl.concat_str(pl.lit("attribute_"), pl.col("attribute").cast(pl.String)),
            text=pl.lit(None, dtype=pl.String),
            number=pl.Series(np.random.default_rng(number).random(each)),
            unit=pl.lit("CNY"),
            valid_from=pl.lit(None, dtype=pl.Date),
            file=pl.lit(f"{number}.csv"),
            sheet=pl.lit(""),
            row=pl.int_range(pl.len()).cast(pl.Int32),
        )
        new = actions.NewLanding("workbook", f"{number}.csv", str(number), frame.cast(FACT_SCHEMA), pl.DataFrame(), {})
        times += _times(lambda new=new: actions.land(new, by=by), 1)
    _print(f"landing of {each:,} facts", times, "its facts")


def _publish(count: int) -> None:
    from django.db import transaction

    from liandesk.assess.risk.projection import SOURCE
    from liandesk.base.accounts.roles import system_viewer
    from liandesk.base.snapshots import store
    from liandesk.base.snapshots.actions import keep, publish

    by = system_viewer("spike")
    others = _empty_tables()
    for title, shift in (("publish, all new", 0.0), ("publish, all changed", 1.0)):
        tables = {**others, "entries": store.put_frame(_entries(count, shift).cast(SOURCE))}

        def work(tables: dict[str, str] = tables) -> None:
            with transaction.atomic():
                publish(keep(tables=tables, inputs={}, is_synthetic=True, by=by), name="risks", by=by)

        _print(f"{title}, {count:,} entries", _times(work, 1), "the entries that differ")


def _empty_tables() -> dict[str, str]:
    import polars as pl

    from liandesk.base.snapshots import store
    from liandesk.know.registry.clusters import FIELDS
    from liankit.reasons import REASON_SCHEMA

    organisations = pl.DataFrame(schema={"id": pl.String, **FIELDS, "kind": pl.String, "is_synthetic": pl.Boolean})
    members = pl.DataFrame(schema={"record": pl.String, "organisation": pl.String})
    frames = {"organisations": organisations, "members": members, "reasons": pl.DataFrame(schema=REASON_SCHEMA)}
    return {name: store.put_frame(frame) for name, frame in frames.items()}


def _entries(count: int, shift: float) -> object:
    import numpy as np
    import polars as pl

    from liandesk.assess.risk.projection import SOURCE

    draw = np.random.default_rng(7)
    impact = np.sort(draw.pareto(1.5, count))[::-1] * 1e6 + shift
    number = pl.int_range(1, count + 1, eager=True)
    said = {
        "entry": "input:O" + number.cast(pl.String) + ":I1",
        "scope": pl.repeat("input", count, eager=True),
        "item": pl.repeat("I1", count, eager=True),
        "item_name": "item " + (number % 997).cast(pl.String),
        "item_kind": pl.repeat("excipient", count, eager=True),
        "buyer": "O" + number.cast(pl.String),
        "organisation_name": "organisation " + number.cast(pl.String),
        "town": pl.repeat("330113001", count, eager=True),
        "rank": number,
        "rank_low": number,
        "rank_high": number,
        "impact_measure": pl.repeat("output_cny", count, eager=True),
        "impact_low": impact,
        "impact_high": impact * 2,
        "sole_source": pl.Series(draw.random(count) < 0.3),
        "suppliers": pl.Series(draw.integers(1, 5, count)),
        "is_synthetic": pl.repeat(True, count, eager=True),
    }
    frame = pl.DataFrame(said)
    return frame.with_columns(pl.lit(None, dtype=SOURCE[name]).alias(name) for name in SOURCE if name not in said)


def _list_pages() -> None:
    from django.test import Client

    from liandesk.base.accounts.actions import make_cast
    from liandesk.base.accounts.roles import system_viewer

    client = Client()
    client.force_login(
        make_cast(by=system_viewer("spike"))["ChainOffice"], "allauth.account.auth_backends.AuthenticationBackend"
    )
    pages = (
        "",
        "?page=500",
        "?sort=-impact_low",
        "?text=item+9",
        "?sole_source=true",
        "?town=330113001&sort=item_name",
    )
    for page in pages:

        def ask(page: str = page) -> None:
            assert client.get(f"/risks/{page}").status_code == 200

        _print(f"list /risks/{page}", _times(ask, REQUESTS // len(pages)), "the rows a filter leaves to count")


def _write(writers: int) -> None:
    from django.db import connection

    from liandesk.assess.lists.actions import assign
    from liandesk.assess.lists.models import ListEntry
    from liandesk.base.accounts.roles import system_viewer
    from liandesk.base.audit.actions import seal_all
    from liandesk.base.audit.queries import check_chain

    by, times = system_viewer("spike"), []
    keys = list(ListEntry.objects.order_by("position").values_list("key", flat=True)[: writers * WRITES])
    ListEntry.objects.filter(key__in=keys).update(state="admitted")

    def write(number: int) -> None:
        for key in keys[number::writers]:
            times.extend(
                _times(lambda key=key: assign(key, by=by, version=0, owner_office="commerce", due_date=None), 1)
            )
        connection.close()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(writers)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wall = time.perf_counter() - began
    assert len(times) == len(keys), "a write was lost"
    _print(f"audited write by {writers} writers at once ({len(times) / wall:,.0f}/s)", times, "writers in line")
    count = ListEntry.objects.count()
    _print(f"sealing after {len(times):,} writes", _times(seal_all, 1), "the events")
    assert check_chain().holds and count


def _times(work: Callable[[], object], repeats: int) -> list[float]:
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return times


def _print(what: str, times: list[float], grows: str) -> None:
    times = sorted(times)
    p95 = times[min(len(times) - 1, int(len(times) * 0.95))]
    print(f"  {what}: median {_show(statistics.median(times))}, p95 {_show(p95)} (n={len(times)}; grows with {grows})")


def _show(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.1f} ms"


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
