"""A chain's lines and links in arrays, ready to be followed from supplier to buyer; numpy and Polars only."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from liankit.risk.cascade.network import code_values, find_places

Places = NDArray[np.int64]
Floats = NDArray[np.float64]


class Groups(NamedTuple):
    """Rows in groups: those of group k are ``rows[starts[k]:starts[k + 1]]``."""

    starts: Places
    rows: Places

    def of(self, groups: Places) -> tuple[Places, Places]:
        """Return the rows of some groups, one group after another, and where each group begins among them."""
        counts = self.starts[groups + 1] - self.starts[groups]
        begins = np.cumsum(counts) - counts
        return self.rows[np.repeat(self.starts[groups] - begins, counts) + np.arange(counts.sum())], begins


class Ways(NamedTuple):
    """A network ready to be traced: its links in arrays, by supplier and by use.

    A *use* is one line's need of one item. Shares are of its purchases of the item; NaN days are unknown.
    """

    ids: pl.Series
    items: pl.Series
    supplier: Places
    use: Places
    share_low: Floats
    share_high: Floats
    stock_low: Floats  # of each use, as are the following
    stock_high: Floats
    essential: NDArray[np.float64]  # 0, 1, 2; NaN: unknown
    buyer: Places
    item: Places
    by_supplier: Groups  # only the links by which something may be lost
    by_use: Groups


def build_ways(lines: pl.DataFrame, links: pl.DataFrame) -> Ways:
    """Return the network of ``lines`` and ``links`` as of ``spread``, links with ``stock_days_low`` and ``_high``.

    A line without an owner is a market, which keeps no stock. Raises ``UserError`` for a link to an unknown line.
    """
    supplier = find_places(links["supplier"], lines["line"], "links: the supplier").astype(np.int64)
    buyer = find_places(links["buyer"], lines["line"], "links: the buyer").astype(np.int64)
    items = links["item"].unique().sort()
    item = code_values(links["item"], items).astype(np.int64)
    by_use, first = _uses(buyer * max(1, len(items)) + item)
    use = np.empty(len(by_use.rows), np.int64)
    use[by_use.rows] = np.repeat(np.arange(len(first)), np.diff(by_use.starts))
    is_market = lines["owner"].is_null().to_numpy()[buyer[first]]
    low, high, essential = (
        _widest(links[name], by_use, end)
        for name, end in (("stock_days_low", np.fmin), ("stock_days_high", np.fmax), ("essential", np.fmax))
    )
    return Ways(
        ids=lines["line"],
        items=items,
        supplier=supplier,
        use=use,
        share_low=links["share_low"].fill_null(0.0).to_numpy(),
        share_high=links["share_high"].fill_null(1.0).to_numpy(),
        stock_low=np.where(is_market, 0.0, low),
        stock_high=np.where(is_market, 0.0, high),
        essential=essential,
        buyer=buyer[first],
        item=item[first],
        by_supplier=_by_supplier(supplier, (links["share_high"].fill_null(1.0) > 0).to_numpy(), lines.height),
        by_use=by_use,
    )


def _uses(key: Places) -> tuple[Groups, Places]:
    """Return the links of each use, and the first of each."""
    order = np.argsort(key, kind="stable")
    begins = np.flatnonzero(np.diff(key[order], prepend=-1))
    return Groups(np.append(begins, len(key)), order), order[begins]


def _by_supplier(supplier: Places, carries: NDArray[np.bool_], size: int) -> Groups:
    """Return the links of each supplier by which something may be lost."""
    links = np.flatnonzero(carries)
    starts = np.concatenate(([0], np.cumsum(np.bincount(supplier[links], minlength=size))))
    return Groups(starts, links[np.argsort(supplier[links], kind="stable")])


def _widest(said: pl.Series, by_use: Groups, end: np.ufunc) -> Floats:
    """Return what the links of a use say of it, the widest of several; NaN where none says anything."""
    values = said.cast(pl.Float64).fill_null(np.nan).to_numpy()[by_use.rows]
    return end.reduceat(values, by_use.starts[:-1]) if len(values) else values
