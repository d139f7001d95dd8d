"""The tile cartogram of towns and zones: a sketch whose tiles stand as the pack says, with what the viewer may count.

A viewer who sees only part of the district is shown no number where nothing of theirs is: it would read as none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from textwrap import wrap
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from liandesk.base.accounts.access import Resource, can, visibility
from liandesk.base.accounts.roles import Viewer
from liandesk.base.pack import Term, pack
from liandesk.base.ui.display import language
from liandesk.base.ui.listing import ListColumn, Listing
from liandesk.know.registry.models import Organisation, Place
from liandesk.know.registry.policies import ORGANISATION
from liandesk.know.registry.queries import KINDS as ORGANISATION_KINDS
from liandesk.know.registry.queries import organisations
from liandesk.know.registry.things_kinds import KINDS
from liandesk.know.registry.things_policies import RESOURCES_OF
from liandesk.know.registry.things_queries import things

WIDTH, HEIGHT, GAP = 174, 128, 8  # of a tile, in units of the drawing
SHADES = 5
_LINE = {"zh": 7, "en": 15}  # signs that fit on a line of a tile
_GROUPS: Mapping[str, Promise] = {"towns": _("Town"), "zones": _("Zone")}
_COUNTED_KINDS = ("enterprise", "institution", "hospital", "university", "fund")
_COUNTED_THINGS = ("space", "site", "resource", "title", "lead")


@dataclass(frozen=True)
class Measure:
    """What is counted: its rows for a viewer, its resource, and the list a tile leads to."""

    title: Promise | str
    resource: Resource
    route: str
    query: Mapping[str, str]
    kind: str

    def rows(self, viewer: Viewer) -> QuerySet[Any]:
        if self.route == "organisations":
            return organisations(viewer, kind=self.kind)
        return things(viewer, self.kind)

    def url(self, group: str, code: str) -> str:
        """Return the address of the list of a town or zone; ``group`` is "towns" or "zones"."""
        return f"{reverse(self.route)}?{urlencode({**self.query, group[:-1]: code})}"


MORE: list[Callable[[], Mapping[str, Measure]]] = []
"""Measures of apps above, by code: each registers its own in ``ready()``."""


def measures(viewer: Viewer) -> dict[str, Measure]:
    """Return what the viewer may count, by code; the first is counted when nothing is asked."""
    found = {"organisations": Measure(_("Organisations"), ORGANISATION, "organisations", {}, "")}
    for code in _COUNTED_KINDS:
        found[code] = Measure(ORGANISATION_KINDS[code], ORGANISATION, "organisations", {"kind": code}, code)
    for code in _COUNTED_THINGS:
        kind = KINDS[code]
        found[code] = Measure(kind.listing.title, RESOURCES_OF[code], kind.slug, {}, code)
    for offer in MORE:
        found |= offer()
    return {code: measure for code, measure in found.items() if can(viewer, measure.resource, "read")}


@dataclass(frozen=True)
class Tile:
    """One town or zone; ``count`` is None where the viewer is not shown a number. ``x`` and ``y`` of the upper left."""

    place: str
    lines: tuple[str, ...]
    group: str
    code: str
    count: int | None
    shade: int
    x: int
    y: int
    url: str
    is_synthetic: bool


@dataclass(frozen=True)
class Cartogram:
    """The tiles of one measure, towns before zones, the size of the drawing, and how many are in no town."""

    measure: Measure
    tiles: tuple[Tile, ...]
    width: int
    height: int
    in_no_town: int


LISTING = Listing(
    "cartogram",
    _("Sketch of the district"),
    (ListColumn("place", _("Town or zone")), ListColumn("group", _("Kind")), ListColumn("count", _("Count"), "number")),
    (),
    "",
    (),
    "",
)
"""The columns of a copy."""


def cartogram(viewer: Viewer, measure: Measure) -> Cartogram:
    """Return the tiles of a measure with what the viewer may count."""
    rows = measure.rows(viewer)
    sees_all = visibility(viewer, measure.resource).everything
    counts = {group: _counts(rows, group) for group in _GROUPS}
    most = max((count for found in counts.values() for code, count in found.items() if code), default=0)
    is_synthetic = rows.filter(is_synthetic=True).exists()
    places = [(group, term) for group in _GROUPS for term in getattr(pack(), group)]
    tiles = tuple(_tile(measure, group, term, counts[group], most, sees_all, is_synthetic) for group, term in places)
    return Cartogram(measure, tiles, *_size(tiles), in_no_town=counts["towns"].get("", 0))


def _counts(rows: QuerySet[Any], group: str) -> dict[str, int]:
    """Return how many rows each code has; an organisation counts in every place where it is now."""
    kind = group[:-1]
    if rows.model is not Organisation:
        return dict(rows.order_by().values_list(kind).annotate(count=Count("pk")))
    placed = Place.objects.filter(kind=kind, until=None, organisation__in=rows.order_by().values("pk"))
    found = dict(placed.order_by().values_list("code").annotate(count=Count("organisation", distinct=True)))
    return found | {"": rows.count() - placed.values("organisation").distinct().count()}


def _tile(
    measure: Measure, group: str, term: Term, counts: Mapping[str, int], most: int, sees_all: bool, is_synthetic: bool
) -> Tile:
    count = counts.get(term.code, 0 if sees_all else None)
    column, row = pack().tiles[group][term.code]
    title = term.text[language()]
    return Tile(
        place=title,
        lines=tuple(wrap(title, _LINE[language()])),
        group=str(_GROUPS[group]),
        code=term.code,
        count=count,
        shade=_shade(count or 0, most),
        x=column * (WIDTH + GAP),
        y=(row + (_rows_of_towns() if group == "zones" else 0)) * (HEIGHT + GAP) + (3 * GAP if group == "zones" else 0),
        url=measure.url(group, term.code),
        is_synthetic=is_synthetic,
    )


def _shade(count: int, most: int) -> int:
    """Return 0 for none, else 1 to ``SHADES`` - 1 by the share of the largest count."""
    return 0 if not count else 1 + min(SHADES - 2, count * (SHADES - 1) // (most + 1))


def _rows_of_towns() -> int:
    return 1 + max(row for _column, row in pack().tiles["towns"].values())


def _size(tiles: tuple[Tile, ...]) -> tuple[int, int]:
    return max(tile.x for tile in tiles) + WIDTH, max(tile.y for tile in tiles) + HEIGHT
