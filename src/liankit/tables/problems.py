"""Problems of a file: a code with parameters and a place, no prose; texts are in ``liankit/texts/problems.yaml``.

An error keeps a row (or, without a row, the file) out; a warning lets it in; a note only tells how a file was read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

import polars as pl

from liankit.errors import UserError
from liankit.texts import Language, ProblemText, render_problem

Severity = Literal["error", "warning", "note"]

WARNINGS = frozenset(
    {
        "unknown_column", "misspelt_column", "column_without_title", "unit_not_understood", "unit_assumed",
        "renamed_format", "sheet_not_read", "control_characters", "duplicate_row", "note_row", "total_row",
        "repeated_head", "approximate_value", "range_as_middle", "unit_in_cell",
    }
)  # fmt: skip
NOTES = frozenset({"read_as"})

PROBLEM_SCHEMA = {
    "code": pl.String,
    "severity": pl.String,  # error, warning, note
    "file": pl.String,  # its name, without folders
    "sheet": pl.String,  # "" in a file without sheets
    "row": pl.Int32,  # 1-based, as a spreadsheet counts; null: the whole sheet or file
    "column": pl.String,  # name in the contract, or the title in the file of a column that is not in it; null: the row
    "value": pl.String,  # as it stands in the file, at most 200 characters; null: none
    "params": pl.String,  # JSON object
}
"""Columns of a table of problems: one line a problem."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong in a file, and where."""

    code: str
    params: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    file: str = ""
    sheet: str = ""
    row: int | None = None
    column: str | None = None
    value: str | None = None
    severity: Severity = "error"

    def text(self, language: Language) -> ProblemText:
        """Return what is wrong, why it matters and what to do, in ``language``.

        >>> Problem("empty_file", file="a.csv").text("en").what
        'The file holds no data'
        """
        place = {"file": self.file, "sheet": self.sheet, "row": self.row, "column": self.column}
        return render_problem(self.code, {**place, "value": self.value, **self.params}, language)


class UnreadableFile(UserError):
    """Nothing can be read from a file; ``problem`` says why and what to do."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        text = problem.text("en")
        super().__init__(f"{problem.file}: {text.what}. {text.why}. {text.todo}.")


def unreadable(code: str, file: str, **params: Any) -> UnreadableFile:
    """Return the error that says why nothing can be read from ``file``."""
    return UnreadableFile(Problem(code, params, file))


def severity_of(code: str) -> Severity:
    """Return how much a problem of this code weighs where nothing else decides it."""
    return "note" if code in NOTES else "warning" if code in WARNINGS else "error"


def frame_of(problems: Iterable[Problem]) -> pl.DataFrame:
    """Return problems as a table with ``PROBLEM_SCHEMA``."""
    rows = [{**vars(problem), "params": params_json(problem.params)} for problem in problems]
    return pl.DataFrame(rows, schema=PROBLEM_SCHEMA)


def problems_of(frame: pl.DataFrame) -> tuple[Problem, ...]:
    """Return the rows of a table with ``PROBLEM_SCHEMA`` as problems.

    >>> problems = (Problem("empty_cell", {"title": {"zh": "名称", "en": "Name"}}, "a.csv", row=2, column="name"),)
    >>> problems_of(frame_of(problems)) == problems
    True
    """
    return tuple(Problem(**{**row, "params": json.loads(row["params"])}) for row in frame.iter_rows(named=True))


def params_json(params: Mapping[str, Any]) -> str:
    """Return parameters as a JSON object; dates in ISO form."""
    return json.dumps(dict(params), ensure_ascii=False, sort_keys=True, default=str)
