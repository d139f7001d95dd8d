"""Send a text of a plan; say of what was found in it that it is so, is otherwise, is nothing, is one with another.

What is said of one place is one row with a version: whoever saw an older one is told, and nothing is overwritten.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from liandesk.base.accounts.access import check
from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import now
from liandesk.base.definitions.actions import propose
from liandesk.base.definitions.models import Definition
from liandesk.base.definitions.packs import body_as_text
from liandesk.base.errors import Conflict, NotThere, UserError
from liandesk.base.jobs.actions import enqueue
from liandesk.base.snapshots import store
from liandesk.steer.texts.models import Correction, PlanText, TextState, Verdict
from liandesk.steer.texts.parses import JOB
from liandesk.steer.texts.policies import PLAN_TEXT
from liandesk.steer.texts.queries import drafted, plan_text
from liandesk.steer.texts.reviews import PLAN_KINDS, Review, count_undecided, review_of
from liankit.plan.model import KIND
from liankit.plan.review import CORRECTED, Reviewed, Tree

MAX_BYTES = 20_000_000
FORMS = (".txt", ".html", ".htm", ".docx", ".pdf")


@transaction.atomic
def send(
    *,
    by: Viewer,
    plan: str,
    title: str,
    name: str,
    content: bytes,
    period: tuple[date | None, date | None] = (None, None),
    is_synthetic: bool = False,
) -> PlanText:
    """Keep a text of a plan and have it read by the worker; the same file is kept once a plan.

    ``period`` is that of a plan which is not defined yet. UserError: too large, or no form that is read here.
    """
    check(by, PLAN_TEXT, "review")
    _check_file(name, len(content))
    made = PlanText(plan=plan, title=title, name=Path(name).name[:200], size=len(content), is_synthetic=is_synthetic)
    made.period_from, made.period_to = period
    made.blob, made.sent_by, made.sent_at = store.put_bytes(content), by.actor, now()
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError:
        raise Conflict(_("This file is among the texts of the plan already.")) from None
    _ask(made, by)
    record("plan_text.send", "plan_text", made.pk, by=by, plan=plan, file=made.blob)
    return made


@transaction.atomic
def read_again(pk: int, *, by: Viewer) -> PlanText:
    """Have a text read again, as by a newer parser; what people said of it stays."""
    check(by, PLAN_TEXT, "review")
    found = _locked(pk, by)
    _ask(found, by)
    record("plan_text.read_again", "plan_text", pk, by=by)
    return found


@transaction.atomic
def accept(pk: int, key: str, *, by: Viewer, version: int) -> Correction:
    """Say that a thing is so as it was found."""
    return _say(_reviewed(pk, by), key, Verdict.ACCEPTED, {}, by=by, version=version)


@transaction.atomic
def correct(pk: int, key: str, said: Mapping[str, Any], *, by: Viewer, version: int) -> Correction:
    """Say what a thing is; what is said as it was found is no correction of that field."""
    review = _reviewed(pk, by)
    found = _found(review, key)
    if unknown := set(said) - set(CORRECTED):
        raise UserError(_("These fields cannot be corrected: %(names)s") % {"names": ", ".join(sorted(unknown))})
    plain = Reviewed(key, found.row)
    moved = {name: value for name, value in said.items() if not _is_as_found(plain, name, value)}
    return _say(review, key, Verdict.CORRECTED if moved else Verdict.ACCEPTED, moved, by=by, version=version)


@transaction.atomic
def reject(pk: int, key: str, *, by: Viewer, version: int) -> Correction:
    """Say that a thing found is nothing."""
    return _say(_reviewed(pk, by), key, Verdict.REJECTED, {}, by=by, version=version)


@transaction.atomic
def merge(pk: int, key: str, into: str, *, by: Viewer, version: int) -> Correction:
    """Say that two things are one: the first is joined to the other, which is accepted where it was undecided.

    What the other does not know, it takes from the first; a measure that was torn apart gets its words together.
    """
    review = _reviewed(pk, by)
    first, other = _found(review, key), review.one(into)
    if other is None or key == into or first.kind != other.kind or other.verdict in (Verdict.REJECTED, Verdict.MERGED):
        raise UserError(_("Choose another thing of the same kind that still stands."))
    taken = _taken(first, other)
    verdict = Verdict.CORRECTED if other.said or taken else Verdict.ACCEPTED
    kept = _write(review, into, verdict, {**other.said, **taken}, by)
    return _say(review, key, Verdict.MERGED, {}, by=by, version=version, into=kept)


@transaction.atomic
def reopen(pk: int, key: str, *, by: Viewer, version: int) -> None:
    """Take back what was said of a thing; what was joined to it is undecided again, too."""
    review = _reviewed(pk, by)
    held = _seen(review, key, version)
    if held is None:
        raise Conflict(_("Nothing was said of this yet."))
    _drop(held)
    count_undecided(review.text)
    record("plan_text.reopen", "plan_text", pk, by=by, found=key)


@transaction.atomic
def accept_below(pk: int, key: str, *, by: Viewer) -> int:
    """Accept what nobody decided about of a programme or a section: itself and what belongs to it."""
    review = _reviewed(pk, by)
    top = _found(review, key)
    tree = Tree(review.found)
    its_own = (one for one in review.found if one.key == key or tree.home(one) == top)
    asked = [one for one in its_own if one.verdict == "open" and one.kind in PLAN_KINDS]
    for one in asked:
        _write(review, one.key, Verdict.ACCEPTED, {}, by)
    count_undecided(review.text)
    record("plan_text.accept_below", "plan_text", pk, by=by, found=key, count=len(asked))
    return len(asked)


@transaction.atomic
def drop_orphan(pk: int, orphan: int, *, by: Viewer) -> None:
    """Forget what was said of a place that the text no longer has."""
    review = _reviewed(pk, by)
    held = next((one for one in review.orphans if one.pk == orphan), None)
    if held is None:
        raise NotThere(_("There is no such correction without a place."))
    _drop(held)
    record("plan_text.drop_orphan", "plan_text", pk, by=by, kind=held.kind)


def propose_plan(plan: str, *, by: Viewer, effective_from: date, text: str = "") -> Definition:
    """Propose the drafted plan, or the text that a person made of it, for another person to publish."""
    check(by, PLAN_TEXT, "review")
    said = text or body_as_text(drafted(by, plan).draft.body)
    return propose(by=by, kind=KIND, key=plan, text=said, effective_from=effective_from)


def _check_file(name: str, size: int) -> None:
    if Path(name).suffix.lower() not in FORMS:
        raise UserError(_("These forms are read: %(forms)s. Send one of them.") % {"forms": ", ".join(FORMS)})
    if not 0 < size <= MAX_BYTES:
        raise UserError(_("A file has something in it and at most %(most)s MB.") % {"most": MAX_BYTES // 1_000_000})


def _ask(text: PlanText, by: Viewer) -> None:
    text.state, text.error = TextState.WAITING, ""
    text.job = enqueue(JOB, by=by, params={"text": text.pk}).pk
    text.save()


def _locked(pk: int, by: Viewer) -> PlanText:
    plan_text(by, pk)
    return PlanText.objects.select_for_update().get(pk=pk)


def _reviewed(pk: int, by: Viewer) -> Review:
    """Return the review of a text that nobody else writes in meanwhile."""
    check(by, PLAN_TEXT, "review")
    return review_of(_locked(pk, by))


def _found(review: Review, key: str) -> Reviewed:
    found = review.one(key)
    if found is None:
        raise NotThere(_("The text no longer has this place. Look at it again."))
    return found


def _seen(review: Review, key: str, version: int) -> Correction | None:
    """Return what was said of a place; raise Conflict unless it is what the person saw."""
    held = review.corrections.get(key)
    if (held.version if held else 0) != version:
        raise Conflict(_("Somebody decided about this in the meantime. Look at it and decide again."))
    return held


def _say(
    review: Review,
    key: str,
    verdict: Verdict,
    said: Mapping[str, Any],
    *,
    by: Viewer,
    version: int,
    into: Correction | None = None,
) -> Correction:
    _found(review, key)
    _seen(review, key, version)
    held = _write(review, key, verdict, said, by, into)
    count_undecided(review.text)
    record(f"plan_text.{verdict.value}", "plan_text", review.text.pk, by=by, found=key, fields=sorted(said))
    return held


def _write(
    review: Review, key: str, verdict: Verdict, said: Mapping[str, Any], by: Viewer, into: Correction | None = None
) -> Correction:
    here = review.anchors[key]
    held = review.corrections.get(key) or Correction(
        text=review.text, kind=here.kind, words=here.text, before=here.before, after=here.after, version=0
    )
    if verdict in (Verdict.REJECTED, Verdict.MERGED) and held.pk:
        held.joined.all().delete()  # what was joined to it stands for itself again
    held.verdict, held.said, held.into, held.by, held.at = verdict, dict(said), into, by.actor, now()
    held.version += 1
    held.save()
    return held


def _drop(held: Correction) -> None:
    held.joined.all().delete()
    held.delete()


def _is_as_found(found: Reviewed, name: str, value: Any) -> bool:
    before = found.wording if name == "wording" else found.get(name)
    return value == before or (value in ("", None) and before in ("", None))


def _taken(first: Reviewed, other: Reviewed) -> dict[str, Any]:
    """Return what a thing takes from one that is joined to it."""
    fields: Iterable[str] = (name for name in CORRECTED if name not in ("kind", "wording"))
    taken = {name: first.get(name) for name in fields if other.get(name) is None and first.get(name) is not None}
    if first.kind in ("measure", "duty"):
        in_order = sorted((first, other), key=lambda one: one.row["start"])
        taken["wording"] = "".join(one.wording for one in in_order)
    return taken
