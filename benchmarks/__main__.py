"""Run the ``main()`` of every ``bench_*.py`` beside this file, in the order of their names.

Each runs in a process of its own: Django is set up once a process, and each benchmark of pages has its own home.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def run_all() -> None:
    for path in sorted(Path(__file__).parent.glob("bench_*.py")):
        print(f"== {path.stem.removeprefix('bench_')}", flush=True)
        subprocess.run([sys.executable, "-c", f"from benchmarks.{path.stem} import main; main()"], check=True)


run_all()
