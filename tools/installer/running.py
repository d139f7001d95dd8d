"""Run another program, keep all it says in a log, and hand its lines over as they come."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

Listener = Callable[[str], None]


class ProgramFailed(Exception):
    """A program that was started ended with an error; carries what it said."""

    def __init__(self, lines: list[str], log: Path) -> None:
        super().__init__(lines[-1] if lines else "no output")
        self.lines, self.log = lines, log


def run_logged(
    command: Sequence[str],
    log: Path,
    *,
    folder: Path,
    environment: Mapping[str, str],
    listen: Listener = lambda line: None,
) -> None:
    """Run ``command`` in ``folder``; raise `ProgramFailed` when it does not end with 0."""
    lines: list[str] = []
    with (
        log.open("a", encoding="utf-8") as record,
        subprocess.Popen(
            command,
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        ) as process,
    ):
        for line in process.stdout or ():
            record.write(line)
            lines.append(line.rstrip())
            listen(line)
    if process.returncode != 0:
        raise ProgramFailed(lines, log)
