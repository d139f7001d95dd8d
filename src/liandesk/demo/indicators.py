"""What the demo's offices say of the plan's two numeric targets: listings as dated titles, projects with evidence.

Both are synthetic. There is no process of conversion yet that projects could be counted from.
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
from liandesk.steer.indicators import actions, light_actions, queries, sharing
from liandesk.steer.indicators.actions import Evidence, Said
from liandesk.steer.indicators.divergence import divergences
from liandesk.steer.indicators.jobs import compute_now

PROJECTS = "conversion_projects"
_TITLE = "境内外上市公司"
TARGET = "conversion.conversion_projects"
LISTED_ON = (date(2021, 9, 15), date(2022, 11, 3), date(2023, 6, 20), date(2024, 5, 28))
REACHED = (4, 9, 15, 19, 24, 31, 36, 42, 47, 52, 58, 62, 65, 67)
"""Projects in all at the end of each quarter from 2021 on: ahead at first, then slower."""
_SYNTHETIC = Evidence("合成佐证.pdf", "%PDF-1.4 合成演示数据，不是真实材料".encode())


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
    """Let an office claim its projects quarter by quarter, others verify and approve them; then the lights."""
    officer, office, chief = (viewer_of(people[name]) for name in ("Officer", "ChainOffice", "ChainChief"))
    if queries.claims(office).exists():
        return 0
    for quarter, value in enumerate(REACHED):
        made = actions.claim(PROJECTS, Said(value, _end(quarter)), _SYNTHETIC, by=officer, is_synthetic=True)
        actions.verify(made.pk, by=office, version=1)
        actions.approve(made.pk, by=chief, version=2)
    last = Said(70, _end(len(REACHED)), note="三季度快报数，待核")
    actions.claim(PROJECTS, last, _SYNTHETIC, by=officer, is_synthetic=True)
    compute_now()
    _share(people)
    light_actions.report_light(TARGET, "green", "签约项目储备充足，年底集中开工", by=office, is_synthetic=True)
    for one in divergences(office).filter(closed_on=None, target=TARGET):
        light_actions.reply(one.pk, "三季度以来只开工3项，储备项目要到四季度才能落地，将逐月报进度。", by=office)
    return len(REACHED)


def _end(quarter: int) -> date:
    """Return the last day of a quarter, counted from the first of 2021."""
    year, place = divmod(quarter, 4)
    month, day = ((3, 31), (6, 30), (9, 30), (12, 31))[place]
    return date(2021 + year, month, day)


def _share(people: Mapping[str, User]) -> None:
    """Two offices brought one project to market and share it."""
    office = viewer_of(people["ChainOffice"])
    fact = sharing.add_fact(PROJECTS, "抗体偶联药物中试落地（合成）", date(2024, 5, 20), by=office, is_synthetic=True)
    sharing.credit(fact.pk, pack().chain_office, 6_000, by=office)
    sharing.credit(fact.pk, queries.known(PROJECTS).contributors[0], 4_000, by=office)
