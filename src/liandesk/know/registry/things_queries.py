"""Read the things that are simply listed."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
from django.db.models import Q, QuerySet

from liandesk.base.accounts.access import visibility
from liandesk.base.accounts.roles import Viewer
from liandesk.base.facts.queries import as_known
from liandesk.know.registry.things_kinds import KINDS, ThingKind
from liandesk.know.registry.things_models import Thing
from liandesk.know.registry.things_policies import RESOURCES_OF


def things(viewer: Viewer, kind: str) -> QuerySet[Thing]:
    """Return the current things of a kind that the viewer may see."""
    return Thing.objects.filter(visibility(viewer, RESOURCES_OF[kind]).as_q(), kind=kind, is_current=True)


@dataclass(frozen=True)
class Opened:
    """One thing, its kind, and who said what of it where."""

    thing: Thing
    kind: ThingKind
    facts: pl.DataFrame


def opened(viewer: Viewer, kind: str, thing_id: str) -> Opened | None:
    """Return one thing with the facts the viewer may read, or None when it is not there or not for the viewer.

    A thing that the snapshot no longer has is still found, for links that people kept.
    """
    seen = visibility(viewer, RESOURCES_OF[kind]).as_q()
    thing = Thing.objects.filter(seen, kind=kind, pk=thing_id).first()
    if thing is None:
        return None
    facts = as_known(None, viewer, kinds=[kind], records=[thing.record]).facts
    return Opened(thing, KINDS[kind], facts.sort("attribute", "valid_from"))


def thing_title(viewer: Viewer, kind: str, thing_id: str) -> str | None:
    """Return how a thing is called, or None when it is not there or not for the viewer."""
    seen = visibility(viewer, RESOURCES_OF[kind]).as_q()
    return Thing.objects.filter(seen, kind=kind, pk=thing_id).values_list("name", flat=True).first()


def things_of(viewer: Viewer, organisation_id: str) -> list[tuple[ThingKind, list[Thing]]]:
    """Return the things of an organisation that the viewer may see, by kind; kinds without any are left out."""
    its = Q(organisation=organisation_id) | Q(partner=organisation_id)
    found = [(kind, list(things(viewer, code).filter(its).order_by("name")[:_SHOWN])) for code, kind in KINDS.items()]
    return [(kind, rows) for kind, rows in found if rows]


_SHOWN = 20
