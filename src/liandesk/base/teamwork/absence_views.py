"""The page of one's absences: who stands in for me, for whom I stand in."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from liandesk.base.accounts import delegations
from liandesk.base.accounts.access import can
from liandesk.base.accounts.http import Request
from liandesk.base.accounts.models import User
from liandesk.base.accounts.policies import ACCOUNT
from liandesk.base.errors import UserError
from liandesk.base.teamwork.forms import AbsenceForm
from liandesk.base.ui.decorators import page


@page
@require_http_methods(["GET", "HEAD", "POST"])
def absence(request: Request) -> HttpResponse:
    """Show who stands in for whom; name a deputy."""
    is_operator = can(request.viewer, ACCOUNT, "manage")
    form = AbsenceForm(request.POST or None, is_operator=is_operator)
    if request.method == "POST" and form.is_valid():
        try:
            return _delegate(request, form)
        except UserError as error:
            form.add_error(None, str(error))
    context = {"form": form, "delegations": delegations.delegations(request.viewer), "own_id": request.viewer.user_id}
    return render(request, "teamwork/absence.html", context, status=400 if form.errors else 200)


def _delegate(request: Request, form: AbsenceForm) -> HttpResponse:
    said = form.cleaned_data
    assert isinstance(request.user, User)  # the page asks for an account
    giver = _person(said["giver"]) if said.get("giver") else request.user
    delegations.delegate(giver, _person(said["deputy"]), said["first"], said["last"], by=request.viewer)
    return redirect("absence")


def _person(name: str) -> User:
    found = User.objects.filter(username__iexact=name.strip(), is_active=True).first()
    if found is None:
        raise UserError(_("There is no account '%(name)s' that could stand in.") % {"name": name})
    return found


@page
@require_POST
def absence_end(request: Request, pk: int) -> HttpResponse:
    delegations.end_delegation(pk, by=request.viewer)
    return redirect("absence")
