"""The assessor sees which towns add most at quarters' ends; a town and an office see nothing of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from liandesk.base.accounts.access import NotAllowed
from liandesk.base.accounts.roles import Viewer, system_viewer
from liandesk.base.definitions.actions import take_over_packs
from liandesk.base.pack import pack
from liandesk.know.registry.things_models import Thing
from liandesk.steer.indicators.jobs import compute_now
from liandesk.steer.indicators.jumps import jumps

pytestmark = pytest.mark.django_db
TITLE = "国家高新技术企业"


@pytest.fixture(autouse=True)
def _awards(in_english: None) -> None:
    """Every town has two titles a month or three, but the first: six at a quarter's end and one beside it."""
    take_over_packs(by=system_viewer("test"))
    made = [
        (town.code, date(2023 + month // 12, month % 12 + 1, 15), number)
        for place, town in enumerate(pack().towns)
        for month in range(21)
        for number in range(2 + (place + month) % 2 if place else 6 if month % 3 == 2 else 1)
    ]
    Thing.objects.bulk_create(
        Thing(
            id=f"title-{place}", record=f"title:{place}", kind="title", name=TITLE, town=town, is_synthetic=True,
            organisation_name=f"company {place}", attributes={"awarded_on": on.isoformat()},
        )
        for place, (town, on, _number) in enumerate(made)
    )  # fmt: skip


def test_the_assessor_is_told_which_town_jumps_and_nobody_else_is(
    viewer: Callable[[str], Viewer], cast_client: Callable[[str], Client]
) -> None:
    assert jumps(viewer("Auditor")) == []  # nothing is computed yet
    compute_now()
    told = [row for row in jumps(viewer("ChainChief")) if row.indicator.key == "high_tech_enterprises"]
    assert [row.scope for row in told if row.verdict == "flagged"] == [f"town:{pack().towns[0].code}"]
    assert len(told) == len(pack().towns)
    assert {row.quarters for row in told} == {6}  # of seven: nothing is known after the last
    for name in ("Officer", "TownOfficer", "Enterprise"):
        with pytest.raises(NotAllowed):
            jumps(viewer(name))
    client = cast_client("Auditor")
    said = client.get("/indicators/jumps", headers={"accept-language": "en"}).content.decode()
    assert "1 of 8 tested is to be asked" in said
    assert "Synthetic data" in said
    copy = client.get("/indicators/jumps/export/csv", headers={"accept-language": "en"})
    assert "To be asked" in b"".join(copy.streaming_content).decode()
