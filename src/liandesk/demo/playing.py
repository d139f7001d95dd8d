"""How the demo's people lead cases: with the actions that everybody uses, at the moments at which they would have."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, Self

from django.utils.timezone import make_aware

from liandesk.base.accounts.roles import Role, ScopeKind, Viewer
from liandesk.base.snapshots import store
from liandesk.base.work.actions import NewCase, Step, act, open_case
from liandesk.base.work.models import Case

_PAPER = b"%PDF-1.4\n% synthetic paper of the demo\n%%EOF\n"


def organisation_of(who: Viewer) -> str:
    """Return the enterprise or hospital that somebody acts for, "" for none."""
    role = Role.HOSPITAL if Role.HOSPITAL in who.roles else Role.ENTERPRISE
    return min(who.scope_ids(role, ScopeKind.ORGANISATION), default="")


def do(case: Case, by: Viewer, name: str, reason: str = "", at: datetime | None = None, /, **data: Any) -> Case:
    """Take a step."""
    return act(case.pk, Step("do", case.events_count, name, data, reason, at), by=by)


def prove(case: Case, by: Viewer, name: str, title: str, *, at: datetime | None = None) -> Case:
    """Give a paper as evidence."""
    data = {"hash": store.put_bytes(_PAPER), "title": title}
    return act(case.pk, Step("prove", case.events_count, name, data, at=at), by=by)


def agree(case: Case, by: Viewer, name: str, *, at: datetime | None = None) -> Case:
    """Agree to a step as the second person."""
    return act(case.pk, Step("approve", case.events_count, name, at=at), by=by)


class Play:
    """A case as it was led on in the past, each step some days (``gap``) after the one before."""

    gap = timedelta(20)

    def __init__(self, new: NewCase, begun: date, *, by: Viewer, second: Viewer) -> None:
        self.by, self.second, self.day = by, second, begun
        self.case: Case = open_case(new, by=by, at=self.at)

    @property
    def at(self) -> datetime:
        return make_aware(datetime.combine(self.day, time(10)))

    def do(self, name: str, reason: str = "", **data: Any) -> Self:
        self.day += self.gap
        self.case = do(self.case, self.by, name, reason, self.at, **data)
        return self

    def prove(self, kind: str, title: str) -> Self:
        self.case = prove(self.case, self.by, kind, title, at=self.at)
        return self

    def agree(self, name: str) -> Self:
        """Let the second person agree on the same day."""
        self.case = agree(self.case, self.second, name, at=self.at)
        return self
