"""The risk list with 50,000 entries on SQLite: publish, the page with its filters, copies; in a home of its own."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl

from benchmarks.bench_exposure import random_tables
from benchmarks.home import own_home

ENTRIES = 50_000
ROUNDS = 8
PAGES = (
    "state=proposed",
    "state=all",
    "state=all&page=500",
    "state=all&scope=item",
    "state=all&sole_source=unknown",
    "state=all&item_kind=other&level=red",
    "state=all&text=item123",
    "state=all&text=nothing-has-this-name",
    "state=all&sort=item_name",
    "state=all&sort=level",
    "state=all&sort=-computed_level",
    "state=all&level=orange&sort=-unknowns",
    "state=all&computed_level=yellow&sort=first_stop",
    "state=all&set_level=none&facts=ageing&sort=facts",
    "state=all&agreed=none&sort=-impact_share",
    "state=admitted&due=overdue",
    "state=all&owner_office=none&town=330113001",
)


def main() -> None:
    """Print seconds of publish and copies, milliseconds of pages, and the ratio to the slow way of writing."""
    with own_home() as home:
        _measure(home)


def _measure(home: Path) -> None:
    _publish()
    _pages()
    _copies(home)


def _publish() -> None:
    from liandesk.assess.lists.models import ListEntry
    from liandesk.base.snapshots.upsert import upsert

    tables = _tables()
    print(f"publish {tables['entries'].height:,} entries: first {_published(tables, 'first'):.1f} s", end="")
    print(f", unchanged {_published(tables, 'same'):.1f} s", end="")
    moved = {**tables, "entries": tables["entries"].with_columns(pl.col("impact_high") * 1.01)}
    print(f", every number changed {_published(moved, 'moved'):.1f} s")
    some = list(ListEntry.objects.all()[:5000])
    rows = [(entry.key, entry.rank, entry.impact_high, entry.position) for entry in some]
    slow = _seconds(lambda: ListEntry.objects.bulk_update(some, ["rank", "impact_high", "position"], batch_size=500))
    days = {"listed_on": "2024-09-30", "recomputed_on": "2024-09-30"}
    fast = _seconds(lambda: upsert(ListEntry, rows, ("key", *_NUMBERS), _NUMBERS, days))
    print(f"  5,000 rows by bulk_update {slow:.2f} s, by our upsert {fast:.2f} s: {slow / fast:.0f} times slower")


_NUMBERS = ("rank", "impact_high", "position")


def _tables() -> dict[str, pl.DataFrame]:
    """Compute a large list with the real engine; every table has the columns that a refresh gives it."""
    from liandesk.base.facts.schema import KNOWN_SCHEMA
    from liankit.risk import exposure

    items, supplies, uses, listing = random_tables(ENTRIES)
    found = exposure(items, supplies, uses, listing, home_country="CN")
    named = found.entries.with_columns(
        organisation_name=pl.concat_str(pl.lit("企业 "), "buyer"),
        town=pl.when(pl.col("buyer").is_not_null()).then(pl.lit("330113001")),
        is_synthetic=pl.lit(True),
    )
    organisations = uses.select(id="buyer").unique().with_columns(name=pl.concat_str(pl.lit("企业 "), "id"), uscc=None)
    marked = {"record": pl.concat_str(pl.lit("synthetic:x:"), pl.int_range(pl.len()).cast(pl.String))}
    empty = [pl.lit(None, pl.String).alias(name) for name in ("name_en", "kind", "country", "town", "zone", "segment")]
    tables = {
        "entries": named,
        "reasons": found.reasons,
        "shares": found.shares,
        "cascade_lines": uses.select("output_cny", is_product=pl.lit(True)),
        "supplies": supplies.with_columns(supplier_name="supplier", **marked),
        "uses": uses.with_columns(**marked),
        "organisations": organisations.with_columns(*empty, is_synthetic=pl.lit(True)),
        "members": pl.DataFrame(schema={"record": pl.String, "organisation": pl.String}),
        "facts": pl.DataFrame(schema=KNOWN_SCHEMA),
    }
    return _levelled(tables)


def _levelled(tables: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Give ranks, levels and dates as the step of a refresh does; the facts are spread over three years."""
    from liandesk.base.accounts.roles import system_viewer
    from liandesk.base.clock import today
    from liandesk.base.definitions.actions import take_over_packs
    from liandesk.know.survey.confirmations import CONFIRMED_SCHEMA
    from liandesk.refresh.cascade_levels import give_levels, thresholds_in_force

    take_over_packs(by=system_viewer("bench"))
    confirmed = pl.DataFrame(schema=CONFIRMED_SCHEMA)
    started = time.perf_counter()
    entries, reasons = give_levels(tables, thresholds_in_force(), confirmed, today())
    print(f"ranks, levels and dates of {entries.height:,} entries: {time.perf_counter() - started:.1f} s")
    age = pl.duration(days=pl.int_range(pl.len()) % 1000)
    return {**tables, "entries": entries.with_columns(facts_on=pl.lit(today()) - age), "reasons": reasons}


def _published(tables: dict[str, pl.DataFrame], mark: str) -> float:
    from liandesk.base.accounts.roles import system_viewer
    from liandesk.base.snapshots import store
    from liandesk.base.snapshots.actions import keep, publish

    blobs = {name: store.put_frame(table) for name, table in tables.items()}
    snapshot = keep(tables=blobs, inputs={"mark": mark}, is_synthetic=True, by=system_viewer("bench"))
    return _seconds(lambda: publish(snapshot, name="risks", by=system_viewer("bench")))


def _pages() -> None:
    from django.test import Client

    from liandesk.base.accounts.actions import make_cast
    from liandesk.base.accounts.roles import system_viewer

    client = Client()
    office = make_cast(by=system_viewer("bench"))["ChainOffice"]
    client.force_login(office, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.get("/risks/")
    frame = [_seconds(lambda: client.get("/about")) for _ in range(ROUNDS)]
    found = {page: [_seconds(lambda page=page: client.get(f"/risks/?{page}")) for _ in range(ROUNDS)] for page in PAGES}
    for page, seconds in found.items():
        print(f"  {page:<45} median {statistics.median(seconds) * 1000:5.0f} ms, worst {max(seconds) * 1000:5.0f} ms")
    every = sorted(second for seconds in found.values() for second in seconds)
    p95 = every[int(len(every) * 0.95)]
    print(f"list page p95 {p95 * 1000:.0f} ms, {p95 / statistics.median(frame):.1f} times an empty page of the frame")


def _copies(home: Path) -> None:
    from liandesk.assess.lists import queries
    from liandesk.assess.lists.columns import FULL, LEADER
    from liandesk.assess.lists.export_actions import export_list
    from liandesk.base.accounts.roles import system_viewer

    by = system_viewer("bench")
    for kind, name, codes in (("csv", "full", FULL), ("xlsx", "leader", LEADER), ("xlsx", "full", FULL)):
        path = home / f"copy.{kind}"
        write = _seconds(
            lambda: export_list(queries.current(by), codes, path, by=by, kind=kind, language="zh")  # noqa: B023
        )
        print(f"copy of all entries, {kind} {name}: {write:.1f} s, {path.stat().st_size / 1e6:.0f} MB")


def _seconds(do: Callable[[], object]) -> float:
    started = time.perf_counter()
    do()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
