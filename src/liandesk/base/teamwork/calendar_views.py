"""One's calendar address, and the feed behind it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from liandesk.base.accounts.http import Request
from liandesk.base.teamwork import calendar
from liandesk.base.ui.decorators import page


@page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def calendar_address(request: Request) -> HttpResponse:
    """Show whether there is an address; make, renew or end it. A new one is shown this once."""
    if request.POST.get("do") == "end":
        calendar.end_address(by=request.viewer)
        return redirect("calendar")
    is_asked = request.method == "POST"
    made = request.build_absolute_uri(calendar.renew_address(by=request.viewer)) if is_asked else ""
    context = {"made": made, "address": calendar.address_of(request.viewer)}
    return render(request, "teamwork/calendar.html", context)


@never_cache
@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """Send the feed to whoever holds its address."""
    reader = calendar.reader_of(token)
    if reader is None:
        raise Http404
    content = calendar.feed(reader, request.build_absolute_uri("/").rstrip("/"))
    return HttpResponse(content, content_type="text/calendar; charset=utf-8")
