"""Check vocabularies together: names stand once, and every formula can be read and computed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache

import polars as pl

from liankit.process.check import Fault, hint, unknown
from liankit.rules.formulas import Call, Formula, FormulaError, Name, calls_in, names_in, parse_formula
from liankit.rules.panel import FACTS, build_panel
from liankit.rules.quantities import FUNCTIONS, value_of
from liankit.rules.vocabulary import Input, Quantity, Vocabulary

_FLAGS = ("holds", "rises", "is_one_of")
_NUMBERS = ("yearly", "standing")
_SOME_DAY = date(2024, 9, 30)


def check_vocabulary(families: Sequence[Vocabulary]) -> list[Fault]:
    """Return what is wrong with vocabularies that are to be joined; a fault's place begins with the family's key."""
    counted = Counter(one.key for family in families for one in (*family.inputs, *family.quantities))
    inputs = {one.key: one for family in families for one in family.inputs}
    formulas = {one.key: one.formula for family in families for one in family.quantities}
    known = {*inputs, *formulas}
    faults: list[Fault] = []
    for family in families:
        for group, parts in (("inputs", family.inputs), ("quantities", family.quantities)):
            faults += [
                Fault(
                    f"{family.key}.{group}.{one.key}",
                    f"the name stands {counted[one.key]} times. A name means one thing: call one otherwise.",
                )
                for one in parts
                if counted[one.key] > 1
            ]
        for quantity in family.quantities:
            place = f"{family.key}.quantities.{quantity.key}.is"
            faults += [Fault(place, said) for said in _formula(quantity, inputs, sorted(known))]
        faults += _inputs(family)
    circles = list(_circles(formulas)) if not faults else []
    faults += [
        Fault(f"quantities.{key}.is", "it rests on itself through other quantities. Break the circle.")
        for key in circles
    ]
    return faults or list(_computed(families))


def kinds_of(vocabulary: Vocabulary) -> Mapping[str, str]:
    """Return how each input and quantity is compared: number, flag, category, date or events."""
    inputs = {one.key: "number" if one.kind in _NUMBERS else one.kind for one in vocabulary.inputs}
    formulas = vocabulary.formulas
    return {**inputs, **{key: _kind(parse_formula(text), inputs, formulas) for key, text in formulas.items()}}


def units_of(vocabulary: Vocabulary) -> Mapping[str, str]:
    """Return the unit of each input and quantity."""
    inputs = {one.key: one.unit for one in vocabulary.inputs}
    return {**inputs, **{one.key: one.unit for one in vocabulary.quantities}}


def _kind(formula: Formula, inputs: Mapping[str, str], formulas: Mapping[str, str]) -> str:
    if isinstance(formula, Call):
        if formula.function in ("either", "last", "before"):
            return _kind(formula.parts[0], inputs, formulas)
        return "flag" if formula.function in _FLAGS else "number"
    if isinstance(formula, Name):
        return inputs.get(formula.key) or _kind(parse_formula(formulas[formula.key]), inputs, formulas)
    return "number"


def _inputs(family: Vocabulary) -> Iterator[Fault]:
    for one in family.inputs:
        place = f"{family.key}.inputs.{one.key}"
        codes = [code.code for code in one.codes]
        for code, count in Counter(codes).items():
            if count > 1:
                yield Fault(f"{place}.codes.{code}", f"the code stands {count} times. Give each its own.")
        if one.change and one.change.code and codes:
            yield from unknown(f"{place}.change.code", [one.change.code], codes, "code")
        if one.codes and one.kind not in ("category", "events"):
            yield Fault(f"{place}.codes", f"only a category and events have codes, and this is '{one.kind}'.")


def _formula(quantity: Quantity, inputs: Mapping[str, Input], known: Sequence[str]) -> Iterator[str]:
    try:
        formula = parse_formula(quantity.formula)
    except FormulaError as error:
        yield str(error)
        return
    if next(names_in(formula), None) is None:
        yield f"'{quantity.formula}' names no input and no quantity, so it is the same for everyone. Name one."
    for name in names_in(formula):
        if name not in known:
            yield f"there is no input or quantity '{name}'.{hint(name, known)}"
    for call in calls_in(formula):
        yield from _call(call, inputs)


def _call(call: Call, inputs: Mapping[str, Input]) -> Iterator[str]:
    if call.function not in FUNCTIONS:
        yield f"there is no function '{call.function}'.{hint(call.function, FUNCTIONS)}"
        return
    function = FUNCTIONS[call.function]
    least, most = function.parts
    if not least <= len(call.parts) <= most:
        takes = least if least == most else f"{least} to {most}"
        yield f"{call.function} takes {takes} parts, not {len(call.parts)}. Give it as many."
    for name, _value in call.options:
        if name not in function.options:
            yield f"{call.function} has no option '{name}'.{hint(name, function.options)}"
    if call.codes and not function.takes_codes:
        yield f"{call.function} takes no codes. Take '{call.codes[0]}' out."
    yield from _codes(call, inputs)


def _codes(call: Call, inputs: Mapping[str, Input]) -> Iterator[str]:
    first = call.parts[0] if call.parts else None
    one = inputs.get(first.key) if isinstance(first, Name) else None
    codes = [code.code for code in one.codes] if one else []
    for code in call.codes if codes else ():
        is_there = any(known.startswith(code[:-1]) for known in codes) if code.endswith("*") else code in codes
        if not is_there:
            yield f"'{code}' is no code of '{first.key if isinstance(first, Name) else ''}'.{hint(code, codes)}"


def _circles(formulas: Mapping[str, str]) -> Iterator[str]:
    """Yield the quantities that rest on themselves."""

    @cache
    def rests_on(key: str) -> frozenset[str]:
        return frozenset(name for name in names_in(parse_formula(formulas[key])) if name in formulas)

    for key in formulas:
        reached: set[str] = set()
        waiting = [*rests_on(key)]
        while waiting:
            if (name := waiting.pop()) not in reached:
                reached.add(name)
                waiting.extend(rests_on(name))
        if key in reached:
            yield key


def _computed(families: Sequence[Vocabulary]) -> Iterator[Fault]:
    """Compute every quantity of one enterprise of which nothing is known: what cannot be computed says so."""
    if not families:
        return
    inputs = tuple(one for family in families for one in family.inputs)
    quantities = tuple(one for family in families for one in family.quantities)
    joined = families[0].model_copy(update={"inputs": inputs, "quantities": quantities})
    panel = build_panel(pl.DataFrame(schema=FACTS), joined, _SOME_DAY, pl.Series(["?"]))
    for family in families:
        for one in family.quantities:
            try:
                value_of(panel, one.key)
            except FormulaError as error:
                yield Fault(f"{family.key}.quantities.{one.key}.is", str(error))
