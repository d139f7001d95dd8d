"""All shipped schemes are graded by two thousand enterprises and by one within a generous part of what is promised.

The promise is for 100,000 enterprises on two idle cores (benchmarks/bench_rules.py); here it is a guard against a step
that grows faster than the table, on a machine that does other things: the processor's time, the better of two.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from tests.liankit.rules_drawn import ON, draw

from liankit.rules.evaluate import grade
from liankit.rules.packs import read_lineage
from liankit.rules.panel import build_panel


def best_of_two(run: Callable[[], object]) -> float:
    """Return the least seconds of the processor that a call took."""
    took = []
    for _ in range(2):
        start = time.process_time()
        run()
        took.append(time.process_time() - start)
    return min(took)


def test_all_schemes_take_time_in_proportion_to_enterprises_and_few_milliseconds_for_one() -> None:
    rules = read_lineage(("cn", "zhejiang"))
    facts = draw(rules, 2_000)
    panel = build_panel(facts, rules.vocabulary, ON)

    def short() -> None:
        panel.computed.clear()
        grade(rules.schemes, panel, with_reasons=False)

    def long() -> None:
        panel.computed.clear()
        for scheme in rules.schemes:
            grade([scheme], panel)[0].table()

    one = facts.filter(enterprise="E0")
    assert best_of_two(short) < 0.3
    assert best_of_two(long) < 1.0
    assert best_of_two(lambda: grade(rules.schemes, build_panel(one, rules.vocabulary, ON))) < 0.3
