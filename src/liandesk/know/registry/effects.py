"""What a case of data correction writes once it is found right: the organisation's word, computed anew by a refresh."""

from __future__ import annotations

from liandesk.base.accounts.roles import Viewer
from liandesk.base.jobs.actions import enqueue
from liandesk.base.jobs.handlers import REFRESH
from liandesk.base.work.effects import EFFECTS, held_by
from liandesk.base.work.models import Case
from liandesk.know.registry.attributes import CORRECTABLE
from liandesk.know.registry.correction_actions import checked, correct
from liankit.process import Event, State

CORRECTION = "data_correction"
CORRECTED = "corrected_outcome"


def register() -> None:
    EFFECTS.setdefault(CORRECTION, []).append(correct_field)


def correct_field(case: Case, event: Event, state: State, by: Viewer) -> None:
    """Check a field that is contested when the case is opened; write it when the correction is agreed to."""
    attribute, value = str(state.fields["attribute"]), str(state.fields["value"])
    if attribute not in CORRECTABLE:
        return
    if event.kind == "open":
        checked(attribute, value)
    elif event.kind == "do" and state.outcome == CORRECTED:
        reason = f"{case.title}: {state.fields['why']}"
        correct(held_by(state, "applicant"), attribute=attribute, value=value, reason=reason, by=by)
        enqueue(REFRESH, by=by)
