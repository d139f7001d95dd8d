"""Which claims stand: the newest of each day and scope that was approved, or that needs no approval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    entered = [key for key, one in known.items() if one.is_entered]
    free = [key for key in entered if not known[key].needs_approval]
    found = Claim.objects.filter(_counts(free, known_at), indicator__in=entered)
    standing = found.exclude(_counts(free, known_at, of="corrected_by__"))
    return standing if scope is None else standing.filter(scope=scope)


def _counts(free: Sequence[str], known_at: datetime | None, of: str = "") -> Q:
    """Say when a claim counts, or the one that ``of`` leads to; ``free`` are indicators that need no approval."""
    approved = Q(**{f"{of}state": State.APPROVED})
    entered = Q(**{f"{of}indicator__in": free}) & ~Q(**{f"{of}state": State.REFUSED})
    if known_at is None:
        return approved | entered
    return approved & Q(**{f"{of}approved_at__lte": known_at}) | entered & Q(**{f"{of}recorded_at__lte": known_at})


def _last(found: QuerySet[Claim], each: str) -> list[Claim]:
    """Return the claim of the latest day of each; of two of one day the one recorded later."""
    days = dict(found.order_by().values_list(each).annotate(Max("on")))
    of_days = found.filter(on__in=set(days.values())).order_by(*_IN_TURN)
    last = {getattr(one, each): one for one in of_days if one.on == days[getattr(one, each)]}
    return list(last.values())
