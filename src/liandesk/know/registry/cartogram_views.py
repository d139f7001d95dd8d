"""The sketch of the district: a drawing, the same as a list, and a copy of it."""

from __future__ import annotations

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from liandesk.base.accounts.access import check
from liandesk.base.accounts.http import Request
from liandesk.base.ui.copies import COPY_KINDS, send, write_copy
from liandesk.base.ui.decorators import signed_in
from liandesk.know.registry.cartogram import HEIGHT, LISTING, WIDTH, Cartogram, cartogram, measures
from liandesk.know.registry.policies import ORGANISATION


@require_safe
@signed_in
def sketch(request: Request) -> HttpResponse:
    """Show the tiles of what is asked to be counted."""
    offered, drawn = measures(request.viewer), _drawn(request)
    context = {
        "cartogram": drawn,
        "measures": [(code, measure.title, measure == drawn.measure) for code, measure in offered.items()],
        "tile_width": WIDTH,
        "tile_height": HEIGHT,
        "copies": COPY_KINDS,
        "query": request.GET.urlencode(),
    }
    return render(request, "registry/cartogram.html", context)


@require_safe
@signed_in
def sketch_export(request: Request, form: str) -> FileResponse:
    """Send the counts as a file."""
    drawn = _drawn(request)
    said = f"{LISTING.title}: {drawn.measure.title}"
    return send(
        form,
        lambda path: write_copy(
            LISTING, drawn.tiles, LISTING.columns, path, by=request.viewer, kind=form, seen_as=said
        ),
    )


def _drawn(request: Request) -> Cartogram:
    check(request.viewer, ORGANISATION, "read")
    offered = measures(request.viewer)
    asked = request.GET.get("count", "")
    return cartogram(request.viewer, offered[asked] if asked in offered else offered["organisations"])
