"""Freeze the approved list, sign it, or throw the draft away.

The chain office prepares, the chain chief signs, another person. A number is given by the signature, under a lock on
the list's editions: 1, 2, 3 without a gap, whoever signs at the same moment and whatever is discarded.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from liandesk.assess.lists.edition_queries import Checklist, candidates, checklist, editions
from liandesk.assess.lists.models import Edition
from liandesk.assess.lists.policies import EDITION
from liandesk.assess.lists.queries import RISKS
from liandesk.assess.lists.rows import rows_frame, with_reasons
from liandesk.base.accounts.access import check
from liandesk.base.accounts.delegations import are_one
from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import now, today
from liandesk.base.errors import Conflict, LiandeskError, NotAllowed, NotThere, UserError
from liandesk.base.pack import pack
from liandesk.base.snapshots import store
from liandesk.base.snapshots.models import Snapshot
from liandesk.base.snapshots.queries import published


@transaction.atomic
def prepare_edition(*, by: Viewer, title: str, classification: str, name: str = RISKS) -> Edition:
    """Freeze the admitted entries with all their columns and reasons, for the chain chief to sign."""
    check(by, EDITION, "prepare")
    _check_head(title, classification)
    snapshot = _published()
    rows = with_reasons(rows_frame(candidates(name), snapshot, name), snapshot)
    if rows.is_empty():
        raise UserError(_("No entry is admitted; an edition would be empty. Admit entries of the list first."))
    if _published().key != snapshot.key:
        raise Conflict(_("A refresh was published at the same moment. Nothing was frozen; prepare once more."))
    draft = Edition.objects.create(
        list=name,
        title=title.strip(),
        classification=classification,
        rows=store.put_frame(rows),
        rows_count=rows.height,
        snapshot=snapshot.key,
        today=today(),
        is_synthetic=bool(rows["is_synthetic"].any()),
        prepared_by=by.actor,
        prepared_at=now(),
    )
    record("edition.prepare", "edition", draft.pk, by=by, rows=draft.rows, count=rows.height)
    return draft


@transaction.atomic
def sign_edition(pk: int, *, by: Viewer, size_reason: str = "") -> Edition:
    """Sign a draft, which gives it its number; a size outside the pack's range needs a reason."""
    check(by, EDITION, "sign")
    draft = _locked(pk, by)
    if are_one(draft.prepared_by, by.actor, draft.today):
        raise NotAllowed(_("Whoever prepared an edition cannot sign it; another person has to."))
    _check_blob(draft)
    _check_list(checklist(store.get_frame(draft.rows), draft.classification), size_reason.strip())
    last = Edition.objects.filter(list=draft.list).aggregate(last=Max("number"))["last"] or 0
    draft.number, draft.signed_by, draft.signed_at = last + 1, by.actor, now()
    draft.size_reason = size_reason.strip()[:400]
    draft.save(update_fields=["number", "signed_by", "signed_at", "size_reason"])
    record("edition.sign", "edition", draft.pk, by=by, number=draft.number, rows=draft.rows)
    return draft


@transaction.atomic
def discard_edition(pk: int, *, by: Viewer) -> Edition:
    """Throw a draft away; it keeps no number, its frozen rows stay readable."""
    check(by, EDITION, "prepare")
    draft = _locked(pk, by)
    draft.discarded_by, draft.discarded_at = by.actor, now()
    draft.save(update_fields=["discarded_by", "discarded_at"])
    record("edition.discard", "edition", draft.pk, by=by)
    return draft


def _locked(pk: int, by: Viewer) -> Edition:
    """Lock all editions of the draft's list, in one order, so that two signatures queue for the next number."""
    found = editions(by).filter(pk=pk).first()
    if found is None:
        raise NotThere(_("There is no such draft for you. The page of editions shows those you may see."))
    rows = Edition.objects.select_for_update().filter(list=found.list).order_by("id")
    draft = next(row for row in rows if row.pk == pk)
    if draft.state != "draft":
        raise Conflict(_("This draft was signed or discarded meanwhile; nothing was changed."))
    return draft


def _published() -> Snapshot:
    snapshot = published()
    if snapshot is None:
        raise UserError(_("Nothing was computed yet. Load files and refresh first."))
    return snapshot


def _check_head(title: str, classification: str) -> None:
    if not title.strip():
        raise UserError(_("An edition needs a title."))
    if len(title.strip()) > 200:
        raise UserError(_("The title is longer than 200 characters."))
    if pack().term("classifications", classification) is None:
        raise UserError(
            _(
                "Choose one of the classification marks of the list. This system takes no state secrets: a list that "
                "would have to bear a higher mark must not be entered here."
            )
        )


def _check_list(found: Checklist, size_reason: str) -> None:
    if found.blocks:
        missing = [*found.without_owner, *found.without_due]
        raise UserError(
            _("This draft cannot be signed: %(count)s entries lack an owner or a due date, first '%(first)s'.")
            % {"count": len(set(missing)), "first": missing[0] if missing else ""}
        )
    if not found.size_fits and not size_reason:
        raise UserError(
            _("The edition has %(count)s entries instead of %(low)s to %(high)s. Say why, then sign.")
            % {"count": found.count, "low": found.low, "high": found.high}
        )


def _check_blob(draft: Edition) -> None:
    if not store.is_intact(draft.rows):
        raise LiandeskError(f"the frozen rows of draft {draft.pk} are damaged or gone; restore them from a backup")
