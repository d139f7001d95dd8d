"""What the demo's chain office keeps of the way to a board: four listed, five on the way, two marked. Synthetic."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from liandesk.assess.listing import actions, queries
from liandesk.assess.listing.actions import Kept, Reached
from liandesk.assess.listing.models import Milestone
from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import Viewer, viewer_of
from liandesk.demo.indicators import LISTED_ON
from liandesk.know.registry.queries import organisations

_PAPER = "合成公告"
ON_THE_WAY = (
    (
        Reached("share_reform", date(2022, 4, 18)),
        Reached("tutoring", date(2022, 12, 5)),
        Reached("filed", date(2024, 3, 29), f"{_PAPER}2024-031"),
    ),
    (
        Reached("share_reform", date(2021, 9, 30)),
        Reached("filed", date(2023, 10, 20), f"{_PAPER}2023-118"),
        Reached("accepted", date(2024, 1, 12), f"{_PAPER}2024-007"),
    ),
    (Reached("share_reform", date(2023, 2, 14)), Reached("tutoring", date(2023, 12, 11))),
    (Reached("tutoring", date(2024, 7, 8)),),
    (Reached("share_reform", date(2024, 5, 20)),),
)
MARKS = {
    2: Kept("buyer", "现金流充裕，所在细分领域企业分散（合成）"),
    4: Kept("target", "技术与区内上市企业互补（合成）"),
}
WAITS = Reached("filed", date(2024, 9, 23), f"{_PAPER}2024-090")


def coach_listings(people: Mapping[str, User]) -> int:
    """Enter the ways of nine enterprises, the last step waiting for its second person; return how many are kept."""
    office, chief = viewer_of(people["ChainOffice"]), viewer_of(people["ChainChief"])
    if Milestone.objects.exists():
        return 0
    some = organisations(office, kind="enterprise").order_by("pk").values_list("pk", flat=True)
    ways = {
        key: (Reached("listed", day, f"{_PAPER}{day.year}-001"),)
        for key, day in zip(some[: len(LISTED_ON)], LISTED_ON, strict=False)
    }
    likely = queries.prospects(office).exclude(pk__in=ways).order_by("median", "-probability", "pk")
    coached = dict(zip(likely.values_list("pk", flat=True)[: len(ON_THE_WAY)], ON_THE_WAY, strict=False))
    for key, way in (ways | coached).items():
        _go(key, way, office, chief)
    for place, key in enumerate(coached):
        if place in MARKS:
            actions.keep(key, MARKS[place], version=0, by=office)
    if len(coached) > 2:
        actions.enter(list(coached)[2], WAITS, by=office)
    return len(ways) + len(coached)


def _go(key: str, way: tuple[Reached, ...], office: Viewer, chief: Viewer) -> None:
    for step in way:
        made = actions.enter(key, step, by=office)
        if made.waits:
            actions.confirm(key, made.pk, by=chief)
