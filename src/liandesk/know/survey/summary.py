"""The closing summary of a round: what came back, what it changed in the entries, what was asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl
from django.db.models import Count, Q, QuerySet

from liandesk.base.accounts.roles import Viewer
from liandesk.base.snapshots.models import Publication, Snapshot
from liandesk.base.snapshots.queries import RISKS, published, table
from liandesk.base.work.queries import process_of
from liandesk.base.work.wording import titles
from liandesk.know.survey import queries
from liandesk.know.survey.models import Answer, Asked, Invitation, Round
from liandesk.know.survey.queries import Returns

_EPSILON = 1e-6


@dataclass(frozen=True)
class Change:
    """An entry that reads differently since the round: the enterprise's own loss, and its days without supply."""

    organisation: str
    name: str
    item: str
    item_name: str
    measure_before: str
    before: tuple[float | None, float | None]
    measure: str
    now: tuple[float | None, float | None]
    gap_before: tuple[float | None, float | None]
    gap: tuple[float | None, float | None]


@dataclass(frozen=True)
class Asking:
    """What an enterprise asks for, and where its case stands."""

    name: str
    text: str
    stands: str
    case: int


@dataclass(frozen=True)
class Summary:
    """All of it, as far as the viewer may see it; ``snapshot`` is the one the entries are read from now."""

    round: Round
    returns: Sequence[Returns]
    total: Returns
    answers: Mapping[str, int]  # given anew, given as known, unknown, declined
    changes: Sequence[Change]
    requests: Sequence[Asking]
    snapshot: Snapshot | None

    @property
    def is_computed(self) -> bool:
        """Say whether a refresh has computed the entries since the round was opened."""
        return self.snapshot is not None and self.snapshot.pk != self.round.snapshot_id


def summary(viewer: Viewer, round_pk: int) -> Summary:
    """Return the summary of a round over the forms that the viewer may see."""
    held = queries.held(viewer, round_pk)
    by_town = queries.returns(viewer, held.pk)
    forms = queries.forms(viewer, held.pk)
    snapshot = snapshot_after(held)
    return Summary(
        held, by_town, queries.total(by_town), _answers(forms), _changes(forms, snapshot), _requests(forms), snapshot
    )


def snapshot_after(held: Round) -> Snapshot | None:
    """Return the first snapshot published after a round was closed, else the one published now."""
    after = Publication.objects.filter(name=RISKS, published_at__gte=held.closed_at) if held.closed_at else None
    first = after.select_related("snapshot").order_by("published_at").first() if after is not None else None
    return first.snapshot if first else published()


def _answers(forms: QuerySet[Invitation]) -> dict[str, int]:
    said = Answer.objects.filter(asked__invitation__in=forms.values("pk"))
    return said.aggregate(
        changed=Count("pk", filter=Q(kind=Answer.Kind.GIVEN, is_same=False)),
        same=Count("pk", filter=Q(kind=Answer.Kind.GIVEN, is_same=True)),
        unknown=Count("pk", filter=Q(kind=Answer.Kind.UNKNOWN)),
        declined=Count("pk", filter=Q(kind=Answer.Kind.DECLINED)),
    )


def _changes(forms: QuerySet[Invitation], snapshot: Snapshot | None) -> list[Change]:
    returned = forms.filter(state=Invitation.State.RETURNED)
    asked = Asked.objects.filter(invitation__in=returned.values("pk")).select_related("invitation")
    first = {one.entry: one for one in asked.order_by("invitation__name", "place").iterator()}
    if snapshot is None or not first:
        return []
    rows = table(snapshot, "entries").filter(pl.col("entry").is_in(list(first)))
    named = ("entry", "impact_measure", "direct_low", "direct_high", "gap_days_low", "gap_days_high")
    found = {row[0]: row[1:] for row in rows.select(named).collect().rows()}
    changes = (_change(one, *found[entry]) for entry, one in first.items() if entry in found)
    return [change for change in changes if _differs(change)]


def _change(asked: Asked, measure: str | None, low: float | None, high: float | None, *gap: float | None) -> Change:
    return Change(
        asked.invitation.organisation,
        asked.invitation.name,
        asked.item,
        asked.item_name,
        asked.measure,
        (asked.low, asked.high),
        measure or "",
        (low, high),
        (asked.gap_low, asked.gap_high),
        (gap[0], gap[1]),
    )


def _differs(change: Change) -> bool:
    """Say whether an entry reads differently, beyond what adding in another order does to a number."""
    ends = zip((*change.before, *change.gap_before), (*change.now, *change.gap), strict=True)
    return change.measure_before != change.measure or any(not _alike(before, now) for before, now in ends)


def _alike(before: float | None, now: float | None) -> bool:
    if before is None or now is None:
        return before is now
    return abs(before - now) <= _EPSILON * max(1.0, abs(before), abs(now))


def _requests(forms: QuerySet[Invitation]) -> list[Asking]:
    asked = forms.exclude(request_case=None).select_related("request_case__definition")
    return [_asking(one) for one in asked.order_by("town", "name")]


def _asking(form: Invitation) -> Asking:
    case = form.request_case
    assert case is not None  # by the filter
    named = titles(process_of(case.definition))
    return Asking(form.name, form.request_text, "、".join(named[stage] for stage in case.stages), case.pk)
