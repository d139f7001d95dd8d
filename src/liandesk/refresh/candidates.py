"""Who could stand in for the sources of each item of the risk list: a step over the map of the chain and of notices."""

from __future__ import annotations

from typing import Any

import polars as pl

from liandesk.assess.events.models import Event, HitKind
from liandesk.assess.events.queries import events_digest
from liankit.risk.candidates import NAMED_SCHEMA, find_candidates

INPUTS = ("entries", "nodes", "relations", "makers", "links", "organisations")
"""The tables that the step reads."""


def offer_candidates(tables: dict[str, pl.DataFrame], towns: list[str]) -> pl.DataFrame:
    """Return the candidates of every item of the risk list; ``towns`` are those of the district."""
    is_local = pl.col("town").is_in(towns).fill_null(False)
    declared = pl.when(pl.col("country_basis").fill_null("declared") == "declared").then("country")
    organisations = tables["organisations"].select("id", "name", "town", country=declared, is_local=is_local)
    return find_candidates(
        nodes=tables["nodes"],
        relations=tables["relations"],
        makers=tables["makers"],
        links=tables["links"],
        organisations=organisations,
        items=tables["entries"]["item"].drop_nulls(),
        named=_named(),
        present=tables["entries"].filter(scope="item").select("item", candidate="critical_supplier").drop_nulls(),
    )


def params_of_candidates(pack_version: int) -> Any:
    """Return what the step depends on beside its tables: the pack's towns and the notices in force."""
    return [pack_version, events_digest(), _named().rows()]


def _named() -> pl.DataFrame:
    """Return ``NAMED_SCHEMA``: the alternatives that events in force name for the items they hit."""
    rows = [
        (hit.object_id, said["name"], said.get("holder"), f"event {event.pk}")
        for event in Event.objects.in_force().exclude(alternatives=[]).prefetch_related("hits").order_by("pk")
        for hit in event.hits.all()
        if hit.kind == HitKind.ITEM and hit.object_id
        for said in event.alternatives
    ]
    return pl.DataFrame(rows, schema=NAMED_SCHEMA, orient="row")
