"""The board of published challenges (揭榜挂帅), and one of them with the way to bid."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from liandesk.base.accounts.access import can, check
from liandesk.base.accounts.http import Request
from liandesk.base.accounts.roles import Viewer
from liandesk.base.ui import panels
from liandesk.base.ui.decorators import signed_in
from liandesk.base.work import challenge_queries as queries
from liandesk.base.work import subjects
from liandesk.base.work.challenge_policies import CHALLENGE
from liandesk.base.work.challenges import BID, SUBJECT
from liandesk.base.work.challenges import CHALLENGE as PROCESS
from liandesk.base.work.opening import may_open
from liandesk.base.work.queries import about, one_case


def register() -> None:
    panels.MENU.append(_menu)
    panels.PANELS.setdefault(f"case:{PROCESS}", []).append(_bids)
    subjects.register(SUBJECT, subjects.Subject(_title, lambda pk: reverse("challenge", args=[pk])))


def _menu(viewer: Viewer) -> Iterator[panels.MenuItem]:
    if can(viewer, CHALLENGE, "read"):
        yield panels.MenuItem("act", _("Open challenges"), "challenges", 30)


def _title(viewer: Viewer, pk: str) -> str | None:
    found = queries.challenges(viewer).filter(pk=pk) if pk.isdecimal() else None
    return found.values_list("title", flat=True).first() if found is not None else None


def _bids(viewer: Viewer, pk: str) -> panels.Panel | None:
    """The bids on the page of their challenge."""
    if not one_case(viewer, pk).exists():
        return None
    return panels.Panel(_("Bids"), "work/_bids.html", {"bids": list(about(viewer, SUBJECT, str(pk))[:_BIDS])})


_BIDS = 50


@signed_in
@require_safe
def challenge_list(request: Request) -> HttpResponse:
    check(request.viewer, CHALLENGE, "read")
    return render(request, "work/challenge_list.html", {"challenges": queries.board(request.viewer)})


@signed_in
@require_safe
def challenge(request: Request, pk: int) -> HttpResponse:
    check(request.viewer, CHALLENGE, "read")
    found = queries.published_challenge(request.viewer, pk)
    if found is None:
        raise Http404
    may_bid = found.is_open and may_open(request.viewer, BID)
    context = {"challenge": found, "may_bid": may_bid, "subject": SUBJECT, "bid": BID}
    return render(request, "work/challenge.html", context)
