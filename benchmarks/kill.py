"""kill -9 during a load, a refresh and a publish, at moments drawn over the measured duration of each.

Run: python -m benchmarks.kill [KILLS]. After every kill the same command is run again; then the installation must be
well (the doctor's checks, the audit chain among them) and its content must equal that of a home where nothing was
killed: nothing lost, nothing doubled. SQLite only: a home is copied as a folder.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

LIANDESK = [sys.executable, "-m", "liandesk.config.command"]
LOAD = ["load", "synthetic", "--enterprises", "1500", "--seed", "1"]
WANTED_IN_WRITING = 15


@dataclass(frozen=True)
class Operation:
    """A command to kill, the commands that prepare its home, and the business date it runs on."""

    name: str
    command: list[str]
    before: tuple[list[str], ...] = ()
    today: str = "2024-09-30"


OPERATIONS = (
    Operation("load", LOAD, (["migrate", "-v", "0"],)),
    Operation("refresh", ["refresh"], (LOAD,)),
    # on another day every step is known and only the snapshot and its publication are new
    Operation("publish", ["refresh"], (LOAD, ["refresh"]), today="2024-10-08"),
)


def main(kills: int = 20) -> None:
    """Print for each operation the kills by phase and whether the outcome equalled the undisturbed one."""
    for operation in OPERATIONS:
        with tempfile.TemporaryDirectory(prefix="liandesk-kill-") as folder:
            _torture(operation, Path(folder), kills)


def _torture(operation: Operation, folder: Path, kills: int) -> None:
    start = folder / "start"
    for command in operation.before:
        _run(start, command)
    wanted, seconds, writing = _undisturbed(operation, start, folder)
    draw, phases, same = random.Random(operation.name), Counter[str](), 0
    while phases.total() < kills or _in_writing(phases) < WANTED_IN_WRITING:
        home = _copy(start, folder / "home")
        anywhere = phases.total() < kills - WANTED_IN_WRITING
        moment = draw.uniform(0, seconds if anywhere else writing)
        phases[_kill_at(operation, home, moment, after_writing_began=not anywhere)] += 1
        _run(home, operation.command, operation.today)
        same += _content(home) == wanted
        if phases.total() >= 5 * kills:
            break
    print(f"{operation.name}: {seconds:.1f} s undisturbed, {writing:.2f} s from first to last write")
    print(f"    {phases.total()} kills, {_in_writing(phases)} while writing")
    for phase, count in sorted(phases.items()):
        print(f"    {count:3} in: {phase}")
    print(f"    {same} of {phases.total()} ended with the undisturbed content", flush=True)
    if same != phases.total():
        raise SystemExit(1)


def _in_writing(phases: Counter[str]) -> int:
    return sum(count for phase, count in phases.items() if phase.startswith("write"))


def _undisturbed(operation: Operation, start: Path, folder: Path) -> tuple[dict[str, object], float, float]:
    """Return the content, the duration, and how long from the first writing phase to the last (seconds)."""
    home = _copy(start, folder / "undisturbed")
    began = time.perf_counter()
    _kill_at(operation, home, None)
    seconds = time.perf_counter() - began
    phases = _phases(home / "killed.log")
    first = next(at for at, phase in phases if phase.startswith("write"))
    return _content(home), seconds, phases[-1][0] - first


def _copy(source: Path, target: Path) -> Path:
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target)
    return target


def _environment(home: Path, today: str) -> dict[str, str]:
    return {**os.environ, "LIANDESK_HOME": str(home), "LIANDESK_TODAY": today, "LIANDESK_LOG_LEVEL": "INFO"}


def _run(home: Path, command: list[str], today: str = "2024-09-30") -> str:
    done = subprocess.run(LIANDESK + command, env=_environment(home, today), capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"liandesk {' '.join(command)} failed with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def _kill_at(operation: Operation, home: Path, moment: float | None, *, after_writing_began: bool = False) -> str:
    """Kill the command after ``moment`` seconds (None: let it end); return the phase its log says it was in.

    Writing is often shorter than the jitter of starting a process: then the seconds count from its first log line.
    """
    log = home / "killed.log"
    with log.open("w") as stderr:
        process = subprocess.Popen(
            LIANDESK + operation.command,
            env=_environment(home, operation.today),
            stdout=subprocess.DEVNULL,
            stderr=stderr,
            start_new_session=True,
        )
        if moment is not None:
            while after_writing_began and process.poll() is None and '"message": "write' not in log.read_text():
                time.sleep(0.001)
            time.sleep(moment)
            os.killpg(process.pid, signal.SIGKILL) if process.poll() is None else None
        process.wait()
    phases = _phases(log)
    return phases[-1][1] if phases else "start"


def _phases(log: Path) -> list[tuple[float, str]]:
    """Return the moments and names of the phases in a log; a line cut by the kill is left out."""
    lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{") and line.endswith("}")]
    said = [line for line in lines if line["logger"] == "liandesk.phase"]
    return [(datetime.fromisoformat(line["at"]).timestamp(), line["message"]) for line in said]


def _content(home: Path) -> dict[str, object]:
    """What must be the same: facts in force, entries, organisations, what is published, one publication a snapshot."""
    code = "import django; django.setup(); from benchmarks.kill import content; content()"
    env = {**_environment(home, "2024-09-30"), "DJANGO_SETTINGS_MODULE": "liandesk.config.settings"}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def content() -> None:
    """Print the content of the home as JSON, without keys and moments that differ from run to run."""
    from django.db.models import Count

    from liandesk.assess.lists.models import EntryEvent, ListEntry
    from liandesk.base.audit.actions import seal_all
    from liandesk.base.facts.models import Landing
    from liandesk.base.snapshots.models import Pointer, Publication
    from liandesk.base.upkeep.doctor import examine
    from liandesk.know.registry.models import Organisation, Record

    def rows(query: object) -> list[object]:
        return [list(map(str, row)) for row in query]  # type: ignore[attr-defined]

    seal_all()
    entry_fields = [field.attname for field in ListEntry._meta.concrete_fields]
    said = {
        "unwell": [finding.check for finding in examine() if not finding.is_well],
        "landings": rows(Landing.objects.filter(withdrawn_at=None).values_list("source", "content_hash", "facts")),
        "organisations": rows(Organisation.objects.order_by("id").values_list("id", "name", "is_current")),
        "records": rows(Record.objects.order_by("record").values_list("record", "organisation_id")),
        "entries": rows(ListEntry.objects.order_by("key").values_list(*entry_fields)),
        "events": EntryEvent.objects.count(),
        "published": [
            sorted(pointer.snapshot.tables.items()) for pointer in Pointer.objects.select_related("snapshot")
        ],
        "doubled": rows(
            Publication.objects.values("snapshot").annotate(n=Count("id")).filter(n__gt=1).values_list("n")
        ),
    }
    print(json.dumps(said))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
