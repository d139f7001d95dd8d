"""A knowledge graph of Chinese listed companies, their products, and what products are made from: three CSV files.

The files are those of ChainKnowledgeGraph (2021) with the two that its snapshots lack; they were extracted from
annual reports and encyclopaedias by program and are noisy. Nothing in them is a supply link: who makes what, and what
goes into what. They may be compressed (.csv.gz).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from liandesk.base.facts.schema import facts_from_rows
from liandesk.know.sources.contracts import said
from liandesk.know.sources.declared import item_record, short_hash
from liandesk.know.sources.reading import Part, Source, nothing, read_part
from liankit.tables import Choice, Column, Problem, Table, UnreadableFile

PREFIX = "chain_kg"
_MENTIONED = 0.001
"""The weight of 14,714 products for which the set has no figure of revenue: it stands for an unknown share."""


def _text(name: str, zh: str, en: str, *, required: bool = True) -> Column:
    return Column(name, title=said(zh, en), required=required)


COMPANIES = Table(
    "companies",
    (
        _text("code", "股票代码", "Stock code"),
        _text("short_name", "简称", "Short name", required=False),
        _text("full_name", "全称", "Full name"),
        _text("exchange", "交易所", "Exchange", required=False),
        _text("list_date", "上市日期", "Listed on", required=False),
    ),
    title=said("上市公司", "Companies"),
    key=("code", "full_name"),
)
COMPANY_PRODUCT = Table(
    "company_product",
    (
        _text("company_code", "股票代码", "Stock code"),
        _text("product", "产品", "Product"),
        Column(
            "revenue_weight",
            pl.Float64,
            said("主营占比", "Share of revenue"),
            unit="share",
            minimum=0,
            maximum=1,
            required=True,
        ),
    ),
    title=said("公司产品", "Products of companies"),
    key=("company_code", "product"),
)
PRODUCT_PRODUCT = Table(
    "product_product",
    (
        _text("from_product", "产品", "Product"),
        _text("to_product", "相关产品", "Related product"),
        Column(
            "rel",
            title=said("关系", "Relation"),
            required=True,
            choices=(
                Choice("input", "上游材料", "Input"),
                Choice("subtype", "产品小类", "Subtype"),
                Choice("output", "下游产品", "Output"),
            ),
        ),
    ),
    title=said("产品关系", "Relations of products"),
    key=("from_product", "to_product", "rel"),
)
TABLES = {table.name: table for table in (COMPANIES, COMPANY_PRODUCT, PRODUCT_PRODUCT)}
_RELATIONS = {"input": "input_of", "subtype": "subtype_of", "output": "used_in"}


def parse(paths: Sequence[Path]) -> tuple[tuple[Part, ...], pl.LazyFrame]:
    """Read the three files; a product of a company of no file, and a product that is its own input, are kept out."""
    given = {path.name.removesuffix(".gz").removesuffix(".csv"): path for path in paths}
    for name in TABLES:
        if name not in given:
            files = [f"{table}.csv" for table in TABLES]
            raise UnreadableFile(Problem("file_of_set_missing", {"missing": f"{name}.csv", "files": files}, name))
    parts = {name: read_part(given[name], table) for name, table in TABLES.items()}
    parts["companies"] = _with_listing_days(parts["companies"])
    parts["company_product"] = _of_known_companies(parts["company_product"], parts["companies"])
    parts["product_product"] = _without_loops(parts["product_product"])
    extra = [
        Problem("file_not_read", {}, path.name, severity="warning")
        for name, path in given.items()
        if name not in TABLES
    ]
    parts["companies"] = parts["companies"].with_problems(extra)
    return tuple(parts.values()), _facts(parts)


def _with_listing_days(part: Part) -> Part:
    """Read the days of listing; 81 rows of the set have the exchange there, and lose no more than the day."""
    day = pl.col("list_date").str.to_date("%Y-%m-%d", strict=False)
    rows = part.rows.with_columns(listed_on=day)
    wrong = rows.filter(pl.col("list_date").is_not_null() & pl.col("listed_on").is_null())
    params = {"title": dict(part.table.column("list_date").title)}
    problems = [
        Problem("invalid_date", params, part.file, sheet, row, "list_date", value, "warning")
        for sheet, row, value in wrong.select("sheet", "row", "list_date").iter_rows()
    ]
    return replace(part, rows=rows).with_problems(problems)


def _of_known_companies(part: Part, companies: Part) -> Part:
    dangling = part.rows.join(
        companies.rows, left_on="company_code", right_on="code", how="anti", maintain_order="left"
    )
    params = {"table": dict(COMPANIES.title), "title": dict(part.table.column("company_code").title)}
    problems = [
        Problem("dangling_reference", params, sheet=sheet, row=row, column="company_code", value=value)
        for sheet, row, value in dangling.select("sheet", "row", "company_code").iter_rows()
    ]
    return part.reject(dangling.select("sheet", "row"), problems)


def _without_loops(part: Part) -> Part:
    loops = part.rows.filter(pl.col("from_product") == pl.col("to_product"))
    problems = [
        Problem("relation_to_itself", {}, sheet=sheet, row=row, column="to_product", value=value)
        for sheet, row, value in loops.select("sheet", "row", "to_product").iter_rows()
    ]
    return part.reject(loops.select("sheet", "row"), problems)


def _facts(parts: Mapping[str, Part]) -> pl.LazyFrame:
    products, relations = parts["company_product"], parts["product_product"]
    made = _in_chain(products.rows, ("product",))
    related = _in_chain(relations.rows, ("from_product", "to_product"))
    found = (
        _melted(parts["companies"], "organisation", _companies(parts["companies"].rows)),
        *(_melted(part, "item", rows) for part, rows in _items(parts)),
        _melted(products, "makes", _makes(made)),
        _melted(relations, "relation", _relations(related)),
    )
    return pl.concat([nothing(), *found])


_ATTRIBUTES: Mapping[str, Mapping[str, str]] = {
    "organisation": {"name": "", "short_name": "", "stock_code": "", "role": "", "listed_on": ""},
    "item": {"name": "", "node_kind": ""},
    "makes": {"organisation": "", "item": "", "revenue_share": "share"},
    "relation": {"from": "", "to": "", "relation": ""},
}


def _melted(part: Part, kind: str, rows: pl.DataFrame) -> pl.LazyFrame:
    attributes = dict(_ATTRIBUTES[kind])
    return facts_from_rows(rows.lazy(), kind=kind, record=pl.col("record"), attributes=attributes, file=part.file)


def _companies(rows: pl.DataFrame) -> pl.DataFrame:
    """Return a record a company; a second name under one code is a record of its own with the same code.

    Which of the names is the former one the set does not say.
    """
    first = pl.col("code").is_first_distinct()
    renamed = pl.concat_str("code", pl.lit("/"), _digest("full_name"))
    return rows.with_columns(
        record=pl.concat_str(pl.lit(f"{PREFIX}:organisation:"), pl.when(first).then("code").otherwise(renamed)),
        name="full_name",
        stock_code=pl.col("code").str.slice(0, 6),  # 752 rows have no exchange behind it
        role=pl.lit("enterprise"),
    )


def _in_chain(rows: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """Put the records of items where their names stand."""
    names = pl.concat([rows[column] for column in columns]).unique()
    records = {name: item_record(PREFIX, name) for name in names}
    return rows.with_columns(pl.col(column).replace_strict(records, return_dtype=pl.String) for column in columns)


def _items(parts: Mapping[str, Part]) -> list[tuple[Part, pl.DataFrame]]:
    """Return every item once, where it is first named."""
    known: set[str] = set()
    found = []
    for part, column in (
        (parts["company_product"], "product"),
        (parts["product_product"], "from_product"),
        (parts["product_product"], "to_product"),
    ):
        rows = part.rows.select("sheet", "row", record=column, name=column, node_kind=pl.lit("item"))
        once = _in_chain(rows, ("record",)).unique("record", keep="first", maintain_order=True)
        new = once.filter(~pl.col("record").is_in(pl.Series(sorted(known), dtype=pl.String).implode()))
        known.update(new["record"])
        found.append((part, new))
    return found


def _makes(rows: pl.DataFrame) -> pl.DataFrame:
    has_share = pl.col("revenue_weight") != _MENTIONED
    organisation = pl.concat_str(pl.lit(f"{PREFIX}:organisation:"), "company_code")
    named = rows.with_columns(
        organisation=organisation, item="product", revenue_share=pl.when(has_share).then("revenue_weight")
    )
    return _recorded(named, "makes", "organisation", "item").unique("record", keep="first", maintain_order=True)


def _relations(rows: pl.DataFrame) -> pl.DataFrame:
    """Turn the set's arrows round: for inputs and subtypes its second product is where our relation begins."""
    turned = pl.col("rel") != "output"
    typed = rows.with_columns(
        pl.when(turned).then("to_product").otherwise("from_product").alias("from"),
        pl.when(turned).then("from_product").otherwise("to_product").alias("to"),
        relation=pl.col("rel").replace_strict(_RELATIONS),
    )
    return _recorded(typed, "relation", "from", "to", "relation").unique("record", keep="first", maintain_order=True)


def _recorded(rows: pl.DataFrame, kind: str, *columns: str) -> pl.DataFrame:
    text = pl.concat_str(columns, separator="\x1f")
    return rows.with_columns(record=pl.concat_str(pl.lit(f"{PREFIX}:{kind}:"), _digest(text)))


def _digest(text: str | pl.Expr) -> pl.Expr:
    found: Callable[[str], str] = short_hash
    return (pl.col(text) if isinstance(text, str) else text).map_elements(found, return_dtype=pl.String)


SOURCE = Source(
    key=PREFIX,
    title=said("产业链图谱（上市公司）", "Chain graph of listed companies"),
    origin=said(
        "ChainKnowledgeGraph（2021 年）：由年报和百科自动抽取的上市公司、主营产品和产品上下游，噪声较大；"
        "原作者未写明许可，只供内部试用，不得随产品分发。其中没有供应关系。",
        "ChainKnowledgeGraph (2021): listed companies, their products, and what products are made from, extracted by "
        "program from annual reports and encyclopaedias, noisy; its authors state no licence: for tests and "
        "demonstration inside the house only. It holds no supply links.",
    ),
    tables=tuple(TABLES.values()),
    identity={table.name: table.key for table in TABLES.values()},
    parse=parse,
    is_folder=True,
)
