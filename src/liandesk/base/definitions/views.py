"""Pages of definitions: all of them, one with its versions and what each changed, a new version."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liandesk.base.accounts.access import can, check
from liandesk.base.accounts.http import Request
from liandesk.base.accounts.queries import names_of
from liandesk.base.definitions import actions, queries
from liandesk.base.definitions.forms import ProposalForm
from liandesk.base.definitions.kinds import KINDS
from liandesk.base.definitions.packs import as_text
from liandesk.base.definitions.policies import DEFINITION
from liandesk.base.errors import UserError
from liandesk.base.ui.decorators import signed_in
from liankit.errors import UserError as KitError
from liankit.process import build_process


@signed_in
@require_safe
def definition_list(request: Request) -> HttpResponse:
    check(request.viewer, DEFINITION, "read")
    rows = [(KINDS[found.kind].title, found) for found in queries.latest(request.viewer) if found.kind in KINDS]
    return render(request, "definitions/definition_list.html", {"rows": rows})


@signed_in
@require_safe
def definition(request: Request, kind: str, key: str) -> HttpResponse:
    versions = queries.versions(request.viewer, kind, key)
    asked = request.GET.get("version", "")
    shown = next((one for one in versions if str(one.version) == asked), versions[0] if versions else None)
    if shown is None or kind not in KINDS:
        raise Http404
    current = queries.in_force(kind, key)
    is_waiting, is_own = shown.state == "proposed", shown.proposed_by == request.viewer.actor
    may_publish = is_waiting and can(request.viewer, DEFINITION, "publish")
    context = {
        "kind": KINDS[kind],
        "shown": shown,
        "versions": versions,
        "current": current,
        "names": names_of(actor for one in versions for actor in (one.proposed_by, one.published_by)),
        "changes": queries.changes(request.viewer, shown),
        "before": queries.previous(request.viewer, shown),
        "process": build_process(shown.body, str(shown)) if kind == "process" else None,
        "object_id": f"{kind}/{key}",
        "text": as_text(shown),
        "may_propose": can(request.viewer, DEFINITION, "propose"),
        "may_publish": may_publish and not is_own,
        "may_withdraw": may_publish or (is_waiting and is_own),
    }
    return render(request, "definitions/definition.html", context)


@signed_in
@require_safe
def definition_export(request: Request, kind: str, key: str, version: int) -> HttpResponse:
    found = next((one for one in queries.versions(request.viewer, kind, key) if one.version == version), None)
    if found is None:
        raise Http404
    headers = {"Content-Disposition": f'attachment; filename="{key}.v{version}.yaml"'}
    return HttpResponse(as_text(found), content_type="application/yaml; charset=utf-8", headers=headers)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def definition_propose(request: Request, kind: str, key: str) -> HttpResponse:
    check(request.viewer, DEFINITION, "propose")
    versions = queries.versions(request.viewer, kind, key)
    if kind not in KINDS:
        raise Http404
    begin = as_text(versions[0]) if versions else KINDS[kind].draft(key)
    form = ProposalForm(request.POST or None, initial={"text": begin})
    if request.method == "POST" and form.is_valid():
        try:
            return _propose(request, kind, key, form.cleaned_data)
        except (UserError, KitError) as error:
            form.add_error("text", str(error))
    status = 400 if form.errors else 200
    context = {"form": form, "kind": KINDS[kind], "key": key, "latest": next(iter(versions), None)}
    return render(request, "definitions/propose.html", context, status=status)


def _propose(request: Request, kind: str, key: str, said: dict[str, Any]) -> HttpResponse:
    made = actions.propose(by=request.viewer, kind=kind, key=key, **said)
    messages.success(
        request, _("Version %(version)s waits for another person to publish it.") % {"version": made.version}
    )
    return redirect("definition", kind, key)


@signed_in
@require_POST
def definition_publish(request: Request, pk: int) -> HttpResponse:
    made = actions.publish(pk, by=request.viewer)
    messages.success(request, _("Version %(version)s is published.") % {"version": made.version})
    return redirect("definition", made.kind, made.key)


@signed_in
@require_POST
def definition_withdraw(request: Request, pk: int) -> HttpResponse:
    made = actions.withdraw(pk, by=request.viewer)
    messages.success(request, _("Version %(version)s is taken back.") % {"version": made.version})
    return redirect("definition", made.kind, made.key)
