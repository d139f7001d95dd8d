"""Which claims stand: the newest of each day and scope that was approved, or that needs no approval."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db.models import Q

from liandesk.steer.indicators.models import Claim, State
from liankit.plan.indicators import Indicator


def standing_claims(known: Mapping[str, Indicator], known_at: datetime | None = None) -> list[Claim]:
    """Return the claims of these indicators that count, one a scope and day; ``known_at``: as it was known then.

    A claim counts from when it was approved; where the indicator needs no approval, from when it was recorded. What a
    standing claim corrects counts no more; of two of one day the later one stands.
    """
    approved = Q(state=State.APPROVED)
    if known_at:
        approved &= Q(approved_at__lte=known_at)
    free = ~Q(state=State.REFUSED) & Q(indicator__in=[key for key, one in known.items() if not one.needs_approval])
    if known_at:
        free &= Q(recorded_at__lte=known_at)
    entered = [key for key, one in known.items() if one.is_entered]
    rows = list(Claim.objects.filter(approved | free, indicator__in=entered).order_by("on", "recorded_at", "pk"))
    corrected = {one.corrects_id for one in rows}
    standing = (one for one in rows if one.pk not in corrected)
    newest: dict[tuple[str, str, date], Claim] = {(one.indicator, one.scope, one.on): one for one in standing}
    return list(newest.values())
