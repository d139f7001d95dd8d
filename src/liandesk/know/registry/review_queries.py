"""Read the review queue, one pair of it opened, and what was judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl
from django.db.models import Exists, OuterRef, Q, QuerySet

from liandesk.base.accounts.access import check, visibility
from liandesk.base.accounts.roles import Viewer
from liandesk.base.errors import NotThere
from liandesk.base.facts.queries import as_known
from liandesk.base.jobs.handlers import REFRESH
from liandesk.base.jobs.models import OPEN_STATES, Job
from liandesk.know.registry.attributes import ATTRIBUTES
from liandesk.know.registry.models import Candidate, Judgement, Organisation, Record
from liandesk.know.registry.policies import JUDGEMENT, ORGANISATION
from liandesk.know.registry.queries import organisation
from liankit.reasons import Reason


def candidates(viewer: Viewer, *, text: str = "") -> QuerySet[Candidate]:
    """Return the pairs that wait for a judgement, those first that would change most; raise NotAllowed."""
    check(viewer, JUDGEMENT, "read")
    judged = Judgement.objects.filter(left=OuterRef("left"), right=OuterRef("right"), undone_at=None)
    rows = Candidate.objects.filter(~Exists(judged))
    return rows.filter(Q(left_name__icontains=text) | Q(right_name__icontains=text)) if text else rows


@dataclass(frozen=True)
class Side:
    """One organisation of a pair: its records and, by attribute, what they say; its page if the viewer may open it."""

    name: str
    page: Organisation | None
    records: list[str]
    said: Mapping[str, list[str]]


@dataclass(frozen=True)
class Opened:
    """A pair opened: both sides beside each other, why they look alike, and the pair that comes after it."""

    candidate: Candidate
    reasons: tuple[Reason, ...]
    left: Side
    right: Side
    following: str

    @property
    def compared(self) -> list[tuple[str, list[str], list[str]]]:
        """Attributes with what each side says, those first that both say."""
        names = sorted(set(self.left.said) | set(self.right.said), key=_order)
        return [(name, self.left.said.get(name, []), self.right.said.get(name, [])) for name in names]


def opened(viewer: Viewer, key: str) -> Opened:
    """Return one pair with both sides; raise NotThere when the queue has it no more."""
    found = candidates(viewer).filter(pk=key).first()
    if found is None:
        raise NotThere(f"There is no pair '{key}' in the queue.")
    after = candidates(viewer).filter(position__gt=found.position).values_list("key", flat=True).first()
    left = _side(viewer, found.left_organisation, found.left_name)
    right = _side(viewer, found.right_organisation, found.right_name)
    return Opened(found, reasons_of(found), left, right, after or "")


def reasons_of(found: Candidate) -> tuple[Reason, ...]:
    """Return why the two look alike."""
    names = Reason.__dataclass_fields__
    return tuple(Reason(**{name: value for name, value in said.items() if name in names}) for said in found.reasons)


def _side(viewer: Viewer, pk: str, name: str) -> Side:
    records = sorted(Record.objects.filter(organisation=pk).values_list("record", flat=True))
    facts = as_known(None, viewer, kinds=["organisation"], records=records).facts
    value = pl.coalesce("text", pl.col("number").cast(pl.String))
    said = facts.sort("valid_from").group_by("attribute").agg(value.unique(maintain_order=True))
    return Side(name, organisation(viewer, pk), records, dict(said.iter_rows()))


_PLACES = {name: place for place, name in enumerate(ATTRIBUTES)}


def _order(name: str) -> tuple[int, str]:
    return _PLACES.get(name, len(_PLACES)), name


def decisions(viewer: Viewer) -> QuerySet[Judgement]:
    """Return the first line of every decision, the latest first; raise NotAllowed."""
    check(viewer, JUDGEMENT, "read")
    earlier = Judgement.objects.filter(decision=OuterRef("decision"), pk__lt=OuterRef("pk"))
    return Judgement.objects.filter(~Exists(earlier)).order_by("-id")


def lines_of(viewer: Viewer, decision: str) -> list[Judgement]:
    """Return the lines of one decision; raise NotAllowed, or NotThere when there is none."""
    check(viewer, JUDGEMENT, "read")
    found = list(Judgement.objects.filter(decision=decision).order_by("id"))
    if not found:
        raise NotThere(f"There is no judgement '{decision}'.")
    return found


def names_of_records(viewer: Viewer, records: set[str]) -> dict[str, str]:
    """Return the name of the organisation that each record belongs to now, of those the viewer may see."""
    seen = Organisation.objects.filter(visibility(viewer, ORGANISATION).as_q()).values("id")
    rows = Record.objects.filter(pk__in=records, organisation__in=seen).values_list("record", "organisation__name")
    return dict(rows)


def is_replaying() -> bool:
    """Answer whether a refresh waits or runs: lists do not yet show every judgement."""
    return Job.objects.filter(kind=REFRESH, state__in=OPEN_STATES).exists()
