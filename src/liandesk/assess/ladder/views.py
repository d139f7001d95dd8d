"""Pages of the ladder: the board, the list, one enterprise, its shortest way up, changes picked by hand."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from liandesk.assess.ladder import near, queries
from liandesk.assess.ladder.forms import ChangesForm, GoalForm, PlaceForm, as_changes
from liandesk.assess.ladder.listing import questions, rungs_listing
from liandesk.assess.rules.forms import DayForm
from liandesk.assess.rules.policies import GRADE
from liandesk.assess.rules.queries import vocabulary
from liandesk.assess.rules.wording import said
from liandesk.base.accounts.access import check
from liandesk.base.accounts.http import Request
from liandesk.base.clock import today
from liandesk.base.ui.copies import COPY_KINDS
from liandesk.base.ui.decorators import page
from liandesk.base.ui.listing_pages import list_context, send_copy
from liankit.process.definition import Text


@page
@require_safe
def ladder_board(request: Request) -> HttpResponse:
    """Each rung with who holds it, who is computed to it, whose ends, and who is one clause short of it."""
    check(request.viewer, GRADE, "read")
    form = PlaceForm(request.GET or None)
    lines, days = queries.board(request.viewer, **form.chosen)
    context = {
        "lines": lines,
        "days": days,
        "form": form,
        "names": queries.title_names(),
        "query": request.GET.urlencode(),
    }
    return render(request, "ladder/board.html", context)


@page
@require_safe
def rungs(request: Request) -> HttpResponse:
    """The enterprises on the ladder."""
    check(request.viewer, GRADE, "read")
    return render(
        request, "ui/list.html", list_context(request, rungs_listing(), queries.rungs(request.viewer), questions())
    )


@page
@require_safe
def rungs_export(request: Request, kind: str) -> FileResponse:
    """Send what the list shows as a file."""
    check(request.viewer, GRADE, "read")
    return send_copy(request, rungs_listing(), queries.rungs(request.viewer), kind, questions())


@page
@require_safe
def near_misses(request: Request) -> HttpResponse:
    """Who is one or two clauses short of the next rung, with the clauses and the gaps."""
    check(request.viewer, GRADE, "read")
    context = {"found": near.near_misses(request.viewer), "names": queries.title_names(), "copies": COPY_KINDS}
    return render(request, "ladder/near.html", context)


@page
@require_safe
def near_misses_export(request: Request, kind: str) -> FileResponse:
    """Send the near-misses as a file."""
    check(request.viewer, GRADE, "read")
    return near.send_near(near.near_misses(request.viewer), kind, by=request.viewer)


@page
@require_safe
def my_rungs(request: Request) -> HttpResponse:
    """The way of an enterprise to its own rungs; whoever acts for several, or for none, goes to the list."""
    check(request.viewer, GRADE, "read")
    own = queries.own_organisations(request.viewer)
    return redirect("rung", own[0]) if len(own) == 1 else redirect("rungs")


@page
@require_safe
def rung(request: Request, pk: str) -> HttpResponse:
    """One enterprise: its titles with their validity, the next rung clause by clause, and how it stands beside."""
    check(request.viewer, GRADE, "read")
    form = DayForm(request.GET or None)
    found = queries.standing(request.viewer, pk, form.day)
    if found is None:
        raise Http404
    context = {"found": found, "form": form, "on": form.day or today(), "names": queries.title_names()}
    return render(request, "ladder/rung.html", context)


@page
@require_safe
def rung_way(request: Request, pk: str, grants: str) -> HttpResponse:
    """The shortest way of one enterprise to a title, and the rung that it reaches by these changes."""
    check(request.viewer, GRADE, "read")
    form, names = _goal(request, grants)
    if form.goal != grants:
        return _to_goal("rung_way", pk, form)
    found = queries.way(request.viewer, pk, grants, form.day)
    if found is None:
        raise Http404
    way, stands = found
    inputs = {one.key: one for one in vocabulary(form.day).inputs}
    asked = {"by": (way.on or form.day).isoformat(), **as_changes(way)}
    context = {
        "organisation": queries.organisation(request.viewer, pk),
        "way": way,
        "steps": [(step, inputs[step.input]) for step in way.steps],
        "questions": [inputs[name] for name in way.questions],
        "blocked": queries.clause_titles(way),
        "stands": stands,
        "reached": next((one for one in reversed(stands) if one.outcome), None),
        "form": form,
        "by": form.day,
        "grants": grants,
        "names": names,
        "asked": urlencode(asked),
    }
    return render(request, "ladder/way.html", context)


@page
@require_safe
def rung_try(request: Request, pk: str, grants: str) -> HttpResponse:
    """Changes that somebody picks for one enterprise: which clauses hold then, what is still short, the effort."""
    check(request.viewer, GRADE, "read")
    form, names = _goal(request, grants)
    if form.goal != grants:
        return _to_goal("rung_try", pk, form)
    chosen = queries.choice(request.viewer, pk, grants, form.day)
    changes = ChangesForm(chosen, request.GET.dict()) if chosen else None
    context = {
        "organisation": queries.organisation(request.viewer, pk),
        "form": form,
        "by": form.day,
        "grants": grants,
        "names": names,
        "changes": changes,
        "found": queries.tried(chosen, *changes.numbers()) if chosen and changes else None,
    }
    return render(request, "ladder/try.html", context)


def _goal(request: Request, grants: str) -> tuple[GoalForm, dict[str, Text]]:
    """Return the goal that is asked for, and what titles are called; not there where no title has the code."""
    names = queries.title_names()
    if grants not in names:
        raise Http404
    goals = {code: said(names[code]) for code in queries.goals() if code in names}
    return GoalForm(goals | {grants: said(names[grants])}, request.GET.dict(), grants), names


def _to_goal(name: str, pk: str, form: GoalForm) -> HttpResponse:
    return redirect(f"{reverse(name, args=[pk, form.goal])}?{urlencode({'by': form.day.isoformat()})}")
