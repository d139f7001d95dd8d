"""The page on which a published map is tried on the running cases, and then applied."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from liandesk.base.accounts.access import check
from liandesk.base.accounts.http import Request
from liandesk.base.errors import UserError
from liandesk.base.ui.decorators import page
from liandesk.base.work import migration_queries
from liandesk.base.work.migration_actions import migrate_cases
from liandesk.base.work.migration_policies import MIGRATION


@page
@require_http_methods(["GET", "HEAD", "POST"])
def case_migration(request: Request, key: str) -> HttpResponse:
    check(request.viewer, MIGRATION, "apply" if request.method == "POST" else "read")
    trial = migration_queries.try_map(request.viewer, key)
    if request.method != "POST":
        return render(request, "work/migration.html", {"trial": trial})
    if not trial.is_whole:
        said = _("More than %(most)s cases run on this version. Use `liandesk migrate-cases %(key)s --apply`.")
        raise UserError(said % {"most": migration_queries.AT_ONCE, "key": key})
    moved = migrate_cases(key, by=request.viewer)
    told = _("%(gone)s cases run on version %(version)s now; %(stayed)s stayed as they were.")
    numbers = {"gone": moved.gone, "version": trial.migration.after, "stayed": len(moved.stayed)}
    messages.success(request, told % numbers)
    return redirect("case_migration", key)
