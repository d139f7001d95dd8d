"""What is counted of sampled evidence: pieces that were checked and say what they should."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from liandesk.base import metrics
from liandesk.base.accounts.models import Membership
from liandesk.base.accounts.roles import ScopeKind
from liandesk.base.metrics import By, Metric, Row
from liandesk.base.teamwork.models import Sample, SampleItem
from liandesk.base.work.models import Party

_A_YEAR = timedelta(365)


def register() -> None:
    metrics.register("evidence_stood", evidence_stood)


def evidence_stood(day: date, *, by: By, of: Sequence[str]) -> list[Metric]:
    """Return the share of the pieces given within the year up to a day and checked since that say what they should.

    A piece is of the office for which its giver takes part in the case; of none where that is not one office. Pieces
    drawn by risk are left out: they fail more often than all do.
    """
    return metrics.tally(_rows(day, by), by, is_share=True)


def _rows(day: date, by: By) -> Iterator[Row]:
    equal = SampleItem.objects.filter(sample__design=Sample.Design.EQUAL)
    within = equal.filter(given_on__lte=day, given_on__gt=day - _A_YEAR)
    checked = list(within.exclude(answer=SampleItem.Answer.OPEN).order_by("pk"))
    offices = _offices(checked) if by == "office" else {}
    for one in checked:
        holds = (one.answer, one.found) == (SampleItem.Answer.YES, SampleItem.Found.INTACT)
        yield Row(str(one.pk), offices.get(one.pk, ""), holds, one.given_on, one.is_synthetic)


def _offices(pieces: Sequence[SampleItem]) -> dict[int, str]:
    """Return the office that gave each piece, where the case and the giver's roles name just one."""
    parties = Party.objects.filter(case__in={one.case_id for one in pieces}, scope_kind=ScopeKind.OFFICE)
    taking_part: dict[int, set[str]] = {}
    for case, office in parties.values_list("case", "scope_id"):
        taking_part.setdefault(case, set()).add(office)
    held: dict[str, set[str]] = {}
    for user, office in Membership.objects.filter(scope_kind=ScopeKind.OFFICE).values_list("user", "scope_id"):
        held.setdefault(f"user:{user}", set()).add(office)
    shared = {one.pk: taking_part.get(one.case_id, set()) & held.get(one.given_by, set()) for one in pieces}
    return {pk: next(iter(offices)) for pk, offices in shared.items() if len(offices) == 1}
