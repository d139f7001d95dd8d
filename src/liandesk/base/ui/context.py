"""What the frame of every page shows: district, business date, whether anything is synthetic."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from liandesk.base.clock import pinned_today, today
from liandesk.base.pack import pack
from liandesk.base.snapshots.queries import published


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return the context of the frame."""
    snapshot = published()
    return {
        "pack": pack(),
        "today": today(),
        "is_pinned": pinned_today() is not None,
        "snapshot": snapshot,
        "is_synthetic": snapshot is not None and snapshot.is_synthetic,
    }
