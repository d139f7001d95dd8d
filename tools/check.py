"""Run every check, show what each failing one says, and count them at the end; no file is changed."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CHECKS = (
    ("ruff", "check", "--no-fix"),
    ("ruff", "format", "--check"),
    ("mypy", "src", "tools"),
    ("lint-imports", "--no-logo"),
)


def passes(command: tuple[str, ...]) -> bool:
    """Run one tool of this environment; print its name, result and time, and all it says when it fails."""
    program = Path(sys.executable).parent / command[0]
    started = time.monotonic()
    done = subprocess.run([program, *command[1:]], cwd=ROOT, capture_output=True, text=True)
    verdict = "ok" if done.returncode == 0 else "FAILED"
    print(f"{' '.join(command):24} {verdict} {time.monotonic() - started:.1f} s", flush=True)
    if done.returncode != 0:
        print(done.stdout + done.stderr, flush=True)
    return done.returncode == 0


def main() -> int:
    """Return 0 when all checks pass, else 1."""
    failed = [" ".join(command) for command in CHECKS if not passes(command)]
    if failed:
        print(f"{len(failed)} of {len(CHECKS)} checks failed: {', '.join(failed)}. `make fix` mends what ruff can.")
        return 1
    print(f"All {len(CHECKS)} checks passed.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
