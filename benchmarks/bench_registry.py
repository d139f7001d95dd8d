"""200,000 organisations loaded and resolved: time of each step, memory, publish, portrait; in a home of its own."""

from __future__ import annotations

import random
import resource
import statistics
import time
from collections.abc import Callable

import polars as pl

from benchmarks.home import own_home

ORGANISATIONS = 200_000
PORTRAITS = 60
_BASE = (
    "康",
    "泰",
    "华",
    "瑞",
    "诺",
    "恒",
    "博",
    "安",
    "益",
    "达",
    "明",
    "和",
    "生",
    "源",
    "科",
    "信",
    "德",
    "润",
    "嘉",
    "宏",
)
_TRADES = ("生物科技", "医药", "医疗器械", "制药", "化学", "包装材料", "仪器", "检测技术")
_PLACES = ("杭州", "浙江", "上海", "苏州", "临平", "宁波", "绍兴", "湖州", "嘉兴", "南京")


def main() -> None:
    """Print seconds and memory of each step of the refresh and milliseconds of a portrait."""
    with own_home():
        _measure()


def _measure() -> None:
    from liandesk.know.registry.models import Candidate, Organisation, Record
    from liandesk.refresh.runs import run_now

    print(f"load {ORGANISATIONS:,} records of organisations: {_seconds(_load):.1f} s")
    print(f"resolve and publish: {_seconds(run_now):.1f} s")
    _tell_steps()
    found = (
        f"{Record.objects.count():,} records are {Organisation.objects.filter(is_current=True).count():,} organisations"
    )
    print(f"  {found}, {Candidate.objects.count():,} pairs wait in the queue")
    print(f"again after one merge: {_seconds(_merge_and_refresh):.1f} s")
    _tell_steps()
    _portraits()
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2:.2f} GB")


def _load() -> None:
    from liandesk.base.accounts.roles import system_viewer
    from liandesk.base.facts.actions import NewLanding, land

    facts = _facts(random.Random(7))
    land(
        NewLanding("workbook", "bench", "0" * 64, facts, pl.DataFrame(), {}, is_synthetic=True),
        by=system_viewer("bench"),
    )


def _facts(draw: random.Random) -> pl.DataFrame:
    """Return the facts of organisations of invented names; one in twenty is a second record of an earlier one."""
    from liandesk.base.facts.schema import FACT_SCHEMA

    names: list[str] = []
    codes: list[str] = []
    for place in range(ORGANISATIONS):
        if names and draw.random() < 0.05:
            twin = draw.randrange(len(names))
            names.append(names[twin])
            codes.append(codes[twin])
        else:
            stem = "".join(draw.choices(_BASE, k=draw.choice((2, 3, 4))))
            names.append(f"{draw.choice(_PLACES)}{stem}{draw.choice(_TRADES)}有限公司")
            codes.append(f"BENCH{place:013}")
    rows = pl.DataFrame({"name": names, "uscc": codes}).with_row_index("row").with_columns(
        record=pl.format("workbook:organisation:{}", "row"),
        town=pl.lit("330113001"),
        segment=pl.lit("制剂"),
        kind=pl.lit("organisation"),
        file=pl.lit("bench.csv"),
    )  # fmt: skip
    long = rows.unpivot(["name", "uscc", "town", "segment"], index=["record", "row", "kind", "file"], value_name="text")
    long = long.rename({"variable": "attribute"}).with_columns(unit=pl.lit(""), sheet=pl.lit(""))
    empty = {name: pl.lit(None, dtype=dtype) for name, dtype in FACT_SCHEMA.items() if name not in long.columns}
    return long.with_columns(**empty).select(pl.col(name).cast(dtype) for name, dtype in FACT_SCHEMA.items())


def _tell_steps() -> None:
    from liandesk.base.jobs.models import Job

    job = Job.objects.order_by("-id")[0]
    told = ", ".join(
        f"{step.name} {'known' if step.is_skipped else f'{step.seconds:.1f} s'}" for step in job.steps.all()
    )
    print(f"  {told}")


def _merge_and_refresh() -> None:
    from liandesk.base.accounts.roles import system_viewer
    from liandesk.know.registry import actions
    from liandesk.know.registry.models import Organisation
    from liandesk.refresh.runs import run_now

    first, second = Organisation.objects.filter(is_current=True)[:2]
    actions.merge(first.pk, second.pk, by=system_viewer("bench"), reason="bench")
    run_now()


def _portraits() -> None:
    from django.conf import settings
    from django.test import Client

    from liandesk.base.accounts.actions import make_cast
    from liandesk.base.accounts.roles import system_viewer
    from liandesk.know.registry.models import Organisation

    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    settings.ALLOWED_HOSTS = ["testserver"]
    client = Client()
    office = make_cast(by=system_viewer("bench"))["ChainOffice"]
    client.force_login(office, backend="allauth.account.auth_backends.AuthenticationBackend")
    shown = (
        Organisation.objects.filter(is_current=True)
        .order_by("id")
        .values_list("pk", flat=True)[:: ORGANISATIONS // PORTRAITS]
    )
    for query in ("", "?on=2026-12-31"):
        times = sorted(_seconds(lambda pk=pk: client.get(f"/organisations/{pk}{query}")) for pk in list(shown))  # noqa: B023
        p95, median = times[int(len(times) * 0.95)], statistics.median(times)
        print(
            f"portrait{' as known on a day' if query else ''}: median {median * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms"
        )


def _seconds(do: Callable[[], object]) -> float:
    started = time.perf_counter()
    do()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
