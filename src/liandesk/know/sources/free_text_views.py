"""Pages on which the chain office says which node of the chain a free text means."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe
from django_tables2 import RequestConfig

from liandesk.base.accounts.access import can, check
from liandesk.base.accounts.http import Request
from liandesk.base.ui.decorators import signed_in
from liandesk.know.sources import free_texts
from liandesk.know.sources.policies import FREE_TEXT
from liandesk.know.sources.tables import FreeTextTable


class NodeForm(forms.Form):
    """The node that is meant, by its name; a name that no node has must be said to be a new one."""

    name = forms.CharField(
        label=gettext_lazy("Node that is meant"),
        max_length=200,
        widget=forms.TextInput(attrs={"list": "nodes", "translate": "no", "autocomplete": "off"}),
    )
    is_new = forms.BooleanField(label=gettext_lazy("This is a new node"), required=False)


@require_safe
@signed_in
def listed(request: Request) -> HttpResponse:
    """The texts that wait, or with ``?state=decided`` those that were decided."""
    check(request.viewer, FREE_TEXT, "read")
    is_waiting = request.GET.get("state") != "decided"
    rows = free_texts.free_texts(request.viewer, waiting=is_waiting)
    table = FreeTextTable(rows, can_map=can(request.viewer, FREE_TEXT, "map"))
    RequestConfig(request, paginate={"per_page": 50}).configure(table)
    return render(request, "sources/free_text_list.html", {"table": table, "is_waiting": is_waiting})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def decide(request: Request, key: str) -> HttpResponse:
    """Say which node a text means."""
    check(request.viewer, FREE_TEXT, "map")
    text = free_texts.free_text(request.viewer, key)
    if text is None:
        raise Http404
    form = NodeForm(request.POST or None, initial={"name": text.meant})
    if request.method == "POST" and form.is_valid() and _is_known_or_new(request, text, form):
        said = form.cleaned_data
        free_texts.say_node(key, name=said["name"], is_new=said["is_new"], by=request.viewer)
        messages.success(request, _("Said and remembered. Refresh the lists to see the chain with it."))
        return redirect("free_texts")
    context = {"form": form, "text": text, "suggestions": free_texts.suggestions(request.viewer, text)}
    return render(request, "sources/free_text.html", context, status=400 if form.errors else 200)


def _is_known_or_new(request: Request, text: free_texts.FreeText, form: NodeForm) -> bool:
    said = form.cleaned_data
    if said["is_new"] or free_texts.is_node(request.viewer, said["name"], text):
        return True
    form.add_error("name", _("There is no node of this name. Choose one that there is, or say that it is a new one."))
    return False
