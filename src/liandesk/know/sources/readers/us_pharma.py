"""Makers of active ingredients, finished drugs and sponsors in the United States, April 2023: five CSV files.

Derived from two public files of the FDA: the NDC directory of unfinished drugs (who lists which ingredient) and
Drugs@FDA (who may sell which drug). Both are in the public domain. The list of an ingredient's makers is complete
as far as the law goes: whoever ships it to the United States must list it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from liandesk.base.countries import country_names
from liandesk.base.facts.schema import facts_from_rows
from liandesk.know.sources.contracts import said
from liandesk.know.sources.declared import short_hash
from liandesk.know.sources.reading import Part, Source, nothing, read_part
from liankit.tables import Choice, Column, Problem, Table, UnreadableFile

PREFIX = "us_pharma"


def _countries() -> tuple[Choice, ...]:
    """A country in these files is guessed from words of the name; a question mark says that the guess is weaker."""
    return tuple(Choice(code, text["zh"], text["en"], (f"{code}?",)) for code, text in country_names().items())


def _text(name: str, zh: str, en: str, *, required: bool = True) -> Column:
    return Column(name, title=said(zh, en), required=required)


def _count(name: str, zh: str, en: str) -> Column:
    return Column(name, pl.Int64, said(zh, en), minimum=0)


ENTERPRISES = Table(
    "enterprises",
    (
        _text("enterprise_id", "企业编号", "Id of the enterprise"),
        _text("name", "企业名称", "Name"),
        Column(
            "role",
            title=said("角色", "Role"),
            required=True,
            choices=(
                Choice("maker", "原料药生产者", "Maker of active ingredients", ("api_maker",)),
                Choice("sponsor", "药品持有者", "Sponsor of finished drugs"),
            ),
        ),
        Column("country_guess", title=said("推测国别", "Guessed country"), choices=_countries()),
        _text("province_guess", "推测省份", "Guessed province", required=False),
    ),
    title=said("企业", "Enterprises"),
    key=("enterprise_id",),
)
DRUGS = Table(
    "drugs",
    (
        _text("ingredients", "成分", "Ingredients"),
        _text("route", "给药途径", "Route"),
        _text("drug", "药品", "Drug"),
    ),
    title=said("药品", "Drugs"),
    key=("drug",),
)
MAKES = Table(
    "makes",
    (
        _text("maker", "生产者", "Maker"),
        _text("api", "原料药", "Active ingredient"),
        _count("n_listings", "登记数", "Listings"),
        Column("first_start", pl.Date, said("最早登记日", "First listed")),
        _text("category", "类别", "Category", required=False),
    ),
    title=said("生产关系", "Who makes what"),
    key=("maker", "api"),
)
INPUT_OF = Table(
    "input_of",
    (_text("api", "原料药", "Active ingredient"), _text("drug", "药品", "Drug")),
    title=said("投入关系", "What goes into what"),
    key=("api", "drug"),
)
SELLS = Table(
    "sells",
    (
        _text("sponsor", "持有者", "Sponsor"),
        _text("drug", "药品", "Drug"),
        _count("n_applications", "申请数", "Applications"),
        _text("appl_types", "申请类型", "Types of application", required=False),
        _count("n_products", "产品数", "Products"),
    ),
    title=said("销售关系", "Who sells what"),
    key=("sponsor", "drug"),
)
FILES = {
    "enterprises.csv": ENTERPRISES,
    "drugs.csv": DRUGS,
    "edges_maker_makes_api.csv": MAKES,
    "edges_api_into_drug.csv": INPUT_OF,
    "edges_sponsor_sells_drug.csv": SELLS,
}


def parse(paths: Sequence[Path]) -> tuple[tuple[Part, ...], pl.LazyFrame]:
    """Read the five files; a row that names an enterprise or a drug of no file is rejected."""
    given = {path.name: path for path in paths}
    for name in FILES:
        if name not in given:
            raise UnreadableFile(Problem("file_of_set_missing", {"missing": name, "files": list(FILES)}, name))
    parts = {table.name: read_part(given[name], table) for name, table in FILES.items()}
    makers, sponsors = _ids(parts["enterprises"], "maker"), _ids(parts["enterprises"], "sponsor")
    drugs = parts["drugs"].rows.select("drug")
    parts["makes"] = _pointing(parts["makes"], "maker", makers, ENTERPRISES)
    parts["sells"] = _pointing(_pointing(parts["sells"], "sponsor", sponsors, ENTERPRISES), "drug", drugs, DRUGS)
    parts["input_of"] = _pointing(parts["input_of"], "drug", drugs, DRUGS)
    extra = [Problem("file_not_read", {}, name, severity="warning") for name in given if name not in FILES]
    parts["enterprises"] = parts["enterprises"].with_problems(extra)
    return tuple(parts.values()), _facts(parts, makers, sponsors)


def _ids(part: Part, role: str) -> pl.DataFrame:
    """Return name and record of the enterprises in one role; makers and sponsors are numbered apart."""
    record = pl.concat_str(pl.lit(f"{PREFIX}:organisation:"), "enterprise_id")
    found = part.rows.filter(pl.col("role") == role).select(pl.col("name").alias(role), record.alias("organisation"))
    return found.unique(role, keep="first", maintain_order=True)


def _pointing(part: Part, column: str, known: pl.DataFrame, table: Table) -> Part:
    """Reject the rows whose ``column`` is in no row of ``table``."""
    dangling = part.rows.join(known, on=column, how="anti", maintain_order="left")
    params = {"table": dict(table.title), "title": dict(part.table.column(column).title)}
    problems = [
        Problem("dangling_reference", params, sheet=sheet, row=row, column=column, value=value)
        for sheet, row, value in dangling.select("sheet", "row", column).iter_rows()
    ]
    return part.reject(dangling.select("sheet", "row"), problems)


def _facts(parts: Mapping[str, Part], makers: pl.DataFrame, sponsors: pl.DataFrame) -> pl.LazyFrame:
    makes = _with_item(parts["makes"].rows.rename({"first_start": "first_listed"})).join(makers, on="maker")
    inputs = _with_item(parts["input_of"].rows.rename({"drug": "product"}))
    sells = parts["sells"].rows.rename({"drug": "product"}).join(sponsors, on="sponsor")
    found = (
        (parts["enterprises"], "organisation", _organisations(parts["enterprises"].rows)),
        (parts["drugs"], "product", parts["drugs"].rows.with_columns(name="drug", record=_key("product", "drug"))),
        (parts["input_of"], "item", _items(inputs)),
        (parts["makes"], "item", _items(makes.with_columns(listing_complete=pl.lit("yes")))),
        (parts["makes"], "makes", makes.with_columns(record=_key("makes", "organisation", "item"))),
        (parts["input_of"], "input_of", inputs.with_columns(record=_key("input_of", "item", "product"))),
        (parts["sells"], "sells", sells.with_columns(record=_key("sells", "organisation", "product"))),
    )
    return pl.concat([nothing(), *(_melted(part, kind, rows) for part, kind, rows in found)])


_ATTRIBUTES = {
    "organisation": ("name", "role", "country", "country_basis", "province_guess"),
    "product": ("name", "ingredients", "route"),
    "item": ("name", "item_kind", "listing_complete"),
    "makes": ("organisation", "item", "n_listings", "first_listed", "category"),
    "input_of": ("item", "product"),
    "sells": ("organisation", "product", "n_applications", "appl_types", "n_products"),
}


def _melted(part: Part, kind: str, rows: pl.DataFrame) -> pl.LazyFrame:
    attributes = dict.fromkeys(_ATTRIBUTES[kind], "")
    return facts_from_rows(rows.lazy(), kind=kind, record=pl.col("record"), attributes=attributes, file=part.file)


def _organisations(rows: pl.DataFrame) -> pl.DataFrame:
    guessed = pl.col("country_guess").is_not_null()
    return rows.with_columns(
        record=pl.concat_str(pl.lit(f"{PREFIX}:organisation:"), "enterprise_id"),
        country="country_guess",
        country_basis=pl.when(guessed).then(pl.lit("guessed from name")),
    )


def _with_item(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(item=pl.concat_str(pl.lit(f"{PREFIX}:item:"), "api"))


def _items(rows: pl.DataFrame) -> pl.DataFrame:
    """Return each ingredient once, where it is first named."""
    named = rows.with_columns(record="item", name="api", item_kind=pl.lit("active_ingredient"))
    return named.unique("record", keep="first", maintain_order=True)


def _key(kind: str, *columns: str) -> pl.Expr:
    """Return the record of a relation: a digest, since names of drugs may be longer than a record."""
    text = pl.concat_str(columns, separator="\x1f")
    digest = text.map_elements(short_hash, return_dtype=pl.String)
    return pl.concat_str(pl.lit(f"{PREFIX}:{kind}:"), digest)


SOURCE = Source(
    key="us_pharma",
    title=said("美国药品链 2023", "US drug chain 2023"),
    origin=said(
        "美国食品药品监督管理局 (FDA) 公开数据，公有领域：未成品药 NDC 目录（谁登记了哪种原料药）与 Drugs@FDA"
        "（谁可销售哪种药品），2023 年 4 月；国别由名称用词推测。",
        "Public data of the US Food and Drug Administration, public domain: the NDC directory of unfinished drugs "
        "(who lists which ingredient) and Drugs@FDA (who may sell which drug), April 2023; countries are guessed from "
        "words of the names.",
    ),
    tables=tuple(FILES.values()),
    identity={table.name: table.key for table in FILES.values()},
    parse=parse,
    is_folder=True,
)
