"""Evidence is sampled for checking: drawn at random by a seed that anybody can draw again with, each piece checked.

The pieces are ordered by the SHA-256 of "seed:case:event" and the first ones taken: every piece has the same chance,
and the seed alone says which come. By risk, each has a weight, and the chance that follows from it
(``liankit.plan.sampling``); the weights of all pieces are kept. Restricted cases are left out: whoever draws is not
named in them.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from heapq import nsmallest
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from liandesk.base.accounts.access import check
from liandesk.base.accounts.delegations import are_one
from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import now, today
from liandesk.base.errors import NotAllowed, NotThere, UserError
from liandesk.base.snapshots import store
from liandesk.base.teamwork import risk
from liandesk.base.teamwork.models import Sample, SampleItem
from liandesk.base.teamwork.policies import SAMPLE
from liandesk.base.work.models import Case, CaseEvent
from liankit.plan.sampling import Estimate, Piece, chances, estimate, place
from liankit.plan.sampling import draw as draw_by_weight

MOST = 200


@dataclass(frozen=True)
class Wanted:
    """What is drawn: pieces of a process (empty: of all) given in a period, how many, by which seed (empty: any)."""

    first: date
    last: date
    size: int
    process: str = ""
    seed: str = ""
    design: str = Sample.Design.EQUAL


def samples(viewer: Viewer) -> QuerySet[Sample]:
    """Return the samples, the latest first."""
    check(viewer, SAMPLE, "read")
    return Sample.objects.select_related("rules").defer("frame").order_by("-id")


def items(viewer: Viewer, pk: int) -> QuerySet[SampleItem]:
    """Return the pieces of a sample; one whose case was closed to others since is not shown."""
    check(viewer, SAMPLE, "read")
    return SampleItem.objects.filter(sample=pk, case__is_restricted=False).select_related("case").order_by("id")


@dataclass(frozen=True)
class Framed:
    """A piece that a sample by risk was drawn of: its weight, its chance."""

    case_id: int
    number: int
    weight: float
    chance: float
    is_synthetic: bool


def frame(sample: Sample) -> list[Framed]:
    """Return what a sample by risk was drawn of; with it, the seed and the size anybody draws the same."""
    weights = {(case, number): weight for case, number, weight in sample.frame}
    synthetic = set(Case.objects.filter(is_synthetic=True).values_list("pk", flat=True)) if weights else set()
    found = chances(weights, sample.size)
    return [Framed(*piece, weights[piece], float(found[piece]), piece[0] in synthetic) for piece in weights]


@dataclass(frozen=True)
class Result:
    """How the pieces of a sample stand, and what that says of all that it was drawn of (None: none was checked)."""

    pieces: int
    checked: int
    failing: int
    estimate: Estimate | None

    @property
    def is_complete(self) -> bool:
        return self.checked == self.pieces


def result(items: Sequence[SampleItem]) -> Result:
    """Return the result of the pieces of a sample; one fails that says something else, or whose file is another."""
    checked = [(item.chance, not item.stands) for item in items if item.stands is not None]
    return Result(len(items), len(checked), sum(fails for _chance, fails in checked), estimate(checked))


def chosen(seed: str, pieces: Iterable[Piece], size: int) -> list[Piece]:
    """Return ``size`` of the pieces (case, event) in the order in which a seed draws them."""
    return nsmallest(size, pieces, key=lambda piece: place(seed, piece))


def draw(wanted: Wanted, *, by: Viewer) -> Sample:
    """Draw a sample and look whether each file is there with the hash it was given with."""
    check(by, SAMPLE, "draw")
    if wanted.last < wanted.first or not 1 <= wanted.size <= MOST:
        raise UserError(_("Give a period in its order, and between 1 and %(most)s pieces.") % {"most": MOST})
    given = {(event.case_id, event.number): event for event in _given(wanted)}
    if not given:
        raise UserError(_("No evidence was given in this period."))
    seed = wanted.seed.strip() or secrets.token_hex(8)
    sample = Sample(process=wanted.process, first=wanted.first, last=wanted.last, seed=seed, population=len(given))
    found = (_by_risk if wanted.design == Sample.Design.RISK else _equally)(sample, given, wanted.size)
    return _keep(sample, found, by)  # the files were read before: nobody else's writing waits for it


def _equally(sample: Sample, given: Mapping[Piece, CaseEvent], size: int) -> list[SampleItem]:
    drawn = chosen(sample.seed, given, size)
    return [_item(given[piece], chance=len(drawn) / len(given)) for piece in drawn]


def _by_risk(sample: Sample, given: Mapping[Piece, CaseEvent], size: int) -> list[SampleItem]:
    sample.design, sample.rules = Sample.Design.RISK, risk.rules_in_force()
    weights = risk.weigh(list(given.values()), risk.build_rules(sample.rules.body, str(sample.rules)))
    values = {piece: weight.value for piece, weight in weights.items()}
    sample.frame = [[*piece, weight] for piece, weight in sorted(values.items())]
    return [
        _item(given[piece], chance=float(chance), weight=values[piece], reasons=dict(weights[piece].reasons))
        for piece, chance in draw_by_weight(sample.seed, values, size).items()
    ]


@transaction.atomic
def _keep(sample: Sample, found: list[SampleItem], by: Viewer) -> Sample:
    sample.size, sample.drawn_by, sample.drawn_at = len(found), by.actor, now()
    sample.save()
    for item in found:
        item.sample = sample
    SampleItem.objects.bulk_create(found)
    told = {"seed": sample.seed, "size": sample.size, "population": sample.population, "design": sample.design}
    record("sample.draw", "sample", sample.pk, by=by, **told)
    return sample


def _given(wanted: Wanted) -> QuerySet[CaseEvent]:
    found = CaseEvent.objects.filter(kind="prove", case__is_restricted=False).select_related("case")
    if wanted.process:
        found = found.filter(case__process=wanted.process)
    return found.filter(at__date__gte=wanted.first, at__date__lte=wanted.last)


def _item(event: CaseEvent, **drawn: Any) -> SampleItem:
    digest = str(event.data.get("hash", ""))
    there = bool(digest) and store.blob_path(digest).is_file()
    found = SampleItem.Found.INTACT if store.is_intact(digest) else SampleItem.Found.CHANGED
    return SampleItem(
        case=event.case,
        number=event.number,
        title=str(event.data.get("title", ""))[:200],
        hash=digest[:64],
        given_by=event.actor,
        given_on=localdate(event.at),
        found=found if there else SampleItem.Found.MISSING,
        is_synthetic=event.case.is_synthetic,
        **drawn,
    )


@transaction.atomic
def judge(pk: int, answer: str, *, by: Viewer, note: str = "") -> SampleItem:
    """Say whether a piece says what it should; not one's own. Judged anew, the log keeps what was said before."""
    check(by, SAMPLE, "draw")
    item = SampleItem.objects.select_for_update().filter(pk=pk, case__is_restricted=False).first()
    if item is None:
        raise NotThere(_("There is no such piece of evidence for you."))
    if are_one(item.given_by, by.actor, today()):
        raise NotAllowed(_("Whoever gave a piece of evidence does not check it; another person has to."))
    if answer not in (SampleItem.Answer.YES, SampleItem.Answer.NO) or (answer == "no" and not note.strip()):
        raise UserError(_("Say whether it says what it should; where it does not, say why."))
    item.answer, item.note = answer, note.strip()[:400]
    item.checked_by, item.checked_at = by.actor, now()
    item.save(update_fields=["answer", "note", "checked_by", "checked_at"])
    record("sample.judge", "sample", item.sample_id, by=by, piece=f"{item.case_id}.{item.number}", answer=answer)
    return item
