"""The four steps of the set-up; a step that is done is skipped, so a warm start only compares hashes."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from installer import assets, environment, translations
from installer.files import require_space, require_writable, set_up_lock
from installer.problems import SetupError, tool_failure

ROOT = Path(__file__).resolve().parents[2]
EXTRAS = ("dev", "browser", "scale")
Note = Callable[[str], None]


@dataclass(frozen=True)
class Step:
    """One part of the set-up: whether it is done, how it is done, and the disk space (MB) that it takes meanwhile."""

    name: str
    is_done: Callable[[], bool]
    run: Callable[[Note], None]
    space: Callable[[], int] = lambda: 0


def steps_of(root: Path, extras: Sequence[str]) -> list[Step]:
    """Return the steps in their order; each relies on those before it."""
    return [
        Step(
            "Python environment",
            lambda: environment.is_usable(root),
            lambda note: environment.create(root, note),
        ),
        Step(
            "Python packages",
            lambda: environment.has_packages(root, extras),
            lambda note: environment.install(root, extras, note),
            lambda: environment.space_needed(root, extras),
        ),
        Step(
            "Front-end assets",
            lambda: assets.is_built(root),
            lambda note: assets.build(root, note),
            lambda: assets.SPACE_MB,
        ),
        Step(
            "Translations",
            lambda: not translations.stale(root),
            lambda note: translations.compile_stale(root),
        ),
    ]


def say(text: str, end: str = "\n") -> None:
    """Print at once, so that progress is seen while it is made."""
    print(text, end=end, flush=True)


def run_step(label: str, step: Step) -> None:
    """Do a step unless it is done, and print how long it took."""
    say(f"{label} {step.name} ...", end=" ")
    if step.is_done():
        say("ready")
        return
    started = time.monotonic()
    try:
        step.run(lambda text: say(f"{text} ...", end=" "))
    except BaseException:
        say("")  # the message begins on a line of its own
        raise
    say(f"{time.monotonic() - started:.0f} s")


def set_up(root: Path, extras: Sequence[str]) -> None:
    """Bring the checkout to where its commands run."""
    steps = steps_of(root, extras)
    if all(step.is_done() for step in steps):
        return
    require_writable(root)
    with set_up_lock(root, say):
        require_space(root, sum(step.space() for step in steps if not step.is_done()))
        for number, step in enumerate(steps, 1):
            run_step(f"[{number}/{len(steps)}]", step)


def main(extras: Sequence[str], root: Path = ROOT) -> int:
    """Set up with the given extras; print a failure as what happened, why and what to do."""
    unknown = sorted(set(extras) - set(EXTRAS))
    if unknown:
        sys.stderr.write(f"Unknown extras: {', '.join(unknown)}; there are {', '.join(EXTRAS)}.\n")
        return 2
    try:
        set_up(root, extras)
    except SetupError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"{tool_failure('a file could not be handled.', [str(error)], 'this one line')}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write(
            "Set-up interrupted. Run the same command again: finished steps are kept, others begin anew.\n"
        )
        return 130
    return 0
