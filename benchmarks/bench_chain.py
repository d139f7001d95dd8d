"""The chain with 100,000 nodes and 170,000 relations: the page of a node three hops around, its table, the lists.

The graph is drawn like the one of Chinese listed companies: most nodes have one or two relations, a few have thousands.
"""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Callable
from functools import partial

import numpy as np
import polars as pl

from benchmarks.home import own_home
from liankit.network import ChainGraph, build_graph, neighbourhood

NODES, RELATIONS, MAKERS, LOCAL = 100_000, 170_000, 60_000, 2_000
VISITS = 100
BAR_MS = 200
Spent = tuple[float, float]
"""Seconds that passed, and seconds of the processor."""


def main() -> None:
    """Print seconds of making the map, and milliseconds of pages: median, 95th percentile, worst."""
    with own_home():
        _measure()


def _measure() -> None:
    names = _publish()
    _walk(names)
    _visit(names)
    print(f"  memory, greatest            {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:8.0f} MB")


def random_chain(seed: int = 7) -> pl.DataFrame:
    """Return facts of a random chain: items, relations with hubs, who makes what, enterprises of the district."""
    from liandesk.base.facts.schema import FACT_SCHEMA
    from liandesk.base.pack import pack

    rng = np.random.default_rng(seed)
    towns = [town.code for town in pack().towns]
    ends = (NODES * rng.random((2, RELATIONS * 2)) ** [[3], [1.5]]).astype(int)  # few nodes with many relations
    pairs = (
        pl.DataFrame({"from": ends[0], "to": ends[1]})
        .filter(pl.col("from") != pl.col("to"))
        .unique(maintain_order=True)
    )
    pairs = pairs.head(RELATIONS)
    kinds = rng.choice(["input_of", "subtype_of", "used_in"], p=[0.55, 0.4, 0.05], size=pairs.height)
    items = [(f"bench:item:{n}", "item", "name", f"物项{n}") for n in range(NODES)]
    who = [(f"bench:organisation:{n}", "organisation", "name", f"企业{n}") for n in range(LOCAL * 2)]
    where = [(f"bench:organisation:{n}", "organisation", "town", towns[n % len(towns)]) for n in range(LOCAL)]
    said = [*items, *who, *where]
    for row, (source, target) in enumerate(pairs.iter_rows()):
        record = f"bench:relation:{row}"
        said += [
            (record, "relation", "from", f"bench:item:{source}"),
            (record, "relation", "to", f"bench:item:{target}"),
        ]
        said.append((record, "relation", "relation", str(kinds[row])))
    made = zip(rng.integers(0, LOCAL * 2, MAKERS), rng.integers(0, NODES, MAKERS), strict=True)
    for row, (maker, item) in enumerate(made):
        record = f"bench:makes:{row}"
        said += [(record, "makes", "organisation", f"bench:organisation:{maker}")]
        said += [(record, "makes", "item", f"bench:item:{item}")]
    frame = pl.DataFrame(said, schema=["record", "kind", "attribute", "text"], orient="row")
    blank = {name: pl.lit(None, dtype) for name, dtype in FACT_SCHEMA.items() if name not in frame.columns}
    return frame.with_columns(**blank).select(*FACT_SCHEMA)


def _publish() -> list[str]:
    from liandesk.base.accounts.roles import system_viewer
    from liandesk.base.pack import pack
    from liandesk.base.snapshots import store
    from liandesk.base.snapshots.actions import PROJECTIONS, keep, publish
    from liandesk.know.chain.projection import project
    from liandesk.refresh.chain import build_chain

    facts = random_chain()
    organisations = facts.filter(pl.col("kind") == "organisation").pivot(
        on="attribute", on_columns=["name", "town"], index="record", values="text"
    )
    placed = organisations.select("name", "town", id="record", country=pl.lit("CN"), country_basis=pl.lit("declared"))
    members = organisations.select("record", organisation="record")
    started = time.perf_counter()
    tables = dict(build_chain(facts, members, placed, pack()).tables) | {"organisations": placed}
    print(f"  facts to map, findings      {time.perf_counter() - started:8.2f} s")
    counts = ", ".join(f"{name} {tables[name].height:,}" for name in ("nodes", "relations", "makers", "findings"))
    print(f"  {counts}, problems {tables['chain_problems'].height:,}")
    digests = {name: store.put_frame(table) for name, table in tables.items()}
    by = system_viewer("bench")
    snapshot = keep(tables=digests, inputs={}, is_synthetic=True, by=by)
    PROJECTIONS["risks"] = [project]  # of the chain alone
    started = time.perf_counter()
    publish(snapshot, name="risks", by=by)
    print(f"  publish the chain's lists   {time.perf_counter() - started:8.2f} s")
    degree = tables["nodes"].sort(pl.col("inputs") + pl.col("outputs"), descending=True)["node"]
    rng = np.random.default_rng(1)
    hubs, others = degree.head(VISITS // 10).to_list(), degree.gather(rng.integers(0, NODES, VISITS)).to_list()
    return [*hubs, *others[: VISITS - len(hubs)]]


def _walk(nodes: list[str]) -> None:
    from liandesk.base.snapshots import store
    from liandesk.base.snapshots.queries import published

    snapshot = published()
    assert snapshot
    tables = [store.get_frame(snapshot.tables[name]) for name in ("nodes", "relations")]
    started = time.perf_counter()
    graph = build_graph(*tables)
    print(f"  graph in arrays             {(time.perf_counter() - started) * 1000:8.0f} ms")
    sizes: list[int] = []
    times = [_time(partial(_measure_walk, graph, node, sizes)) for node in nodes]
    _say("three hops, arrays alone", times)
    print(f"    nodes reached: median {statistics.median(sizes):,.0f}, most {max(sizes):,}")


def _measure_walk(graph: ChainGraph, node: str, sizes: list[int]) -> None:
    sizes.append(neighbourhood(graph, node, 3).nodes.height)


def _visit(nodes: list[str]) -> None:
    from django.test import Client

    from liandesk.base.accounts.actions import make_cast
    from liandesk.base.accounts.roles import system_viewer

    cast = make_cast(by=system_viewer("bench"), organisations={"Enterprise": "bench:organisation:1"})
    for who in ("ChainOffice", "Enterprise"):
        client = Client()
        client.force_login(cast[who], backend="allauth.account.auth_backends.AuthenticationBackend")

        def get(path: str, client: Client = client) -> Callable[[], None]:
            return lambda: _fetch(client, path)

        get("/chain/")()  # the first request loads templates and reads the graph
        get(f"/chain/nodes/{nodes[0]}?hops=1")()
        _say(f"node, 3 hops, {who}", [_time(get(f"/chain/nodes/{node}?hops=3")) for node in nodes], BAR_MS)
        _say(f"list of nodes, {who}", [_time(get(f"/chain/?page={page}")) for page in range(1, 20)])


def _fetch(client: object, path: str) -> None:
    answer = client.get(path)  # type: ignore[attr-defined]
    assert answer.status_code == 200, f"{path}: {answer.status_code}"


def _time(call: Callable[[], None]) -> Spent:
    started, worked = time.perf_counter(), time.process_time()
    call()
    return time.perf_counter() - started, time.process_time() - worked


def _say(what: str, spent: list[Spent], bar: float | None = None) -> None:
    """Print the time that passed, and that of the processor: on a busy machine the first is others' work too."""
    passed, worked = (sorted(one[part] * 1000 for one in spent) for part in (0, 1))
    p95, p95_worked = (times[int(len(times) * 0.95) - 1] for times in (passed, worked))
    verdict = "" if bar is None else f"  bar {bar:.0f}: {'ok' if p95 < bar else 'MISSED'}"
    print(
        f"  {what:27} median {statistics.median(passed):6.1f}  p95 {p95:6.1f}  worst {passed[-1]:6.1f} ms"
        f"  (processor: median {statistics.median(worked):6.1f}  p95 {p95_worked:6.1f}){verdict}"
    )


if __name__ == "__main__":
    main()
