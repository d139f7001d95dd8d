"""Pages on which people say what the columns of their sheets are, and see what is remembered of whom."""

from __future__ import annotations

from contextlib import suppress

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_tables2 import RequestConfig

from liandesk.base.accounts.access import check
from liandesk.base.accounts.http import Request
from liandesk.base.accounts.queries import names_of
from liandesk.base.facts.policies import LANDING
from liandesk.base.ui.decorators import signed_in
from liandesk.know.sources import mappings, queries, uploads
from liandesk.know.sources.mapping_forms import SheetForm
from liandesk.know.sources.models import Upload, UploadState
from liandesk.know.sources.readers import source_of
from liandesk.know.sources.tables import MappingTable
from liankit.tables import UnreadableFile

_ASKED_IN = (UploadState.MAPPING, UploadState.READY)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def columns(request: Request, key: str) -> HttpResponse:
    """Say what the columns of the sheets of an upload are; ``show`` only draws the form for another table."""
    sent = queries.upload_of(request.viewer, key)
    if sent is None or not sent.looks:
        raise Http404
    if sent.state not in _ASKED_IN:
        return redirect("upload", key)
    forms = _forms(request, sent)
    is_sent = request.method == "POST" and "show" not in request.POST
    if is_sent and all([form.is_valid() for form in forms]):  # noqa: C419  every form shows its errors
        said = {form.look.signature: form.mapped() for form in forms}
        with suppress(UnreadableFile):  # the page of the upload says why
            uploads.say_columns(key=key, said=said, by=request.viewer)
        return redirect("upload", key)
    context = {"upload": sent, "forms": forms, "is_sent": is_sent}
    return render(request, "sources/columns.html", context, status=400 if is_sent else 200)


def _forms(request: Request, sent: Upload) -> list[SheetForm]:
    looks = [mappings.from_json(kept) for kept in sent.looks]
    said = mappings.remembered(looks, sender=uploads.sender_name(sent), by=request.viewer)
    data = request.POST if request.method == "POST" else None
    return [SheetForm(look, source_of(sent.source), said.get(look.signature), data) for look in looks]


@require_safe
@signed_in
def mapping_list(request: Request) -> HttpResponse:
    """What is remembered of the sheets of each sender."""
    check(request.viewer, LANDING, "load")
    rows = mappings.mappings(request.viewer)
    names = names_of({one for row in rows.values_list("sender", "confirmed_by") for one in row})
    table = MappingTable(rows, names=names, request=request)
    RequestConfig(request, paginate={"per_page": 50}).configure(table)
    return render(request, "sources/mapping_list.html", {"table": table})


@require_POST
@signed_in
def mapping_forget(request: Request, pk: int) -> HttpResponse:
    """Forget what was said of one sheet."""
    mappings.forget(pk, by=request.viewer)
    messages.success(request, _("Forgotten. The next sheet of this layout is asked about again."))
    return redirect("mappings")
