"""The steps from facts to the published list. A step is skipped when its key is known.

The key of a step is the hash of the code, its parameters and the hashes of its input tables, so resuming a killed
refresh, an incremental refresh and a full one are the same thing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import polars as pl

from liandesk.base.accounts.roles import Viewer
from liandesk.base.clock import today
from liandesk.base.facts.queries import as_known, landings_in_force, statements_digest
from liandesk.base.facts.schema import Schema, records_from_facts
from liandesk.base.pack import pack
from liandesk.know.registry import clusters, profiles, review
from liandesk.know.registry.consents import ended
from liandesk.know.registry.queries import judgements_digest, judgements_in_force, known_members, members_digest
from liandesk.know.registry.things_tables import build_things
from liandesk.know.registry.withholding import withhold
from liandesk.know.survey.confirmations import confirmed_on
from liandesk.refresh.candidates import INPUTS as OFFERED
from liandesk.refresh.candidates import offer_candidates, params_of_candidates
from liandesk.refresh.cascade import INPUTS as FOLLOWED
from liandesk.refresh.cascade import follow_losses
from liandesk.refresh.cascade_levels import INPUTS as LEVELLED
from liandesk.refresh.cascade_levels import give_levels, params_of_levels, thresholds_in_force
from liandesk.refresh.chain import build_chain
from liandesk.refresh.grades import INPUTS as GRADED
from liandesk.refresh.grades import grade_organisations, params_of_grades
from liandesk.refresh.likelihood import INPUTS as JUDGED_BY_EVENTS
from liandesk.refresh.likelihood import add_likelihoods, params_of_likelihood
from liandesk.refresh.listings import INPUTS as LISTED
from liandesk.refresh.listings import forecast_listings, params_of_listings
from liandesk.refresh.search import TABLES as SEARCHED
from liandesk.refresh.search import build_search
from liankit.entities import candidates
from liankit.risk import exposure

Tables = dict[str, pl.DataFrame]


@dataclass(frozen=True)
class Output:
    """What a step gives: tables by name, rows lost by reason, and rows it took in beside its input tables."""

    tables: Tables
    lost: Mapping[str, int] = field(default_factory=dict)
    rows_in: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """One step: the tables it reads, the parameters it depends on beside them, and its function."""

    name: str
    inputs: tuple[str, ...]
    params: Callable[[], Any]
    compute: Callable[[Tables, Viewer], Output]

    def key(self, digests: Mapping[str, str]) -> str:
        """Return the key of this step over input tables given by their blob hashes."""
        body = [self.name, code_version(), self.params(), [[name, digests[name]] for name in self.inputs]]
        return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


@cache
def code_version() -> str:
    """Return the hash of the code that computes: liankit, the steps, clustering and the facts reader."""
    digest = hashlib.sha256()
    for path in _computing_files():
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _computing_files() -> Iterator[Path]:
    root = Path(str(files("liandesk")))
    yield from sorted((root.parent / "liankit").rglob("*.py"))
    yield from sorted((root.parent / "liankit" / "entities").glob("*.yaml"))
    yield from (root / "refresh" / f"{name}.py" for name in ("steps", "chain", "search", "candidates"))
    yield from sorted((root / "refresh").glob("chain_*.py"))
    yield from sorted((root / "refresh").glob("cascade*.py"))
    yield from (root / "refresh" / f"{name}.py" for name in ("likelihood", "grades", "listings"))
    yield root / "assess" / "listing" / "boards.py"
    yield from (root / "assess" / "rules" / f"{name}.py" for name in ("facts", "tables"))
    registry = ("clusters", "profiles", "review", "withholding")
    yield from (root / "know" / "registry" / f"{name}.py" for name in registry)
    yield from sorted((root / "know" / "registry").glob("things_[kt]*.py"))
    yield from sorted((root / "base" / "facts").glob("*.py"))


def _facts_params() -> Any:
    landings = [[landing.key, landing.facts] for landing in landings_in_force()]
    return [landings, statements_digest(), pack().source_precedence]


def _facts(_tables: Tables, by: Viewer) -> Output:
    known = as_known(None, by)
    overruled = known.contradictions.height
    again = known.said - known.facts.height - overruled
    return Output(
        {"facts": known.facts, "contradictions": known.contradictions},
        _counted(said_again_the_same=again, overruled=overruled),
        {"said": known.said},
    )


def _counted(**lost: int) -> dict[str, int]:
    return {reason: rows for reason, rows in lost.items() if rows}


_NAMED: Schema = {"name": pl.String, "former_name": pl.String, "country": pl.String, "country_basis": pl.String}
_IDENTIFIED: Schema = {"name": pl.String, "uscc": pl.String, "lei": pl.String, "stock_code": pl.String}
_A_SHARE = pl.col("stock_code").str.extract(r"(?:^|\D)(\d{6})(?:\D|$)")  # 600276, sh600276, 600276.SH
_SEPARATORS = r"[;；、/\n]+"


def _names(tables: Tables, _by: Viewer) -> Output:
    """Find the records whose names may be one organisation's. A country guessed from a name says nothing of names."""
    records = records_from_facts(tables["facts"], "organisation", _NAMED).filter(pl.col("name").is_not_null())
    former = pl.col("former_name").str.replace_all(_SEPARATORS, ";").str.split(";").fill_null([])
    declared = pl.when(pl.col("country_basis").fill_null("declared") == "declared").then("country")
    return Output({"pairs": candidates(records.select("record", "name", former_names=former, country=declared))})


def _organisations_params() -> Any:
    return [members_digest(), judgements_digest(), pack().source_precedence]


def _organisations(tables: Tables, _by: Viewer) -> Output:
    """Group the records by identifiers, judgements, names and sure pairs."""
    written = records_from_facts(tables["facts"], "organisation", _IDENTIFIED)
    records = written.with_columns(stock_code=_A_SHARE)
    named = records.filter(pl.col("name").is_not_null())
    found = clusters.cluster(named, known_members(), tables["pairs"], judgements_in_force())
    said = tables["facts"].filter(pl.col("kind") == "organisation")
    organisations = profiles.organisations(said, found.members, pack().source_precedence)
    lost = _counted(
        record_without_name=records.height - named.height,
        record_of_an_organisation_already_counted=found.members.height - organisations.height,
    )
    made = {"members": found.members, "aliases": found.aliases, "joins": found.joins, "homes": found.homes}
    return Output(made | {"organisations": organisations, "places": profiles.places(said, found.members)}, lost)


def _consent(tables: Tables, _by: Viewer) -> Output:
    """Leave out what organisations took their consent back for; the steps after this one see no more of it."""
    items = ended()
    if items.is_empty():
        return Output({})  # the facts as they are
    facts = tables["facts"]
    kept = withhold(facts, tables["members"], tables["aliases"], items)
    return Output({"facts": kept}, _counted(withheld_by_the_organisation=facts.height - kept.height))


def _review(tables: Tables, _by: Viewer) -> Output:
    """Order the pairs that a person has to judge by what a judgement would change."""
    found = review.queue(
        tables["pairs"],
        tables["members"],
        judgements_in_force(),
        tables["organisations"],
        tables["supplies"],
        tables["uses"],
    )
    return Output({"review": found})


def _chain(tables: Tables, _by: Viewer) -> Output:
    chain = build_chain(tables["facts"], tables["members"], tables["organisations"], pack())
    return Output(dict(chain.tables), chain.lost)


def _things(tables: Tables, _by: Viewer) -> Output:
    """Make the tables of what is simply listed, one a kind."""
    found, lost = build_things(tables["facts"], tables["members"], tables["organisations"])
    return Output(dict(found), lost)


def _search(tables: Tables, _by: Viewer) -> Output:
    """Make the index of everything that has a name."""
    return Output({"search": build_search(tables)})


def _exposure(tables: Tables, _by: Viewer) -> Output:
    found = exposure(
        tables["items"],
        tables["supplies"],
        tables["uses"],
        tables["listing"],
        home_country=pack().home_country,
    )
    reasons = _with_supplier_names(found.reasons, tables["supplies"])
    entries = _named(found.entries, tables)
    return Output({"entries": entries, "reasons": reasons, "questions": found.questions, "shares": found.shares})


def _cascade(tables: Tables, _by: Viewer) -> Output:
    """Follow each loss to whoever buys what stops; the entries and reasons take the place of the direct ones."""
    found = follow_losses(tables, pack())
    reasons = _with_supplier_names(found.reasons, tables["supplies"])
    made = {"entries": found.entries, "reasons": reasons, "cascade_scores": found.scores}
    return Output(made | {"cascade_lines": found.network.lines, "cascade_links": found.network.links})


def _likelihood(tables: Tables, _by: Viewer) -> Output:
    """Say how likely each entry is disrupted, where there are dated events of its class."""
    return Output(add_likelihoods(tables, today()))


def _levels(tables: Tables, _by: Viewer) -> Output:
    """Say how stable the ranks are, how old the facts, and which level follows."""
    entries, reasons = give_levels(tables, thresholds_in_force(), confirmed_on(), today())
    return Output({"entries": entries, "reasons": reasons})


def _grades(tables: Tables, _by: Viewer) -> Output:
    """Say how organisations stand under the rules of today."""
    made, lost = grade_organisations(tables)
    return Output(made, lost)


def _listings(tables: Tables, _by: Viewer) -> Output:
    """Say when enterprises meet the standards of boards."""
    return Output(forecast_listings(tables))


def _candidates(tables: Tables, _by: Viewer) -> Output:
    """Offer who could stand in for the sources of each item of the risk list."""
    return Output({"candidates": offer_candidates(tables, [town.code for town in pack().towns])})


def _named(entries: pl.DataFrame, tables: Tables) -> pl.DataFrame:
    """Put the names beside the ids, so that the list is read without a join."""
    buyers = tables["organisations"].select(
        buyer="id", organisation_name="name", town="town", is_synthetic="is_synthetic"
    )
    synthetic_items = _synthetic_items(tables)
    by_item = entries.join(buyers, on="buyer", how="left").join(synthetic_items, on="item", how="left")
    return by_item.with_columns(is_synthetic=pl.coalesce("is_synthetic", "item_is_synthetic").fill_null(False)).drop(
        "item_is_synthetic"
    )


def _with_supplier_names(reasons: pl.DataFrame, supplies: pl.DataFrame) -> pl.DataFrame:
    """Put a supplier's name where a reason has its id: a reader of reasons knows names."""
    names = dict(supplies.select("supplier", "supplier_name").drop_nulls().unique("supplier").rows())

    def named(text: str) -> str:
        params = json.loads(text)
        return json.dumps({**params, "supplier": names.get(params["supplier"], params["supplier"])}, ensure_ascii=False)

    has_supplier = pl.col("params").str.contains('"supplier":"', literal=True)
    renamed = pl.col("params").map_elements(named, return_dtype=pl.String)
    return reasons.with_columns(pl.when(has_supplier).then(renamed).otherwise("params").alias("params"))


def _synthetic_items(tables: Tables) -> pl.DataFrame:
    said = pl.concat([tables["supplies"].select("item", "record"), tables["uses"].select("item", "record")])
    return said.group_by("item").agg(item_is_synthetic=pl.col("record").str.starts_with("synthetic:").any())


def _no_params() -> None:
    return None


STEPS = (
    Step("facts", (), _facts_params, _facts),
    Step("names", ("facts",), _no_params, _names),
    Step("organisations", ("facts", "pairs"), _organisations_params, _organisations),
    Step("consent", ("facts", "members", "aliases"), lambda: ended().rows(), _consent),
    Step("chain", ("facts", "members", "organisations"), lambda: pack().version, _chain),
    Step("things", ("facts", "members", "organisations"), _no_params, _things),
    Step("grades", GRADED, params_of_grades, _grades),
    Step("listings", LISTED, params_of_listings, _listings),
    Step("search", SEARCHED, _no_params, _search),
    Step("exposure", ("items", "supplies", "uses", "listing", "organisations"), _no_params, _exposure),
    Step("cascade", FOLLOWED, lambda: pack().version, _cascade),
    Step("likelihood", JUDGED_BY_EVENTS, params_of_likelihood, _likelihood),
    Step("levels", LEVELLED, params_of_levels, _levels),
    Step("candidates", OFFERED, lambda: params_of_candidates(pack().version), _candidates),
    Step("review", ("pairs", "members", "organisations", "supplies", "uses"), judgements_digest, _review),
)
