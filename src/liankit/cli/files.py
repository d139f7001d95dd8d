"""Files of the command line: tables as CSV and Parquet, told apart by the name's ending, and texts."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from liankit.errors import UserError


def read_table(path: Path) -> pl.DataFrame:
    """Read a CSV file (UTF-8, every cell as text; may be gzipped: .csv.gz) or a Parquet file.

    Raises ``UserError`` naming the file where it is absent, of another kind or not readable.
    """
    if not path.is_file():
        raise UserError(f"{path}: there is no such file. Check the path.")
    try:
        if path.suffix.lower() == ".parquet":
            return pl.read_parquet(path)
        if path.name.lower().endswith((".csv", ".csv.gz")):
            return pl.read_csv(path, infer_schema=False)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise UserError(f"{path}: cannot be read ({error}). Save it again as CSV in UTF-8, or as Parquet.") from error
    raise UserError(f"{path}: only .csv, .csv.gz and .parquet are read. Save it as CSV in UTF-8.")


def read_text(path: Path) -> str:
    """Read a text in UTF-8; UserError names the file where it is absent or no such text."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror}). Check the path.") from error
    except UnicodeDecodeError as error:
        raise UserError(f"{path}: this is no text in UTF-8. Save it again as UTF-8.") from error


def write_table(table: pl.DataFrame, path: Path) -> None:
    """Write a table as CSV or Parquet, by the ending of the name; the folder is made.

    Raises ``UserError`` where the place cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        table.write_parquet(path) if path.suffix == ".parquet" else table.write_csv(path)
    except OSError as error:
        raise UserError(f"{path}: cannot be written ({error.strerror}). Choose another --out.") from error


def stream_table(table: pl.LazyFrame, path: Path) -> None:
    """Write a table of any length as CSV or Parquet, by the ending of the name, without holding it in memory.

    The file appears when it is whole. Raises ``UserError`` where the place cannot be written.
    """
    draft = path.with_name(f"{path.name}.draft")
    try:
        table.sink_parquet(draft) if path.suffix.lower() == ".parquet" else table.sink_csv(draft)
        draft.replace(path)
    except OSError as error:
        raise UserError(f"{path}: cannot be written ({error.strerror}). Choose another place.") from error


def check_ending(path: Path) -> None:
    """Raise ``UserError`` where a table's name does not end in .csv or .parquet: said before hours of work."""
    if path.suffix.lower() not in (".csv", ".parquet"):
        raise UserError(f"{path}: only .csv and .parquet are written. Let the name end in one of them.")
