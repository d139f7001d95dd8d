"""What a scheme comes to, written a second time: one enterprise after the other, its lines read anew for every name.

Nothing is shared with ``liankit.rules`` but the data. None is unknown; an interval (low, high) is what points may be.
"""

from __future__ import annotations

import ast
from calendar import monthrange
from datetime import date
from itertools import pairwise
from typing import Any

Lines = list[dict[str, Any]]
SLACK = 1e-12
EPOCH = date(1970, 1, 1)


class Enterprise:
    """What is known of one enterprise on a day; ``value`` computes a quantity by its formula."""

    def __init__(self, lines: Lines, inputs: dict[str, Any], formulas: dict[str, str], on: date) -> None:
        due = [one for one in lines if one["date"] is None or one["date"] <= on]
        self.lines = sorted(due, key=lambda one: one["date"] or date.min)
        self.inputs, self.formulas, self.on = inputs, formulas, on

    def value(self, name: str) -> Any:
        if name in self.formulas:
            return self.at(ast.parse(self.formulas[name], mode="eval").body)
        kind = self.inputs[name].kind
        if kind == "yearly":
            return self.yearly(ast.Name(name), self.on.year - 1)
        texts = [(one["number"], one["text"], one["date"]) for one in self.lines if one["input"] == name]
        number, text, day = texts[-1] if texts else (None, None, None)
        if kind == "flag":
            return {"yes": 1.0, "no": 0.0}.get(text)
        if kind == "date":
            found = date.fromisoformat(text) if text else day
            return found and (found - EPOCH).days
        return text if kind == "category" else number

    def yearly(self, node: ast.expr, year: int) -> float | None:
        """Return a series' value in one year."""
        if isinstance(node, ast.Name) and node.id in self.formulas:
            return self.yearly(ast.parse(self.formulas[node.id], mode="eval").body, year)
        if isinstance(node, ast.Name) and self.inputs[node.id].kind == "yearly":
            own = [one for one in self.lines if one["input"] == node.id and one["date"] and one["date"].year == year]
            return own[-1]["number"] if own else None
        if isinstance(node, ast.BinOp):
            return joined(type(node.op), self.yearly(node.left, year), self.yearly(node.right, year))
        if isinstance(node, ast.Call) and node.func.id in ("ratio", "share"):
            times = {"ratio": 1, "share": 100}[node.func.id]
            left, right = (self.yearly(part, year) for part in node.args)
            return joined(ast.Div, None if left is None else times * left, right)
        return self.at(node)

    def at(self, node: ast.expr) -> Any:
        if isinstance(node, ast.Constant):
            return float(node.value)
        if isinstance(node, ast.Name):
            return self.value(node.id)
        if isinstance(node, ast.BinOp):
            return joined(type(node.op), self.at(node.left), self.at(node.right))
        return getattr(self, f"do_{node.func.id}", self.over_years)(node)

    def over_years(self, node: ast.Call) -> float | None:
        """Return a function over the last years; unknown as soon as one year is."""
        name, last = node.func.id, self.on.year - 1
        if name in ("ratio", "share"):
            return self.yearly(node, last)
        if name in ("last", "before"):
            return self.yearly(node.args[0], last - (name == "before"))
        n = node.args[1].value if len(node.args) > 1 else 1
        more = name in ("cagr", "growth", "rises")
        series = [self.yearly(node.args[0], year) for year in range(last - n + 1 - more, last + 1)]
        if name == "cagr":
            series = [series[0], series[-1]]
        pairs = list(pairwise(series))
        if name == "rises":
            steps = [None if None in pair else pair[1] > pair[0] for pair in pairs]
            return 0.0 if False in steps else None if None in steps else 1.0
        if None in series:
            return None
        if name == "cagr":
            return 100 * ((series[-1] / series[0]) ** (1 / n) - 1) if series[0] > 0 <= series[-1] else None
        if name == "growth":
            return sum(100 * (b - a) / a for a, b in pairs) / n if min(a for a, _ in pairs) > 0 else None
        return {"sum": sum(series), "mean": sum(series) / n, "least": min(series), "most": max(series)}[name]

    def events(self, node: ast.Call) -> tuple[Lines, bool]:
        """Return the events that a call surely counts, and whether there are no others that it may count."""
        name, codes = node.args[0].id, [one.value for one in node.args[1:]]
        years = next((one.value.value for one in node.keywords), None)
        own = [one for one in self.lines if one["input"] == name]
        sure, is_all = [], bool(own) or self.inputs[name].is_complete
        for one in own:
            if one["text"] == "none" or (one["until"] is not None and one["until"] < self.on):
                continue
            said = [True, True]
            if codes:
                said[0] = None if one["text"] is None else any(is_meant(one["text"], code) for code in codes)
            if years is not None:
                said[1] = one["date"] and one["date"] > self.on.replace(year=self.on.year - years)
            if False not in said:
                sure += [one] if None not in said else []
                is_all = is_all and None not in said
        return sure, is_all

    def do_count(self, node: ast.Call) -> float | None:
        found, is_all = self.events(node)
        return float(len(found)) if is_all else None

    def do_holds(self, node: ast.Call) -> float | None:
        found, is_all = self.events(node)
        return 1.0 if found else 0.0 if is_all else None

    def do_amount(self, node: ast.Call) -> float | None:
        found, is_all = self.events(node)
        if not is_all or any(one["number"] is None for one in found):
            return None
        return float(sum(one["number"] for one in found))

    def do_years_since(self, node: ast.Call) -> float | None:
        return self.since(node, 12)

    def do_months_since(self, node: ast.Call) -> float | None:
        return self.since(node, 1)

    def since(self, node: ast.Call, step: int) -> float | None:
        if (days := self.at(node.args[0])) is None:
            return None
        begun = date.fromordinal(EPOCH.toordinal() + int(days))
        steps = 0
        while months_after(begun, (steps + 1) * step) <= self.on:
            steps += 1
        last, following = (months_after(begun, at * step) for at in (steps, steps + 1))
        return steps + (self.on - last).days / (following - last).days

    def do_days_since(self, node: ast.Call) -> float | None:
        days = self.at(node.args[0])
        return None if days is None else (self.on - EPOCH).days - days

    def do_is_one_of(self, node: ast.Call) -> float | None:
        code = self.value(node.args[0].id)
        return None if code is None else float(any(is_meant(code, one.value) for one in node.args[1:]))

    def do_either(self, node: ast.Call) -> Any:
        return next((found for part in node.args if (found := self.at(part)) is not None), None)


def is_meant(code: str, wanted: str) -> bool:
    return code.startswith(wanted[:-1]) if wanted.endswith("*") else code == wanted


def months_after(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def joined(operator: type, left: float | None, right: float | None) -> float | None:
    if left is None or right is None or (operator is ast.Div and right == 0):
        return None
    return {
        ast.Add: lambda: left + right,
        ast.Sub: lambda: left - right,
        ast.Mult: lambda: left * right,
        ast.Div: lambda: left / right,
    }[operator]()


def stands(way: str, value: float | None, bound: float | None) -> bool | None:
    """Compare a value with a bound, on which lies what is nearer than the twelfth digit."""
    if value is None or bound is None:
        return None
    slack = SLACK * max(1.0, abs(bound))
    reaches, exceeds = value >= bound - slack, value > bound + slack
    return {"at_least": reaches, "more_than": exceeds, "at_most": not exceeds, "less_than": not reaches}[way]


class Ruling:
    """One scheme for one enterprise: ``told`` has each clause's key with whether it holds, or its points."""

    def __init__(self, scheme: Any, enterprise: Enterprise) -> None:
        self.enterprise, self.told = enterprise, []
        in_force = {one.key: one.on(enterprise.on) for one in scheme.parameters}
        self.bounds = {key: value.value if value else None for key, value in in_force.items()}
        met = [self.clause(scheme.clause), *(negated(self.clause(veto)) for veto in scheme.vetoes)]
        self.outcome = at_least(len(met), met)

    def bound(self, bound: float | str) -> float | None:
        return self.bounds[bound] if isinstance(bound, str) else bound

    def clause(self, node: Any) -> bool | None:
        place = len(self.told)
        self.told.append(None)
        if hasattr(node, "parts"):
            met = [self.clause(part) for part in node.parts]
            found = at_least({"AllOf": len(met), "AnyOf": 1}.get(type(node).__name__) or node.count, met)
        else:
            found = self.score(node) if hasattr(node, "items") else self.compare(node)
        self.told[place] = (node.key, found)
        return found

    def compare(self, node: Any) -> bool | None:
        value = self.enterprise.value(node.quantity)
        if node.one_of is not None:
            return None if value is None else value in node.one_of
        if node.is_ is not None:
            return None if value is None else bool(value) == node.is_
        way = next(one for one in ("at_least", "more_than", "at_most", "less_than") if getattr(node, one) is not None)
        return stands(way, value, self.bound(getattr(node, way)))

    def score(self, node: Any) -> bool | None:
        points = [(item.part, self.item(item)) for item in node.items]
        wanted = [(node.at_least, [both for _, both in points])]
        for part, bound in node.parts_at_least.items():
            wanted.append((bound, [both for own, both in points if own == part]))
        met = []
        for bound, sides in wanted:
            low, high = (stands("at_least", sum(side), self.bound(bound)) for side in zip(*sides, strict=True))
            met.append(low if low == high else None)
        return at_least(len(met), met)

    def item(self, item: Any) -> tuple[float, float]:
        place = len(self.told)
        self.told.append(None)
        found = self.first(item) if item.first else self.each(item) if item.each else self.measured(item)
        self.told[place] = (item.key, found)
        return found

    def first(self, item: Any) -> tuple[float, float]:
        """Return the least and the most over all that may come first."""
        may_be = []
        for case, met in [(case, self.clause(case.when)) for case in item.first]:
            if met is not False:
                may_be.append(case.points)
            if met:
                return min(may_be), max(may_be)
        return min([*may_be, 0.0]), max([*may_be, 0.0])

    def each(self, item: Any) -> tuple[float, float]:
        met = [(case.points, self.clause(case.when)) for case in item.each]
        sure = sum(points for points, holds in met if holds)
        openly = [points for points, holds in met if holds is None]
        most = float("inf") if item.most is None else item.most
        low, high = sure + sum(p for p in openly if p < 0), sure + sum(p for p in openly if p > 0)
        return min(low, most), min(high, most)

    def measured(self, item: Any) -> tuple[float, float]:
        value = self.enterprise.value(item.quantity)
        if item.per:
            if value is None:
                return 0.0, item.most
            points = min(max(value / item.per * (1 + SLACK) // 1 * item.points, 0.0), item.most)
            return points, points
        way = "at_least" if item.at_least else "at_most"
        bands = item.at_least or item.at_most
        met = [(band.points, stands(way, value, self.bound(band.bound))) for band in bands]
        if any(holds is None for _, holds in met):
            return 0.0, max(points for points, _ in met)
        best = max([0.0, *(points for points, holds in met if holds)])
        return best, best


def negated(met: bool | None) -> bool | None:
    return None if met is None else not met


def at_least(count: int, met: list[bool | None]) -> bool | None:
    """Say whether so many hold, whatever the unknown ones are."""
    if sum(one is True for one in met) >= count:
        return True
    return False if sum(one is not False for one in met) < count else None
