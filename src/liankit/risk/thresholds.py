"""The thresholds of the risk list: parameters with their sources, never constants inside a formula."""

from __future__ import annotations

from dataclasses import dataclass

EPSILON = 1e-9  # sums of shares that meet a threshold exactly miss it by some 1e-16


@dataclass(frozen=True)
class Thresholds:
    """Where a claim of the list begins to hold; all are shares or sums of squared shares, from 0 to 1.

    ``supplier_hhi``, ``country_hhi``  concentrated above this (CEPII GeoDep IM_HHI > 0.4; EC SWD(2021)352 CDI1)
    ``import_share``  dependent on imports above this (EC SWD(2021)352 CDI2 > 0.5)
    ``share_tolerance``  by how much stated shares may miss 1, as people round percentages; beyond it, above 1 they
    contradict each other, below 1 somebody else supplies
    """

    supplier_hhi: float = 0.4
    country_hhi: float = 0.4
    import_share: float = 0.5
    share_tolerance: float = 0.01


DEFAULT_THRESHOLDS = Thresholds()
