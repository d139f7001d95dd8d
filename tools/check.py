"""Run every check, show what each failing one says, and count them at the end; no file is changed."""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CHECKS = (
    ("mypy", "src", "tools"),
    ("ruff", "check", "--no-fix"),
    ("ruff", "format", "--check"),
    ("lint-imports", "--no-logo"),
)


def passes(command: tuple[str, ...]) -> bool:
    """Run one tool of this environment; print its name, result and time, and all it says when it fails."""
    program = Path(sys.executable).parent / command[0]
    started = time.monotonic()
    done = subprocess.run([program, *command[1:]], cwd=ROOT, capture_output=True, text=True)
    verdict = "ok" if done.returncode == 0 else "FAILED"
    said = "" if done.returncode == 0 else f"\n{done.stdout}{done.stderr}"
    print(f"{' '.join(command):24} {verdict} {time.monotonic() - started:.1f} s{said}", flush=True)
    return done.returncode == 0


def main() -> int:
    """Return 0 when all checks pass, else 1."""
    with ThreadPoolExecutor(2) as pool:  # the types take longer than all else together
        verdicts = list(pool.map(passes, CHECKS))
    failed = [" ".join(command) for command, is_ok in zip(CHECKS, verdicts, strict=True) if not is_ok]
    if failed:
        print(f"{len(failed)} of {len(CHECKS)} checks failed: {', '.join(failed)}. `make fix` mends what ruff can.")
        return 1
    print(f"All {len(CHECKS)} checks passed.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
