"""``liankit risk notices``: dated disruptions out of notices in Chinese."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from liankit.cli.files import check_ending, read_table, write_table
from liankit.cli.risk import risk
from liankit.errors import UserError, nearest
from liankit.risk.notices import extract

_NAMES = {
    "product": ("product", "中文品名", "品名", "产品", "产品名称", "药品名称"),
    "licence": ("licence", "許可證字號", "许可证号", "批准文号", "注册证号"),
    "told_on": ("told_on", "公告更新時間", "公告日期", "发布日期", "日期"),
    "text": ("text", "供應狀態", "公告内容", "内容", "正文"),
}
"""Titles under which a file may have each column."""


@risk.command("notices")
def notices_command(
    file: Annotated[Path, typer.Argument(help="Notices: product, told_on, text and, if known, licence")],
    out: Annotated[Path, typer.Option(help="File for what was found: .csv or .parquet.")],
) -> None:
    """Find dated disruptions in notices: cause, from when, recovery, named alternatives, and the sentence that says so.

    One notice a row; columns may have English or usual Chinese titles. In a CSV file the alternatives are JSON.

    Example: liankit risk notices notices.csv --out disruptions.csv
    """
    check_ending(out)
    notices = _notices(read_table(file), file)
    found = extract(notices)
    write_table(_as_csv(found) if out.suffix.lower() == ".csv" else found, out)
    typer.echo(_summary(found))
    typer.echo(f"Written to {out}")


def _notices(table: pl.DataFrame, file: Path) -> pl.DataFrame:
    columns = {
        name: next((title for title in titles if title in table.columns), None) for name, titles in _NAMES.items()
    }
    for name in ("product", "told_on", "text"):
        if columns[name] is None:
            raise UserError(f"{file}: there is no column '{name}'.{nearest(name, table.columns)}")
    renamed = table.select(pl.col(title).alias(name) for name, title in columns.items() if title)
    if renamed["told_on"].dtype == pl.String:
        day = pl.col("told_on").str.replace_all(r"[/.]", "-").str.to_date("%Y-%m-%d", strict=False)
        renamed = renamed.with_columns(day)
    return renamed


def _as_csv(found: pl.DataFrame) -> pl.DataFrame:
    texts = [json.dumps(one, ensure_ascii=False) for one in found["alternatives"].to_list()]
    return found.with_columns(pl.Series("alternatives", texts, pl.String))


def _summary(found: pl.DataFrame) -> str:
    counts = dict(found["status"].value_counts().iter_rows())
    causes = found.drop_nulls("cause")["cause"].value_counts(sort=True).iter_rows()
    named = found.filter(pl.col("alternatives").list.len() > 0).height
    return (
        f"Read {found.height:,} notices: {counts.get('disrupted', 0):,} of a disruption, "
        f"{counts.get('recovered', 0):,} of a recovery, {counts.get('unclear', 0):,} unclear\n"
        f"Causes: {', '.join(f'{cause} {count:,}' for cause, count in causes)}\n"
        f"Named alternatives: {found['alternatives'].list.len().sum():,} in {named:,} notices"
    )
