"""Read the challenges that are published: what is asked, what is paid, until when one bids, who was awarded it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from liandesk.base.accounts.access import visibility
from liandesk.base.accounts.queries import scope_name
from liandesk.base.accounts.roles import ScopeKind, Viewer
from liandesk.base.work.challenge_policies import CHALLENGE
from liandesk.base.work.challenges import CHALLENGE as PROCESS
from liandesk.base.work.challenges import PUBLISHED
from liandesk.base.work.effects import held_by
from liandesk.base.work.models import Case, Stay
from liandesk.base.work.queries import process_of, state_of
from liandesk.base.work.wording import said

MOST = 100
"""How many challenges the board shows, the youngest first."""

_UNPUBLISHED = ("need", "refined", "declined")


def challenges(viewer: Viewer) -> QuerySet[Case]:
    """Return the challenges that are or were published, none of the restricted ones, the youngest first."""
    if visibility(viewer, CHALLENGE).is_nothing:
        return Case.objects.none()
    standing = Stay.objects.filter(case=OuterRef("pk"), stage__in=_UNPUBLISHED, left_at=None)
    found = Case.objects.filter(~Exists(standing), process=PROCESS, is_restricted=False)
    return found.select_related("definition").order_by("-opened_at", "-id")


@dataclass(frozen=True)
class Challenge:
    """What everybody may know of a challenge; amounts in CNY, null where none was said."""

    case: Case
    stage: str
    problem: str
    targets: str
    reward_cny: float | None
    bids_until: date | None
    winner: str

    @property
    def is_open(self) -> bool:
        """Say whether bids are taken."""
        return PUBLISHED in self.case.stages


def board(viewer: Viewer) -> list[Challenge]:
    """Return the challenges that the board shows."""
    return [_shown(case) for case in challenges(viewer)[:MOST]]


def published_challenge(viewer: Viewer, pk: int) -> Challenge | None:
    """Return one challenge, or None when it is not there, not published or not for the viewer."""
    found = challenges(viewer).filter(pk=pk).first()
    return _shown(found) if found else None


def _shown(case: Case) -> Challenge:
    process, state = process_of(case.definition), state_of(case)
    answers: Mapping[str, Any] = state.fields
    until, winner = answers.get("bids_until"), held_by(state, "winner")
    return Challenge(
        case,
        "、".join(said(process.stage(key).title) for key in case.stages),
        str(answers.get("refined_problem", "")),
        str(answers.get("targets", "")),
        answers.get("budget_cny"),
        date.fromisoformat(until) if until else None,
        scope_name(ScopeKind.ORGANISATION, winner) if winner else "",
    )
