"""Stacking as its words say it, one enterprise at a time, where everything is known; the reference of the tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from liankit.rules.benefits import Policy

Cell = tuple[str, str]


def stacked(policies: Sequence[Policy], worth: Mapping[Cell, int]) -> dict[Cell, int]:
    """Return what an enterprise keeps of each clause, in fen; ``worth`` holds the clauses it is entitled to."""
    kept = {(one.key, clause.key): worth.get((one.key, clause.key), 0) for one in policies for clause in one.clauses}
    for one in policies:
        for group in one.groups:
            home = [(one.key, clause.key) for clause in one.clauses if clause.group == group.key]
            cells = [*home, *((name.split(".")[0], name.split(".")[1]) for name in group.joins)]
            left = int((group.most_cny or 0) * 100)
            best = max(cells, key=lambda cell: kept[cell]) if group.rule == "highest" else None
            first = next((cell for cell in cells if cell in worth), None)
            for cell in cells:
                if group.rule == "cap":
                    kept[cell] = min(kept[cell], left)
                    left -= kept[cell]
                elif cell != (best if group.rule == "highest" else first):
                    kept[cell] = 0
    return kept
