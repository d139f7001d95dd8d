"""Who is listed on a day, and who counts: titles of the register and the milestones that stand, by the rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q

from liandesk.assess.listing.models import Milestone, Prospect, Stage
from liandesk.assess.rules import queries as rules
from liandesk.base.accounts.roles import system_viewer
from liankit.rules.listed import CountingRule, Listing, Verdict, verdict

_DEALS = {Stage.ACQUIRED: "acquired", Stage.ACQUIRER: "acquirer"}


@dataclass(frozen=True)
class Standing:
    """One enterprise that has to do with a listing: since when, by which titles, and whether it counts."""

    prospect: Prospect
    listing: Listing
    verdict: Verdict


def standings(rule: CountingRule, on: date) -> list[Standing]:
    """Return everybody who is or was listed, is quoted elsewhere or belongs to somebody listed, as of a day."""
    held = _titles(rule, on)
    stands = Milestone.objects.filter(Q(is_proved=False) | Q(confirmed_at__isnull=False), reached_on__lte=on)
    some = Q(pk__in=list(held)) | Q(is_subsidiary=True) | Q(milestones__in=stands)
    rows = Prospect.objects.filter(some, is_current=True).distinct().order_by("name", "pk")
    told = rows.prefetch_related(Prefetch("milestones", stands, to_attr="standing"))
    found = ((one, _listing(rule, one, held.get(one.pk, {}))) for one in told)
    return [Standing(one, listing, verdict(rule, listing, on)) for one, listing in found if listing != Listing()]


def _titles(rule: CountingRule, on: date) -> dict[str, dict[str, date | None]]:
    """Return the titles of markets that are held on a day, by enterprise: the code and its day."""
    markets = {*rule.counts, *(one.grants for one in rules.schemes(on) if one.family == "listing")}
    found: dict[str, dict[str, date | None]] = {}
    for enterprise, code, since, _until in rules.titles_of(system_viewer("listing"), on=on).iter_rows():
        if code in markets:
            found.setdefault(enterprise, {})[code] = since
    return found


def _listing(rule: CountingRule, one: Prospect, titles: dict[str, date | None]) -> Listing:
    """Return what counting asks; an officer's proved word that it is listed stands for a title of a board."""
    stands: Iterable[Milestone] = one.standing  # type: ignore[attr-defined]
    said = [step.reached_on for step in stands if step.stage == Stage.LISTED]
    last = max(stands, key=lambda step: (step.reached_on, step.pk), default=None)
    dated = [day for code, day in titles.items() if code in rule.counts and day]
    return Listing(
        (*titles, *(rule.counts[:1] if said else ())),
        since=min([*said, *dated], default=None),
        until=last.reached_on if last and last.stage == Stage.DELISTED else None,
        is_relocated=one.is_relocated,
        is_subsidiary=one.is_subsidiary,
        deal=_DEALS.get(Stage(last.stage)) if last else None,  # type: ignore[arg-type]
    )
