"""Run the ``main()`` of every ``bench_*.py`` beside this file, in the order of their names."""

from __future__ import annotations

import importlib
from pathlib import Path


def run_all() -> None:
    for path in sorted(Path(__file__).parent.glob("bench_*.py")):
        print(f"== {path.stem.removeprefix('bench_')}")
        importlib.import_module(f"benchmarks.{path.stem}").main()


run_all()
