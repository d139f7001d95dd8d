"""The cascade in a few lines of dense numpy: slow, obvious, and what the kernels are held equal to.

C. Diem, A. Borsos, T. Reisch, J. Kertész, S. Thurner, "Quantifying firm-level economic systemic risk from nation-wide
supply networks", Scientific Reports 12:7719 (2022); generalised Leontief production up- and downstream.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from liankit.risk.cascade.network import SupplyNetwork
from liankit.risk.cascade.tables import Floats

EXHAUSTED = 1e-10
"""Capacity of a market up to which it counts as gone, in the unit of the amounts (absolute, as published)."""

MOST_STEPS = 100_000
"""A cascade that has not settled by then never does: amounts below 1 can make an exhausted market swing for ever."""


class Cascade(NamedTuple):
    """Remaining production of each firm, 0..1, down- and upstream, and the number of updates done."""

    down: Floats
    up: Floats
    steps: int


def cascade(network: SupplyNetwork, loss_down: Floats, loss_up: Floats, eps: float = 0.01) -> Cascade:
    """Return what is left of each firm after a shock; ``loss_down`` and ``loss_up`` are lost shares (firms,), 0..1."""
    supplies = [_supplies(network, essential) for essential in (2, 1)]
    share_up = _share_up(network)
    down, up, steps, change = 1 - loss_down, 1 - loss_up, 0, np.inf
    while change > eps and steps < MOST_STEPS:
        lost = replaceability(network, down) * (1 - down)
        essential, other = (np.array([lost @ of_item for of_item in parts]) for parts in supplies)
        loss = np.maximum(essential.max(axis=0, initial=0), other.sum(axis=0))
        new_down = np.clip(np.minimum(1 - loss_down, 1 - loss), 0, None)
        new_up = np.clip(np.minimum(1 - loss_up, 1 - share_up @ (1 - up)), 0, None)
        change = max((down - new_down).max(initial=0), (up - new_up).max(initial=0))
        down, up, steps = new_down, new_up, steps + 1
    return Cascade(down, up, steps)


def replaceability(network: SupplyNetwork, down: Floats) -> Floats:
    """Return how much of a firm's lost output its market cannot take over: its share of what the market still makes."""
    if network.market is None:
        return np.ones(network.size)
    left = np.bincount(network.market, down * network.out_strength, minlength=network.market.max(initial=0) + 1)
    left[left <= EXHAUSTED] = 1
    return np.minimum(1, network.out_strength / left[network.market])


def _supplies(network: SupplyNetwork, essential: int) -> list[Floats]:
    """Return for each item the matrix (supplier, buyer) of shares that are lost with a supplier."""
    parts = []
    for item in range(network.items):
        chosen = (network.item == item) & (network.essential == essential)
        part = np.zeros((network.size, network.size))
        np.add.at(part, (network.supplier[chosen], network.buyer[chosen]), network.share_down[chosen])
        parts.append(part)
    return parts


def _share_up(network: SupplyNetwork) -> Floats:
    shares = np.zeros((network.size, network.size))
    np.add.at(shares, (network.supplier, network.buyer), network.share_up)
    return shares
