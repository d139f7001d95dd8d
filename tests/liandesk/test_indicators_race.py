"""Two people take the same step of a claim at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from tests.liandesk.indicators_world import KEY, PDF, enter_by_hand

from liandesk.base.accounts.roles import Viewer, system_viewer
from liandesk.base.audit.models import AuditEvent
from liandesk.base.definitions.actions import take_over_packs
from liandesk.base.errors import Conflict
from liandesk.steer.indicators import actions
from liandesk.steer.indicators.actions import Said
from liandesk.steer.indicators.models import State

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_who_approve_at_once_one_wins_and_nothing_is_lost(viewer: Callable[[str], Viewer]) -> None:
    take_over_packs(by=system_viewer("test"))
    enter_by_hand()
    made = actions.claim(KEY, Said(40, date(2024, 6, 30)), PDF, by=viewer("Officer"))
    actions.verify(made.pk, by=viewer("ChainOffice"), version=1)
    chief, ends = viewer("ChainChief"), list[str]()

    def approve() -> None:
        try:
            actions.approve(made.pk, by=chief, version=2)
            ends.append("approved")
        except Conflict:
            ends.append("told")
        finally:
            connection.close()

    racers = [threading.Thread(target=approve) for _ in range(2)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    made.refresh_from_db()
    assert sorted(ends) == ["approved", "told"]
    assert (made.state, made.version) == (State.APPROVED, 3)
    assert AuditEvent.objects.filter(action="indicator.approve").count() == 1
