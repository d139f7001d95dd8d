"""Read how organisations are judged by the yield of their land: what is published, and beside it what is computed.

The ranking is of all; everybody sees only the lines that are theirs to see.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import polars as pl
from django.db.models import BooleanField, Case, F, OuterRef, Q, QuerySet, Subquery, Value, When

from liandesk.assess.per_mu.computing import ORGANISATIONS, Corrected, difference, prepared_from, with_figure
from liandesk.assess.per_mu.definitions import digest_of, method_of
from liandesk.assess.per_mu.models import Correction, Line, Result
from liandesk.assess.per_mu.policies import PER_MU, PROCESS, SUBJECT
from liandesk.assess.rules.definitions import QUANTITIES
from liandesk.assess.rules.queries import facts_of, vocabulary
from liandesk.base.accounts.access import check, visibility
from liandesk.base.accounts.roles import Viewer, system_viewer
from liandesk.base.clock import today
from liandesk.base.definitions.queries import hashes_in_force
from liandesk.base.errors import NotThere, UserError
from liandesk.base.snapshots.queries import published
from liandesk.base.work.models import Case as WorkCase
from liandesk.know.registry.models import Organisation
from liankit.errors import UserError as KitError
from liankit.reasons import Reason
from liankit.rules.panel import build_panel
from liankit.rules.per_mu import Assessment, Prepared, Weights
from liankit.rules.per_mu_method import Method, base_year
from liankit.rules.per_mu_moves import class_lines, cliffs, moves
from liankit.rules.per_mu_stability import stability
from liankit.rules.per_mu_values import NONE
from liankit.rules.quantities import value_of

_NAMES = {"enterprise": pl.String, "name": pl.String, "town": pl.String, "is_synthetic": pl.Boolean}
SUMMED = ("tax_paid_cny", "value_added_cny", "employees")
"""The figures that are shown of everybody on a plot, and their sum."""


@dataclass(frozen=True)
class WhatIf:
    """Other weights beside the method's: who moves class (with name and town), both scorings, and how firm they are."""

    before: Assessment
    after: Assessment
    moved: pl.DataFrame
    stable: pl.DataFrame  # ``STABILITY`` of the weights that were asked for
    names: Mapping[str, str]


@dataclass(frozen=True)
class OnPlot:
    """One enterprise of a plot as the viewer may see it: its line, and the ``SUMMED`` figures (null: unknown)."""

    organisation: Organisation
    is_owner: bool
    line: Mapping[str, object]
    figures: tuple[float | None, ...]


@dataclass(frozen=True)
class Plot:
    """The owner of a plot and its tenants; ``sums`` only of figures that are all known, of a plot all of which is seen.

    ``tax_per_mu`` is that of everybody together over the owner's land, in 10,000 yuan.
    """

    land: float | None
    members: tuple[OnPlot, ...]
    hidden: int
    sums: tuple[float | None, ...]
    tax_per_mu: float | None


@dataclass(frozen=True)
class Own:
    """One organisation: its line, the reasons of its score, how near it is to a line, what was published, its plot."""

    method: Method
    year: int
    organisation: Organisation
    line: Mapping[str, object]
    reasons: tuple[Reason, ...]
    placed: str | None  # the class by points alone, before anything moves it; None: not certain
    edges: pl.DataFrame
    results: tuple[Result, ...]
    corrections: tuple[Correction, ...]
    plot: Plot | None


def prepared(method: Method) -> Prepared:
    """Return everything of a method that does not depend on weights, for all organisations; for programs."""
    snapshot = published()
    words = tuple(sorted(hashes_in_force(QUANTITIES).items()))
    return _prepared(method.key, digest_of(method), snapshot.key if snapshot else "", words, today())


@lru_cache(maxsize=4)
def _prepared(key: str, digest: str, snapshot: str, words: tuple[tuple[str, str], ...], on: date) -> Prepared:
    """Kept by the hashes of what it rests on: a page then costs a scoring and no reading."""
    return prepared_from(method_of(key), facts_of(system_viewer("per_mu")), _organisations(), vocabulary(), on)


def _organisations() -> pl.DataFrame:
    rows = Organisation.objects.filter(is_current=True, kind="enterprise").order_by("pk")
    return pl.DataFrame(list(rows.values_list("pk", "name", "uscc")), schema=ORGANISATIONS, orient="row")


def effect_of(method: Method, told: Corrected) -> Mapping[str, object]:
    """Return what the right figure would change, of one organisation, the lines between classes, and others.

    For programs: whoever shows it leaves out whom their reader may not see.
    """
    before = prepared(method).scored()
    facts = with_figure(facts_of(system_viewer("per_mu")), told)
    after = prepared_from(method, facts, _organisations(), vocabulary(), today()).scored()
    return difference(before, after, told.organisation)


def figure_of(organisation: str, figure: str, year: int) -> float | None:
    """Return a yearly figure as it is known; for programs."""
    facts = facts_of(system_viewer("per_mu"), [organisation])
    of_year = facts.filter(pl.col("input") == figure, pl.col("date").dt.year() == year).sort("date")
    return of_year["number"].last() if of_year.height else None  # type: ignore[return-value]


def results(viewer: Viewer) -> QuerySet[Result]:
    """Return what was published of the organisations that the viewer may see."""
    seen = visibility(viewer, PER_MU)
    if seen.everything:
        return Result.objects.all()
    return Result.objects.filter(organisation__in=Organisation.objects.filter(seen.as_q()).values("pk"))


@dataclass(frozen=True)
class Standing:
    """How far the results of a year are: how many there are and are preliminary, and the objections to them."""

    year: int
    results: int
    preliminary: int
    objections: int
    waiting: int
    corrected: int


def standing(viewer: Viewer) -> Standing:
    """Return how far the results of the judged year are, of those that the viewer may see."""
    year = base_year(today())
    found = results(viewer).filter(year=year)
    keys = [str(pk) for pk in found.values_list("pk", flat=True)]
    objected = WorkCase.objects.filter(process=PROCESS, subject_kind=SUBJECT, subject_id__in=keys)
    return Standing(
        year,
        len(keys),
        found.filter(final_on=None).count(),
        objected.count(),
        objected.filter(ended_at=None).count(),
        Correction.objects.filter(published__in=found).count(),
    )


def lines(viewer: Viewer, method: Method) -> QuerySet[Line]:
    """Return a line an enterprise that the viewer may see: what is computed, and beside it what was published.

    ``official`` is the published class, ``difference`` whether it is another than the one computed; null where one of
    the two is not known.
    """
    check(viewer, PER_MU, "read")
    seen = visibility(viewer, PER_MU)
    rows = Line.objects.filter(method=method.key, is_current=True)
    if not seen.everything:
        rows = rows.filter(organisation__in=Organisation.objects.filter(seen.as_q()).values("pk"))
    said = Result.objects.filter(organisation=OuterRef("organisation"), year=base_year(today()))
    rows = rows.annotate(
        official=Subquery(said.values("result")[:1]),
        official_score=Subquery(said.values("score")[:1]),
        published_on=Subquery(said.values("published_on")[:1]),
        final_on=Subquery(said.values("final_on")[:1]),
    )
    at = Case(*(When(official=one.key, then=Value(place)) for place, one in enumerate(method.classes)), default=None)
    rows = rows.annotate(at=at) if method.classes else rows.annotate(at=F("best_at"))
    apart = Q(at__lt=F("best_at")) | Q(at__gt=F("worst_at"))
    same = Q(at=F("best_at")) & Q(at=F("worst_at")) & Q(official__isnull=False)
    told = Case(When(apart, then=Value(True)), When(same, then=Value(False)), output_field=BooleanField(null=True))
    return rows.annotate(difference=told)


def own(viewer: Viewer, organisation_id: str, method: Method) -> Own:
    """Return how one organisation is judged, with reasons; NotThere for one the viewer may not see."""
    seen = visibility(viewer, PER_MU).as_q()
    organisation = Organisation.objects.filter(seen, pk=organisation_id, is_current=True).first()
    found = prepared(method).scored()
    line = found.table.filter(enterprise=organisation_id)
    if organisation is None or line.is_empty():
        raise NotThere(organisation_id)
    said = tuple(results(viewer).filter(organisation=organisation_id))
    return Own(
        method,
        found.prepared.year,
        organisation,
        line.row(0, named=True),
        found.reasons(organisation_id),
        _placed(found, organisation_id),
        cliffs(found, within=float("inf")).filter(enterprise=organisation_id),
        said,
        tuple(Correction.objects.filter(published__in=said).select_related("published")),
        plot(viewer, organisation_id, found),
    )


def _placed(found: Assessment, organisation_id: str) -> str | None:
    row = found.prepared.table["enterprise"].index_of(organisation_id)
    best, worst = (int(ends[row]) for ends in found.placed)
    return found.method.classes[best].key if best == worst and best != NONE else None


def plot(viewer: Viewer, organisation_id: str, found: Assessment) -> Plot | None:
    """Return the plot that an organisation owns or rents, with everybody on it; None where it shares none."""
    column, table = found.method.plot_owner, found.prepared.table
    if column is None:
        return None
    rented = table.filter(enterprise=organisation_id)[column].first()
    owner = organisation_id if rented is None else str(rented)
    tenants = table.filter(pl.col(column) == owner)["enterprise"].to_list()
    if not tenants:
        return None
    seen = visibility(viewer, PER_MU).as_q()
    named = {one.pk: one for one in Organisation.objects.filter(seen, pk__in=[owner, *tenants], is_current=True)}
    shown = [key for key in (owner, *tenants) if key in named]
    values = _figures(shown)
    lines_ = {row["enterprise"]: row for row in found.table.filter(pl.col("enterprise").is_in(shown)).to_dicts()}
    members = tuple(OnPlot(named[key], key == owner, lines_[key], values[key][:-1]) for key in shown)
    hidden = 1 + len(tenants) - len(shown)
    sums = tuple(_sum(column_) for column_ in zip(*(one.figures for one in members), strict=True))
    land = values[owner][-1] if owner in values else None
    whole = sums if not hidden else (None,) * len(SUMMED)
    tax = whole[0]
    return Plot(land, members, hidden, whole, tax / land / 10_000 if tax is not None and land else None)


def _figures(organisations: list[str]) -> dict[str, tuple[float | None, ...]]:
    """Return the figures that are summed, and the land, by organisation."""
    facts = facts_of(system_viewer("per_mu"), organisations)
    panel = build_panel(facts, vocabulary(), today(), pl.Series(organisations, dtype=pl.String))
    columns = [pl.Series(value_of(panel, name)).fill_nan(None) for name in (*SUMMED, "land_mu")]
    return dict(zip(organisations, zip(*columns, strict=True), strict=True))


def _sum(values: tuple[float | None, ...]) -> float | None:
    """Return the sum; one that is not known leaves it unknown."""
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None


def what_if(viewer: Viewer, method: Method, weights: Weights) -> WhatIf:
    """Return who moves class under other weights; UserError where a weight is none."""
    check(viewer, PER_MU, "weigh")
    ready = prepared(method)
    try:
        before, after = ready.scored(), ready.scored(weights)
    except KitError as wrong:
        raise UserError(str(wrong)) from wrong
    names = _names(viewer)
    moved = moves(before, after).join(names, on="enterprise", how="left")
    stable = stability(ready, weights)
    return WhatIf(before, after, moved, stable, dict(names.select("enterprise", "name").rows()))


def edges(viewer: Viewer, method: Method, within: float) -> pl.DataFrame:
    """Return who stands within so many points of a line between classes, with name and town."""
    check(viewer, PER_MU, "weigh")
    found = cliffs(prepared(method).scored(), within)
    return found.join(_names(viewer), on="enterprise", how="left", maintain_order="left")


def bounds(viewer: Viewer, method: Method) -> pl.DataFrame:
    """Return where the lines between classes lie today (``CLASS_LINES``)."""
    check(viewer, PER_MU, "weigh")
    return class_lines(prepared(method).scored())


def _names(viewer: Viewer) -> pl.DataFrame:
    rows = Organisation.objects.filter(visibility(viewer, PER_MU).as_q(), is_current=True)
    return pl.DataFrame(list(rows.values_list("pk", "name", "town", "is_synthetic")), schema=_NAMES, orient="row")
