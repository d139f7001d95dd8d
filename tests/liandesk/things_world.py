"""One marked thing of every kind for each of two owners, and who may see it; joined to the marked district."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from liandesk.base.accounts.cast import officers_office
from liandesk.base.pack import pack
from liandesk.know.registry.models import Thing
from liandesk.know.registry.things_kinds import KINDS

OWNERS = {"trial": ("Clinic", "Ward")}
"""Whose things there are; enterprises where nothing is said."""
SPONSORS = {"Clinic": "One", "Ward": "Two"}
AREAS = {"One": 1200.0, "Two": 800.0}

Said = Mapping[str, str | float]


def owners(kind: str) -> tuple[str, ...]:
    return OWNERS.get(kind, ("One", "Two"))


def thing_facts() -> list[tuple[str, str, Said]]:
    """Return what is said: (key of the record, kind, attributes)."""
    return [(f"{code}{part}", code, _said(code, part)) for code in KINDS for part in owners(code)]


def _said(code: str, part: str) -> Said:
    kind, place = KINDS[code], owners(code).index(part)
    said: dict[str, str | float] = {kind.names: f"Mark{code.title()}{part}"}
    if kind.owner:
        said[kind.owner] = f"workbook:organisation:{part}"
    if kind.partner:
        said[kind.partner] = f"workbook:organisation:{SPONSORS[part]}"
    if code in ("space", "lead", "site"):
        said["town"] = pack().towns[place].code
    if code == "lead":
        said["contact_office"] = (officers_office(pack()), pack().chain_office)[place]
    if code == "space":
        said["area_m2"] = AREAS[part]
    return said


def thing_name(kind: str, part: str) -> str:
    """Return the short name of a thing in the tables of objects."""
    return f"{kind} {part}"


def thing_rows() -> dict[str, Thing]:
    """Return the published things by their short names."""
    return {thing_name(code, part): Thing.objects.get(kind=code, name=f"Mark{code.title()}{part}")
            for code in KINDS for part in owners(code)}  # fmt: skip


def as_row(thing: Thing) -> dict[str, object]:
    """Return the fields that the access matrix looks at."""
    return {name: getattr(thing, name) for name in ("organisation", "partner", "town", "office")}


def marks_on(name: str) -> Sequence[str]:
    """Return the marks that a thing's row bears: its own, and the names of the organisations on it."""
    code, part = name.split()
    kind = KINDS[code]
    named = [f"MarkName{part}"] if kind.owner else []
    return [f"Mark{code.title()}{part}", *named, *([f"MarkName{SPONSORS[part]}"] if kind.partner else [])]
