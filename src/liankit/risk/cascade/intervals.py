"""What a scenario brings down as an interval: the cascade over the low and over the high network, summed by owner."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import polars as pl

from liankit.risk.cascade.arrays import build_arrays
from liankit.risk.cascade.bounds import EPS_BOUNDS, Bounds
from liankit.risk.cascade.lines import Lines, owner_losses
from liankit.risk.cascade.run import losses_of
from liankit.risk.cascade.scenarios import Scenarios
from liankit.risk.cascade.tables import Floats

HIT = 0.01
"""The least loss of an owner that counts as a hit."""


class OwnerLosses(NamedTuple):
    """What each owner (owners,) loses in one scenario, at least and at most: downstream, upstream, by the worse way."""

    down: tuple[Floats, Floats]
    up: tuple[Floats, Floats]
    both: tuple[Floats, Floats]


def find_losses(bounds: Bounds, lines: Lines, scenarios: Scenarios, eps: float = EPS_BOUNDS) -> Iterator[OwnerLosses]:
    """Yield what the owners lose in each scenario; ``lines`` are the firms of ``bounds``, in their order."""
    ends = [build_arrays(network, np.ones(network.size)) for network in bounds]
    for place in range(len(scenarios)):
        (down_low, up_low), (down_high, up_high) = (
            losses_of(arrays, scenarios.part(place, place + 1), eps) for arrays in ends
        )
        yield OwnerLosses(
            owner_losses(lines, down_low, down_high),
            owner_losses(lines, up_low, up_high),
            owner_losses(lines, np.maximum(down_low, up_low), np.maximum(down_high, up_high)),
        )


def esri_row(losses: OwnerLosses, weights: Floats, has_up: bool) -> dict[str, float | int | None]:
    """Return the ESRI of a scenario, and how many owners lose at least 1 % downstream, each ``_low`` and ``_high``.

    ``weights`` (owners,) say what counts, NaN where unknown. Unless ``has_up``, that is unless links say to whom
    suppliers sell, nothing is known of what goes upstream, and that is null.
    """
    down, up, both = (weigh(of_way, weights) for of_way in losses)
    return {
        "esri_low": both[0],
        "esri_high": both[1] if has_up else None,
        "esri_down_low": down[0],
        "esri_down_high": down[1],
        "esri_up_low": up[0] if has_up else None,
        "esri_up_high": up[1] if has_up else None,
        "hit_low": int((losses.down[0] >= HIT).sum()),
        "hit_high": int((losses.down[1] >= HIT).sum()),
    }


def weigh(losses: tuple[Floats, Floats], weights: Floats) -> tuple[float | None, float | None]:
    """Return the least and the most of the mean loss over owners of ``weights`` (owners,), NaN where unknown.

    The mean lies between that over the known weights and the losses of owners whose weight is unknown, be it great.
    Where every weight is 0 there is no mean.
    """
    low, high = losses
    known = ~np.isnan(weights)
    total = weights[known].sum()
    means = [loss[known] @ weights[known] / total for loss in losses] if total > 0 else []
    least, most = [*means[:1], *low[~known]], [*means[1:], *high[~known]]
    return (float(min(least)), float(max(most))) if least else (None, None)


def losses_table(losses: OwnerLosses, owners: pl.Series, has_up: bool) -> pl.DataFrame:
    """Return owner, down_low, down_high, up_low, up_high of who may lose anything, the greatest loss first."""
    columns = {"down_low": losses.down[0], "down_high": losses.down[1], "up_low": losses.up[0], "up_high": losses.up[1]}
    table = pl.DataFrame({"owner": owners, **columns}).filter(pl.max_horizontal("down_high", "up_high") > 0)
    if not has_up:
        table = table.with_columns(pl.lit(None, dtype=pl.Float64).alias(name) for name in ("up_low", "up_high"))
    return table.sort("down_low", "down_high", "owner", descending=[True, True, False])
