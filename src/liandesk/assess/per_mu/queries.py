"""Read how organisations are judged by the yield of their land: what is published, and beside it what is computed.

The ranking is of all; everybody sees only the lines that are theirs to see.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import polars as pl
from django.db.models import QuerySet

from liandesk.assess.per_mu.definitions import digest_of, method_of
from liandesk.assess.per_mu.models import Result
from liandesk.assess.per_mu.policies import PER_MU
from liandesk.assess.rules.definitions import QUANTITIES
from liandesk.assess.rules.queries import facts_of, vocabulary
from liandesk.base.accounts.access import check, visibility
from liandesk.base.accounts.roles import Viewer, system_viewer
from liandesk.base.clock import today
from liandesk.base.definitions.queries import hashes_in_force
from liandesk.base.errors import NotThere, UserError
from liandesk.base.snapshots.queries import published
from liandesk.know.registry.models import Organisation
from liankit.errors import UserError as KitError
from liankit.reasons import Reason
from liankit.rules.panel import build_panel
from liankit.rules.per_mu import Assessment, Prepared, Weights, prepare
from liankit.rules.per_mu_method import Method, base_year
from liankit.rules.per_mu_moves import cliffs, moves
from liankit.rules.per_mu_table import table_of

_OFFICIAL = {
    "enterprise": pl.String,
    "official": pl.String,
    "official_score": pl.Float64,
    "published_on": pl.Date,
}
_NAMES = {"enterprise": pl.String, "name": pl.String, "town": pl.String, "is_synthetic": pl.Boolean}


@dataclass(frozen=True)
class WhatIf:
    """Other weights beside the method's: who moves class (with name and town), and both scorings."""

    before: Assessment
    after: Assessment
    moved: pl.DataFrame


@dataclass(frozen=True)
class Own:
    """One organisation: its line, the reasons of its score, how near it is to a line, and what was published of it."""

    method: Method
    year: int
    organisation: Organisation
    line: Mapping[str, object]
    reasons: tuple[Reason, ...]
    edges: pl.DataFrame
    results: tuple[Result, ...]


def prepared(method: Method) -> Prepared:
    """Return everything of a method that does not depend on weights, for all organisations; for programs."""
    snapshot = published()
    words = tuple(sorted(hashes_in_force(QUANTITIES).items()))
    return _prepared(method.key, digest_of(method), snapshot.key if snapshot else "", words, today())


@lru_cache(maxsize=4)
def _prepared(key: str, digest: str, snapshot: str, words: tuple[tuple[str, str], ...], on: date) -> Prepared:
    """Kept by the hashes of what it rests on: a page then costs a scoring and no reading."""
    method = method_of(key)
    enterprises = Organisation.objects.filter(is_current=True, kind="enterprise").order_by("pk")
    ids = pl.Series("enterprise", list(enterprises.values_list("pk", flat=True)), dtype=pl.String)
    panel = build_panel(facts_of(system_viewer("per_mu")), vocabulary(), on, ids)
    return prepare(method, table_of(method, panel), base_year(on))


def results(viewer: Viewer) -> QuerySet[Result]:
    """Return what was published of the organisations that the viewer may see."""
    seen = visibility(viewer, PER_MU)
    if seen.everything:
        return Result.objects.all()
    return Result.objects.filter(organisation__in=Organisation.objects.filter(seen.as_q()).values("pk"))


def lines(viewer: Viewer, method: Method) -> pl.DataFrame:
    """Return a line an enterprise that the viewer may see: name, town, what is computed, what was published.

    ``difference`` says whether the published class is another than the one computed; null where one is not known.
    """
    check(viewer, PER_MU, "read")
    year = base_year(today())
    computed = prepared(method).scored().table
    official = _official(viewer, year)
    found = _names(viewer).join(computed, on="enterprise").join(official, on="enterprise", how="left")
    places = {one.key: at for at, one in enumerate(method.classes)}
    placed = found.with_columns(
        pl.col(name).replace_strict(places, default=None, return_dtype=pl.Int64).alias(f"_{name}")
        for name in ("official", "best", "worst")
    )
    o, b, w = (pl.col(f"_{name}") for name in ("official", "best", "worst"))
    apart, same = (o < b) | (o > w), (o == b) & (o == w)
    difference = pl.when(apart).then(True).when(same).then(False).otherwise(None)
    return placed.with_columns(difference=difference).drop("_official", "_best", "_worst").sort("name", "enterprise")


def own(viewer: Viewer, organisation_id: str, method: Method) -> Own:
    """Return how one organisation is judged, with reasons; NotThere for one the viewer may not see."""
    seen = visibility(viewer, PER_MU).as_q()
    organisation = Organisation.objects.filter(seen, pk=organisation_id, is_current=True).first()
    found = prepared(method).scored()
    line = found.table.filter(enterprise=organisation_id)
    if organisation is None or line.is_empty():
        raise NotThere(organisation_id)
    edges = cliffs(found, within=float("inf")).filter(enterprise=organisation_id)
    published_ = tuple(results(viewer).filter(organisation=organisation_id))
    year = found.prepared.year
    return Own(method, year, organisation, line.row(0, named=True), found.reasons(organisation_id), edges, published_)


def what_if(viewer: Viewer, method: Method, weights: Weights) -> WhatIf:
    """Return who moves class under other weights; UserError where a weight is none."""
    check(viewer, PER_MU, "weigh")
    ready = prepared(method)
    try:
        before, after = ready.scored(), ready.scored(weights)
    except KitError as wrong:
        raise UserError(str(wrong)) from wrong
    moved = moves(before, after).join(_names(viewer), on="enterprise", how="left")
    return WhatIf(before, after, moved)


def edges(viewer: Viewer, method: Method, within: float) -> pl.DataFrame:
    """Return who stands within so many points of a line between classes, with name and town."""
    check(viewer, PER_MU, "weigh")
    found = cliffs(prepared(method).scored(), within)
    return found.join(_names(viewer), on="enterprise", how="left", maintain_order="left")


def _names(viewer: Viewer) -> pl.DataFrame:
    rows = Organisation.objects.filter(visibility(viewer, PER_MU).as_q(), is_current=True)
    return pl.DataFrame(list(rows.values_list("pk", "name", "town", "is_synthetic")), schema=_NAMES, orient="row")


def _official(viewer: Viewer, year: int) -> pl.DataFrame:
    rows = results(viewer).filter(year=year).values_list("organisation", "result", "score", "published_on")
    return pl.DataFrame(list(rows), schema=_OFFICIAL, orient="row")
