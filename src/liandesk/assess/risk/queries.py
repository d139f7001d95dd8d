"""Read what an organisation's failure would bring down: the cascade's figure, or who stops directly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from liandesk.assess.lists.evidence import Stops
from liandesk.assess.risk import stops
from liandesk.assess.risk.policies import SCORE
from liandesk.base.accounts.access import visibility
from liandesk.base.accounts.roles import Viewer
from liandesk.base.pack import pack
from liandesk.base.snapshots.queries import published, table


@dataclass(frozen=True)
class Score:
    """The row of ``cascade_scores``; below the pack's coverage its figures are not told, but who ``stops`` directly."""

    row: dict[str, Any]
    stops: Stops | None


def score(viewer: Viewer, organisation_id: str) -> Score | None:
    """Return what an organisation of the district would bring down; None where there is nothing for the viewer."""
    snapshot = published()
    if snapshot is None or "cascade_scores" not in snapshot.tables:
        return None
    rows = table(snapshot, "cascade_scores").filter(visibility(viewer, SCORE).as_expr())
    found = rows.filter(pl.col("organisation") == organisation_id).collect()
    if found.is_empty():
        return None
    row = found.row(0, named=True)
    is_covered = row["coverage"] is not None and row["coverage"] >= pack().cascade_coverage
    return Score(row, None if is_covered else stops.of_organisation(snapshot, organisation_id))
