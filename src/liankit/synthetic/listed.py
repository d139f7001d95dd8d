"""What a synthetic district simply lists: products, technologies, leads, space, resources, titles, trials, sites.

A few dozen rows of each whatever the size of the district: enough to try every list, its filters and its copies. As in
real sheets, some titles go to an enterprise called in short and some sites to a branch, without a code; and some
enterprises make what others of the district buy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from liankit.entities import parse_name
from liankit.synthetic.names import Coined
from liankit.synthetic.vocabulary import Listed, Vocabulary

Cells = dict[str, list[Any]]

_LOOSELY = 6  # holders of titles called in short, and sites of branches
_LOCAL = 15  # makers of an item that the district needs
_AT_HOME = 0.6  # items less often imported than this have makers here: never the planted one, which is bought abroad


class Draw:
    """Draws from one generator: a text of several, a day before the survey, an organisation of the records."""

    def __init__(self, words: Vocabulary, middles: Coined, records: pl.DataFrame, rng: np.random.Generator) -> None:
        self.words, self.listed, self.rng = words, words.listed, rng
        self.records = records.filter(pl.col("uscc").is_not_null())
        self.middles = middles.zh

    def of(self, choices: tuple[str, ...] | Mapping[str, Any], count: int) -> list[str]:
        """Return texts of several; an empty one stands for a field left empty."""
        given = tuple(choices)
        return [given[at] for at in self.rng.integers(len(given), size=count)]

    def days(self, count: int, low: int, high: int) -> list[date]:
        """Return days between ``low`` and ``high`` days after the survey; negative numbers are before it."""
        return [self.words.as_of + timedelta(days=int(at)) for at in self.rng.integers(low, high, size=count)]

    def organisations(self, kinds: tuple[str, ...], count: int) -> pl.DataFrame:
        """Return the rows of some organisations of these kinds, again from the first when there are too few."""
        of_kind = self.records.filter(pl.col("kind").is_in(kinds))
        return of_kind[np.resize(self.rng.permutation(of_kind.height), count)]

    def enterprises(self, count: int) -> pl.DataFrame:
        """Return the rows of at most so many enterprises, each once."""
        return self.organisations(("enterprise",), min(count, self.records.filter(kind="enterprise").height))

    def places(self, count: int) -> Cells:
        """Return towns with a zone each, empty for none."""
        towns = [self.words.towns[at] for at in self.rng.integers(len(self.words.towns), size=count)]
        zones = [town.zones.values[self.rng.integers(len(town.zones.values))] or None for town in towns]
        return {"town": [town.code for town in towns], "zone": zones}


def draw_listed(
    words: Vocabulary, middles: Coined, records: pl.DataFrame, rng: np.random.Generator
) -> dict[str, pl.DataFrame]:
    """Return the tables by the names of their sheets; columns are those of the sheets, null is left empty.

    Parameters
    ----------
    middles : coined words, at least as many as there are rows of ``space``; records : ``RECORD_SCHEMA``.
    """
    draw = Draw(words, middles, records, rng)
    return {name: pl.DataFrame(make(draw, words.listed.counts[name])) for name, make in _TABLES.items()}


def _space(draw: Draw, count: int) -> Cells:
    listed: Listed = draw.listed
    kinds = draw.of(listed.spaces, count)
    return {
        "name": [f"{draw.middles[at]}{kind}{at + 1}号" for at, kind in enumerate(kinds)],
        "space_kind": [listed.spaces[kind] for kind in kinds],
        "area_m2": _sometimes(draw, [int(area) * 50 for area in draw.rng.integers(8, 400, size=count)], 0.1),
        "floor_load": _sometimes(draw, draw.rng.choice([0.5, 0.8, 1.0, 2.0, 3.0], size=count).tolist(), 0.4),
        "clear_height_m": _sometimes(draw, draw.rng.choice([3.6, 4.5, 6.0, 8.0], size=count).tolist(), 0.4),
        "power_kva": _sometimes(draw, draw.rng.choice([315, 630, 1250, 2500], size=count).tolist(), 0.4),
        "environmental_limits": draw.of(listed.limits, count),
        **draw.places(count),
        "free_from": _sometimes(draw, draw.days(count, -200, 400), 0.15),
    }


def _resources(draw: Draw, count: int) -> Cells:
    listed, owners = draw.listed, draw.organisations(("institution", "hospital", "university"), count)
    kinds = draw.of(listed.resources, count)
    return {
        "name": [f"{draw.middles[at]}{kind}" for at, kind in enumerate(kinds)],
        "resource_kind": [listed.resources[kind] for kind in kinds],
        **_who(owners),
        "open_to": draw.of(listed.open_to, count),
        "capacity": draw.of(listed.capacities, count),
        "accreditation": draw.of(listed.accreditations, count),
    }


def _titles(draw: Draw, count: int) -> Cells:
    listed, holders = draw.listed, draw.enterprises(count)
    titles, awarded = draw.of(listed.titles, holders.height), draw.days(holders.height, -1500, -30)
    return {
        **_loosely(_who(holders), lambda name: parse_name(name).core),
        "title": titles,
        "level": [listed.titles[title] for title in titles],
        "awarded_on": awarded,
        "expires_on": _sometimes(draw, [day + timedelta(days=3 * 365) for day in awarded], 0.1),
    }


def _technologies(draw: Draw, count: int) -> Cells:
    listed, holders = draw.listed, draw.organisations(("enterprise", "institution"), count)
    names = [list(listed.technologies)[at % len(listed.technologies)] for at in range(count)]
    imported = (draw.rng.random(count) < 0.6).tolist()
    backed = (draw.rng.random(count) < 0.7).tolist()
    return {
        "name": names,
        "technology_kind": [listed.technologies[name] for name in names],
        "status": ["imported" if is_imported else "own" for is_imported in imported],
        "trl": _sometimes(draw, draw.rng.integers(3, 10, size=count).tolist(), 0.2),
        "backup_kind": draw.of(listed.backup_kinds, count),
        "backup_organisation": _where(backed, holders["name"].to_list()),
        "switchable_on": _where(backed, draw.days(count, -300, 700)),
        "ip_alert": draw.of(listed.alerts, count),
    }


def _trials(draw: Draw, count: int) -> Cells:
    listed = draw.listed
    hospitals, sponsors = draw.organisations(("hospital",), count), draw.organisations(("enterprise",), count)
    received = draw.days(count, -500, -20)
    later = [[day + timedelta(days=int(wait) * step) for step in range(1, 6)]
             for day, wait in zip(received, draw.rng.integers(10, 45, size=count), strict=True)]  # fmt: skip
    steps = ("approved_on", "ethics_on", "contract_on", "site_initiated_on", "first_patient_on")
    reached = [[day if day <= draw.words.as_of else None for day in days] for days in later]
    return {
        "trial": [f"{listed.trial_prefix}{at + 1:04d}" for at in range(count)],
        "hospital": hospitals["name"].to_list(),
        "sponsor": sponsors["name"].to_list(),
        "phase": draw.of(listed.phases, count),
        "received_on": received,
        **{step: [days[at] for days in reached] for at, step in enumerate(steps)},
    }


def _leads(draw: Draw, count: int) -> Cells:
    listed = draw.listed
    names = [f"{draw.middles[-1 - at]}{what}" for at, what in enumerate(draw.of(listed.leads, count))]
    return {
        "name": names,
        "stage": draw.of(listed.lead_stages, count),
        "amount_cny": _sometimes(draw, [int(at) * 5_000_000 for at in draw.rng.integers(2, 100, size=count)], 0.25),
        **draw.places(count),
        "received_on": draw.days(count, -400, 0),
        "contact_office": draw.of(listed.contact_offices, count),
    }


def _sites(draw: Draw, count: int) -> Cells:
    owners = draw.enterprises(count)
    kinds = draw.of(draw.listed.sites, owners.height)
    return {
        **_loosely(_who(owners), lambda name: f"{name}第一分公司"),
        "name": kinds,
        "site_kind": [draw.listed.sites[kind] for kind in kinds],
        "town": owners["town"].to_list(),
        "zone": owners["zone"].to_list(),
    }


def _products(draw: Draw, count: int) -> Cells:
    """Return main products, then what some enterprises make of the items that others buy."""
    makers = draw.enterprises(count).filter(pl.col("main_products").is_not_null())
    numbers = [f"{draw.listed.trial_prefix}P{at + 1:04d}" for at in range(makers.height)]
    local = draw.enterprises(_LOCAL)
    made = draw.of(tuple(item.name for item in draw.words.items if item.imported < _AT_HOME), local.height)
    return {
        **_who(pl.concat([makers, local])),
        "name": [*(products.split("、")[0] for products in makers["main_products"]), *made],
        "item": [*[None] * makers.height, *made],
        "registration_number": [*_sometimes(draw, numbers, 0.5), *[None] * local.height],
    }


def _who(rows: pl.DataFrame) -> Cells:
    return {"organisation": rows["name"].to_list(), "uscc": rows["uscc"].to_list()}


def _loosely(who: Cells, called: Callable[[str], str]) -> Cells:
    """Return the organisations with the first few called in another way, without their code."""
    few = min(_LOOSELY, len(who["organisation"]))
    names = [*map(called, who["organisation"][:few]), *who["organisation"][few:]]
    return {"organisation": names, "uscc": [*[None] * few, *who["uscc"][few:]]}


def _sometimes(draw: Draw, values: list[Any], chance: float) -> list[Any]:
    """Return the values with some not known."""
    return _where((draw.rng.random(len(values)) >= chance).tolist(), values)


def _where(kept: list[bool], values: list[Any]) -> list[Any]:
    return [value if is_kept else None for is_kept, value in zip(kept, values, strict=True)]


_TABLES: Mapping[str, Callable[[Draw, int], Cells]] = {
    "products": _products,
    "technologies": _technologies,
    "leads": _leads,
    "space": _space,
    "resources": _resources,
    "titles": _titles,
    "trials": _trials,
    "sites": _sites,
}
