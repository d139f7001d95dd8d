"""Every judgement on who is who: accept, reject, merge, split, undo.

A judgement is lines of pairs of records. The later line on a pair counts, so merge and split always have their way,
and undoing them brings back what was judged before. Each asks for a refresh, which replays every list.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise, product

import polars as pl
from django.db import transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from liandesk.base.accounts.access import check
from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import now
from liandesk.base.errors import Conflict, NotThere, UserError
from liandesk.base.jobs.actions import enqueue
from liandesk.base.jobs.handlers import REFRESH
from liandesk.know.registry.clusters import latest
from liandesk.know.registry.models import Act, Candidate, Judgement, JudgementKind, Organisation, Record
from liandesk.know.registry.policies import JUDGEMENT
from liandesk.know.registry.queries import judgements_in_force

MANY = 200  # pairs of one bulk judgement
MOST_LINES = 5_000  # lines of one judgement: a split of 50 records from 100

Pair = tuple[str, str]


@transaction.atomic
def accept(key: str, *, by: Viewer, reason: str = "") -> Judgement:
    """Judge that the two records of a pair of the queue are of one organisation."""
    return _judge_pair(key, Act.ACCEPT, reason, by)


@transaction.atomic
def reject(key: str, *, by: Viewer, reason: str = "") -> Judgement:
    """Judge that they are of different organisations; the pair is not asked again and never joined by likeness."""
    return _judge_pair(key, Act.REJECT, reason, by)


def accept_many(keys: Collection[str], *, by: Viewer, reason: str = "") -> Many:
    """Accept pairs of the queue; one that somebody judged meanwhile is left, and said so."""
    return _many(keys, by, lambda key: accept(key, by=by, reason=reason))


def reject_many(keys: Collection[str], *, by: Viewer, reason: str = "") -> Many:
    """Reject pairs of the queue."""
    return _many(keys, by, lambda key: reject(key, by=by, reason=reason))


@dataclass(frozen=True)
class Many:
    """What a bulk judgement did, and why it left the others as they are."""

    done: tuple[str, ...]
    left: dict[str, str]


@transaction.atomic
def merge(organisation: str, other: str, *, by: Viewer, reason: str) -> Judgement:
    """Judge that two organisations are one; lines that say otherwise of their records are overruled."""
    check(by, JUDGEMENT, "judge")
    if organisation == other:
        raise UserError(_("An organisation cannot be merged with itself. Choose the other one."))
    mine, theirs = _records(organisation), _records(other, UserError)
    crossing = _crossing(mine, theirs, JudgementKind.DIFFERENT)
    return _write(Act.MERGE, JudgementKind.SAME, {_pair(mine[0], theirs[0]), *crossing}, _checked(reason), by)


@transaction.atomic
def split(organisation: str, records: Collection[str], *, by: Viewer, reason: str) -> Judgement:
    """Judge that some records of an organisation are of another one: both sides stay together, apart of each other."""
    check(by, JUDGEMENT, "judge")
    own = _records(organisation)
    parting = sorted(set(records) & set(own))
    staying = sorted(set(own) - set(parting))
    if not parting or not staying or len(parting) < len(set(records)):
        raise UserError(_("Choose some of the organisation's records, not all of them: the others stay."))
    together = {_pair(*two) for side in (parting, staying) for two in pairwise(side)}
    apart = {_pair(one, two) for one, two in product(parting, staying)}
    return _write(Act.SPLIT, JudgementKind.DIFFERENT, apart, _checked(reason), by, together=together)


@transaction.atomic
def undo(decision: str, *, by: Viewer, reason: str) -> list[Judgement]:
    """Take back everything one act decided; what was judged on its pairs before counts again."""
    check(by, JUDGEMENT, "judge")
    why = _checked(reason)
    lines = list(Judgement.objects.select_for_update().filter(decision=decision).order_by("id"))
    if not lines:
        raise NotThere(_("There is no judgement '%(key)s'.") % {"key": decision})
    if lines[0].undone_at:
        raise Conflict(_("This judgement was undone already at %(when)s.") % {"when": _moment(lines[0].undone_at)})
    undone = {"undone_at": now(), "undone_by": by.actor, "undone_why": why}
    Judgement.objects.filter(decision=decision).update(**undone)
    record("judgement.undo", "judgement", decision, by=by, lines=len(lines))
    enqueue(REFRESH, by=by)
    return lines


def _judge_pair(key: str, act: Act, reason: str, by: Viewer) -> Judgement:
    check(by, JUDGEMENT, "judge")
    found = Candidate.objects.filter(pk=key).first()
    if found is None:
        raise NotThere(
            _("There is no pair '%(key)s' in the queue; the last refresh may have settled it.") % {"key": key}
        )
    _check_unjudged(found)
    kind = JudgementKind.SAME if act == Act.ACCEPT else JudgementKind.DIFFERENT
    return _write(act, kind, {_pair(found.left, found.right)}, reason.strip(), by)


def _check_unjudged(found: Candidate) -> None:
    left, right = _pair(found.left, found.right)
    earlier = Judgement.objects.filter(left=left, right=right, undone_at=None).first()
    if earlier:
        raise Conflict(
            _("%(pair)s was judged already at %(when)s. Nothing was changed.")
            % {"pair": found, "when": _moment(earlier.at)}
        )


@transaction.atomic
def _many(keys: Collection[str], by: Viewer, one: Callable[[str], Judgement]) -> Many:
    check(by, JUDGEMENT, "judge")
    if not keys:
        raise UserError(_("No pair is selected. Tick the pairs first."))
    if len(keys) > MANY:
        raise UserError(_("At most %(most)s pairs at once.") % {"most": MANY})
    done, left = [], {}
    for key in sorted(keys):
        try:
            one(key)
            done.append(key)
        except (Conflict, NotThere) as error:
            left[key] = str(error)
    return Many(tuple(done), left)


def _write(
    act: Act,
    kind: JudgementKind,
    pairs: Iterable[Pair],
    reason: str,
    by: Viewer,
    *,
    together: Iterable[Pair] = (),
) -> Judgement:
    """Write the lines of one act, its audit event, and ask for a refresh; return the first line."""
    said = [(kind, pair) for pair in sorted(pairs)]
    said += [(JudgementKind.SAME, pair) for pair in sorted(together)]
    if len(said) > MOST_LINES:
        raise UserError(_("These are too many records for one judgement; split off fewer at a time."))
    common = {"decision": secrets.token_hex(4), "act": act, "reason": reason[:400], "at": now(), "by": by.actor}
    lines = [Judgement(kind=line, left=left, right=right, **common) for line, (left, right) in said]
    Judgement.objects.bulk_create(lines, batch_size=500)
    record(f"judgement.{act}", "judgement", common["decision"], by=by, lines=len(lines))
    enqueue(REFRESH, by=by)
    return lines[0]


def _records(organisation: str, missing: type[UserError] = NotThere) -> Sequence[str]:
    """Return the records of an organisation in order, locked against a second judgement at the same moment."""
    if not Organisation.objects.select_for_update().filter(pk=organisation).exists():
        raise missing(_("There is no organisation '%(key)s'.") % {"key": organisation})
    found = list(Record.objects.filter(organisation=organisation).order_by("record").values_list("record", flat=True))
    if not found:
        raise UserError(_("'%(key)s' has no records now: it goes by another id.") % {"key": organisation})
    return found


def _crossing(mine: Collection[str], theirs: Collection[str], kind: JudgementKind) -> set[Pair]:
    """Return the pairs between two sets of records whose counting line is of a kind."""
    lines = latest(judgements_in_force()).filter(kind=str(kind))
    ours, others = pl.Series(sorted(mine)), pl.Series(sorted(theirs))
    one_way = pl.col("left").is_in(ours.implode()) & pl.col("right").is_in(others.implode())
    other_way = pl.col("left").is_in(others.implode()) & pl.col("right").is_in(ours.implode())
    return set(lines.filter(one_way | other_way).select("left", "right").iter_rows())


def _pair(one: str, two: str) -> Pair:
    return (one, two) if one < two else (two, one)


def _checked(reason: str) -> str:
    if not reason.strip():
        raise UserError(_("Say in a few words why."))
    return reason.strip()


def _moment(at: object) -> str:
    return localtime(at).strftime("%Y-%m-%d %H:%M")  # type: ignore[arg-type]
