"""How a loss travels: which firm brought it to which, from the firm that failed to each that is hit.

A cascade is followed step by step, in plain numpy. A firm is *hit* in the first step in which it has lost at least
``least`` of its output; the one that brought the loss is, of those hit before, the supplier that counts most in its
worst input, or the customer that counts most in its sales. It was hit in an earlier step, so no way runs in a circle.
Losses that run down never turn up, nor the other way round: a way is all "down" or all "up".
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from liankit.risk.cascade.network import SupplyNetwork
from liankit.risk.cascade.reference import MOST_STEPS, replaceability
from liankit.risk.cascade.run import EPS
from liankit.risk.cascade.scenarios import Scenarios
from liankit.risk.cascade.tables import Floats, Ints

LEAST = 0.01
"""Share of its output that a firm that counts as hit has lost."""


class Trace(NamedTuple):
    """A cascade and how it travelled; arrays (firms,) in the network's order.

    ``down`` and ``up`` are the losses; ``step_down`` and ``step_up`` the steps in which a firm was hit (0: by the shock
    itself, -1: never); ``supplier`` and ``customer`` the places of the firms that brought the loss down and up (-1: the
    shock itself, nobody, or many firms of which none was hit).
    """

    down: Floats
    up: Floats
    step_down: Ints
    step_up: Ints
    supplier: Ints
    customer: Ints
    steps: int


class Path(NamedTuple):
    """A way from a firm that was shocked to one that is hit: places of firms, the loss at its end, 0..1."""

    firms: tuple[int, ...]
    way: str  # "down": inputs are lost; "up": sales are lost
    loss: float


class _Links(NamedTuple):
    """Links by the loss that they carry: ``share`` of the loss of ``sender`` in ``slot``, a slot of ``receiver``.

    The slots of the firm ``hit[i]`` begin at ``starts[i]``; slots are ordered by firm.
    """

    sender: Ints
    receiver: Ints
    share: Floats
    slot: Ints
    hit: Ints
    starts: NDArray[np.int64]


def trace(network: SupplyNetwork, scenarios: Scenarios, eps: float = EPS, least: float = LEAST) -> Trace:
    """Follow the one scenario given until it settles, as ``reference.cascade`` does; say who brought what to whom."""
    links_down, links_up = _links_down(network), _links_up(network)
    shock_down, shock_up = np.zeros(network.size), np.zeros(network.size)
    shock_down[scenarios.firms], shock_up[scenarios.firms] = scenarios.down, scenarios.up
    down, up, steps, change = shock_down, shock_up, 0, np.inf
    step_down, step_up = (np.where(shock >= least, 0, -1).astype(np.int32) for shock in (shock_down, shock_up))
    supplier, customer = np.full((2, network.size), -1, np.int32)
    while change > eps and steps < MOST_STEPS:
        steps += 1
        sent = replaceability(network, 1 - down) * down
        new_down = _step(links_down, sent, shock_down, steps, least, step_down, supplier)
        new_up = _step(links_up, up, shock_up, steps, least, step_up, customer)
        change = max((new_down - down).max(initial=0), (new_up - up).max(initial=0))
        down, up = new_down, new_up
    return Trace(down, up, step_down, step_up, supplier, customer, steps)


def find_paths(network: SupplyNetwork, found: Trace, most: int = 5) -> list[Path]:
    """Return the ways to the firms that lose most sales, the shocked ones left out; the largest loss first."""
    lost = np.maximum(found.down, found.up) * network.out_strength
    lost[(found.step_down == 0) | (found.step_up == 0)] = 0
    heaviest = np.argsort(-lost, kind="stable")[:most]
    return [path_to(found, int(firm)) for firm in heaviest if lost[firm] > 0]


def path_to(found: Trace, firm: int) -> Path:
    """Return the way to a firm, by the channel in which it loses more."""
    is_down = found.down[firm] >= found.up[firm]
    before = found.supplier if is_down else found.customer
    firms = [firm]
    while before[firms[-1]] >= 0:
        firms.append(int(before[firms[-1]]))
    loss = found.down[firm] if is_down else found.up[firm]
    return Path(tuple(reversed(firms)), "down" if is_down else "up", float(loss))


def _links_down(network: SupplyNetwork) -> _Links:
    """An essential item of a buyer has a slot of its own, all its other inputs share one."""
    used = network.essential > 0
    supplier, buyer, share = network.supplier[used], network.buyer[used], network.share_down[used]
    item = np.where(network.essential[used] == 2, network.item[used], network.items)
    kept, slot = np.unique(buyer.astype(np.int64) * (network.items + 1) + item, return_inverse=True)
    hit, starts = np.unique(kept // (network.items + 1), return_index=True)
    return _Links(supplier, buyer, share, slot.astype(np.int32), hit.astype(np.int32), starts)


def _links_up(network: SupplyNetwork) -> _Links:
    """All sales of a supplier are one slot; links that carry nothing are left out."""
    used = network.share_up > 0
    supplier, buyer, share = network.supplier[used], network.buyer[used], network.share_up[used]
    hit, slot = np.unique(supplier, return_inverse=True)
    return _Links(buyer, supplier, share, slot.astype(np.int32), hit, np.arange(len(hit)))


def _step(
    links: _Links, sent: Floats, shock: Floats, step: int, least: float, hit_in: Ints, brought_by: Ints
) -> Floats:
    """Return the losses after one step; write into ``hit_in`` and ``brought_by`` who is hit in it, and by whom."""
    if not len(links.share):
        return shock
    counted = links.share * sent[links.sender]
    lost, loss = np.bincount(links.slot, counted), shock.copy()
    loss[links.hit] = np.minimum(1, np.maximum(loss[links.hit], np.maximum.reduceat(lost, links.starts)))
    is_new = (hit_in < 0) & (loss >= least)
    carried = np.flatnonzero(is_new[links.receiver] & (counted > 0) & (hit_in[links.sender] >= 0))
    order = carried[np.lexsort((-counted[carried], -lost[links.slot[carried]], links.receiver[carried]))]
    receivers, first = np.unique(links.receiver[order], return_index=True)
    hit_in[is_new] = step
    brought_by[receivers] = links.sender[order[first]]
    return loss
