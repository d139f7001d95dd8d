"""What was approved by people, and what waits for it: for those who count nothing else, as an appraisal does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from liandesk.steer.indicators.claims import standing_claims
from liandesk.steer.indicators.models import Claim, State
from liankit.plan.indicators import Indicator


def approved_claims(known: Mapping[str, Indicator], *, after: date | None = None, until: date) -> list[Claim]:
    """Return the claims of a time that stand and were approved, by day; also of indicators that need no approval."""
    asked = {key: one.model_copy(update={"needs_approval": True}) for key, one in known.items()}
    return [one for one in standing_claims(asked) if one.on <= until and (after is None or one.on > after)]


def waiting_claims(key: str, *, after: date, until: date) -> list[Claim]:
    """Return the claims of a time that nobody has approved or refused yet, by day."""
    waiting = (State.CLAIMED, State.VERIFIED)
    found = Claim.objects.filter(indicator=key, state__in=waiting, on__gt=after, on__lte=until)
    return list(found.order_by("on", "pk"))
