"""Which shocks a cascade is computed for: each firm alone, some firms, or a table of scenarios."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from liankit.errors import UserError
from liankit.risk.cascade.network import SupplyNetwork, find_places
from liankit.risk.cascade.tables import Floats, Ints, need, number, refuse


@dataclass(frozen=True, eq=False)
class Scenarios:
    """Scenarios by ``ids``; number s shocks the firms at ``starts[s]:starts[s + 1]`` of the other arrays.

    ``firms`` are places in the network's order, ``down`` and ``up`` the shares (0..1) that they lose at first.
    """

    ids: pl.Series
    starts: NDArray[np.int64]
    firms: Ints
    down: Floats
    up: Floats

    def __len__(self) -> int:
        return len(self.ids)

    def part(self, start: int, stop: int) -> Scenarios:
        """Return scenarios ``start`` to ``stop``."""
        first, last = self.starts[start], self.starts[stop]
        return Scenarios(
            self.ids[start:stop],
            self.starts[start : stop + 1] - first,
            self.firms[first:last],
            self.down[first:last],
            self.up[first:last],
        )

    def chosen(self, places: NDArray[np.int64]) -> Scenarios:
        """Return the scenarios at these places, in their order."""
        counts = np.diff(self.starts)[places]
        starts = np.concatenate(([0], np.cumsum(counts)))
        at = np.repeat(self.starts[places] - starts[:-1], counts) + np.arange(starts[-1])
        return Scenarios(self.ids.gather(places), starts, self.firms[at], self.down[at], self.up[at])


def each_firm(network: SupplyNetwork, only: pl.Series | None = None) -> Scenarios:
    """Return one scenario a firm (all, or those of ``only``): it fails wholly, down- and upstream."""
    if not network.size:
        raise UserError("firms: there is no row. Give at least one firm.")
    ids = network.ids if only is None else only.cast(pl.String)
    firms = find_places(ids, network.ids, "only: the firm")
    whole = np.ones(len(firms))
    return Scenarios(ids, np.arange(len(firms) + 1, dtype=np.int64), firms, whole, whole)


def from_table(network: SupplyNetwork, shocks: pl.DataFrame) -> Scenarios:
    """Return the scenarios of a table: scenario_id, firm_id, loss_down and, where there, loss_up (shares 0..1).

    Without loss_up a firm loses as much upstream. Raises ``UserError`` at the first row that is wrong.
    """
    need(shocks, "shocks", ["scenario_id", "firm_id", "loss_down"])
    if shocks.is_empty():
        raise UserError("shocks: there is no row. Name at least one firm that loses something.")
    if "loss_up" not in shocks.columns:
        shocks = shocks.with_columns(loss_up="loss_down")
    losses = [number(shocks, "shocks", name) for name in ("loss_down", "loss_up")]
    shocks = shocks.with_columns(pl.col("scenario_id", "firm_id").cast(pl.String), *losses)
    shocks = shocks.with_columns(pl.col("loss_up").fill_null(pl.col("loss_down")))
    refuse(shocks, pl.col("scenario_id").is_null(), "shocks", "has no scenario_id. Name the scenario.")
    for name in ("loss_down", "loss_up"):
        outside = ~pl.col(name).is_between(0, 1).fill_null(False)
        refuse(shocks, outside, "shocks", f"has a {name} that is no share from 0 to 1.", "firm_id")
    twice = pl.struct("scenario_id", "firm_id").is_duplicated()
    refuse(shocks, twice, "shocks", "names a firm twice in one scenario. Keep one row.", "firm_id")
    ids = shocks["scenario_id"].unique(maintain_order=True)
    order = pl.DataFrame({"scenario_id": ids, "place": np.arange(len(ids))})
    shocks = shocks.join(order, on="scenario_id", maintain_order="left").sort("place", maintain_order=True)
    counts = np.bincount(shocks["place"].to_numpy(), minlength=len(ids))
    firms = find_places(shocks["firm_id"], network.ids, "shocks: the firm")
    down, up = (shocks[name].to_numpy() for name in ("loss_down", "loss_up"))
    return Scenarios(ids, np.concatenate(([0], np.cumsum(counts))), firms, down, up)


def read_only(ids: list[str]) -> pl.Series:
    """Return ids given one a line; raise ``UserError`` where there are none or one comes twice."""
    found = pl.Series("firm_id", [line.strip() for line in ids if line.strip()], dtype=pl.String)
    if found.is_empty():
        raise UserError("only: there is no id in the file. Write one a line.")
    if found.is_duplicated().any():
        raise UserError(f"only: '{found.filter(found.is_duplicated())[0]}' comes twice. Keep it once.")
    return found
