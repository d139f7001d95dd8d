"""How often a link may be opened: counted a minute, by address of the asker and by link."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

from liandesk.base.clock import now

A_MINUTE = 60
BY_ADDRESS, BY_LINK = 120, 30  # a town's enterprises may share one address; a form needs a handful of requests


def is_too_often(request: HttpRequest, link: str) -> bool:
    """Count a request for a link, given by its digest, and say whether it is one too many."""
    address = get_adapter().get_client_ip(request)
    counts = [_count(f"ip:{address}") > BY_ADDRESS, _count(f"link:{link}") > BY_LINK]
    return any(counts)


def _count(whose: str) -> int:
    """Count one more in this minute; each process of the site counts for itself."""
    key = f"survey:{whose}:{int(now().timestamp()) // A_MINUTE}"
    cache.add(key, 0, timeout=2 * A_MINUTE)
    return cache.incr(key)
