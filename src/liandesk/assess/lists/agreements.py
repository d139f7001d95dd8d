"""What is agreed about an entry, and proven of it: one way for its own case and for whatever else settles it.

Each case keeps what it agreed. The one made last holds; when it falls through, the one before it holds again, and the
history says which and why. Of a restricted case the entry tells only from when its measure takes effect.
"""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from liandesk.assess.lists.actions import write
from liandesk.assess.lists.models import Agreement, ListEntry
from liandesk.base.accounts.roles import Viewer
from liandesk.base.clock import now
from liandesk.base.work.models import Case

MOST = 400
"""Letters of a measure that an entry holds."""


def agree(entry: ListEntry, case: Case, measure: str, effective_from: date, *, by: Viewer) -> ListEntry:
    """Let what a case agreed about an entry hold from a day, in the place of what was agreed before."""
    before = _last(entry)
    Agreement.objects.filter(case=case, holds=True).update(holds=False)
    made = Agreement.objects.create(
        entry=entry,
        case=case,
        measure="" if case.is_restricted else measure[:MOST],
        effective_from=effective_from,
        made_at=now(),
    )
    said = {"case": _called(made), "before": _called(before) if before else ""}
    if before and before.case_id != case.pk:
        why = _("Agreed in %(case)s; it takes the place of what was agreed in %(before)s.") % said
    else:
        why = _("Agreed in %(case)s.") % said
    return _stand(entry, "agree", by, why)


def prove(entry: ListEntry, case: Case, evidence_kind: str, on: date, *, by: Viewer) -> ListEntry:
    """Let the switch that a case agreed on be proven by a kind of evidence since a day; the level follows from it."""
    held = Agreement.objects.get(case=case, holds=True)
    held.evidence_kind, held.evidenced_on = evidence_kind, on
    held.save(update_fields=["evidence_kind", "evidenced_on"])
    return _stand(entry, "prove", by, _("Proven in %(case)s.") % {"case": _called(held)})


def let_go(entry: ListEntry, case: Case, *, by: Viewer) -> ListEntry:
    """Let what a case agreed, and what it proved, hold no longer; what was agreed before it holds again."""
    gone = Agreement.objects.filter(case=case, holds=True).first()
    if gone is None:
        return entry
    gone.holds = False
    gone.save(update_fields=["holds"])
    now_last = _last(entry)
    if now_last is None:
        return _stand(entry, "agree", by, _("What was agreed in %(case)s no longer holds.") % {"case": _called(gone)})
    said = _("What was agreed in %(case)s no longer holds; what holds is what was agreed in %(last)s.")
    return _stand(entry, "agree", by, said % {"case": _called(gone), "last": _called(now_last)})


def _holding(entry: ListEntry) -> QuerySet[Agreement]:
    """Return what holds of an entry, and of those it stands for since their organisations were merged."""
    found = Agreement.objects.filter(Q(entry=entry) | Q(entry__carried_to=entry.key), holds=True)
    return found.select_related("case").order_by("pk")


def _last(entry: ListEntry) -> Agreement | None:
    return _holding(entry).last()


def _stand(entry: ListEntry, action: str, by: Viewer, why: str) -> ListEntry:
    """Write what holds now: the agreement made last, and the youngest proof."""
    last = _last(entry)
    proven = _holding(entry).exclude(evidenced_on=None).order_by("evidenced_on", "pk").last()
    changes: dict[str, object] = {
        "agreed_from": last.effective_from if last else None,
        "evidence_kind": proven.evidence_kind if proven else "",
        "evidenced_on": proven.evidenced_on if proven else None,
    }
    if last:
        changes["measure"] = last.measure
    return write(entry, action, changes, by, why)


def _called(one: Agreement) -> str:
    return _("a restricted case") if one.case.is_restricted else _("case #%(case)s") % {"case": one.case_id}
