"""What entitlements are computed from: the enterprises of the district's towns, and what is known of them."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from liandesk.know.registry.models import Organisation
from liankit.rules.panel import FACTS

TOWN = "town"
"""The input that the registry knows."""


def enterprises() -> dict[str, str]:
    """Return the enterprises of the district's towns: id -> town."""
    found = Organisation.objects.filter(kind="enterprise", is_current=True).exclude(town="").order_by("pk")
    return dict(found.values_list("pk", "town"))


def with_towns(facts: pl.DataFrame, towns: Mapping[str, str]) -> pl.DataFrame:
    """Return facts with the towns of enterprises as the registry knows them, in place of what sheets say of towns."""
    return pl.concat([facts.filter(pl.col("input") != TOWN), _town_facts(towns)])


def _town_facts(towns: Mapping[str, str]) -> pl.DataFrame:
    said = pl.DataFrame({"enterprise": list(towns), "text": list(towns.values())}, schema_overrides={"text": pl.String})
    empty = {name: pl.lit(None, dtype=dtype) for name, dtype in FACTS.items() if name not in said.columns}
    return said.with_columns(**{**empty, "input": pl.lit(TOWN)}).select(
        pl.col(name).cast(FACTS[name]) for name in FACTS
    )
