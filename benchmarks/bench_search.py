"""The search over 200,000 organisations and 100,000 nodes: building the index, and what people type, by the page."""

from __future__ import annotations

import statistics
import time

import numpy as np
import polars as pl

from benchmarks.home import own_home

ORGANISATIONS, NODES, ROUNDS = 200_000, 100_000, 3
TYPED = (
    "澄沐", "杭州澄", "药业", "有限公司", "hzcm", "hangzhou", "chengmu", "hzcmyy", "shuzhi", "pharma", "green 77",
    "91330110PDY0001234", "9133", "树脂12", "杭州 树脂", "没有这个名字", "zzzz", "s", "澄沐璟药业有限公司", "cmjyyyxgs",
)  # fmt: skip
_FIRST = "澄沐霁岚汀漱璟珺皓昱煦晗湉溯湛泓芃蓁芮荔菀葳蘅苒桐槿楠栩樾桢柘棠峤峻崧岱屿嵘翊翮翎翀"
_TRADES = ("药业", "制药", "生物制药", "医疗器械", "基因技术", "医药化工", "健康科技", "检测技术")
_ITEMS = ("树脂", "填料", "培养基", "滤膜", "隔膜阀", "探测器")


def main() -> None:
    """Print seconds and megabytes of the index, and milliseconds of the page by percentile."""
    with own_home():
        _measure()


def _measure() -> None:
    _publish()
    _type()


def _publish() -> None:
    """Point to a snapshot that holds the index alone: the pages of the hits are not opened here."""
    from liandesk.base.accounts.roles import system_viewer
    from liandesk.base.snapshots import store
    from liandesk.base.snapshots.actions import keep
    from liandesk.base.snapshots.models import Pointer
    from liankit.search import build_index

    rows = _rows(np.random.default_rng(1))
    started = time.perf_counter()
    index = build_index(rows)
    seconds = time.perf_counter() - started
    print(f"index of {index.height:,} names: {seconds:.1f} s, {index.estimated_size('mb'):.0f} MB in memory")
    by = system_viewer("bench")
    snapshot = keep(tables={"search": store.put_frame(index)}, inputs={}, is_synthetic=True, by=by)
    Pointer.objects.create(name="risks", snapshot=snapshot, published_at=snapshot.created_at)


def _rows(rng: np.random.Generator) -> pl.DataFrame:
    from liandesk.base.ui.search import SCOPES

    def texts(words: tuple[str, ...] | str, count: int) -> pl.Series:
        return pl.Series(list(words))[rng.integers(len(words), size=count)]

    def named(count: int, *parts: pl.Series) -> pl.DataFrame:
        title = pl.concat_str(*(pl.lit(part) for part in parts))
        return pl.select(number=pl.int_range(count)).with_columns(title=title)

    syllables = [texts(_FIRST, ORGANISATIONS) for _ in range(3)]
    forms = texts(("有限公司", "股份有限公司"), ORGANISATIONS)
    places = texts(("杭州", "浙江", "上海", "苏州"), ORGANISATIONS)
    companies = named(ORGANISATIONS, places, *syllables, texts(_TRADES, ORGANISATIONS), forms).with_columns(
        kind=pl.lit("organisation"),
        id=pl.format("O{}", "number"),
        detail=pl.format("Green {} Pharma Co., Ltd.", "number"),
        town=pl.format("33011300{}", pl.col("number") % 8),
        names=pl.concat_list(
            pl.format("Green {} Pharma Co., Ltd.", "number"),
            pl.format("91330110PDY{}", pl.col("number").cast(pl.String).str.zfill(7)),
        ),
    )
    numbers = pl.int_range(NODES, eager=True).cast(pl.String)
    nodes = named(NODES, *(texts(_FIRST, NODES) for _ in range(2)), texts(_ITEMS, NODES), numbers).with_columns(
        kind=pl.lit("node"), id=pl.format("I{}", "number"), is_open=pl.lit(True), names=pl.lit([], pl.List(pl.String))
    )
    rows = pl.concat([companies, nodes], how="diagonal").drop("number")
    missing = [pl.lit(None, dtype=dtype).alias(name) for name, dtype in SCOPES.items() if name not in rows.columns]
    return rows.with_columns(missing)


def _type() -> None:
    from django.test import Client

    from liandesk.base.accounts.actions import make_cast
    from liandesk.base.accounts.roles import system_viewer

    people = make_cast(by=system_viewer("bench"), organisations={"Enterprise": "O1"})
    for who in ("ChainOffice", "TownOfficer", "Enterprise"):
        client = Client()
        client.force_login(people[who], backend="allauth.account.auth_backends.AuthenticationBackend")
        first = _milliseconds(client, TYPED[0])
        worked = time.process_time()
        taken = sorted(_milliseconds(client, text) for _ in range(ROUNDS) for text in TYPED)
        work = (time.process_time() - worked) / len(taken) * 1000
        middle, late = statistics.median(taken), taken[int(len(taken) * 0.95)]
        said = f"median {middle:.0f} ms, p95 {late:.0f} ms, slowest {taken[-1]:.0f} ms, first {first:.0f} ms"
        print(f"  {who}: {said}; {work:.0f} ms of the processors a page")


def _milliseconds(client: object, text: str) -> float:
    started = time.perf_counter()
    answer = client.get("/search", {"q": text})  # type: ignore[attr-defined]
    assert answer.status_code == 200, answer.status_code
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    main()
