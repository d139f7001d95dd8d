"""Seconds for the frontier of a portfolio over 2,000 entries, and the gap at each budget; 600 interventions on offer.

Heavy-tailed losses (lognormal), costs from a hundred thousand to ten million yuan, one to five entries an intervention;
where two to four meet on an entry, what they save together was computed. A budget may take ``portfolio.SECONDS``.
"""

from __future__ import annotations

import time
from itertools import combinations

import numpy as np

from liankit.risk.portfolio import Option, Problem, choose, frontier

ENTRIES, INTERVENTIONS, MOST_TOGETHER = 2_000, 600, 3


def made_problem(entries: int = ENTRIES, interventions: int = INTERVENTIONS, seed: int = 5) -> Problem:
    """Return a problem of this size, the same for the same seed."""
    rng = np.random.default_rng(seed)
    loss = rng.lognormal(16, 1.6, entries) * rng.uniform(0.01, 0.4, entries)
    touching: dict[int, list[int]] = {}
    for place in range(interventions):
        for entry in rng.choice(entries, rng.integers(1, 6), replace=False):
            touching.setdefault(int(entry), []).append(place)
    options = []
    for entry, places in touching.items():
        kept = {place: rng.uniform(0.3, 0.9) for place in places}
        for size in range(1, min(len(places), MOST_TOGETHER) + 1):
            for chosen in combinations(places, size):
                left = float(np.prod([1 - kept[place] for place in chosen]))
                options.append(Option(f"e{entry}", frozenset(chosen), float(loss[entry] * (1 - left))))
    costs = tuple(int(cost) * 10_000 for cost in rng.integers(10, 1_000, interventions))
    return Problem(tuple(f"v{place}" for place in range(interventions)), costs, tuple(options))


def main() -> None:
    """Print the seconds of one budget and of the frontier, with the worst gap."""
    problem = made_problem()
    total = sum(problem.costs)
    choose(problem, total / 10)  # scipy is loaded
    begun = time.perf_counter()
    one = choose(problem, total / 5)
    single = time.perf_counter() - begun
    begun = time.perf_counter()
    found = frontier(problem)
    spent = time.perf_counter() - begun
    worst = max(choice.gap for choice in found if choice.value)
    size = f"{ENTRIES:,} entries, {INTERVENTIONS:,} interventions, {len(problem.options):,} options"
    print(f"{size}: one budget {single:.1f} s (gap {one.gap:.2g}), frontier of {len(found)} budgets {spent:.1f} s")
    print(f"worst gap {worst:.2g}; proven best at {sum(choice.gap == 0 for choice in found)} of {len(found)}")


if __name__ == "__main__":
    main()
