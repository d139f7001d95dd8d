"""The pack says what the district is; code reads it here and knows no district and no industry."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from liandesk.base.errors import UserError
from liankit.errors import nearest
from liankit.yaml_text import read_yaml

Text = Mapping[str, str]
"""A text in both languages: ``{"zh": ..., "en": ...}``."""


@dataclass(frozen=True)
class Term:
    """A coded name of the pack: a town, a zone, an office, a classification mark."""

    code: str
    text: Text


@dataclass(frozen=True)
class Alias:
    """A name by which texts call an office, from and until when; None: not known."""

    name: str
    start: date | None
    until: date | None

    def holds(self, on: date) -> bool:
        """Say whether it may be meant on a day."""
        return (self.start is None or self.start <= on) and (self.until is None or on <= self.until)


@dataclass(frozen=True)
class Office(Term):
    """An office. ``nameplates`` are its names where it has two; one office still."""

    nameplates: tuple[str, ...]
    aliases: tuple[Alias, ...]

    def names(self, on: date | None = None) -> tuple[str, ...]:
        """Return every Chinese name that means it on a day, or ever where none is given; the usual one first."""
        held = (alias.name for alias in self.aliases if on is None or alias.holds(on))
        return tuple(dict.fromkeys((self.text["zh"], *self.nameplates, *held)))


@dataclass(frozen=True)
class ServiceWindow(Term):
    """A window of the district's services: the office that keeps it, and the processes that are asked for at it."""

    office: str
    processes: tuple[str, ...]


@dataclass(frozen=True)
class Prior:
    """What is assumed of a likelihood that nothing is known of: a share from low to high, and whence."""

    share: tuple[float, float]
    confidence: str  # low | medium | high
    source: Text


@dataclass(frozen=True)
class ItemKind(Term):
    """A kind of item of the risk list: its office, those that co-operate, the assumed months to switch, a prior."""

    owner: str
    with_offices: tuple[str, ...]
    switch_months: tuple[float, float]
    prior: Prior | None


@dataclass(frozen=True)
class SurveyMode(Term):
    """How often a survey is held in a mode, how long enterprises have, and how much one form asks.

    ``always`` are the codes of questions that are asked again of every input, known or not: stock changes by the day.
    """

    every_days: int
    answer_days: int
    most_questions: int
    always: tuple[str, ...]


@dataclass(frozen=True)
class Pack:
    """One district and one industry, parsed and checked once."""

    key: str
    version: int
    extends: tuple[str, ...]
    name: Text
    district: Term
    home_country: str
    demo_today: date
    programme: Text
    towns: tuple[Term, ...]
    zones: tuple[Term, ...]
    tiles: Mapping[str, Mapping[str, tuple[int, int]]]  # "towns", "zones" -> code -> column and row in the sketch
    offices: tuple[Office, ...]
    chain_office: str
    services: tuple[ServiceWindow, ...]
    item_kinds: tuple[ItemKind, ...]
    source_precedence: tuple[str, ...]
    classifications: tuple[Term, ...]
    list_size: tuple[int, int]
    cascade_coverage: float  # share of an enterprise's purchases that must be known for a figure of the cascade
    survey_modes: tuple[SurveyMode, ...]  # the usual one first
    confirm_months: int  # after how long what an enterprise confirmed has to be confirmed again
    lead_lock_days: int  # for how long after its last progress a lead keeps other towns away from its investor
    cohort_months: int  # how long ago a project must have been signed for its rates to count, unless asked otherwise
    judgement_margins: tuple[float, float]  # completion may be so far ahead of, or behind, its time and be on track

    @property
    def lineage(self) -> tuple[str, ...]:
        """Return the packs that make up this one, the most general first, itself last."""
        return (*self.extends, self.key)

    def term(self, group: str, code: str) -> Term | None:
        """Return the term with a code in ``towns``, ``offices``, ``item_kinds`` … or None."""
        return next((term for term in getattr(self, group) if term.code == code), None)


@cache
def pack() -> Pack:
    """Return the pack of this installation: ``LIANDESK_PACK``, or the only one that is installed."""
    key = os.environ.get("LIANDESK_PACK") or _only_pack()
    body = read_yaml(files("liandesk.packs").joinpath(key, "pack.yaml").read_text(encoding="utf-8"))
    return _build(body)


def _only_pack() -> str:
    found = [folder.name for folder in files("liandesk.packs").iterdir() if folder.joinpath("pack.yaml").is_file()]
    if len(found) != 1:
        raise UserError(f"Several packs are installed ({', '.join(sorted(found))}). Name one: LIANDESK_PACK=…")
    return found[0]


def _build(body: dict[str, Any]) -> Pack:
    groups = {name: _terms(body[name]) for name in ("towns", "zones", "classifications")}
    kinds = tuple(_item_kind(row) for row in body["item_kinds"])
    size = body["list_size"]
    plain = ("key", "version", "name", "home_country", "demo_today", "programme", "chain_office", "cascade_coverage")
    fields: dict[str, Any] = {name: body[name] for name in plain} | groups
    fields["survey_modes"] = tuple(_survey_mode(row) for row in body["survey"]["modes"])
    fields["confirm_months"] = body["survey"]["confirm_months"]
    fields["lead_lock_days"], fields["cohort_months"] = body["leads"]["lock_days"], body["leads"]["cohort_months"]
    built = Pack(
        **fields,
        extends=tuple(body["extends"]),
        district=_terms([body["district"]])[0],
        offices=tuple(_office(row) for row in body["offices"]),
        services=tuple(_service_window(row) for row in body["services"]),
        item_kinds=kinds,
        tiles={group: _tiles(body, group) for group in ("towns", "zones")},
        source_precedence=tuple(body["source_precedence"]),
        list_size=(size["low"], size["high"]),
        judgement_margins=(body["judgement_margins"]["ahead"], body["judgement_margins"]["behind"]),
    )
    _check_offices(built)
    return built


def _terms(rows: list[dict[str, str]]) -> tuple[Term, ...]:
    return tuple(Term(row["code"], {"zh": row["zh"], "en": row["en"]}) for row in rows)


def _office(row: dict[str, Any]) -> Office:
    aliases = tuple(Alias(one["name"], one.get("from"), one.get("until")) for one in row.get("aliases", ()))
    return Office(row["code"], {"zh": row["zh"], "en": row["en"]}, tuple(row.get("nameplates", ())), aliases)


def _service_window(row: dict[str, Any]) -> ServiceWindow:
    return ServiceWindow(row["code"], {"zh": row["zh"], "en": row["en"]}, row["office"], tuple(row["processes"]))


def _tiles(body: dict[str, Any], group: str) -> dict[str, tuple[int, int]]:
    """Return the places of a group's tiles; every code has one, no two share one."""
    places = {code: (int(column), int(row)) for code, (column, row) in body["tiles"][group].items()}
    codes = {term["code"] for term in body[group]}
    if set(places) != codes or len(set(places.values())) < len(places):
        raise ValueError(f"pack {body['key']}: tiles of {group} must give each of {sorted(codes)} a place of its own")
    return places


def _item_kind(row: dict[str, Any]) -> ItemKind:
    low, high = row["switch_months"]
    return ItemKind(
        row["code"],
        {"zh": row["zh"], "en": row["en"]},
        row["owner"],
        tuple(row.get("with", ())),
        (float(low), float(high)),
        _prior(row["prior"]) if "prior" in row else None,
    )


def _prior(row: dict[str, Any]) -> Prior:
    low, high = row["share"]
    return Prior((float(low), float(high)), row["confidence"], row["source"])


def _survey_mode(row: dict[str, Any]) -> SurveyMode:
    numbers = {name: int(row[name]) for name in ("every_days", "answer_days", "most_questions")}
    return SurveyMode(row["code"], {"zh": row["zh"], "en": row["en"]}, **numbers, always=tuple(row["always"]))


def _check_offices(built: Pack) -> None:
    offices = {office.code for office in built.offices}
    named = [(f"item kind '{kind.code}'", office) for kind in built.item_kinds for office in _offices_of(kind)]
    named += [(f"service window '{window.code}'", window.office) for window in built.services]
    for what, office in named:
        if office not in offices:
            raise ValueError(f"pack {built.key}: {what} names the unknown office '{office}'{nearest(office, offices)}")


def _offices_of(kind: ItemKind) -> Iterable[str]:
    return (kind.owner, *kind.with_offices)


def check_services(built: Pack, known: Collection[str]) -> None:
    """Raise UserError for a process at a service window that is not known, or that stands at two windows."""
    seen: dict[str, str] = {}
    for window in built.services:
        for key in window.processes:
            where = f"pack {built.key}: the service window '{window.code}' names "
            if key not in known:
                raise UserError(f"{where}the unknown process '{key}'.{nearest(key, known)}")
            if key in seen:
                raise UserError(f"{where}'{key}', which stands at '{seen[key]}' already. Leave it at one of them.")
            seen[key] = window.code
