"""Read the log; check the chain."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from liandesk.base.audit.actions import GENESIS, link_hash
from liandesk.base.audit.models import AuditEvent, AuditLink


@dataclass(frozen=True)
class ChainCheck:
    """What verifying found: links that hold, the head, committed events not yet sealed, and the first broken link."""

    links: int
    head: str
    unsealed: int
    broken_at: int | None = None

    @property
    def holds(self) -> bool:
        return self.broken_at is None


def events() -> QuerySet[AuditEvent]:
    """Return the log, newest first. Faces ask ``accounts`` first whether the viewer may read it."""
    return AuditEvent.objects.select_related("link").order_by("-id")


def check_chain() -> ChainCheck:
    """Recompute every link from the first event on; cost grows linearly, about 100,000 links in seconds."""
    place, previous = 0, GENESIS
    for link in AuditLink.objects.select_related("event").order_by("id").iterator(chunk_size=5000):
        place += 1
        if link.pk != place or link.hash != link_hash(previous, link.event):
            return ChainCheck(place - 1, previous, _unsealed(), broken_at=link.pk)
        previous = link.hash
    return ChainCheck(place, previous, _unsealed())


def has_link(head: str) -> bool:
    """Answer whether a head noted earlier is still part of the chain: a log cut short no longer has it."""
    return head == GENESIS or AuditLink.objects.filter(hash=head).exists()


def _unsealed() -> int:
    return AuditEvent.objects.filter(link=None).count()
