"""What the demo's offices say of the plan's two numeric targets: listings as dated titles, a light, shares.

All is synthetic. Projects that brought results to market are counted from transfers (``demo/transfers.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import viewer_of
from liandesk.base.pack import pack
from liandesk.know.registry.queries import organisations
from liandesk.know.sources.actions import load
from liandesk.know.sources.readers import source_of
from liandesk.steer.indicators import light_actions, queries, sharing
from liandesk.steer.indicators.divergence import divergences
from liandesk.steer.indicators.jobs import compute_now

PROJECTS = "conversion_projects"
_TITLE = "境内外上市公司"
TARGET = "conversion.conversion_projects"
LISTED_ON = (date(2021, 9, 15), date(2022, 11, 3), date(2023, 6, 20), date(2024, 5, 28))


def enter_listings(people: Mapping[str, User]) -> int:
    """Load a sheet of listings: four enterprises of the district, each with the day of its title."""
    office = viewer_of(people["ChainOffice"])
    names = organisations(office, kind="enterprise").order_by("pk").values_list("name", flat=True)[: len(LISTED_ON)]
    days = LISTED_ON[: len(names)]
    rows = {"organisation": list(names), "title": _TITLE, "level": "national", "awarded_on": list(days)}
    with TemporaryDirectory() as folder:
        path = Path(folder) / "titles.csv"
        pl.DataFrame(rows).write_csv(path)
        load(source=source_of("synthetic"), paths=[path], by=office, title="合成上市名单")
    return len(names)


def follow_targets(people: Mapping[str, User]) -> int:
    """Compute the lights; let an office report one greener than it is and answer for it; return how many differ."""
    office = viewer_of(people["ChainOffice"])
    if queries.facts(office, PROJECTS).exists():
        return 0
    compute_now()
    _share(people)
    light_actions.report_light(TARGET, "green", "签约项目储备充足，年底集中开工", by=office, is_synthetic=True)
    found = divergences(office).filter(closed_on=None, target=TARGET)
    for one in found:
        light_actions.reply(one.pk, "多数项目尚在对接和签约，凭证齐全后才计入，将逐月报进度。", by=office)
    return len(found)


def _share(people: Mapping[str, User]) -> None:
    """Two offices brought one project to market and share it."""
    office = viewer_of(people["ChainOffice"])
    fact = sharing.add_fact(PROJECTS, "抗体偶联药物中试落地（合成）", date(2024, 5, 20), by=office, is_synthetic=True)
    sharing.credit(fact.pk, pack().chain_office, 6_000, by=office)
    sharing.credit(fact.pk, queries.known(PROJECTS).contributors[0], 4_000, by=office)
