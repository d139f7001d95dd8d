"""What three people who do not answer for the plan's two numeric targets hold of them. Synthetic."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import viewer_of
from liandesk.steer.indicators.models import Rating
from liandesk.steer.indicators.rating_actions import Said, rate

LISTED, CONVERTED = "listing.listed_companies", "conversion.conversion_projects"
SAID = (
    (LISTED, "Officer", "probable", date(2024, 9, 12), "在会、在审与辅导备案企业走访：一家已过辅导验收，尚差一家"),
    (LISTED, "Auditor", "feasible", date(2024, 9, 18), "抽查募投用地与专利权属资料，一家后备企业权属未理清"),
    (LISTED, "Expert", "feasible", date(2024, 9, 20), "发行审核自2023年8月起明显放缓，后备企业排队时间普遍拉长"),
    (CONVERTED, "Auditor", "in_doubt", date(2024, 9, 18), "核对已计入的3项凭证齐全，在谈项目距100项差距大"),
    (CONVERTED, "Expert", "feasible", date(2024, 9, 20), "储备项目与开工条件评估：约三分之二可在2025年底前开工"),
)
"""Target, who, grade, day and what it rests on."""


def rate_targets(people: Mapping[str, User]) -> int:
    """Let the three rate once; the lights that follow are computed with the values of the targets."""
    if Rating.objects.exists():
        return 0
    for target, who, grade, on, note in SAID:
        rate(target, Said(grade, note, on), by=viewer_of(people[who]), is_synthetic=True)
    return len(SAID)
