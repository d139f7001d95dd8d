"""The page of one's own digest."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from liandesk.base.accounts.http import Request
from liandesk.base.clock import today
from liandesk.base.teamwork import digest
from liandesk.base.ui.decorators import page


@page
@require_safe
def own_digest(request: Request) -> HttpResponse:
    """Show the digest kept for a day; today's is computed where none is kept yet."""
    days = digest.days_kept(request.viewer)
    day = _day(request.GET.get("day", ""), days)
    sections = digest.kept(request.viewer, day)
    is_kept = sections is not None
    found = sections if sections is not None else digest.compute(request.viewer)
    text = digest.as_text(found, day, request.user.display_name)  # type: ignore[union-attr]
    context = {"day": day, "days": days, "sections": found, "text": text, "is_kept": is_kept}
    return render(request, "teamwork/digest.html", context)


def _day(text: str, days: list[date]) -> date:
    return next((day for day in days if day.isoformat() == text), today())
