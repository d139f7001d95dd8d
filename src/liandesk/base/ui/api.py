"""The search through the API."""

from __future__ import annotations

from ninja import Router, Schema

from liandesk.base.accounts.http import Request
from liandesk.base.ui import search

router = Router(tags=["search"])


class HitOut(Schema):
    """One thing that a text means; ``url`` is its page."""

    kind: str
    title: str
    detail: str
    url: str


@router.get("/search", response=list[HitOut], url_name="search")
def search_everything(request: Request, q: str = "") -> object:
    """Return what the caller may see of what a text means: a part of a name, pinyin, initials, a code; best first."""
    return list(search.hits(request.viewer, q.strip())) if q.strip() else []
