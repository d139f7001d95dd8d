"""The pages of a plan with 500 measured targets and 60 monthly values each: computing its lights, and answering."""

from __future__ import annotations

import statistics
import time
from datetime import date
from typing import Any

from benchmarks.home import own_home

TARGETS, PROGRAMMES, MONTHS, UNITS, ROUNDS = 500, 50, 60, 3, 8
PAGES = (
    "/plan/",
    "/plan/programmes/p7",
    "/plan/targets/p7.t3",
    "/plan/targets/p7.t3/light",
    "/plan/offices/economy",
    "/plan/coverage",
    "/indicators/",
    "/indicators/i73",
    "/exceptions/",
)


def main() -> None:
    """Print the seconds of computing all lights and the milliseconds of each page, at the 95th percentile."""
    with own_home():
        claims = _fill()
        from liandesk.steer.indicators.jobs import compute_now

        start = time.perf_counter()
        compute_now()
        print(f"{TARGETS} targets, {claims:,} approved values: lights in {time.perf_counter() - start:.1f} s")
        _pages()


def _fill() -> int:
    """Take over a plan and its indicators, and write approved values of the district and of units; return how many."""
    from django.utils import timezone

    from liandesk.base.accounts.roles import system_viewer
    from liandesk.base.definitions.actions import take_over_packs
    from liandesk.base.definitions.models import Definition
    from liandesk.steer.indicators.models import Claim, State
    from liankit.definitions import digest

    take_over_packs(by=system_viewer("bench"))
    bodies = [("plan", "bench", _plan()), *(("indicator", f"i{n}", _indicator(n)) for n in range(TARGETS))]
    now, common = timezone.now(), {"effective_from": date(2024, 1, 1), "version": 1, "proposed_by": "user:1"}
    common |= {"proposed_at": now, "published_by": "user:2", "published_at": now}
    Definition.objects.filter(kind="plan").delete()
    Definition.objects.bulk_create(
        [Definition(kind=kind, key=key, body=body, hash=digest(body), **common) for kind, key, body in bodies]
    )
    people = {"claimed_by": "user:1", "verified_by": "user:2", "approved_by": "user:3", "recorded_at": now}
    rows = [
        Claim(
            indicator=f"i{n}", on=_month(month), scope=scope, value=float(month + n % 7), state=State.APPROVED,
            evidence="0" * 64, evidence_name="x.pdf", office="economy", offices="|economy|", owner="economy",
            verified_at=now, approved_at=now, is_synthetic=True, **people,
        )
        for n in range(TARGETS)
        for scope in ("", *(f"town:{330113000 + unit}" for unit in range(UNITS)))
        for month in range(MONTHS)
    ]  # fmt: skip
    Claim.objects.bulk_create(rows, batch_size=5000)
    return len(rows)


def _month(number: int) -> date:
    """Return the first of a month; the last of them is that of the business date."""
    months = 2024 * 12 + 8 - (MONTHS - 1 - number)
    return date(months // 12, months % 12 + 1, 1)


def _said(text: str) -> dict[str, str]:
    return {"zh": text, "en": text}


def _plan() -> dict[str, Any]:
    programmes = [
        {
            "key": f"p{n}",
            "number": n + 1,
            "numbered": "stated",
            "title": _said(f"Programme {n}"),
            "known": "full",
            "goal": _said("goal"),
            "units": [{"office": "economy", "role": "lead"}],
            "targets": [_target(n, place) for place in range(TARGETS // PROGRAMMES)],
            "measures": [{"key": "m1", "text": _said("measure"), "units": [], "executes": []}],
        }
        for n in range(PROGRAMMES)
    ]
    period = {"from": "2021-01-01", "to": "2025-12-31"}
    head = {"key": "bench", "title": _said("Plan"), "period": period, "source": _said("made for the benchmark")}
    return {**head, "programmes": programmes, "duties": []}


def _target(programme: int, place: int) -> dict[str, Any]:
    return {
        "key": f"t{place}",
        "indicator": f"i{programme * (TARGETS // PROGRAMMES) + place}",
        "text": _said("target"),
        "comparator": ">=",
        "value": 70,
        "unit": "project",
        "by": "2025-12-31",
        "counting": "cumulative",
        "binding": "anticipatory",
        "commitment": "plain",
        "baseline": {"value": 0, "on": "2020-12-31", "source": _said("none")},
        "path": [],
    }


def _indicator(number: int) -> dict[str, Any]:
    return {
        "key": f"i{number}",
        "title": _said(f"Indicator {number}"),
        "definition": _said("what is counted"),
        "unit": _said("projects"),
        "direction": "up",
        "counting": "cumulative",
        "period": "month",
        "disaggregation": "town",
        "source": "entered",
        "owner": "economy",
        "contributors": [],
        "needs_approval": True,
    }


def _pages() -> None:
    from django.test import Client

    from liandesk.base.accounts.actions import make_cast
    from liandesk.base.accounts.roles import system_viewer

    client = Client()
    user = make_cast(by=system_viewer("bench"))["ChainOffice"]
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    for page in PAGES:
        assert client.get(page).status_code == 200, page
        taken = sorted(_milliseconds(client, page) for _ in range(ROUNDS * 3))
        print(f"  {page:28} p50 {statistics.median(taken):5.0f} ms, p95 {taken[int(len(taken) * 0.95) - 1]:5.0f} ms")


def _milliseconds(client: Any, page: str) -> float:
    start = time.perf_counter()
    client.get(page)
    return (time.perf_counter() - start) * 1000
