"""The Python environment in ``.venv`` and the packages in it.

Two files tell its state. ``.incomplete`` stands while packages are being changed: found at the start, it means that
an earlier set-up was killed, and the environment is made anew. The stamp is written last and says what is installed
(hash of the declared and pinned packages, extras) and for which folder and interpreter, since an environment works at
no other. An environment with neither was made by hand: it is kept and completed.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import sys
import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from installer.files import digest, read_stamp, work_folder, write_stamp
from installer.problems import AGAIN, SetupError, tool_failure
from installer.running import ProgramFailed, run_logged

Note = Callable[[str], None]

STAMP, INCOMPLETE = "liandesk-stamp.json", ".incomplete"
# measured on Linux with CPython 3.11: installed 507, 114 and 168, and the wheels while they are unpacked
SPACE_MB = {"": 920, "dev": 300, "browser": 230, "scale": 40}
SPACE_FOR_CHANGES_MB = 100


def venv_python(root: Path) -> Path:
    """Return the environment's interpreter."""
    return root / ".venv" / "bin" / "python"


def package_key(pyproject: bytes, constraints: bytes) -> str:
    """Return a hash of what decides which packages are installed; a changed lint rule is not part of it."""
    declared = tomllib.loads(pyproject.decode("utf-8"))
    parts = [declared.get("build-system"), declared.get("project"), declared.get("tool", {}).get("hatch")]
    return digest(json.dumps(parts, sort_keys=True).encode(), constraints)


def current_key(root: Path) -> str:
    """Return the key of this checkout's declared packages."""
    return package_key((root / "pyproject.toml").read_bytes(), (root / "constraints.txt").read_bytes())


def _stamp(root: Path) -> dict[str, Any] | None:
    return read_stamp(root / ".venv" / STAMP)


def is_usable(root: Path) -> bool:
    """Say whether ``.venv`` is a whole environment of this folder and of an interpreter that is still there."""
    python = venv_python(root)
    if not python.exists() or (root / ".venv" / INCOMPLETE).exists():
        return False
    stamp = _stamp(root)
    return stamp is None or (stamp.get("folder"), stamp.get("python")) == (str(root), str(python.resolve()))


def has_packages(root: Path, extras: Iterable[str]) -> bool:
    """Say whether the declared packages with these extras are installed."""
    stamp = _stamp(root)
    if stamp is None or not is_usable(root):
        return False
    return stamp.get("key") == current_key(root) and set(extras) <= set(stamp.get("extras", ()))


def space_needed(root: Path, extras: Iterable[str]) -> int:
    """Return the megabytes that installing the packages takes, at its peak; an upper bound."""
    stamp = _stamp(root)
    if stamp is None or not is_usable(root):
        return sum(SPACE_MB[extra] for extra in {"", *extras})
    return SPACE_FOR_CHANGES_MB + sum(SPACE_MB[extra] for extra in set(extras) - set(stamp.get("extras", ())))


def require_venv_module(find: Callable[[str], object | None] = importlib.util.find_spec) -> None:
    """Raise when this Python cannot make environments: Debian and Ubuntu package that apart."""
    missing = [name for name in ("venv", "ensurepip") if find(name) is None]
    if missing:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise SetupError(
            "the Python environment cannot be made.",
            f"{sys.executable} lacks the module {' and '.join(missing)}.",
            "install it (Debian, Ubuntu: `apt install python3-venv`, or "
            f"`apt install python{version}-venv` when python3 is another version), " + AGAIN,
        )


def create(root: Path, note: Note) -> None:
    """Make ``.venv`` anew, in place of whatever is there."""
    require_venv_module()
    folder = root / ".venv"
    if folder.exists():
        note("removing an incomplete or moved one")
        shutil.rmtree(folder)
    folder.mkdir()
    (folder / INCOMPLETE).touch()
    log = _fresh_log(root, "venv.log")
    command = [sys.executable, "-I", "-m", "venv", str(folder)]
    try:
        run_logged(command, log, folder=root, environment=os.environ)
    except ProgramFailed as failed:
        raise tool_failure("the Python environment could not be made.", failed.lines, str(log)) from failed


def install(root: Path, extras: Iterable[str], note: Note) -> None:
    """Install the declared packages, those of the given extras and of those installed before."""
    stamp = _stamp(root) or {}
    wanted = sorted({*extras, *stamp.get("extras", ())})
    (root / ".venv" / STAMP).unlink(missing_ok=True)
    _pip_install(root, wanted, note)
    write_stamp(root / ".venv" / STAMP, _new_stamp(root, wanted))


def _new_stamp(root: Path, extras: list[str]) -> dict[str, Any]:
    python = str(venv_python(root).resolve())
    return {"key": current_key(root), "extras": extras, "folder": str(root), "python": python}


def _pip_install(root: Path, extras: list[str], note: Note) -> None:
    """Install in two goes: first what builds this project, then all else, built with exactly that."""
    incomplete, log = root / ".venv" / INCOMPLETE, _fresh_log(root, "pip.log")
    untouched = not incomplete.exists()  # false for an environment that was just made and is still empty
    incomplete.touch()
    try:
        pip(root, [*_build_requirements(root)], log, lambda _: None)
        project = f".[{','.join(extras)}]" if extras else "."
        # compiling all 9,900 modules takes half a minute; what is imported compiles itself the first time
        pip(root, ["--no-compile", "--no-build-isolation", "--editable", project], log, note)
    except ProgramFailed as failed:
        if untouched and not any("Installing collected packages" in line for line in failed.lines):
            incomplete.unlink()  # pip gave up before it changed anything: the environment is as good as it was
        raise tool_failure("the Python packages could not be installed.", failed.lines, str(log)) from failed
    incomplete.unlink()


def _build_requirements(root: Path) -> list[str]:
    declared = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    return [*declared["build-system"]["requires"], "editables"]  # hatchling's own need for --editable


def pip(root: Path, arguments: list[str], log: Path, note: Note) -> None:
    """Run ``pip install`` with the pins, everything temporary inside the checkout."""
    temporary = work_folder(root) / "pip"
    temporary.mkdir(exist_ok=True)
    command = [str(venv_python(root)), "-I", "-m", "pip", "install", "--no-input", "--progress-bar=off"]
    command += ["--disable-pip-version-check", "--constraint", "constraints.txt", *arguments]
    environment = {**os.environ, "TMPDIR": str(temporary), "PIP_ROOT_USER_ACTION": "ignore"}

    def listen(line: str) -> None:
        if line.startswith("Installing collected packages"):
            note(f"installing {line.count(',') + 1}")

    try:
        run_logged(command, log, folder=root, environment=environment, listen=listen)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _fresh_log(root: Path, name: str) -> Path:
    log = work_folder(root) / name
    log.unlink(missing_ok=True)
    return log
