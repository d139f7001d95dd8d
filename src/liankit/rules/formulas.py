"""Formulas of quantities as text: names, numbers, + - * / and the functions of ``quantities``, and nothing else.

Python's own parser reads them; what it may not hold is refused with its place.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from liankit.errors import UserError

OPERATORS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}


class FormulaError(UserError):
    """A formula that cannot be read: which, where in it, what is wrong, and the nearest name that is valid."""


@dataclass(frozen=True)
class Name:
    """An input or another quantity."""

    key: str


@dataclass(frozen=True)
class Number:
    """A constant."""

    value: float


@dataclass(frozen=True)
class Binary:
    """Two parts joined by one of + - * /."""

    operator: str
    left: Formula
    right: Formula


@dataclass(frozen=True)
class Call:
    """A function of parts; ``codes`` are its texts, ``options`` its named numbers (years, n)."""

    function: str
    parts: tuple[Formula, ...]
    codes: tuple[str, ...] = ()
    options: tuple[tuple[str, float], ...] = ()

    def option(self, name: str) -> float | None:
        """Return a named number; None where it is not given."""
        return dict(self.options).get(name)


Formula = Name | Number | Binary | Call


@lru_cache(maxsize=4096)
def parse_formula(text: str) -> Formula:
    """Return the tree of a formula; raise FormulaError where it is none.

    >>> parse_formula("share(rd, revenue)")
    Call(function='share', parts=(Name(key='rd'), Name(key='revenue')), codes=(), options=())
    """
    try:
        body = ast.parse(text.strip(), mode="eval").body
    except SyntaxError as error:
        raise FormulaError(f"'{text}' is no formula, at sign {error.offset}: {error.msg}. Mend it there.") from None
    return _read(body, text)


def _read(node: ast.expr, text: str) -> Formula:
    if isinstance(node, ast.Name):
        return Name(node.id)
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        return Number(float(node.value))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return Binary("-", Number(0.0), _read(node.operand, text))
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        return Binary(OPERATORS[type(node.op)], _read(node.left, text), _read(node.right, text))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return _call(node, node.func.id, text)
    raise FormulaError(
        f"'{text}', at sign {node.col_offset + 1}: a formula holds names, numbers, + - * / and functions. Take it out."
    )


def _call(node: ast.Call, function: str, text: str) -> Call:
    codes = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    parts = [_read(one, text) for one in node.args if not _is_code(one)]
    return Call(function, tuple(parts), tuple(codes), tuple(_option(one, function, text) for one in node.keywords))


def _option(keyword: ast.keyword, function: str, text: str) -> tuple[str, float]:
    value = keyword.value
    if keyword.arg is None or not isinstance(value, ast.Constant) or not isinstance(value.value, int | float):
        raise FormulaError(f"'{text}': the option {keyword.arg} of {function} is a number. Write it as one.")
    return keyword.arg, float(value.value)


def _is_code(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def names_in(formula: Formula) -> Iterator[str]:
    """Yield the names that a formula speaks of, as often as they stand."""
    if isinstance(formula, Name):
        yield formula.key
    elif isinstance(formula, Binary):
        yield from names_in(formula.left)
        yield from names_in(formula.right)
    elif isinstance(formula, Call):
        for part in formula.parts:
            yield from names_in(part)


def calls_in(formula: Formula) -> Iterator[Call]:
    """Yield the calls in a formula, the outer ones first."""
    if isinstance(formula, Call):
        yield formula
        for part in formula.parts:
            yield from calls_in(part)
    elif isinstance(formula, Binary):
        yield from calls_in(formula.left)
        yield from calls_in(formula.right)


def inputs_of(key: str, formulas: Mapping[str, str]) -> frozenset[str]:
    """Return the inputs that a quantity rests on, through other quantities; ``formulas`` has those of quantities.

    >>> sorted(inputs_of("high", {"high": "share_of_rd * 2", "share_of_rd": "share(rd, revenue)"}))
    ['rd', 'revenue']
    """
    if key not in formulas:
        return frozenset({key})
    return frozenset[str]().union(*(inputs_of(name, formulas) for name in names_in(parse_formula(formulas[key]))))
