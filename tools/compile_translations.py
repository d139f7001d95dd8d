"""Compile the gettext catalogues given as arguments; with Babel, since a bare machine has no msgfmt."""

from __future__ import annotations

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po


def read(source: Path) -> Catalog:
    """Read a catalogue; a line that is none of the format's raises `PoFileError`."""
    with source.open("rb") as file:
        return read_po(file, locale=source.parent.parent.name, abort_invalid=True)


def mistakes(source: Path, catalog: Catalog) -> list[str]:
    """Return what Babel finds wrong: mostly a placeholder that differs from the original's."""
    return [f"{source}:{message.lineno}: {error}" for message, errors in catalog.check() for error in errors]


def compile_catalogue(source: Path) -> list[str]:
    """Write the ``.mo`` beside its source, whole or not at all; return the mistakes that prevented it."""
    try:
        catalog = read(source)
    except PoFileError as error:
        return [f"{source}: {error}"]
    found = mistakes(source, catalog)
    if not found:
        draft = source.with_suffix(".mo.draft")
        with draft.open("wb") as file:
            write_mo(file, catalog)
        draft.replace(source.with_suffix(".mo"))
    return found


def main(sources: list[str]) -> int:
    """Compile all; print every mistake."""
    found = [mistake for source in sources for mistake in compile_catalogue(Path(source))]
    for mistake in found:
        sys.stderr.write(mistake + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
