"""Sixteen scenarios side by side in vector registers: the one extension of Numba that the sweep needs.

LLVM does not vectorise the sweep by itself: its inner loop gathers a row of sixteen numbers for each link. Here a row
is a value of its own type, which LLVM keeps in registers; multiplication and addition stay apart, so that each lane has
the bits of the plain loop.
"""

from __future__ import annotations

import logging
from functools import cache
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core.errors import NumbaError
from numba.extending import intrinsic, models, register_model

from liankit.risk.cascade.compiled import compiled

logger = logging.getLogger(__name__)

LANES = 16
_ROW = ir.VectorType(ir.DoubleType(), LANES)


class RowType(types.Type):
    """A row of float64, one a lane."""

    def __init__(self) -> None:
        super().__init__(name=f"float64x{LANES}")


row_type = RowType()


@register_model(RowType)
class _RowModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: RowType) -> None:
        super().__init__(manager, kind, _ROW)


def _splat(builder: Any, value: Any) -> Any:
    first = builder.insert_element(ir.Constant(_ROW, ir.Undefined), value, ir.Constant(ir.IntType(32), 0))
    mask = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
    return builder.shuffle_vector(first, ir.Constant(_ROW, ir.Undefined), mask)


def _pointer(context: Any, builder: Any, signature: Any, args: Any) -> Any:
    """Return the address of row ``args[1]`` of the C-contiguous array ``args[0]`` of shape (rows, LANES)."""
    array = context.make_array(signature.args[0])(context, builder, args[0])
    start = builder.mul(args[1], ir.Constant(args[1].type, LANES))
    return builder.bitcast(builder.gep(array.data, [start]), ir.PointerType(_ROW))


@intrinsic
def splat(typing: Any, value: Any) -> Any:
    """Return a row with the same number in each lane."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return _splat(builder, args[0])

    return row_type(types.float64), code


@intrinsic
def load(typing: Any, array: Any, place: Any) -> Any:
    """Return a row of an array."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        found = builder.load(_pointer(context, builder, signature, args))
        found.align = 8
        return found

    return row_type(array, types.intp), code


@intrinsic
def store(typing: Any, array: Any, place: Any, row: Any) -> Any:
    """Write a row into an array."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        written = builder.store(args[2], _pointer(context, builder, signature, args))
        written.align = 8
        return context.get_dummy_value()

    return types.none(array, types.intp, row_type), code


@intrinsic
def prefetch(typing: Any, array: Any, place: Any) -> Any:
    """Ask for a row that will be read soon."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        i8, i32 = ir.IntType(8), ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [ir.PointerType(i8), i32, i32, i32])
        name = "llvm.prefetch.p0"
        call = builder.module.globals.get(name) or ir.Function(builder.module, kind, name)
        at = builder.bitcast(_pointer(context, builder, signature, args), ir.PointerType(i8))
        for line in range(LANES // 8):
            there = builder.gep(at, [ir.Constant(i32, 64 * line)])
            builder.call(call, [there, ir.Constant(i32, 0), ir.Constant(i32, 3), ir.Constant(i32, 1)])
        return context.get_dummy_value()

    return types.none(array, types.intp), code


def _binary(work: Any) -> Any:
    @intrinsic
    def of_two(typing: Any, left: Any, right: Any) -> Any:
        def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            return work(builder, args[0], args[1])

        return row_type(row_type, row_type), code

    return of_two


add = _binary(lambda builder, left, right: builder.fadd(left, right))
subtract = _binary(lambda builder, left, right: builder.fsub(left, right))
multiply = _binary(lambda builder, left, right: builder.fmul(left, right))
divide = _binary(lambda builder, left, right: builder.fdiv(left, right))
or_one = _binary(
    lambda b, left, floor: b.select(
        b.fcmp_ordered(">", left, floor), left, _splat(b, ir.Constant(ir.DoubleType(), 1.0))
    )
)
larger = _binary(lambda b, left, right: b.select(b.fcmp_ordered(">", left, right), left, right))
smaller = _binary(lambda b, left, right: b.select(b.fcmp_ordered("<", left, right), left, right))


@compiled
def _double(rows: Any) -> None:
    store(rows, 0, add(load(rows, 0), load(rows, 0)))


@cache
def are_available() -> bool:
    """Return whether rows of numbers work here; where they do not, say so once: all is as right, only slower."""
    rows = np.arange(float(LANES)).reshape(1, LANES)
    try:
        _double(rows)
    except (NumbaError, NotImplementedError, RuntimeError) as error:
        logger.warning("No vector registers (%s): scenarios are swept one by one, to the same figures.", error)
        return False
    return bool((rows == 2 * np.arange(LANES)).all())
