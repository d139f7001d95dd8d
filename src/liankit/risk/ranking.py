"""The order of the list and how far it can be trusted.

Entries measured in output come first, then those measured in products, then those whose impact is unknown: the
measures cannot be compared, and an unknown impact has no rank. Within a measure the order is by the lower end of the
impact (what is proven: "at least so much"), then what may have one source before what has several, then the upper
end, then reach; entries alike in all share a rank. An impact without an upper end may be any size above its lower end.
"""

from __future__ import annotations

import numpy as np
import polars as pl

_GROUPS = {"output_cny": 0, "products": 1}
_ORDER = ("group", "impact_low", "has_several", "most", "reach", "entry")
_DESCENDING = (False, True, False, True, True, False)


def rank_entries(entries: pl.DataFrame) -> pl.DataFrame:
    """Return the entries in order with ``rank``, ``rank_low`` and ``rank_high`` (null where the impact is unknown).

    ``rank_low`` to ``rank_high`` holds every rank that true impacts inside the intervals can give among the entries
    of the same measure. Entries without an impact are outside: once known they may come before any other. Time grows
    with n log n in the number of entries.
    """
    group = pl.col("impact_measure").replace_strict(_GROUPS, default=len(_GROUPS), return_dtype=pl.Int64)
    several = (~pl.col("sole_source")).fill_null(False)
    most = pl.col("impact_high").fill_null(np.inf).alias("most")
    placed = entries.with_columns(group.alias("group"), several.alias("has_several"), most)
    ordered = placed.sort(_ORDER, descending=_DESCENDING, nulls_last=True)
    ordered = ordered.with_row_index("place", offset=1).with_columns(pl.struct(_ORDER[:-1]).rle_id().alias("tie"))
    has_impact = pl.col("impact_measure").is_not_null()
    rank = pl.when(has_impact).then(pl.col("place").min().over("tie").cast(pl.Int64)).alias("rank")
    return ordered.with_columns(rank, *_rank_intervals(ordered)).drop("group", "has_several", "most", "place", "tie")


def _rank_intervals(ordered: pl.DataFrame) -> list[pl.Series]:
    """Count in each measure: surely before me is who lies wholly above me, at most before me who reaches up to me."""
    groups, n = ordered["group"].to_numpy(), len(ordered)
    ends = {"rank_low": np.full(n, np.nan), "rank_high": np.full(n, np.nan)}
    for group in _GROUPS.values():
        mine = np.flatnonzero(groups == group)
        low, high = (ordered[name].to_numpy()[mine] for name in ("impact_low", "most"))
        first = 1 + np.count_nonzero(groups < group)
        ends["rank_low"][mine] = first + len(mine) - np.searchsorted(np.sort(low), high, side="right")
        ends["rank_high"][mine] = first - 1 + len(mine) - np.searchsorted(np.sort(high), low, side="left")
    return [pl.Series(name, end).fill_nan(None).cast(pl.Int64) for name, end in ends.items()]
