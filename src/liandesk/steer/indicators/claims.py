"""Which claims stand: the newest of each day and scope that was approved, or that needs no approval."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Max, Q, QuerySet

from liandesk.steer.indicators.models import Claim, State
from liankit.plan.indicators import Indicator

_IN_TURN = ("on", "recorded_at", "pk")


def standing_claims(
    known: Mapping[str, Indicator], known_at: datetime | None = None, *, scope: str | None = None
) -> list[Claim]:
    """Return the claims of these indicators that count, by day, one a scope and day; ``scope`` alone, where given.

    ``known_at``: as it was known then. A claim counts from when it was approved; where the indicator needs no
    approval, from when it was recorded. What a standing claim corrects counts no more; of two of one day the later
    one stands.
    """
    by_day = {(one.indicator, one.scope, one.on): one for one in _counting(known, known_at, scope).order_by(*_IN_TURN)}
    return list(by_day.values())


def last_claims(known: Mapping[str, Indicator], *, scope: str) -> list[Claim]:
    """Return of each of these indicators the standing claim of the latest day of a scope."""
    return _last(_counting(known, None, scope), "indicator")


def last_claims_by_scope(key: str, found: Indicator) -> list[Claim]:
    """Return of each town or office of an indicator the standing claim of the latest day."""
    return _last(_counting({key: found}, None, None).exclude(scope=""), "scope")


def _counting(known: Mapping[str, Indicator], known_at: datetime | None, scope: str | None) -> QuerySet[Claim]:
    approved = Q(state=State.APPROVED)
    if known_at:
        approved &= Q(approved_at__lte=known_at)
    free = ~Q(state=State.REFUSED) & Q(indicator__in=[key for key, one in known.items() if not one.needs_approval])
    if known_at:
        free &= Q(recorded_at__lte=known_at)
    entered = [key for key, one in known.items() if one.is_entered]
    counting = Claim.objects.filter(approved | free)
    corrected = counting.filter(corrects__isnull=False).values("corrects")
    standing = counting.filter(indicator__in=entered).exclude(pk__in=corrected)
    return standing if scope is None else standing.filter(scope=scope)


def _last(found: QuerySet[Claim], each: str) -> list[Claim]:
    """Return the claim of the latest day of each; of two of one day the one recorded later."""
    days = dict(found.order_by().values_list(each).annotate(Max("on")))
    of_days = found.filter(on__in=set(days.values())).order_by(*_IN_TURN)
    last = {getattr(one, each): one for one in of_days if one.on == days[getattr(one, each)]}
    return list(last.values())
