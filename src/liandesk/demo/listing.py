"""What the demo's chain office keeps of the way to a board: four listed, four on the way, two marked. Synthetic."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from liandesk.assess.listing import actions, queries
from liandesk.assess.listing.actions import Kept
from liandesk.assess.listing.models import Outlook
from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import viewer_of
from liandesk.demo.indicators import LISTED_ON
from liandesk.know.registry.queries import organisations

ON_THE_WAY = (
    Kept("filed", date(2024, 3, 29)),
    Kept("tutoring", date(2023, 12, 11), "buyer", "现金流充裕，所在细分领域企业分散（合成）"),
    Kept("tutoring", date(2024, 7, 8)),
    Kept("share_reform", date(2024, 5, 20), "target", "技术与区内上市企业互补（合成）"),
)


def coach_listings(people: Mapping[str, User]) -> int:
    """Forecast, keep the states of eight enterprises, and forecast again; return how many are kept."""
    office = viewer_of(people["ChainOffice"])
    if Outlook.objects.exists():
        return 0
    actions.publish_forecasts(by=office)
    listed = list(
        organisations(office, kind="enterprise").order_by("pk").values_list("pk", flat=True)[: len(LISTED_ON)]
    )
    likely = queries.prospects(office).exclude(pk__in=listed).order_by("median", "-probability", "pk")
    kept = dict(zip(listed, (Kept("listed", day) for day in LISTED_ON), strict=False))
    kept |= dict(zip(likely.values_list("pk", flat=True)[: len(ON_THE_WAY)], ON_THE_WAY, strict=False))
    for key, said in kept.items():
        actions.keep(key, said, version=0, by=office)
    actions.publish_forecasts(by=office)
    return len(kept)
