"""Is the synthetic district of the right order of magnitude? Each marginal beside what is publicly known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from liankit.errors import UserError, nearest
from liankit.synthetic.district import District
from liankit.synthetic.population import ABOVE_SCALE_CNY

MARGINAL_SCHEMA = {
    "marginal": pl.String,
    "param": pl.String,
    "value": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "unit": pl.String,
    "inside": pl.Boolean,
    "rows": pl.Int64,  # on which the value rests
    "confidence": pl.String,
    "source": pl.String,
}

Values = pl.Series
"""One number (or true and false) for each row a marginal rests on; the marginal is their mean or median."""


def marginals(district: District) -> pl.DataFrame:
    """Return each marginal of a district beside its public order of magnitude, columns ``MARGINAL_SCHEMA``.

    Ranges, sources and confidence come from the vocabulary; ``inside`` says whether the value is in the range,
    ends included. Raises ``UserError`` where the vocabulary names a marginal that cannot be measured.
    """
    rows = [_measured(district, reference) for reference in district.references]
    return pl.DataFrame(rows, schema=MARGINAL_SCHEMA)


def marginals_markdown(table: pl.DataFrame, *, enterprises: int, seed: int) -> str:
    """Return the table as a page of Markdown that says how it was made."""
    head = (
        "# Marginals of the synthetic district\n\n"
        "Generated; do not edit. Every enterprise, supplier and figure is invented. Each marginal stands beside its\n"
        f"public order of magnitude; measured on {enterprises:,} enterprises of seed {seed}.\n"
        "*Confidence*: **verified** was read in a public document, **recalled** is a well-known figure from memory,\n"
        "**assumption** has no public figure and may be replaced in the vocabulary of the pack.\n\n"
        f"To renew: `liankit synthetic FOLDER --enterprises {enterprises} --seed {seed} "
        "--marginals docs/reference/synthetic-marginals.md`.\n\n"
        "| marginal | value | range | unit | inside | rows | confidence | public order of magnitude |\n"
        "|---|---|---|---|---|---|---|---|\n"
    )
    return head + "".join(_markdown_row(row) for row in table.to_dicts())


def _markdown_row(row: Mapping[str, Any]) -> str:
    name = f"{row['marginal']} ({row['param']})" if row["param"] else row["marginal"]
    numbers = [_number(row[column]) for column in ("value", "low", "high")]
    inside = "yes" if row["inside"] else "**no**"
    return (
        f"| {name} | {numbers[0]} | {numbers[1]} to {numbers[2]} | {row['unit']} | {inside} | {row['rows']:,} "
        f"| {row['confidence']} | {row['source']} |\n"
    )


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _measured(district: District, reference: Mapping[str, Any]) -> dict[str, Any]:
    name, param = reference["marginal"], reference.get("param", "")
    if name not in MEASURES:
        raise UserError(f"There is no marginal '{name}'.{nearest(name, MEASURES)}")
    value, rows = MEASURES[name](district, param)
    low, high = float(reference["low"]), float(reference["high"])
    plain = {key: reference[key] for key in ("unit", "confidence", "source")}
    inside = low <= value <= high
    return {
        **plain,
        "marginal": name,
        "param": param,
        "value": value,
        "low": low,
        "high": high,
        "inside": inside,
        "rows": rows,
    }


Measured = tuple[float, int]
Measure = Callable[[District, str], Measured]


def _total(values: Values) -> float:
    return float(values.cast(pl.Float64).to_numpy().sum())


def _mean(values: Values) -> Measured:
    known = values.drop_nulls().cast(pl.Float64).to_numpy()
    return float(known.mean()), len(known)


def _median(values: Values) -> Measured:
    known = values.drop_nulls().cast(pl.Float64).to_numpy()
    return float(np.median(known)), len(known)


def _firms(district: District) -> pl.DataFrame:
    return district.enterprises.filter(kind="enterprise")


def _sized(district: District) -> pl.DataFrame:
    """Return the enterprises of known size with their class by MIIT 2011 No. 300, industry."""
    output, employees = pl.col("output_cny"), pl.col("employees")
    size = (
        pl.when((employees >= 1000) & (output >= 400_000_000))
        .then(pl.lit("large"))
        .when((employees >= 300) & (output >= 20_000_000))
        .then(pl.lit("medium"))
        .otherwise(pl.lit("small"))
    )
    return _firms(district).drop_nulls(["output_cny", "employees"]).with_columns(size=size)


def _above_scale(district: District) -> pl.DataFrame:
    return _sized(district).filter(pl.col("output_cny") >= ABOVE_SCALE_CNY)


def _per_employee(district: District, _: str) -> Measured:
    above = _above_scale(district)
    return _total(above["output_cny"]) / _total(above["employees"]), above.height


def _top_tenth(district: District, _: str) -> Measured:
    output = _sized(district)["output_cny"].sort(descending=True)
    return _total(output.head(round(len(output) / 10))) / _total(output), len(output)


def _age(district: District, _: str) -> Measured:
    days = pl.lit(_as_of(district)) - pl.col("founded")
    return _median(_firms(district).select(days.dt.total_days() / 365.25).to_series())


def _as_of(district: District) -> date:
    """Return the day after the last figures, the close of the last full year."""
    return district.facts["as_of"].max()  # type: ignore[return-value]


def _figure(district: District, attribute: str) -> Values:
    latest = district.facts.filter(attribute=attribute, as_of=_as_of(district))
    return latest["value"].cast(pl.Float64)


def _rd_share(district: District, _: str) -> Measured:
    latest = district.facts.filter(as_of=_as_of(district)).with_columns(pl.col("value").cast(pl.Float64, strict=False))
    spent, revenue = (
        latest.filter(attribute=attribute).select("enterprise", value="value")
        for attribute in ("rd_expense_cny", "revenue_cny")
    )
    joined = spent.join(revenue, on="enterprise", suffix="_revenue")
    return _median(joined.select(100 * pl.col("value") / pl.col("value_revenue")).to_series())


def _inputs_each(district: District, _: str) -> Measured:
    return _mean(district.critical_inputs.group_by("enterprise").len()["len"])


def _abroad(district: District) -> Values:
    home = district.enterprises["country"][0]
    return district.critical_inputs["supplier_country"] != home


def _top_ten_abroad(district: District, _: str) -> Measured:
    suppliers = district.critical_inputs.filter(_abroad(district).fill_null(False))["supplier"]
    counts = suppliers.value_counts(sort=True)["count"]
    return _total(counts.head(10)) / _total(counts), len(suppliers)


MEASURES: Mapping[str, Measure] = {
    "enterprise_share": lambda district, _: _mean(district.enterprises["kind"] == "enterprise"),
    "above_scale_share": lambda district, _: _mean(_sized(district)["output_cny"] >= ABOVE_SCALE_CNY),
    "above_scale_mean_output": lambda district, _: _mean(_above_scale(district)["output_cny"]),
    "above_scale_output_per_employee": _per_employee,
    "large_share": lambda district, _: _mean(_sized(district)["size"] == "large"),
    "medium_share": lambda district, _: _mean(_sized(district)["size"] == "medium"),
    "small_and_micro_share": lambda district, _: _mean(_sized(district)["size"] == "small"),
    "median_output": lambda district, _: _median(_sized(district)["output_cny"]),
    "top_tenth_output_share": _top_tenth,
    "listed_share": lambda district, _: _mean(_firms(district)["stock_code"].is_not_null()),
    "median_age": _age,
    "loss_making_share": lambda district, _: _mean(_figure(district, "net_profit_cny") < 0),
    "median_rd_share": _rd_share,
    "median_debt_ratio": lambda district, _: _median(_figure(district, "debt_ratio")),
    "mean_inputs": _inputs_each,
    "item_kind_share": lambda district, kind: _mean(district.critical_inputs["item_kind"] == kind),
    "imported_share": lambda district, _: _mean(_abroad(district)),
    "sole_source_share": lambda district, _: _mean(district.critical_inputs["another_source"] == "no"),
    "share_unknown_share": lambda district, _: _mean(district.critical_inputs["share_percent"].is_null()),
    "median_stock": lambda district, _: _median(district.critical_inputs["stock_days"]),
    "median_lead_time": lambda district, _: _median(district.critical_inputs["lead_time_days"]),
    "median_switch": lambda district, _: _median(district.critical_inputs["switch_months"]),
    "top_ten_abroad_share": _top_ten_abroad,
}
"""How each marginal is measured: from the tables alone, so that it could be measured on a real district too."""
