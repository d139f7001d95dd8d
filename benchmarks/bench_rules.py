"""What it costs to grade by all shipped schemes, with reasons and without, and the ratio to a plain reference."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from resource import RUSAGE_SELF, getrusage

import polars as pl
from tests.liankit.rules_drawn import ON, draw
from tests.liankit.rules_reference import Enterprise, Ruling

from liankit.rules.evaluate import grade
from liankit.rules.packs import Rules, read_lineage
from liankit.rules.panel import build_panel
from liankit.rules.scheme import Compare, nodes_of

SIZES = (1_000, 10_000, 100_000, 1_000_000)
SHARD = 100_000
"""So many enterprises are graded at a time: memory stays that of a shard."""
BY_HAND = 100
"""How many enterprises the plain reference grades."""


def measure(enterprises: int) -> None:
    """Print the seconds of one size and the memory of this process at its height."""
    rules = read_lineage(("cn", "zhejiang"))
    built, short, told, lines = 0.0, 0.0, 0.0, 0
    for _ in range(0, enterprises, SHARD):
        facts = draw(rules, min(enterprises, SHARD))
        start = time.perf_counter()
        panel = build_panel(facts, rules.vocabulary, ON)
        built += time.perf_counter() - start
        short += _seconds(lambda of=panel: grade(rules.schemes, of, with_reasons=False))
        panel.computed.clear()
        start = time.perf_counter()
        for scheme in rules.schemes:
            lines += grade([scheme], panel)[0].table().height
        told += time.perf_counter() - start
    gigabytes = getrusage(RUSAGE_SELF).ru_maxrss / 2**20
    print(
        f"{enterprises:>9,} enterprises: facts to arrays {built:6.2f} s; graded {short:6.2f} s; "
        f"with {lines:>12,} reasons {told:6.2f} s; at most {gigabytes:.1f} GB"
    )


def _seconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def against_reference() -> None:
    """Print how many times the plain reference takes, and one enterprise from its facts to its reasons."""
    rules = read_lineage(("cn", "zhejiang"))
    facts = draw(rules, BY_HAND)
    inputs = {one.key: one for one in rules.vocabulary.inputs}
    formulas = {one.key: one.formula for one in rules.vocabulary.quantities}
    start = time.perf_counter()
    plain = [
        [Ruling(scheme, Enterprise(part.to_dicts(), inputs, formulas, ON)).outcome for scheme in rules.schemes]
        for part in facts.partition_by("enterprise", maintain_order=True)
    ]
    by_hand = time.perf_counter() - start
    start = time.perf_counter()
    panel = build_panel(facts, rules.vocabulary, ON)
    graded = grade(rules.schemes, panel)
    fast = time.perf_counter() - start
    held = {1: True, 0: False, -1: None}
    same = all([held[int(one.outcome[at])] for one in graded] == row for at, row in enumerate(plain))
    print(f"plain reference, {BY_HAND} enterprises: {by_hand:.2f} s, {by_hand / fast:,.0f} times ours; equal: {same}")
    one = facts.filter(enterprise="E0")
    took = min(_seconds(lambda: _reasons(rules, one)) for _ in range(5))
    print(f"one enterprise, facts to reasons of all schemes: {1000 * took:.0f} ms")


def _reasons(rules: Rules, facts: pl.DataFrame) -> None:
    for found in grade(rules.schemes, build_panel(facts, rules.vocabulary, ON)):
        found.reasons(0)


def main() -> None:
    """Print the size of the rules, the cost by size, each in a process of its own, and the ratio to the reference."""
    schemes = read_lineage(("cn", "zhejiang")).schemes
    nodes = [node for scheme in schemes for node in nodes_of(scheme)]
    compared = sum(isinstance(node, Compare) for node in nodes)
    print(f"{len(schemes)} schemes, {len(nodes)} clauses and items, {compared} comparisons")
    for size in SIZES:
        code = f"from benchmarks.bench_rules import measure; measure({size})"
        subprocess.run([sys.executable, "-c", code], check=True)
    against_reference()


if __name__ == "__main__":
    main()
