"""What a scenario costs each sector, beyond what its shock took at once."""

from __future__ import annotations

import numpy as np

from liankit.risk.cascade.tables import Floats, Ints


def sector_impacts(
    sector: Ints, weights: Floats, losses: tuple[Floats, Floats], shocks: tuple[Floats, Floats]
) -> Floats:
    """Return (sectors, 3): the weighted mean loss of a sector's firms minus that of the shock, both ways, down, up.

    ``sector`` (firms,) numbers the sectors from 0; ``losses`` and ``shocks`` are shares (firms,), down- and upstream.
    Both ways it is the worse loss of a firm minus the worse of its shocks. A sector without weight has 0.
    """
    (down, up), (shock_down, shock_up) = losses, shocks
    further = (np.maximum(down, up) - np.maximum(shock_down, shock_up), down - shock_down, up - shock_up)
    total = np.bincount(sector, weights)
    found = np.stack([np.bincount(sector, weights * more) for more in further], axis=1)
    return found / np.where(total == 0, 1, total)[:, None]
