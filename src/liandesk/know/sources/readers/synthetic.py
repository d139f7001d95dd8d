"""An invented district, read under the same contracts as real files; its landings are marked synthetic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from liandesk.base.pack import pack
from liandesk.know.sources import contracts
from liandesk.know.sources.contracts import said
from liandesk.know.sources.dated import with_values
from liandesk.know.sources.declared import facts_of
from liandesk.know.sources.reading import Part, Source, read_part
from liankit.synthetic import generate, load_vocabulary
from liankit.tables import Table


def make(folder: Path, options: Mapping[str, int]) -> list[Path]:
    """Write the tables of a district of ``enterprises`` and ``seed`` as CSV files whose heads name the units."""
    district = generate(load_vocabulary(pack().key), **options)
    paths = []
    for name, table in district.tables().items():
        paths.append(folder / f"{name}.csv")
        _as_people_write(table, name).write_csv(paths[-1])
    return paths


def _as_people_write(table: pl.DataFrame, name: str) -> pl.DataFrame:
    """Name the units in the heads, and say "unknown" where an answer is asked for and not known."""
    contract = next(table for table in contracts.sheets() if table.name == name)
    asked = [c.name for c in contract.columns if c.required and c.nullable_unknown]
    answered = table.with_columns(pl.col(column).cast(pl.String).fill_null("不清楚") for column in asked)
    return answered.rename(_with_unit(table.columns))


def _with_unit(columns: Sequence[str]) -> dict[str, str]:
    units = {"_cny": "CNY", "_percent": "%"}
    return {name: f"{name} ({unit})" for name in columns for end, unit in units.items() if name.endswith(end)}


def parse(paths: Sequence[Path]) -> tuple[tuple[Part, ...], pl.LazyFrame]:
    """Read the files of ``make``: each is named after its table, so that none has to be looked for."""
    tables = {table.name: table for table in contracts.accepted()}
    parts = tuple(_part(path, tables[path.stem]) for path in paths)
    return parts, facts_of("synthetic", parts)


def _part(path: Path, table: Table) -> Part:
    part = read_part(path, table)
    return with_values(part) if table.name == "facts" else part


SOURCE = Source(
    key="synthetic",
    title=said("合成区", "Synthetic district"),
    origin=said(
        "`liankit.synthetic` 按种子生成的虚构区，仅供演示与测试；每一页、每份导出都标明“合成”。",
        "An invented district made by `liankit.synthetic` from a seed, for demonstration and tests; called synthetic "
        "on every page and export.",
    ),
    tables=contracts.accepted(),
    identity=contracts.IDENTITY,
    parse=parse,
    version=2,
    is_synthetic=True,
    make=make,
)
