"""Which claims stand: the newest of each day and scope that was approved, or that needs no approval."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from liandesk.steer.indicators.models import Claim, State
from liankit.plan.indicators import Indicator


def standing_claims(
    known: Mapping[str, Indicator], known_at: datetime | None = None, *, scope: str | None = None
) -> QuerySet[Claim]:
    """Return the claims of these indicators that count, by day, one a scope and day; ``scope`` alone, where given.

    ``known_at``: as it was known then. A claim counts from when it was approved; where the indicator needs no
    approval, from when it was recorded. What a standing claim corrects counts no more; of two of one day the later
    one stands.
    """
    return _newest(_counting(known, known_at, scope), "indicator", "scope", "on").order_by("on", "recorded_at", "pk")


def last_claims(known: Mapping[str, Indicator], *, scope: str) -> QuerySet[Claim]:
    """Return of each of these indicators the standing claim of the latest day of a scope."""
    return _newest(_counting(known, None, scope), "indicator")


def last_claims_by_scope(key: str, found: Indicator) -> QuerySet[Claim]:
    """Return of each town or office of an indicator the standing claim of the latest day."""
    return _newest(_counting({key: found}, None, None).exclude(scope=""), "scope")


def _counting(known: Mapping[str, Indicator], known_at: datetime | None, scope: str | None) -> QuerySet[Claim]:
    approved = Q(state=State.APPROVED)
    if known_at:
        approved &= Q(approved_at__lte=known_at)
    free = ~Q(state=State.REFUSED) & Q(indicator__in=[key for key, one in known.items() if not one.needs_approval])
    if known_at:
        free &= Q(recorded_at__lte=known_at)
    entered = [key for key, one in known.items() if one.is_entered]
    counting = Claim.objects.filter(approved | free, indicator__in=entered)
    standing = counting.exclude(pk__in=counting.filter(corrects__isnull=False).values("corrects"))
    return standing if scope is None else standing.filter(scope=scope)


def _newest(found: QuerySet[Claim], *each: str) -> QuerySet[Claim]:
    """Return the latest claim of each: that of the latest day, of one day the one recorded last."""
    latest = [F("on").desc(), F("recorded_at").desc(), F("pk").desc()]
    return found.annotate(turn=Window(RowNumber(), partition_by=list(each), order_by=latest)).filter(turn=1)
