"""Lines: what one firm makes of one product. A line is a node of the network; its firm, the owner, has one or several.

An owner's loss is that of its lines, each by its share of the owner's output. Where shares are unknown the loss is an
interval: the least and the most that any shares within their bounds, summing to 1, give.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl

from liankit.errors import UserError
from liankit.risk.cascade.network import code_values
from liankit.risk.cascade.shares import TOLERANCE, add_missing, clean_interval, refuse_sums_above_one, tighten
from liankit.risk.cascade.tables import Floats, Ints, clean_firms, need, number, refuse


class Lines(NamedTuple):
    """Of each line, in the order of the firms table: the place of its owner in ``owners``, and its share's bounds."""

    owners: pl.Series
    owner: Ints
    share_low: Floats
    share_high: Floats


def read_lines(firms: pl.DataFrame) -> Lines:
    """Return the lines of a firms table: firm_id (the line's id), sector, owner and share_low, share_high.

    A share is of the owner's output, from 0 to 1, empty where unknown; the lines of an owner make all that it makes.
    Without the column ``owner`` each firm is one line. Raises ``UserError``.
    """
    firms = clean_firms(firms, [])
    owned = firms if "owner" in firms.columns else firms.with_columns(owner="firm_id")
    owned = add_missing(owned, ("share_low", "share_high")).with_columns(pl.col("owner").cast(pl.String))
    refuse(owned, pl.col("owner").is_null(), "firms", "has no owner. Name the firm that makes it.", "firm_id")
    owned = clean_interval(owned, "firms", "share")
    owners = owned["owner"].unique(maintain_order=True)
    owned = owned.with_columns(owner=pl.Series(code_values(owned["owner"], owners)))
    refuse_sums_above_one(owned, "share_low", "owner", named=owners)
    _refuse_sums_below_one(owned, owners)
    shares = tighten(owned, "share", "owner", complete=pl.lit(True))
    return Lines(owners, *(shares[name].to_numpy() for name in ("owner", "share_low", "share_high")))


def owner_losses(lines: Lines, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Return the least and the most that each owner (owners,) loses, given the bounds of its lines' losses (lines,)."""
    return _poured(lines, low, low), _poured(lines, high, -high)


def fail_owners(lines: Lines, ids: pl.Series, shocks: pl.DataFrame) -> pl.DataFrame:
    """Return shocks in which an owner that ``firm_id`` names is all its lines; ``ids`` are those of the lines."""
    need(shocks, "shocks", ["firm_id"])
    owned = pl.DataFrame({"firm_id": lines.owners.gather(pl.Series(lines.owner)), "line": ids})
    shocks = shocks.with_columns(pl.col("firm_id").cast(pl.String)).join(
        owned, "firm_id", "left", maintain_order="left"
    )
    return shocks.with_columns(firm_id=pl.coalesce("line", "firm_id")).drop("line")


def owner_weights(lines: Lines, firms: pl.DataFrame, column: str) -> Floats:
    """Return a column of the firms as amounts of the owners (owners,), NaN where unknown.

    It is of the owner as a whole, so each of its lines says the same or nothing. Raises ``UserError``.
    """
    firms = clean_firms(firms, [column])
    firms = firms.with_columns(number(firms, "firms", column), owner=pl.Series(lines.owner))
    refuse(firms, pl.col(column) < 0, "firms", f"has a {column} below 0.", "firm_id")
    differs = pl.col(column).drop_nulls().n_unique().over("owner") > 1
    refuse(
        firms, differs, "firms", f"has another {column} than a line of the same owner; it is the owner's.", "firm_id"
    )
    of_owner = firms.group_by("owner", maintain_order=True).agg(pl.col(column).max())
    return of_owner.sort("owner")[column].to_numpy()


def _poured(lines: Lines, loss: Floats, first: Floats) -> Floats:
    """Return each owner's sum of share times loss, where what is free of its shares goes to the least ``first``."""
    order = np.lexsort((first, lines.owner))
    owner, room = lines.owner[order], (lines.share_high - lines.share_low)[order]
    free = 1 - np.bincount(lines.owner, lines.share_low)
    before = np.concatenate(([0.0], np.cumsum(room)[:-1]))
    before -= before[np.searchsorted(owner, owner)]  # counted from the first line of the owner
    share = lines.share_low[order] + np.clip(free[owner] - before, 0, room)
    return np.bincount(owner, share * loss[order]).astype(np.float64, copy=False)


def _refuse_sums_below_one(owned: pl.DataFrame, owners: pl.Series) -> None:
    most = owned.group_by("owner", maintain_order=True).agg(pl.col("share_high").sum())
    small = most.filter(pl.col("share_high") < 1 - TOLERANCE)
    if small.height:
        who, total = owners[int(small["owner"][0])], small["share_high"][0]
        raise UserError(
            f"firms of the owner '{who}': share_high sums to {total:.2f}. Add a line for the rest of what it makes."
            f" Owners like it: {small.height}."
        )
