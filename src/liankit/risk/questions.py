"""The questions whose answers would settle what is unknown of an entry, the most useful first.

An answer is worth what it can narrow: the width of the impact interval now, less the width after the answer that
narrows it most. Without an upper end the width is infinite and only the output bounds it, so the output is asked
first; the other questions are then worth what they narrow of the output that is known. Questions that narrow alike
are asked in the order of ``QUESTIONS``, the easier to answer first.
"""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from liankit.risk.thresholds import EPSILON

QUESTIONS = ("ask_suppliers", "ask_uses", "ask_another_source", "ask_list_complete", "ask_shares", "ask_output")
"""Codes in the order in which they are asked when they narrow alike."""

QUESTION_SCHEMA = {
    "entry": pl.String,
    "order": pl.Int32,  # place among the questions of the entry, 1 the most useful
    "code": pl.String,
    "params": pl.String,  # JSON object
    "to": pl.String,  # "buyer:ID" or "office"
    "narrows": pl.Float64,  # the impact interval by at most this, in its measure; null: unbounded, or not comparable
}
"""Columns of the table of questions: one row a question that could tell something, none for an exact entry."""


class _Rule(NamedTuple):
    """A question: its turn (0 first), when it is asked, what it narrows, whether the buyer answers (or the office)."""

    code: str
    turn: int
    when: pl.Expr
    narrows: pl.Expr
    by_buyer: pl.Expr


def ask_questions(entries: pl.DataFrame) -> pl.DataFrame:
    """Return every question worth asking of every entry, with ``QUESTION_SCHEMA`` in the order of the entries.

    An entry without a supplier is asked for one, an entry without a use for one; the interval of any other is
    narrowed by the output where some of it is unknown, by another source or the list's completeness, by the shares. The
    output comes last where none of it is known: it turns products into yuan.
    """
    placed = entries.with_row_index("place")
    asked = pl.concat([_ask(placed, rule) for rule in _rules()])
    asked = asked.sort("place", "turn", "narrows", "asked", descending=[False, False, True, False], nulls_last=True)
    order = pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over("place")
    return asked.with_columns(order.alias("order")).select(*QUESTION_SCHEMA)


def add_first_question(entries: pl.DataFrame, questions: pl.DataFrame) -> pl.DataFrame:
    """Return the entries with the ``question_*`` of the first question of each, null where there is none."""
    names = {"code": "question_code", "params": "question_params", "to": "question_to", "narrows": "question_narrows"}
    first = questions.filter(pl.col("order") == 1).select("entry", *names).rename(names)
    return entries.join(first, on="entry", how="left", maintain_order="left")


def _rules() -> list[_Rule]:
    scope_is_input, nothing = pl.col("scope") == "input", pl.lit(None, pl.Float64)
    has_suppliers, has_reach = pl.col("suppliers").is_not_null(), pl.col("reach").is_not_null()
    width = pl.when(has_suppliers).then(pl.col("loss_high") - pl.col("loss_low"))
    could_be_alone = (pl.col("basis") == "market") | ((pl.col("suppliers") == 1) & (pl.col("blanks") == 1))
    answerless = scope_is_input & pl.col("another_source").is_null()
    closes = width - (pl.col("closed_loss_high") - pl.col("closed_loss_low"))
    told_apart = EPSILON * pl.col("reach")  # widths are sums of floats
    return [
        _Rule("ask_suppliers", 0, ~has_suppliers, nothing, scope_is_input),
        _Rule("ask_uses", 0, ~has_reach, nothing, pl.lit(False)),
        _Rule("ask_another_source", 1, answerless & could_be_alone & (width > told_apart), width, scope_is_input),
        _Rule("ask_list_complete", 1, _is_open_list() & (closes > told_apart), closes, pl.lit(False)),
        _Rule("ask_shares", 1, width > told_apart, width, scope_is_input),
        _Rule("ask_output", 0, has_suppliers & ~pl.col("bounded"), nothing, scope_is_input),
        _Rule("ask_output", 2, has_suppliers & (pl.col("measure") == "products"), nothing, scope_is_input),
    ]


def _is_open_list() -> pl.Expr:
    """Whether an item's list names somebody and may be the whole: known shares that miss 1 show that it is not."""
    of_item = (pl.col("basis") != "declared") & (pl.col("named") > 0)
    return of_item & ~pl.col("complete") & (pl.col("blanks") > 0)


def _ask(placed: pl.DataFrame, rule: _Rule) -> pl.DataFrame:
    params = pl.struct(pl.col("item_name").alias("item"), "buyer", "suppliers").struct.json_encode()
    buyer = pl.lit("buyer:") + pl.col("buyer")
    return placed.filter(rule.when).select(
        "place",
        "entry",
        pl.lit(rule.code).alias("code"),
        params.alias("params"),
        pl.when(rule.by_buyer).then(buyer).otherwise(pl.lit("office")).alias("to"),
        rule.narrows.alias("narrows"),
        pl.lit(rule.turn).alias("turn"),
        pl.lit(QUESTIONS.index(rule.code)).alias("asked"),
    )
