"""Read a batch of raw rows under a head: tell data from blank rows, notes and totals, then read column by column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from liankit.tables.cells import Sheetwise, clean, read_column
from liankit.tables.contract import Counts, Table
from liankit.tables.faults import FAULT_SCHEMA
from liankit.tables.heads import Head
from liankit.tables.problems import severity_of
from liankit.tables.sources import BROKEN_QUOTES, FAULT_MARK

_NOTE = (
    r"(?i)^[*※(（\[]?\s*(?:注|备注|说明|填表说明|填报说明|填表人|填报人|制表人?|审核人?|联系人|联系电话|填报单位|填报日期|"
    r"资料来源|数据来源|notes?|sources?|remarks?)\s*[0-9一二三四五六七八九十]*\s*[:：.、]"
)
_TOTAL = r"(?i)^(?:合\s*计|总\s*计|小\s*计|total|subtotal|sum)\s*[:：]?$"
_SENTENCE = "[：:。；;]"
_ESCAPED = r"^'('*[=+\-@\t\r＝＋－＠])"
_REMARKS = ("note_row", "total_row", "repeated_head")


@dataclass(frozen=True)
class Layout:
    """How the rows of one sheet are read."""

    table: Table
    head: Head
    width: int
    is_workbook: bool

    def sheetwise(self, column: str) -> Sheetwise:
        """Return what reading a column needs to know of the file."""
        return Sheetwise(self.head.factors.get(column, 1.0), self.is_workbook)

    def titled(self) -> int:
        """Return how many columns there are up to the last one with a title."""
        return max((place + 1 for place, title in enumerate(self.head.titles) if title), default=0)

    def obliged(self) -> list[str]:
        """Return the required columns that the sheet has."""
        return [column.name for column in self.table.columns if column.required and column.name in self.head.places]


@dataclass(frozen=True)
class BatchRead:
    """What a batch holds: good rows (columns and ``row``), the text of bad ones, faults, and where each row went."""

    rows: pl.DataFrame
    rejected: pl.DataFrame
    faults: pl.DataFrame
    counts: Counts
    lone: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema={"row": pl.Int32, "value": pl.String}))
    """Rows whose only filled cell reads like a sentence, and that cell: at the end of a sheet they are notes."""
    last: int = 0
    """The last row with more than one filled cell."""
    untitled: frozenset[int] = frozenset()
    """Columns without a title that hold something."""


def read_batch(batch: pl.DataFrame, layout: Layout) -> BatchRead:
    """Read one batch of the rows beneath the head; ``batch`` as from ``RawSheet.batches``."""
    marked = _marked(batch, layout)
    data = marked.filter(pl.col("kind") == "data")
    text = _by_name(data, layout)
    values, of_cells = _read_columns(text, layout)
    faults = _with_row_faults(data, of_cells, layout) if layout.head.is_complete else of_cells.clear()
    bad = faults.filter(pl.col("severity") == "error")["row"].unique().implode()
    is_bad = pl.col("row").is_in(bad) if layout.head.is_complete else pl.lit(True)
    rejected = _unmarked(text.filter(is_bad))
    return BatchRead(
        rows=values.filter(~is_bad),
        rejected=rejected,
        faults=pl.concat([faults, _remarks(marked)]),
        counts=_counts(marked, rejected.height),
        lone=data.filter(pl.col("filled") == 1, pl.col("first").str.contains(_SENTENCE)).select("row", value="first"),
        last=data.select(pl.col("row").filter(pl.col("filled") > 1).max()).item() or 0,
        untitled=_untitled(marked, layout),
    )


def raw_text(batch: pl.DataFrame, layout: Layout, rows: pl.Series) -> pl.DataFrame:
    """Return the text of given rows as ``BatchRead.rejected`` holds it."""
    return _by_name(_cleaned(batch.filter(pl.col("row").is_in(rows.implode())), layout), layout)


def _counts(marked: pl.DataFrame, bad: int) -> Counts:
    kinds = dict(marked["kind"].value_counts().iter_rows())
    notes = sum(kinds.get(kind, 0) for kind in _REMARKS)
    return Counts(marked.height, kinds.get("data", 0) - bad, bad, kinds.get("blank", 0), notes)


def _unmarked(text: pl.DataFrame) -> pl.DataFrame:
    """Take off the signs by which faulty cells are told on the way here."""
    whole = pl.exclude("row").str.strip_prefix(BROKEN_QUOTES)
    return text.with_columns(whole.str.strip_prefix(FAULT_MARK))


def _cleaned(batch: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    """Trim all cells; undo the apostrophe that keeps a spreadsheet from taking text of a CSV file for a formula."""
    return pl.DataFrame([batch["row"], *(_clean_cells(cells, layout) for cells in batch.drop("row"))])


def _clean_cells(cells: pl.Series, layout: Layout) -> pl.Series:
    bare = clean(cells)
    if layout.is_workbook or not bare.str.starts_with("'").any():
        return bare
    return bare.str.replace(_ESCAPED, "$1")


def _marked(batch: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    """Add what each row is: ``kind``, its ``first`` filled cell and how many are ``filled``."""
    cells = pl.all().exclude("row")
    counted = _cleaned(batch, layout).with_columns(
        first=pl.coalesce(cells), filled=pl.sum_horizontal(cells.is_not_null().cast(pl.Int32))
    )
    return counted.with_columns(kind=_kind(layout))


def _kind(layout: Layout) -> pl.Expr:
    first = pl.col("first")
    known = [pl.col(f"c{place}") for place in layout.head.places.values()]
    obliged = [pl.col(f"c{layout.head.places[name]}") for name in layout.obliged()]
    complete = pl.all_horizontal(cell.is_not_null() for cell in obliged) if len(obliged) > 1 else pl.lit(False)
    nothing_known = pl.all_horizontal(cell.is_null() for cell in known)
    titles = pl.all_horizontal(cell.eq_missing(pl.lit(_title(layout, cell))) for cell in known)
    return (
        pl.when(pl.col("filled") == 0)
        .then(pl.lit("blank"))
        .when(~complete & first.str.contains(_TOTAL))
        .then(pl.lit("total_row"))
        .when(~complete & first.str.contains(_NOTE))
        .then(pl.lit("note_row"))
        .when(nothing_known & first.str.contains(r"^[0-9]+[.、]?$"))
        .then(pl.lit("blank"))
        .when(nothing_known)
        .then(pl.lit("note_row"))
        .when(titles)
        .then(pl.lit("repeated_head"))
        .otherwise(pl.lit("data"))
    )


def _title(layout: Layout, cell: pl.Expr) -> str:
    return layout.head.titles[int(cell.meta.output_name()[1:])]


def _by_name(data: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    """Return ``row`` and the cells under the contract's names; a column that the sheet lacks is null."""
    places = layout.head.places
    return data.select(
        "row",
        *(
            pl.col(f"c{places[name]}").alias(name) if name in places else pl.lit(None, pl.String).alias(name)
            for name in layout.table.names()
        ),
    )


def _read_columns(text: pl.DataFrame, layout: Layout) -> tuple[pl.DataFrame, pl.DataFrame]:
    read = [read_column(text, column, layout.sheetwise(column.name)) for column in layout.table.columns]
    values = pl.DataFrame([*(value for value, _ in read), text["row"]])
    return values, pl.concat([pl.DataFrame(schema=FAULT_SCHEMA), *(faults for _, faults in read)])


def _with_row_faults(data: pl.DataFrame, faults: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    """Add the faults of whole rows; they stand in place of those of the row's cells."""
    beyond = _beyond(data, layout)
    whole = data.select(
        "row",
        value=pl.col("first").str.strip_prefix(BROKEN_QUOTES).str.slice(0, 200),
        code=pl.when(pl.col("first").str.starts_with(BROKEN_QUOTES))
        .then(pl.lit("broken_quotes"))
        .when(beyond)
        .then(pl.lit("shifted_row")),
    ).filter(pl.col("code").is_not_null())
    return pl.concat([faults.join(whole, on="row", how="anti"), as_faults(whole)])


def _beyond(data: pl.DataFrame, layout: Layout) -> pl.Expr:
    """Say which rows of delimited text are longer than the head: an unquoted delimiter shifts all that follows."""
    extra = [f"c{place}" for place in range(layout.titled(), layout.width + 1)]
    return pl.any_horizontal(pl.col(extra).is_not_null()) if not layout.is_workbook else pl.lit(False)


def _untitled(marked: pl.DataFrame, layout: Layout) -> frozenset[int]:
    titles = layout.head.titles
    end = layout.width if layout.is_workbook else layout.titled()
    bare = [place for place in range(end) if place >= len(titles) or not titles[place]]
    return frozenset(place for place in bare if marked[f"c{place}"].null_count() < marked.height)


def _remarks(marked: pl.DataFrame) -> pl.DataFrame:
    """Return a warning for each row that is no data: what is left out is never left out silently."""
    rows = marked.filter(pl.col("kind").is_in(_REMARKS))
    return as_faults(rows.select("row", value=pl.col("first").str.slice(0, 200), code="kind"))


def as_faults(rows: pl.DataFrame) -> pl.DataFrame:
    """Complete rows of ``row``, ``value`` and ``code`` to faults of whole rows."""
    severities: Mapping[str, str] = {code: severity_of(code) for code in rows["code"].unique()}
    return rows.select(
        "row",
        pl.lit(None, pl.String).alias("column"),
        "code",
        pl.col("code").replace_strict(severities, return_dtype=pl.String).alias("severity"),
        "value",
        pl.lit("{}").alias("params"),
    )
