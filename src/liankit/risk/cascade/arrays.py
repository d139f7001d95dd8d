"""The arrays that the kernels run over: firms ordered by market and size, links in rows both ways, inputs in slots.

A slot adds up what a buyer has lost of one essential item; one more slot of each buyer adds up all its other inputs. So
a buyer's loss is the largest of its slots, and no firm-by-item matrix is ever made.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from liankit.risk.cascade.network import SupplyNetwork
from liankit.risk.cascade.tables import Floats, Ints

Starts = NDArray[np.int64]
AHEAD = 12
"""Links ahead of which the kernels ask for what they will read."""


class Rows(NamedTuple):
    """Compressed sparse rows: ``ends[starts[i]:starts[i + 1]]`` with their ``shares``; ``ends`` is longer by AHEAD."""

    starts: Starts
    ends: Ints
    shares: Floats


class Arrays(NamedTuple):
    """What a cascade runs over; firms stand in the order ``order`` of the network's.

    ``push_down``: from a supplier to slots, whose buyers ``push_buyer`` names; ``push_up``: from a buyer to its
    suppliers. ``sweep_down``: of a buyer its suppliers, slot by slot, the first share of each slot with a minus sign;
    ``sweep_up``: of a supplier its buyers. ``markets``: the firms of market k are ``markets[k]:markets[k + 1]``; empty
    where there are no markets.
    """

    order: Starts
    market: Ints
    markets: Starts
    is_small: NDArray[np.bool_]  # markets that hold a firm with sales between 0 and 1: see ``kernels``
    capacity: Floats  # of each market, undisturbed
    sales: Floats
    push_down: Rows
    push_buyer: Ints
    push_up: Rows
    sweep_down: Rows
    sweep_up: Rows
    weights: Floats  # (firms, columns), each column sums to 1


def build_arrays(network: SupplyNetwork, weights: Floats | None = None) -> Arrays:
    """Return the arrays of a network; ``weights`` (firms, columns) say what counts, by default all sales."""
    n = network.size
    market = np.zeros(n, np.int32) if network.market is None else network.market
    links = np.bincount(network.supplier, minlength=n) + np.bincount(network.buyer, minlength=n)
    order = np.lexsort((-links, market))
    place = np.empty(n, np.int32)
    place[order] = np.arange(n, dtype=np.int32)
    sales, market = network.out_strength[order], market[order]
    markets = _starts(market, 0 if network.market is None else int(market.max(initial=-1)) + 1)
    supplier, buyer = place[network.supplier], place[network.buyer]
    used = (network.essential > 0) & (network.share_down > 0)
    slot, slot_buyer = _slots(network, buyer, used)
    down = (supplier[used], slot, network.share_down[used])
    sold = network.share_up > 0  # none where it is not known who buys: then nothing goes up, and costs nothing
    up = (supplier[sold], buyer[sold], network.share_up[sold])
    push_down = _rows(*down, n)
    small = (sales > 0) & (sales < 1)
    has_markets = len(markets) > 1
    return Arrays(
        order=order,
        market=market if has_markets else np.empty(0, np.int32),
        markets=markets,
        is_small=np.bincount(market[small], minlength=len(markets) - 1).astype(bool)
        if has_markets
        else np.empty(0, bool),
        capacity=np.bincount(market, sales, len(markets) - 1).astype(np.float64) if has_markets else np.empty(0),
        sales=sales,
        push_down=push_down,
        push_buyer=slot_buyer[push_down.ends[: len(slot)]],
        push_up=_rows(up[1], up[0], up[2], n),
        sweep_down=_by_buyer(_rows(down[1], down[0], down[2], len(slot_buyer)), _starts(slot_buyer, n)),
        sweep_up=_rows(*up, n),
        weights=_weights(network, weights)[order],
    )


def _slots(network: SupplyNetwork, buyer: Ints, used: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """Return the slot of each used link and the buyer of each slot; slots are ordered by buyer."""
    item = np.where(network.essential == 2, network.item, network.items)[used]
    key = buyer[used].astype(np.int64) * (network.items + 1) + item
    kept, place = np.unique(key, return_inverse=True)
    return place.astype(np.int32), (kept // (network.items + 1)).astype(np.int32)


def _rows(here: Ints, there: Ints, shares: Floats, size: int) -> Rows:
    order = np.argsort(here.astype(np.int64) * (there.max(initial=0) + 1) + there)  # one key: far quicker than two
    return Rows(_starts(here, size), np.append(there[order], np.zeros(AHEAD, np.int32)), shares[order])


def _by_buyer(by_slot: Rows, slots: Starts) -> Rows:
    """Put the rows of a buyer's slots into one, each slot's first share with a minus sign: no inner loop over slots."""
    firsts = by_slot.starts[:-1][np.diff(by_slot.starts) > 0]
    by_slot.shares[firsts] *= -1
    return by_slot._replace(starts=by_slot.starts[slots])


def _starts(of: Ints, size: int) -> Starts:
    return np.concatenate(([0], np.cumsum(np.bincount(of, minlength=size)[:size])))


def _weights(network: SupplyNetwork, weights: Floats | None) -> Floats:
    """Return the weights with each column summing to 1."""
    given = network.out_strength[:, None] if weights is None else weights.reshape(network.size, -1)
    total = given.sum(axis=0)
    return np.ascontiguousarray(given / np.where(total == 0, 1, total))
