"""What a district is made of, read once into frozen objects: the code knows no district and no industry."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

import yaml

from liankit.errors import UserError, nearest
from liankit.yaml_text import read_yaml

MOST_INPUTS = 8
"""Rows one enterprise may hand in."""
FEWEST_ITEMS = 4
"""Items that must go into each product, so that every enterprise has some to declare."""

T = TypeVar("T")


@dataclass(frozen=True)
class Words:
    """Words with their English form, in one order."""

    zh: tuple[str, ...]
    en: tuple[str, ...]


@dataclass(frozen=True)
class Weighted:
    """Values with the weights by which they are drawn; an empty value stands for a field left empty."""

    values: tuple[str, ...]
    weights: tuple[float, ...]


@dataclass(frozen=True)
class NameParts:
    """What coined names are put together from."""

    first: Words
    second: Words
    stems: Words
    branches: Words
    places: Words
    place_weights: tuple[float, ...]
    limited_forms: Weighted
    listed_form: str
    earlier_trades: Words
    cities: Weighted
    foreign: tuple[tuple[str, ...], ...]
    legal_forms: Mapping[str, str]


@dataclass(frozen=True)
class Kind:
    """A kind of organisation; those that are no enterprises have median ``employees`` and names by ``forms``."""

    code: str
    weight: float
    uscc_prefix: str
    industry_code: str
    segment: str
    employees: float
    forms: Words


@dataclass(frozen=True)
class Segment:
    """A part of the industry; ``makes`` are the kinds of item its enterprises may supply to others."""

    code: str
    zh: str
    industry_code: str
    weight: float
    trades: Words
    products: tuple[str, ...]
    makes: tuple[str, ...]


@dataclass(frozen=True)
class Town:
    """A town with its zones; the empty zone is none."""

    code: str
    weight: float
    zones: Weighted


@dataclass(frozen=True)
class Family:
    """A group of makers abroad and at home: countries and the words in their names."""

    countries: Weighted
    trades: tuple[str, ...]
    trades_zh: tuple[str, ...]


@dataclass(frozen=True)
class Item:
    """Something enterprises need: kind, HS heading, chance to be bought abroad, family of makers, users.

    It goes into the products of ``into``; in a segment that makes none of these, into any.
    """

    name: str
    kind: str
    hs: str
    imported: float
    family: str
    used_by: frozenset[str]
    into: frozenset[str]


@dataclass(frozen=True)
class ItemKind:
    """Months to switch (low, high), median purchase over the product's output, weight in the choice of items."""

    switch_months: tuple[float, float]
    cost: float
    weight: float


@dataclass(frozen=True)
class Figure:
    """A log-logistic figure of the facts template."""

    unit: str
    median: float
    shape: float
    top: float
    decimals: int


@dataclass(frozen=True)
class NearMiss:
    """The clause that one enterprise misses, its threshold, and the ranges of its figures."""

    clause: str
    threshold: float
    values: Mapping[str, tuple[float, float]]


@dataclass(frozen=True)
class Rung:
    """A title of the ladder: the share of those able that hold it, for how many years, and the least of figures."""

    title: str
    level: str
    share: float
    years: int
    least: Mapping[str, float]


@dataclass(frozen=True)
class Ladder:
    """What the ladder asks beside the figures: who answers, shares of yes, words by weight, ranges, titles upwards.

    ``near_miss`` are the answers of the enterprise just below a grade.
    """

    share: float
    flags: Mapping[str, float]
    choices: Mapping[str, Weighted]
    ranges: Mapping[str, tuple[float, float]]
    near_miss: Mapping[str, str]
    rungs: tuple[Rung, ...]


@dataclass(frozen=True)
class Calibration:
    """Magnitudes of the district; money in CNY, the rest shares, days or years as named."""

    output_median_cny: float
    output_shape: float
    output_top_cny: float
    output_unknown: float
    output_per_employee_cny: float
    output_per_employee_shape: float
    age_median_years: float
    age_shape: float
    age_top_years: float
    listed: float
    former_name: float
    uscc_unknown: float
    english_name_unknown: float
    founded_unknown: float
    employees_unknown: float
    bracketed_place: float
    inputs_per_enterprise: tuple[float, ...]
    stated: tuple[float, ...]
    local_supplier: float
    second_supplier: float
    sole_source: float
    source_unknown: float
    share_unknown: float
    country_unknown: float
    stock_median_days: float
    stock_unknown: float
    lead_time_home_days: float
    lead_time_abroad_days: float
    lead_time_unknown: float
    switch_unknown: float
    amount_unknown: float
    product_output_unknown: float
    facts_above_cny: float
    facts_share: float
    purchases_unknown: float
    least_covered: float


@dataclass(frozen=True)
class Listed:
    """Words of what is simply listed: how many rows of each, and texts with the code of their kind or level."""

    counts: Mapping[str, int]
    spaces: Mapping[str, str]
    limits: tuple[str, ...]
    resources: Mapping[str, str]
    open_to: tuple[str, ...]
    capacities: tuple[str, ...]
    accreditations: tuple[str, ...]
    titles: Mapping[str, str]
    technologies: Mapping[str, str]
    backup_kinds: tuple[str, ...]
    alerts: tuple[str, ...]
    phases: tuple[str, ...]
    trial_prefix: str
    leads: tuple[str, ...]
    lead_stages: tuple[str, ...]
    contact_offices: tuple[str, ...]
    sites: Mapping[str, str]


@dataclass(frozen=True)
class Vocabulary:
    """A vocabulary file, parsed and checked."""

    as_of: date
    country: str
    uscc_regions: tuple[str, ...]
    stock_code_prefix: str
    names: NameParts
    towns: tuple[Town, ...]
    kinds: tuple[Kind, ...]
    segments: tuple[Segment, ...]
    families: Mapping[str, Family]
    item_kinds: Mapping[str, ItemKind]
    items: tuple[Item, ...]
    critical_kinds: tuple[str, ...]
    calibration: Calibration
    answers: Mapping[str, Weighted]
    figures: Mapping[str, Figure]
    prior_title: str
    prior_title_share: float
    note: str
    near_miss: NearMiss
    ladder: Ladder
    listed: Listed
    references: tuple[Mapping[str, Any], ...]


def load_vocabulary(source: str) -> dict[str, Any]:
    """Return the body of a vocabulary file, given its path or the key of an installed pack.

    Raises ``UserError`` where there is neither such a file nor such a pack, or the file is not YAML of that form.
    """
    path = Path(source)
    text = path.read_text(encoding="utf-8") if path.is_file() else _pack_text(source)
    try:
        body = read_yaml(text)
    except yaml.YAMLError as error:
        raise UserError(f"The vocabulary {source} is not valid YAML: {error}") from error
    if not isinstance(body, dict):
        raise UserError(f"The vocabulary {source} must be a mapping of sections, such as items and segments.")
    return body


def _pack_text(key: str) -> str:
    packs = files("liandesk.packs")
    keys = sorted(pack.name for pack in packs.iterdir() if pack.joinpath("synthetic.yaml").is_file())
    if key not in keys:
        raise UserError(
            f"There is no file and no pack with a vocabulary called '{key}'. Packs: {', '.join(keys)}."
            f"{nearest(key, keys)}"
        )
    return packs.joinpath(key, "synthetic.yaml").read_text(encoding="utf-8")


def read_vocabulary(body: Mapping[str, Any]) -> Vocabulary:
    """Return the parsed vocabulary; raises ``UserError`` that names the missing or wrong entry."""
    vocabulary = _reading("vocabulary", _build, body)
    _check(vocabulary)
    return vocabulary


def _reading(where: str, build: Callable[..., T], *arguments: Any) -> T:
    """Build a part and say which one where it does not fit."""
    try:
        return build(*arguments)
    except KeyError as error:
        raise UserError(f"The {where} lacks the entry {error}. Add it to the vocabulary file.") from error
    except (TypeError, ValueError, AttributeError) as error:
        raise UserError(f"The {where} is not of the form expected: {error}.") from error


def _build(body: Mapping[str, Any]) -> Vocabulary:
    near_miss = body["near_miss"]
    return Vocabulary(
        as_of=body["as_of"],
        country=body["country"],
        uscc_regions=tuple(body["uscc_regions"]),
        stock_code_prefix=body["stock_code_prefix"],
        names=_reading("section of names", _names, body),
        towns=tuple(_reading(f"town {row.get('code')}", _town, row) for row in body["towns"]),
        kinds=tuple(_reading(f"kind {row.get('code')}", _kind, row) for row in body["kinds"]),
        segments=tuple(_reading(f"segment {row.get('code')}", _segment, row) for row in body["segments"]),
        families={key: _reading(f"family {key}", _family, row) for key, row in body["families"].items()},
        item_kinds={key: _reading(f"item kind {key}", _item_kind, row) for key, row in body["item_kinds"].items()},
        items=tuple(
            _reading(f"item {row.get('item')}", _item, kind, row, body["product_groups"])
            for kind, rows in body["items"].items()
            for row in rows
        ),
        critical_kinds=tuple(body["critical_kinds"]),
        calibration=_reading("section calibration", _calibration, body["calibration"]),
        answers={key: _weighted(row) for key, row in body["answers"].items()},
        figures={key: _reading(f"figure {key}", _figure, row) for key, row in body["figures"].items()},
        prior_title=body["prior_title"]["value"],
        prior_title_share=body["prior_title"]["share"],
        note=body["note"],
        near_miss=NearMiss(
            near_miss["clause"],
            near_miss["threshold"],
            {key: (low, high) for key, (low, high) in near_miss["values"].items()},
        ),
        ladder=_reading("section ladder", _ladder, body["ladder"]),
        listed=_reading("section listed", _listed, body["listed"]),
        references=tuple(body["marginals"]),
    )


def _texts(values: Collection[object]) -> tuple[str, ...]:
    """Return the values as they are; YAML reads an unquoted no, on or 12 as something else than text."""
    for value in values:
        if not isinstance(value, str):
            raise ValueError(f"{value!r} is not text; put it in quotes")
    return tuple(str(value) for value in values)


def _words(mapping: Mapping[str, str]) -> Words:
    return Words(_texts(mapping), _texts(mapping.values()))


def _weighted(mapping: Mapping[str, float]) -> Weighted:
    return Weighted(_texts(mapping), tuple(float(weight) for weight in mapping.values()))


def _names(body: Mapping[str, Any]) -> NameParts:
    return NameParts(
        first=_words(body["syllables"]["first"]),
        second=_words(body["syllables"]["second"]),
        stems=_words(body["cycle"]["stems"]),
        branches=_words(body["cycle"]["branches"]),
        places=_words({row["zh"]: row["en"] for row in body["places"]}),
        place_weights=tuple(row["weight"] for row in body["places"]),
        limited_forms=_weighted(body["limited_forms"]),
        listed_form=body["listed_form"],
        earlier_trades=_words(body["earlier_trades"]),
        cities=_weighted(body["cities"]),
        foreign=tuple(_texts(body["foreign_syllables"][part]) for part in ("first", "second", "third")),
        legal_forms=body["legal_forms"],
    )


def _kind(row: Mapping[str, Any]) -> Kind:
    forms = _words(row.get("forms", {}))
    return Kind(
        row["code"],
        row["weight"],
        row["uscc_prefix"],
        row.get("industry_code", ""),
        row.get("segment", ""),
        row.get("employees", 0.0),
        forms,
    )


def _segment(row: Mapping[str, Any]) -> Segment:
    return Segment(
        row["code"],
        row["zh"],
        row["industry_code"],
        row["weight"],
        _words(row["trades"]),
        tuple(row["products"]),
        tuple(row.get("makes", ())),
    )


def _town(row: Mapping[str, Any]) -> Town:
    return Town(row["code"], row["weight"], _weighted({**row["zones"], "": row["no_zone"]}))


def _family(row: Mapping[str, Any]) -> Family:
    return Family(_weighted(row["countries"]), tuple(row["trades"]), tuple(row["zh"]))


def _item_kind(row: Mapping[str, Any]) -> ItemKind:
    low, high = row["switch_months"]
    return ItemKind((low, high), row["cost"], row["weight"])


def _item(kind: str, row: Mapping[str, Any], groups: Mapping[str, list[str]]) -> Item:
    into = [product for name in row.get("into", ()) for product in groups.get(name, [name])]
    used_by = frozenset(row["used_by"])
    return Item(row["item"], kind, row["hs"], row["imported"], row["family"], used_by, frozenset(into))


def _figure(row: Mapping[str, Any]) -> Figure:
    return Figure(row["unit"], row["median"], row["shape"], row["top"], row["decimals"])


def _ladder(row: Mapping[str, Any]) -> Ladder:
    return Ladder(
        row["share"],
        row["flags"],
        {name: _weighted(weights) for name, weights in row["choices"].items()},
        {name: (low, high) for name, (low, high) in row["ranges"].items()},
        dict(zip(row["near_miss"], _texts(row["near_miss"].values()), strict=True)),
        tuple(Rung(**rung) for rung in row["rungs"]),
    )


def _listed(row: Mapping[str, Any]) -> Listed:
    given: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
    return Listed(**given)


def _calibration(row: Mapping[str, Any]) -> Calibration:
    missing = {field.name for field in fields(Calibration)} - set(row)
    if missing:
        raise KeyError(min(missing))
    weights = {name: tuple(row[name]) for name in ("inputs_per_enterprise", "stated")}
    return Calibration(**{**row, **weights})


def _check(vocabulary: Vocabulary) -> None:
    if vocabulary.kinds[0].code != "enterprise":
        raise UserError("The first of the kinds must be 'enterprise'; put it before the others.")
    segments = {segment.code for segment in vocabulary.segments}
    products = {product for segment in vocabulary.segments for product in segment.products}
    for item in vocabulary.items:
        _check_known(f"item {item.name}: family", [item.family], vocabulary.families)
        _check_known(f"item {item.name}: kind", [item.kind], vocabulary.item_kinds)
        _check_known(f"item {item.name}: used_by", item.used_by, segments)
        _check_known(f"item {item.name}: into", item.into, products)
    for key, family in vocabulary.families.items():
        _check_known(f"family {key}: country", family.countries.values, vocabulary.names.legal_forms)


def _check_known(where: str, names: Any, valid: Any) -> None:
    for name in names:
        if name not in valid:
            raise UserError(f"The {where} '{name}' is not in the vocabulary.{nearest(name, valid)}")
