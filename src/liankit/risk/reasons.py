"""The reasons of the risk list: the same claims of every entry, in the same order, each with its source.

A claim with a threshold holds when the whole interval is above it, does not when none is, and is unknown in between.
A claim without one states a measurement: it holds when the value is known and is unknown otherwise.
"""

from __future__ import annotations

import polars as pl

from liankit.reasons import Claim, tell_claims
from liankit.risk.thresholds import EPSILON, Thresholds

CONTRADICTIONS = ("share", "country", "amount", "output", "another_source", "list")

_SINGLE = "Arjona, Connell, Herghelegiu 2023, EC WP2023/14 (single point of failure)"
_GEODEP = "CEPII GeoDep (HHI > 0.4)"
_CDI1 = "CEPII GeoDep (IM_HHI > 0.4); EC SWD(2021)352 CDI1"
_CDI2 = "EC SWD(2021)352 CDI2"


def give_reasons(entries: pl.DataFrame, thresholds: Thresholds) -> pl.DataFrame:
    """Return the reasons of every entry with ``REASON_SCHEMA``, in the order of the entries.

    Always: sole_source, largest_share, supplier_concentration, country_concentration, import_dependence, reach,
    reach_output, stock_gap, likelihood_no_events. Only where it is so: critical_supplier (its value: what its loss
    stops), market_suppliers (the buyer named none),
    shares_exceed_one, contradicts_*.
    """
    return tell_claims(entries, [*_claims(thresholds), *_warnings()])


def _claims(thresholds: Thresholds) -> list[Claim]:
    return [*_supply_claims(thresholds), *_reach_claims()]


def _supply_claims(thresholds: Thresholds) -> list[Claim]:
    sole, listed = pl.col("sole_source"), pl.col("suppliers")
    sources_low = pl.when(sole).then(1).when(pl.col("has_other")).then(pl.max_horizontal(listed, 2)).otherwise(listed)
    sources_high = pl.when(sole).then(1).when(pl.col("complete")).then(listed)
    low, high = pl.col("share_low"), pl.col("share_high")
    told = pl.when((low > 0) | (high < 1)).then(True)
    supplier = (pl.col("share_supplier").alias("supplier"), pl.col("shares_from"))
    return [
        Claim("sole_source", sole, sources_low, sources_high, "suppliers", None, (listed.alias("listed"),), _SINGLE),
        Claim("largest_share", told, low, high, "share", None, supplier),
        _above("supplier_concentration", "supplier_hhi", "HHI", thresholds.supplier_hhi, _GEODEP),
        _above("country_concentration", "country_hhi", "HHI", thresholds.country_hhi, _CDI1),
        _above("import_dependence", "import_share", "share", thresholds.import_share, _CDI2),
    ]


def _reach_claims() -> list[Claim]:
    products, stock = pl.col("reach_products"), ("stock_days_low", "stock_days_high")
    output_known = pl.when(pl.col("output_low_cny").is_not_null()).then(True)
    gap_low, gap_high = pl.col("gap_days_low"), pl.col("gap_days_high")
    gap = pl.when(gap_low > 0).then(True).when(gap_high <= 0).then(False)
    days = tuple(pl.col(name) for name in (*stock, "switch_days_low", "switch_days_high", "switch_basis"))
    worst = pl.coalesce("buyer", "worst_buyer").alias("buyer")
    buyers = (pl.col("reach_buyers").alias("buyers"),)
    output = (pl.col("output_low_cny"), pl.col("output_high_cny"))
    none = pl.lit(None, pl.Float64)
    return [
        Claim("reach", pl.when(products.is_not_null()).then(True), products, products, "products", None, buyers),
        Claim("reach_output", output_known, *output, "CNY"),
        _critical_supplier(),
        Claim("stock_gap", gap, gap_low, gap_high, "days", 0.0, (*days, worst)),
        Claim("likelihood_no_events", pl.lit(None, pl.Boolean), none, none, ""),
    ]


def _critical_supplier() -> Claim:
    supplier, low = pl.col("critical_supplier"), pl.col("critical_low")
    unit = pl.when(pl.col("measure") == "products").then(pl.lit("products")).otherwise(pl.lit("CNY"))
    params = (supplier.alias("supplier"), pl.col("impact_basis").alias("shares_of"))
    known = supplier.is_not_null()
    return Claim("critical_supplier", pl.lit(True), low, pl.col("critical_high"), unit, None, params, when=known)


def _warnings() -> list[Claim]:
    """What the reader must know of the facts themselves; told only where it is so."""
    contradictions = [_only_where(f"contradicts_{name}", pl.col(f"conflict_{name}")) for name in CONTRADICTIONS]
    exceeds, stated = pl.col("exceeds"), pl.col("stated")
    return [
        _only_where("market_suppliers", (pl.col("scope") == "input") & (pl.col("basis") == "market")),
        _only_where("switch_assumed", (pl.col("switch_basis") == "assumed") & pl.col("gap_days_low").is_not_null()),
        Claim("shares_exceed_one", pl.lit(True), stated, stated, "share", 1.0, when=exceeds),
        *contradictions,
    ]


def _above(code: str, measure: str, unit: str, threshold: float, source: str) -> Claim:
    low, high = pl.col(f"{measure}_low"), pl.col(f"{measure}_high")
    holds = pl.when(low > threshold + EPSILON).then(True).when(high <= threshold + EPSILON).then(False)
    return Claim(code, holds, low, high, unit, threshold, source=source)


def _only_where(code: str, when: pl.Expr) -> Claim:
    none = pl.lit(None, pl.Float64)
    return Claim(code, pl.lit(True), none, none, "", when=when)
