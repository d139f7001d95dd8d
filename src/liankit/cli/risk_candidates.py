"""``liankit risk candidates``: who could stand in, out of files; and how often they hold what notices name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from liankit.cli.files import check_ending, read_table, write_table
from liankit.cli.risk import risk
from liankit.errors import UserError
from liankit.risk.candidates import find_candidates
from liankit.risk.notice_truth import check_candidates

_MAKER = ("organisation", "maker", "sponsor", "supplier")
_ITEM = ("item", "api", "product", "drug")


@risk.command("candidates")
def candidates_command(
    makes: Annotated[Path, typer.Argument(help="Who makes which active ingredient: maker, item")],
    contains: Annotated[Path, typer.Argument(help="Which ingredient goes into which product: item, product")],
    sells: Annotated[Path, typer.Argument(help="Who sells which product: organisation, product")],
    out: Annotated[Path, typer.Option(help="File for the candidates: .csv or .parquet.")],
) -> None:
    """Offer who could stand in for the makers of each item: of the same item, or of the same active ingredients.

    Example: liankit risk candidates makes.csv contains.csv sells.csv --out candidates.csv
    """
    check_ending(out)
    made = _pairs(makes, _MAKER, _ITEM, ("organisation", "node"))
    sold = _pairs(sells, _MAKER, ("product", "drug", "item"), ("organisation", "node"))
    into = _pairs(contains, ("item", "api", "ingredient"), ("product", "drug"), ("source", "target"))
    found = _candidates(made, sold, into)
    write_table(found, out)
    typer.echo(_summary(found))
    typer.echo(f"Written to {out}")


def _pairs(path: Path, first: tuple[str, ...], second: tuple[str, ...], names: tuple[str, str]) -> pl.DataFrame:
    """Return two columns of a file under our names; UserError names the file that has not both."""
    table = read_table(path)
    titles = [next((title for title in wanted if title in table.columns), None) for wanted in (first, second)]
    if None in titles:
        raise UserError(f"{path}: it needs one column of {', '.join(first)} and one of {', '.join(second)}.")
    return table.select(pl.col(title).alias(name) for title, name in zip(titles, names, strict=True) if title).unique()


def _candidates(made: pl.DataFrame, sold: pl.DataFrame, into: pl.DataFrame) -> pl.DataFrame:
    both = [made.with_columns(activity=pl.lit("makes")), sold.with_columns(activity=pl.lit("sells"))]
    makers = pl.concat(both).with_columns(record=pl.lit(""), is_synthetic=pl.lit(False))
    named = pl.concat([makers["node"], into["source"], into["target"]]).unique()
    is_active = pl.col("node").is_in(pl.concat([made["node"], into["source"]]).implode())
    nodes = pl.DataFrame({"node": named, "name": named}).with_columns(
        item_kind=pl.when(is_active).then(pl.lit("active_ingredient"))
    )
    organisations = makers.select(id="organisation", name="organisation").unique()
    nothing = pl.lit(None, pl.String)
    return find_candidates(
        nodes=nodes,
        relations=into.with_columns(relation=pl.lit("input_of")),
        makers=makers,
        links=pl.DataFrame(schema={"buyer": pl.String, "item": pl.String, "supplier": pl.String}),
        organisations=organisations.with_columns(country=nothing, town=nothing, is_local=pl.lit(None, pl.Boolean)),
        items=named,
    )


def _summary(found: pl.DataFrame) -> str:
    counts = found.group_by("item").len()
    alone = counts.filter(pl.col("len") == 1).height
    by_basis = dict(found["basis"].value_counts().iter_rows())
    told = ", ".join(f"{count:,} {basis}" for basis, count in sorted(by_basis.items()))
    return f"{found.height:,} candidates for {counts.height:,} items ({told}); {alone:,} items have one alone"


@risk.command("candidates-check")
def candidates_check_command(
    notices: Annotated[Path, typer.Argument(help="What `liankit risk notices` wrote")],
    ingredients: Annotated[Path | None, typer.Option(help="File whose column `ingredients` names substances.")] = None,
) -> None:
    """Say how often the alternative that a notice names is among the candidates that the other notices give.

    Example: liankit risk candidates-check disruptions.csv --ingredients drugs.csv
    """
    table = read_table(notices)
    if table.schema["alternatives"] == pl.String:
        told = [json.loads(text or "[]") for text in table["alternatives"]]
        table = table.with_columns(pl.Series("alternatives", told, strict=False))
    words = read_table(ingredients)["ingredients"].to_list() if ingredients else []
    found = check_candidates(table, words)
    typer.echo(
        f"{found.notices:,} notices name alternatives. Of {found.named:,} alternatives {found.reachable:,} stand in "
        f"another notice too, {found.found:,} are among the candidates.\n"
        f"Notices with at least one named alternative among the candidates: {found.notices_hit:,} "
        f"({found.notices_hit / max(found.notices, 1):.0%}); candidates a notice: median {found.median_candidates:g}, "
        f"of which named {found.precision:.0%}"
    )
