"""How a loss travels: for each firm that is hit, whose loss reached it most, back to the firm that failed."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from liankit.risk.cascade.network import SupplyNetwork
from liankit.risk.cascade.reference import EXHAUSTED
from liankit.risk.cascade.tables import Floats, Ints


class Path(NamedTuple):
    """A way from the firm that failed to one that is hit: places of firms, the way of each leg, the loss at its end."""

    firms: tuple[int, ...]
    ways: tuple[str, ...]  # "down" (an input is lost) or "up" (sales are lost), one fewer than firms
    loss: float


def find_paths(network: SupplyNetwork, failed: int, down: Floats, up: Floats, most: int = 5) -> list[Path]:
    """Return the ways to the firms that lose most of the weight, given the losses (firms,) after a cascade.

    Each leg goes back to the supplier (or customer) whose loss counts most in the loss of the firm at its end.
    """
    supplier_of, customer_of = _worst_supplier(network, down), _worst_customer(network, up)
    hit = np.maximum(down, up) * network.out_strength
    hit[failed] = 0
    heaviest = np.argsort(-hit, kind="stable")[:most]
    return [_path(failed, int(firm), down, up, supplier_of, customer_of) for firm in heaviest if hit[firm] > 0]


def _path(failed: int, end: int, down: Floats, up: Floats, supplier_of: Ints, customer_of: Ints) -> Path:
    firms, ways, firm = [end], [], end
    while firm != failed:
        way = "down" if down[firm] >= up[firm] else "up"
        before = int(supplier_of[firm] if way == "down" else customer_of[firm])
        if before < 0 or before in firms:  # a circle: the loss went round
            break
        ways.append(way)
        firms.append(before)
        firm = before
    return Path(tuple(reversed(firms)), tuple(reversed(ways)), float(max(down[end], up[end])))


def _worst_supplier(network: SupplyNetwork, down: Floats) -> Ints:
    """Return, for each firm, the supplier whose loss counts most in its worst input; -1 where no input is lost."""
    counted = network.share_down * (_replaceability(network, down) * down)[network.supplier]
    links = pl.DataFrame(
        {
            "buyer": network.buyer,
            "slot": np.where(network.essential == 2, network.item, -1),
            "supplier": network.supplier,
            "counted": counted,
        }
    ).filter(pl.col("counted") > 0)
    links = links.with_columns(lost=pl.col("counted").sum().over("buyer", "slot"))
    return _first_of(links.sort("lost", "counted", descending=True), "buyer", "supplier", network.size)


def _worst_customer(network: SupplyNetwork, up: Floats) -> Ints:
    links = pl.DataFrame(
        {"supplier": network.supplier, "buyer": network.buyer, "counted": network.share_up * up[network.buyer]}
    ).filter(pl.col("counted") > 0)
    return _first_of(links.sort("counted", descending=True), "supplier", "buyer", network.size)


def _first_of(links: pl.DataFrame, end: str, other: str, size: int) -> Ints:
    found = np.full(size, -1, np.int32)
    first = links.unique(end, keep="first", maintain_order=True)
    found[first[end].to_numpy()] = first[other].to_numpy()
    return found


def _replaceability(network: SupplyNetwork, down: Floats) -> NDArray[np.float64]:
    if network.market is None:
        return np.ones(network.size)
    left = np.bincount(network.market, (1 - down) * network.out_strength)
    left[left <= EXHAUSTED] = 1
    return np.minimum(1, network.out_strength / left[network.market])
