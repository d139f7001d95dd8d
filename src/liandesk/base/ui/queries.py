"""What the pages of the frame read: the log for those who may read it, and the state of its chain."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from liandesk.base.accounts.access import check
from liandesk.base.accounts.policies import LOG
from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.actions import GENESIS
from liandesk.base.audit.models import AuditEvent, AuditLink
from liandesk.base.audit.queries import events


@dataclass(frozen=True)
class ChainState:
    """How far the log is sealed; whether the chain holds is only known after recomputing it."""

    links: int
    head: str
    unsealed: int


def log(viewer: Viewer, *, kind: str = "") -> QuerySet[AuditEvent]:
    """Return the log, newest first, all of it or the events of one kind of object."""
    check(viewer, LOG, "read")
    return events().filter(object_kind=kind) if kind else events()


def kinds_in_log(viewer: Viewer) -> list[str]:
    """Return the kinds of object that the log speaks of."""
    check(viewer, LOG, "read")
    return sorted(AuditEvent.objects.values_list("object_kind", flat=True).distinct())


def chain_state(viewer: Viewer) -> ChainState:
    """Return the last place and hash of the chain and how many events wait to be sealed."""
    check(viewer, LOG, "read")
    head = AuditLink.objects.order_by("-id").first()
    place, digest = (head.pk, head.hash) if head else (0, GENESIS)
    return ChainState(place, digest, AuditEvent.objects.filter(link=None).count())
