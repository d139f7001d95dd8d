"""Compare what cases keep in columns with what their logs give, and write it anew."""

from __future__ import annotations

from django.db import transaction

from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.actions import record
from liandesk.base.work.columns import as_part, as_stayed, columns_of, parts_of, stays_of, write_columns
from liandesk.base.work.models import Case
from liandesk.base.work.queries import process_of, state_of
from liankit.process import IllegalEvent


def is_as_replayed(case: Case) -> bool:
    """Say whether the columns, the parties and the stages of a case are those that its log gives."""
    process = process_of(case.definition)
    try:
        state = state_of(case)
    except IllegalEvent:
        return False
    return (
        all(getattr(case, name) == value for name, value in columns_of(process, state).items())
        and {as_part(row) for row in case.parties.all()} == parts_of(process, state)
        and [as_stayed(row) for row in sorted(case.stays.all(), key=lambda row: row.number)] == stays_of(state)
        and case.events.count() == case.events_count
    )


def differing(most: int) -> list[int]:
    """Return the numbers of those cases, of ``most`` drawn at random, whose columns are not what their log gives."""
    drawn = Case.objects.order_by("?").values_list("pk", flat=True)[:most]
    found = Case.objects.filter(pk__in=list(drawn)).select_related("definition")
    return sorted(case.pk for case in found.prefetch_related("parties", "stays") if not is_as_replayed(case))


@transaction.atomic
def recompute(pk: int, *, by: Viewer) -> bool:
    """Write the columns of a case as its log gives them; say whether any was another."""
    case = Case.objects.select_for_update(of=("self",)).select_related("definition").get(pk=pk)
    if is_as_replayed(case):
        return False
    write_columns(case, process_of(case.definition), state_of(case))
    record("case.recompute", "case", pk, by=by)
    return True
