"""Pages and posts around a case: comments, watching, having seen."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from liandesk.base.accounts.http import Request
from liandesk.base.teamwork import actions, queries
from liandesk.base.teamwork.forms import CommentForm, NameForm, TaskForm
from liandesk.base.teamwork.naming import name_person, unname_person
from liandesk.base.teamwork.people import Named
from liandesk.base.teamwork.task_actions import add_task, finish_task, reopen_task
from liandesk.base.ui.decorators import page
from liandesk.base.work.models import Case


def form_page(request: Request, case: Case, form: forms.Form, title: str | Promise, submit: str) -> HttpResponse:
    """Render one form of a case on a page of its own; 400 where it was sent and refused."""
    context = {"case": case, "form": form, "title": title, "submit": submit}
    return render(request, "teamwork/form_page.html", context, status=400 if form.errors else 200)


def to_case(pk: int, part: str) -> HttpResponse:
    """Go back to a part of the page of a case."""
    return redirect(f"{reverse('case', args=[pk])}#{part}")


@page
@require_POST
def comment(request: Request, pk: int) -> HttpResponse:
    case, form = actions.seen_case(pk, request.viewer), CommentForm(request.POST)
    if not form.is_valid():
        return form_page(request, case, form, _("Comment"), _("Say it"))
    _made, named = actions.say(pk, form.cleaned_data["text"], by=request.viewer)
    _tell(request, named)
    return to_case(pk, "comments")


def _tell(request: Request, named: Named) -> None:
    """Say who was told, and for which names nobody was."""
    if named.told:
        people = "、".join(user.display_name for user in named.told)
        messages.success(request, _("Told: %(people)s") % {"people": people})
    if named.not_told:
        said = _("Not told: %(names)s. Nobody who sees this case is called so, or several are; use the account's name.")
        messages.warning(request, said % {"names": "、".join(named.not_told)})


@page
@require_http_methods(["GET", "HEAD", "POST"])
def comment_reword(request: Request, pk: int, comment: int) -> HttpResponse:
    case, said = actions.seen_case(pk, request.viewer), queries.own_comment(request.viewer, comment)
    if said is None or said.comment.case_id != pk or said.is_withdrawn:
        raise Http404
    form = CommentForm(request.POST or None, initial={"text": said.text})
    if request.method != "POST" or not form.is_valid():
        return form_page(request, case, form, _("Reword your comment"), _("Say it"))
    _made, named = actions.reword(comment, form.cleaned_data["text"], by=request.viewer)
    _tell(request, named)
    return to_case(pk, "comments")


@page
@require_POST
def comment_withdraw(request: Request, pk: int, comment: int) -> HttpResponse:
    actions.withdraw(comment, by=request.viewer)
    return to_case(pk, "comments")


@page
@require_POST
def watch(request: Request, pk: int) -> HttpResponse:
    """Watch a case, or stop."""
    if request.POST.get("watch") == "no":
        actions.unwatch(pk, by=request.viewer)
    else:
        actions.watch(pk, by=request.viewer)
    return to_case(pk, "comments")


@page
@require_POST
def seen(request: Request, pk: int) -> HttpResponse:
    actions.mark_seen(pk, by=request.viewer)
    return to_case(pk, "comments")


@page
@require_POST
def task(request: Request, pk: int) -> HttpResponse:
    """Put a task on the checklist."""
    case = actions.seen_case(pk, request.viewer)
    form = TaskForm(case, request.POST)
    if not form.is_valid():
        return form_page(request, case, form, _("Task"), _("Add it"))
    add_task(pk, by=request.viewer, **form.cleaned_data)
    return to_case(pk, "tasks")


@page
@require_POST
def task_tick(request: Request, pk: int, task: int) -> HttpResponse:
    """Tick a task off, or take the tick off again."""
    change = reopen_task if request.POST.get("done") == "no" else finish_task
    return to_case(change(task, by=request.viewer).case_id, "tasks")


@page
@require_POST
def name(request: Request, pk: int) -> HttpResponse:
    """Let a person see a restricted case."""
    case, form = actions.seen_case(pk, request.viewer), NameForm(request.POST)
    if form.is_valid():
        name_person(pk, form.cleaned_data["account"], by=request.viewer)
        return to_case(pk, "named")
    return form_page(request, case, form, _("Name somebody"), _("Let them see it"))


@page
@require_POST
def unname(request: Request, pk: int, named: int) -> HttpResponse:
    unname_person(pk, named, by=request.viewer)
    return to_case(pk, "named")
