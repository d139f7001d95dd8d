"""The compiled translations beside their sources: ``.po`` → ``.mo``, where the source is the newer one."""

from __future__ import annotations

import os
from pathlib import Path

from installer.environment import venv_python
from installer.files import work_folder
from installer.problems import SetupError
from installer.running import ProgramFailed, run_logged

LOCALES = Path("src/liandesk/locale")


def stale(root: Path) -> list[Path]:
    """Return the catalogues whose compiled file is absent or older."""
    sources = sorted((root / LOCALES).glob("**/*.po"))
    return [source for source in sources if not _is_compiled(source)]


def _is_compiled(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return compiled.exists() and compiled.stat().st_mtime_ns >= source.stat().st_mtime_ns


def compile_stale(root: Path) -> None:
    """Compile them in the project's environment, which has Babel."""
    log = work_folder(root) / "translations.log"
    log.unlink(missing_ok=True)
    command = [str(venv_python(root)), str(root / "tools/compile_translations.py"), *map(str, stale(root))]
    try:
        run_logged(command, log, folder=root, environment=os.environ)
    except ProgramFailed as failed:
        raise SetupError(
            "the translations could not be compiled.",
            "a catalogue has a mistake.",
            "mend the lines named above in the .po file, then run the same command again.",
            failed.lines,
        ) from failed
