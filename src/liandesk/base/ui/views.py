"""Pages of the frame: home, search, about, the log, health, and the switch of the display."""

from __future__ import annotations

from importlib.metadata import version

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_tables2 import RequestConfig

from liandesk.base.clock import today
from liandesk.base.ui import panels, queries
from liandesk.base.ui import search as finder
from liandesk.base.ui.decorators import page as page_view
from liandesk.base.ui.decorators import signed_in
from liandesk.base.ui.display import COOKIE_AGE, parse_choice
from liandesk.base.ui.forms import LogFilter
from liandesk.base.ui.health import check_health
from liandesk.base.ui.saved_views import delete_view, save_view
from liandesk.base.ui.tables import LogTable

ROWS = 50
PARTS = ("Django", "polars", "numpy", "granian")  # whose versions a support request needs


@require_safe
@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """What is overdue, this viewer's to do, waiting on others, and changed; ``open`` is the line that is unfolded."""
    viewer = request.viewer  # type: ignore[attr-defined]
    context = {
        "sections": panels.sections(panels.inbox(viewer), today()),
        "shortcuts": panels.shortcuts(viewer),
        "unfolded": request.GET.get("open", ""),
    }
    return render(request, "ui/pages/home.html", context)


@require_safe
@signed_in
def search(request: HttpRequest) -> HttpResponse:
    """Hits of every app, grouped by kind in the order in which the kinds came."""
    text = request.GET.get("q", "").strip()
    hits = list(finder.hits(request.viewer, text)) if text else []  # type: ignore[attr-defined]
    context = {"search_text": text, "groups": panels.grouped(hits), "count": len(hits)}
    return render(request, "ui/pages/search.html", context)


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What the product is, what it must not hold, licence and versions."""
    versions = [("Liandesk", version("liandesk")), *((name, version(name)) for name in PARTS)]
    return render(request, "ui/pages/about.html", {"versions": versions})


@require_safe
@signed_in
def audit(request: HttpRequest) -> HttpResponse:
    """The log and the state of its chain."""
    viewer = request.viewer  # type: ignore[attr-defined]
    asked = LogFilter(request.GET, kinds=queries.kinds_in_log(viewer))
    table = LogTable(queries.log(viewer, kind=asked.chosen))
    RequestConfig(request, paginate={"per_page": ROWS}).configure(table)
    context = {"table": table, "filter": asked, "chain": queries.chain_state(viewer)}
    return render(request, "ui/pages/audit.html", context)


@require_POST
@page_view
def saved_view_save(request: HttpRequest, page: str) -> HttpResponse:
    """Keep the filters of a list under a name and show the list with them."""
    made = save_view(
        page=page,
        name=request.POST.get("name", ""),
        query=request.POST.get("query", ""),
        is_shared="is_shared" in request.POST,
        by=request.viewer,  # type: ignore[attr-defined]
    )
    messages.success(request, _("The view is saved."))
    return redirect(f"{reverse(page)}?{made.query}")


@require_POST
@page_view
def saved_view_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete one's own view."""
    return redirect(delete_view(pk, by=request.viewer))  # type: ignore[attr-defined]


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """For monitors: what works, 200 or 503, and nothing of what is stored."""
    health = check_health()
    body = {
        "status": "ok" if health.is_well else "failing",
        "database": health.database,
        "schema_up_to_date": health.schema,
        "blobs_writable": health.blobs,
        "worker_heartbeat_seconds": health.worker_seconds,
    }
    return JsonResponse(body, status=200 if health.is_well else 503)


@require_POST
def display(request: HttpRequest) -> HttpResponse:
    """Keep one choice of theme or size in a cookie and go back."""
    choice = parse_choice(request.POST.get("set", ""))
    if choice is None:
        return HttpResponseBadRequest()
    response = redirect(_way_back(request))
    name, value = choice
    secure = bool(settings.SESSION_COOKIE_SECURE)
    response.set_cookie(name, value, max_age=COOKIE_AGE, httponly=True, samesite="Lax", secure=secure)
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open too long or in another browser: say so instead of Django's page."""
    return render(request, "ui/csrf.html", status=403)


def _way_back(request: HttpRequest) -> str:
    place = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        place, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return place if is_ours else "home"
