"""The level of a risk by dated thresholds: what is proven at least, what is still possible, and which clauses say so.

A scheme gives each level, the gravest first, its alternatives; an alternative holds when every quantity it names is at
least as grave as its threshold. A quantity is an interval: a clause holds when the whole interval is beyond the
threshold, fails when none of it is, and is unknown in between (Kleene's logic). The level is the first that is proven;
one above it that is unknown stays possible. Where no level is proven and none is ruled out the level is unknown.
Likelihood counts only where it is known: without dated events nothing could ever be ruled out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, NamedTuple

import polars as pl
from pydantic import Field

from liankit.process.check import DefinitionError, Fault, build_part
from liankit.process.definition import Coded, Part, Text
from liankit.reasons import Claim, tell_claims
from liankit.risk.thresholds import EPSILON

LEVELS = ("red", "orange", "yellow", "blue")
"""The gravest first; the last is what stands where no other does."""

KIND, KEY = "thresholds", "risk_level"
"""Kind and key of the definition that a scheme is filed under."""

Level = Literal["red", "orange", "yellow", "blue"]
Days = Annotated[int, Field(ge=0)]


class Quantity(NamedTuple):
    """A named number of an entry: the columns of its ends, its unit, and whether more of it is graver."""

    low: str
    high: str
    unit: str
    graver_above: bool = True


QUANTITIES: Mapping[str, Quantity] = {
    "impact_share": Quantity("impact_share_low", "impact_share_high", "share"),
    "products": Quantity("reach_products", "reach_products", "products"),
    "enterprises": Quantity("reach_buyers", "reach_buyers", "enterprises"),
    "first_stop_days": Quantity("first_stop_low", "first_stop_high", "days", graver_above=False),
    "gap_days": Quantity("gap_days_low", "gap_days_high", "days"),
    "import_share": Quantity("import_share_low", "import_share_high", "share"),
    "likelihood": Quantity("likelihood_low", "likelihood_high", "share"),
}
"""What a threshold may be set on, beside ``sole_source``."""


class Clauses(Part):
    """One alternative: every clause that it names has to hold; a threshold is in the unit of its quantity."""

    sole_source: Literal[True] | None = None
    impact_share: float | None = None
    products: float | None = None
    enterprises: float | None = None
    first_stop_days: float | None = None
    gap_days: float | None = None
    import_share: float | None = None
    likelihood: float | None = None

    @property
    def named(self) -> dict[str, float | bool]:
        """The clauses that are there, by quantity."""
        return {name: value for name, value in self if value is not None}


class Rule(Part):
    """A level and the alternatives of which one has to hold."""

    level: Level
    any: Annotated[tuple[Clauses, ...], Field(min_length=1)]


class Ages(Part):
    """From how many days on what an entry rests on counts as ageing, and as stale."""

    ageing: Days
    stale: Days


class Evidence(Part):
    """How long a proven switch counts, and to which level each kind of it brings an entry down."""

    valid_days: Days
    levels: Mapping[str, Level]


class LevelScheme(Coded):
    """Thresholds of the levels, with where they come from."""

    source: Text
    levels: tuple[Rule, ...]
    ages: Ages
    evidence: Evidence


def build_levels(body: Any, file: str) -> LevelScheme:
    """Return the scheme that a parsed body says; raise DefinitionError with every mistake."""
    scheme = build_part(LevelScheme, body, file)
    faults = list(_faults(scheme))
    if faults:
        raise DefinitionError(file, faults)
    return scheme


def _faults(scheme: LevelScheme) -> Iterator[Fault]:
    said = [rule.level for rule in scheme.levels]
    if said != [level for level in LEVELS[:-1] if level in said]:
        yield Fault(
            "levels", f"each once, the gravest first: {', '.join(LEVELS[:-1])}. The last, blue, is what is left."
        )
    for place, rule in enumerate(scheme.levels):
        if not all(clauses.named for clauses in rule.any):
            yield Fault(f"levels.{place}.any", "an alternative without a clause would hold for every entry.")
    if scheme.ages.stale < scheme.ages.ageing:
        yield Fault("ages.stale", "it comes after ageing.")


def compute_levels(entries: pl.DataFrame, scheme: LevelScheme) -> pl.DataFrame:
    """Return the entries with ``computed_level`` (proven; null: unknown) and ``computed_level_most`` (still possible).

    ``entries`` has ``sole_source`` and the columns of ``QUANTITIES``; a null low end is no lower bound, a null high
    end no upper one.
    """
    held = [(rule.level, _rule(rule)) for rule in scheme.levels]
    proven = pl.coalesce(*(pl.when(holds).then(pl.lit(level)) for level, holds in held), pl.lit(None, pl.String))
    possible = [pl.when(holds.fill_null(True)).then(pl.lit(level)) for level, holds in held]
    most = pl.coalesce(*possible, pl.lit(LEVELS[-1]))
    none_possible = most == LEVELS[-1]
    return entries.with_columns(
        computed_level=pl.when(none_possible).then(most).otherwise(proven), computed_level_most=most
    )


def _rule(rule: Rule) -> pl.Expr:
    return pl.any_horizontal(_alternative(clauses) for clauses in rule.any)


def _alternative(clauses: Clauses) -> pl.Expr:
    return pl.all_horizontal(_clause(name, value) for name, value in clauses.named.items())


def _clause(name: str, threshold: float | bool) -> pl.Expr:
    if name == "sole_source":
        return pl.col("sole_source")
    quantity = QUANTITIES[name]
    low, high = pl.col(quantity.low), pl.col(quantity.high)
    if name == "likelihood":
        return (low >= threshold - EPSILON).fill_null(False)
    if quantity.graver_above:
        return pl.when(low >= threshold - EPSILON).then(True).when(high < threshold - EPSILON).then(False)
    return pl.when(high <= threshold + EPSILON).then(True).when(low > threshold + EPSILON).then(False)


def tell_levels(entries: pl.DataFrame, scheme: LevelScheme, *, version: str) -> pl.DataFrame:
    """Return the reasons of the levels (``REASON_SCHEMA``): the level, the clauses that decide, what may be graver.

    ``entries`` as ``compute_levels`` gives them; ``version`` names the scheme as the source of each reason.
    """
    none = pl.lit(None, pl.Float64)
    claims = [_level_claim(level, version) for level in LEVELS]
    unknown = pl.col("computed_level").is_null()
    claims.append(Claim("level_unknown", pl.lit(None, pl.Boolean), none, none, "", source=version, when=unknown))
    for rule in scheme.levels:
        claims += _clause_claims(rule, version)
    return tell_claims(entries, claims)


def _level_claim(level: str, version: str) -> Claim:
    none, stands = pl.lit(None, pl.Float64), pl.col("computed_level") == level
    return Claim(f"level_{level}", pl.lit(True), none, none, "", source=version, when=stands.fill_null(False))


def _clause_claims(rule: Rule, version: str) -> Iterator[Claim]:
    """Say of the level that stands each clause of what holds, and of a graver one that is possible what is open."""
    none, alternatives = pl.lit(None, pl.Float64), [_alternative(clauses) for clauses in rule.any]
    may_be = _rule(rule).is_null()
    yield Claim(f"level_may_be_{rule.level}", pl.lit(None, pl.Boolean), none, none, "", source=version, when=may_be)
    first = pl.lit(True)
    for clauses, holds in zip(rule.any, alternatives, strict=True):
        decides = (pl.col("computed_level") == rule.level).fill_null(False) & holds.fill_null(False) & first
        first = first & ~holds.fill_null(False)
        is_open = may_be & holds.is_null()
        for name, threshold in clauses.named.items():
            clause = _clause(name, threshold)
            yield _clause_claim(name, threshold, version, decides | (is_open & clause.is_null()))


def _clause_claim(name: str, threshold: float | bool, version: str, when: pl.Expr) -> Claim:
    holds = _clause(name, threshold)
    if name == "sole_source":
        none = pl.lit(None, pl.Float64)
        return Claim("clause_sole_source", holds, none, none, "", source=version, when=when)
    quantity = QUANTITIES[name]
    ends = pl.col(quantity.low), pl.col(quantity.high)
    return Claim(f"clause_{name}", holds, *ends, quantity.unit, float(threshold), source=version, when=when)


def level_after(computed: str, evidence: str, age_days: int | None, scheme: LevelScheme) -> str:
    """Return the level after a proven switch: the lower of both, "" where none is proven or the proof is too old."""
    reached = scheme.evidence.levels.get(evidence)
    if reached is None or age_days is None or age_days > scheme.evidence.valid_days:
        return ""
    return max(computed or reached, reached, key=LEVELS.index)
