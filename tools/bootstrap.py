"""Find a Python that is new enough and hand over to the installer.

This one file runs on any Python from 3.6 (so it cannot import annotations): an old one is answered with a
sentence and not with a syntax error. All else in ``tools`` may use the language of 3.11. Arguments are the extras to
install: dev, browser, scale.
"""

import os
import subprocess
import sys

WANTED = (3, 11)
CANDIDATES = ("python3.11", "python3.12", "python3.13", "python3.14")  # first the one the pins were tried on
TEST = f"import sys; sys.exit(sys.version_info < {WANTED})"

ADVICE = """Set-up stopped: no Python 3.11 or newer was found.
  Why: {python} is Python {version}, and none of {candidates} runs.
  What to do: install one (Debian 12, Ubuntu 24.04: `apt install python3 python3-venv`), or name the one you
  have: `make demo PYTHON=/path/to/python3.11`. Then run the same command again."""


def find_newer() -> str:
    """Return the name of the first candidate that runs and is new enough, or an empty string."""
    for name in CANDIDATES:
        try:
            # a version manager's shim may exist for a Python that is not there: only running it tells
            if subprocess.call([name, "-c", TEST], stderr=subprocess.DEVNULL) == 0:
                return name
        except OSError:
            continue
    return ""


def advice(version: str, python: str) -> str:
    """Return what to tell a person whose Python is too old."""
    return ADVICE.format(python=python, version=version, candidates=", ".join(CANDIDATES))


def main() -> int:
    """Run the installer on this Python, or start again on a newer one."""
    if sys.version_info >= WANTED:
        from installer.main import main as install

        return install(sys.argv[1:])
    newer = find_newer()
    if newer:
        os.execvp(newer, [newer, *sys.argv])
    sys.stderr.write(advice(sys.version.split()[0], sys.executable) + "\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
