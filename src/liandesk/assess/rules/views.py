"""Pages of rules: the catalogue of schemes, one with its text beside the rule, and everybody graded by another law."""

from __future__ import annotations

from datetime import date

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from liandesk.assess.rules import queries
from liandesk.assess.rules.copies import send_regraded
from liandesk.assess.rules.definitions import tried
from liandesk.assess.rules.forms import DayForm
from liandesk.assess.rules.policies import GRADE
from liandesk.assess.rules.regrade import regrade
from liandesk.assess.rules.wording import CONFIDENCE, FAMILIES, Words
from liandesk.base.accounts.access import can, check
from liandesk.base.accounts.http import Request
from liandesk.base.clock import today
from liandesk.base.definitions.policies import DEFINITION
from liandesk.base.ui.copies import COPY_KINDS
from liandesk.base.ui.decorators import page
from liankit.rules.scheme import Scheme


@page
@require_safe
def scheme_list(request: Request) -> HttpResponse:
    """Every scheme in force on the day of the law that is asked for, by family."""
    check(request.viewer, DEFINITION, "read")
    form = DayForm(request.GET or None)
    on = form.day or today()
    found = queries.schemes(on)
    families = [(title, [one for one in found if one.family == key]) for key, title in FAMILIES.items()]
    rows = [(title, [_row(one, on) for one in some]) for title, some in families if some]
    return render(request, "rules/schemes.html", {"families": rows, "form": form, "on": on, "count": len(found)})


def _row(scheme: Scheme, on: date) -> dict[str, object]:
    return {
        "scheme": scheme,
        "governs": [one for one in ("new", "recheck") if scheme.governs(one, on)],
        "confidence": CONFIDENCE[scheme.source.confidence],
    }


@page
@require_safe
def scheme(request: Request, key: str) -> HttpResponse:
    """One scheme: the text of each clause beside its rule, parameters with their days, examples."""
    check(request.viewer, DEFINITION, "read")
    form = DayForm(request.GET or None)
    on = form.day or today()
    found = next((one for one in queries.schemes(on) if one.key == key), None)
    if found is None:
        raise Http404
    words = Words(found, queries.vocabulary(on), on)
    context = {
        "scheme": found,
        "on": on,
        "form": form,
        "lines": words.lines(),
        "tried": tried(key, on),
        "parameters": [(one, one.on(on)) for one in found.parameters],
        "confidence": CONFIDENCE,
        "others": [one for one in queries.schemes(on) if one.grants == found.grants and one.key != key],
        "governs": _row(found, on)["governs"],
        "may_compare": can(request.viewer, GRADE, "compare"),
        "may_propose": can(request.viewer, DEFINITION, "propose"),
    }
    return render(request, "rules/scheme.html", context)


@page
@require_safe
def scheme_compare(request: Request, key: str) -> HttpResponse:
    """Everybody graded by the law of another day on the facts of today: what differs in the law, and who changes."""
    scheme, form, on = _other_law(request, key)
    context = {
        "scheme": scheme,
        "form": form,
        "on": on,
        "found": regrade(request.viewer, scheme.grants, on),
        "copies": COPY_KINDS,
    }
    return render(request, "rules/compare.html", context)


@page
@require_safe
def scheme_compare_export(request: Request, key: str, kind: str) -> FileResponse:
    """Send who changes by the law of another day."""
    scheme, _form, on = _other_law(request, key)
    found = regrade(request.viewer, scheme.grants, on)
    if found is None:
        raise Http404
    return send_regraded(found, kind, by=request.viewer)


def _other_law(request: Request, key: str) -> tuple[Scheme, DayForm, date]:
    """Return the scheme, and the other day that is asked for: the first of next year where none is."""
    check(request.viewer, GRADE, "compare")
    form = DayForm(request.GET or None)
    on = form.day or date(today().year + 1, 1, 1)
    found = next((one for one in queries.schemes(on) if one.key == key), None)
    if found is None:
        raise Http404
    return found, form, on
