"""The exposure of items and inputs, written a second time: plain loops over rows, bounds by trying every world.

Nothing is shared with ``liankit.risk``. Slow on purpose: keep lists at four suppliers or fewer.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

Row = dict[str, Any]
Interval = tuple[float, float]
TOLERANCE = 0.01
QUESTIONS = ["ask_suppliers", "ask_uses", "ask_another_source", "ask_list_complete", "ask_shares", "ask_output"]


def agreed(values: list[Any]) -> Any:
    known = {value for value in values if value is not None}
    return known.pop() if len(known) == 1 else None


def worlds(suppliers: list[Row], home: str) -> Iterator[list[str]]:
    """Every way to place the suppliers of unknown country: in a known one, at home, or in a new one each."""
    known = {one["country"] for one in suppliers if one["country"]} | {home}
    new = [f"new{i}" for i, one in enumerate(suppliers) if not one["country"]]
    options = [[one["country"]] if one["country"] else [*sorted(known), *new] for one in suppliers]
    yield from (list(world) for world in product(*options))


def pour(piles: list[float], rest: float) -> list[float]:
    """Raise the lowest piles to one level until ``rest`` is used up, by bisection of the level."""
    low, high = min(piles), max(piles) + rest
    for _ in range(100):
        level = (low + high) / 2
        if sum(max(0.0, level - pile) for pile in piles) > rest:
            high = level
        else:
            low = level
    return [max(pile, low) for pile in piles]


def squares(piles: dict[str, float]) -> float:
    return sum(pile**2 for pile in piles.values())


def pile_up(suppliers: list[Row], world: list[str]) -> dict[str, float]:
    piles: dict[str, float] = {}
    for one, country in zip(suppliers, world, strict=True):
        piles[country] = piles.get(country, 0.0) + (one["share"] or 0.0)
    return piles


def bounds(suppliers: list[Row], closed: bool, home: str) -> dict[str, Interval]:
    """Least and greatest value of each measure over every world; ``closed``: nobody else supplies."""
    known = [one["share"] for one in suppliers if one["share"] is not None]
    blanks = [i for i, one in enumerate(suppliers) if one["share"] is None]
    rest = max(0.0, 1 - sum(known))
    if closed and not blanks:
        rest = 0.0
    top = max(known, default=0.0)
    even = pour([0.0] * len(blanks), rest) if blanks and closed else []
    most = rest if blanks or not closed else 0.0
    found = {
        "share": (max([top, *even]), max(top, most)),
        "supplier_hhi": (
            sum(s * s for s in known) + sum(x * x for x in even),
            sum(s * s for s in known) + most**2,
        ),
    }
    hhi, away = [], []
    for world in worlds(suppliers, home):
        piles = pile_up(suppliers, world)
        places = {world[i] for i in blanks}
        if not closed:
            places |= {*piles, home, "elsewhere"}
            hhi.append(squares(piles))
        elif places:
            poured = pour([piles[place] for place in places], rest)
            hhi.append(squares({**piles, **dict(zip(places, poured, strict=True))}))
        for place in places or {world[0]}:
            full = {**piles, place: piles.get(place, 0.0) + rest}
            hhi.append(squares(full))
            away.append(sum(pile for country, pile in full.items() if country != home))
    found["country_hhi"] = (min(hhi), max(hhi))
    found["import_share"] = (min(away), max(away))
    return {name: (min(1.0, low), min(1.0, high)) for name, (low, high) in found.items()}


class Reference:
    """One run over the four tables (lists of rows); ``entries`` maps an entry's key to its figures."""

    def __init__(self, tables: dict[str, list[Row]], home: str) -> None:
        self.home = home
        self.names = {row["item"]: row["name"] for row in tables["items"]}
        self.supplies = self._merge(tables["supplies"], ("item", "supplier", "buyer"))
        self.uses = self._merge(tables["uses"], ("buyer", "item", "product"))
        self.listed = {
            item: all(row["complete"] for row in tables["listing"] if row["item"] == item)
            for item in {row["item"] for row in tables["listing"]}
        }
        self.entries: dict[str, Row] = {}
        for buyer, item in sorted({(row["buyer"], row["item"]) for row in self.uses}):
            self._input(buyer, item)
        for item in sorted({row["item"] for row in self.uses + self.supplies}):
            self._item(item)

    def _merge(self, rows: list[Row], keys: tuple[str, ...]) -> list[Row]:
        groups: dict[tuple[Any, ...], list[Row]] = {}
        for row in rows:
            groups.setdefault(tuple(row[key] for key in keys), []).append(row)
        merged = []
        for key, group in groups.items():
            rest = {name: agreed([row[name] for row in group]) for name in group[0]}
            merged.append({**rest, **dict(zip(keys, key, strict=True)), "rows": group})
        return merged

    def _says(self, buyer: str | None, item: str) -> set[bool]:
        uses = [row for row in self.uses if row["item"] == item and buyer in (None, row["buyer"])]
        return {row["another_source"] for use in uses for row in use["rows"]} - {None}

    def _another(self, buyer: str, item: str) -> bool | None:
        return agreed(list(self._says(buyer, item)))

    def _by_amount(self, rows: list[Row]) -> list[Row]:
        """Fill in shares from amounts where no share but every amount is known and every supplier named."""
        total = sum(row["amount_cny"] or 0 for row in rows)
        unusable = any(row["amount_cny"] is None or row["supplier"] is None for row in rows)
        if unusable or total <= 0 or any(row["share"] is not None for row in rows):
            return rows
        return [{**row, "share": row["amount_cny"] / total} for row in rows]

    def _tidy(self, rows: list[Row]) -> list[Row]:
        named = [row for row in rows if row["supplier"] is not None]
        rows = named or rows
        if sum(row["share"] or 0 for row in rows) > 1 + TOLERANCE:
            return [{**row, "share": None} for row in rows]
        return rows

    def _input(self, buyer: str, item: str) -> None:
        rows = [row for row in self.supplies if row["item"] == item and row["buyer"] == buyer]
        basis, another = "declared", self._another(buyer, item)
        if len([row for row in rows if row["supplier"] is not None]) >= 2:
            rows = self._by_amount(rows)
        if not rows:
            basis = "market"
            market = [row for row in self.supplies if row["item"] == item and row["buyer"] is None]
            rows = [{**row, "share": None} for row in market]
        uses = [row for row in self.uses if row["item"] == item and row["buyer"] == buyer]
        entry = {"scope": "input", "buyer": buyer, "item": item, "basis": basis if rows else None}
        entry |= self._judge(self._tidy(rows), basis, another, another is True, item) | self._reach(uses)
        entry["another"] = another
        entry |= self._gap(uses)
        self._finish(f"input:{buyer}:{item}", entry)

    def _item(self, item: str) -> None:
        rows = []
        for supplier in sorted({row["supplier"] for row in self.supplies if row["item"] == item}, key=str):
            said = [row for row in self.supplies if row["item"] == item and row["supplier"] == supplier]
            declared = [row["amount_cny"] for row in said if row["buyer"] is not None]
            rows.append(
                {
                    "supplier": supplier,
                    "country": agreed([row["country"] for row in said]),
                    "share": next((row["share"] for row in said if row["buyer"] is None), None),
                    "amount_cny": None if None in declared else sum(declared),
                }
            )
        if self._is_closed(item):
            rows = self._by_amount(rows)
        uses = [row for row in self.uses if row["item"] == item]
        entry = {"scope": "item", "buyer": None, "item": item, "basis": "all" if rows else None}
        other = any(self._another(row["buyer"], item) is True for row in uses)
        entry |= self._judge(self._tidy(rows), "all", None, other, item) | self._reach(uses)
        gaps = [self._gap([u for u in uses if u["buyer"] == b]) for b in {u["buyer"] for u in uses}]
        known = [gap["gap_days"] for gap in gaps if gap["gap_days"][0] is not None]
        entry["gap_days"] = (
            max((low for low, _ in known), default=None),
            max(high for _, high in known) if known and len(known) == len(gaps) else None,
        )
        self._finish(f"item:{item}", entry)

    def _is_closed(self, item: str) -> bool:
        buyers = {row["buyer"] for row in self.supplies + self.uses if row["item"] == item} - {None}
        for buyer in buyers:
            named = {row["supplier"] for row in self.supplies if row["item"] == item and row["buyer"] == buyer} - {None}
            if not (len(named) >= 2 or (len(named) == 1 and self._another(buyer, item) is False)):
                return False
        return bool(buyers)

    def _judge(self, rows: list[Row], basis: str, another: bool | None, other: bool, item: str) -> Row:
        measures = ["share", "supplier_hhi", "country_hhi", "import_share"]
        if not rows:
            return {"suppliers": None, "complete": None, "sole_source": None, **dict.fromkeys(measures, (None, None))}
        is_named = rows[0]["supplier"] is not None
        blanks = [row for row in rows if row["share"] is None]
        short = not blanks and sum(row["share"] for row in rows) < 1 - TOLERANCE
        claimed = basis != "declared" and is_named and self.listed.get(item, False)
        complete = (len(rows) == 1 and another is False) or (claimed and not (len(rows) == 1 and other))
        complete = complete and not short
        sole: bool | None = None
        if (basis == "market" and another is False) or (len(rows) == 1 and complete):
            sole = True
        elif len(rows) >= 2 or other:
            sole = False
        found: Row = dict(bounds(rows, complete, self.home))
        if sole:
            found |= dict.fromkeys(measures[:3], (1.0, 1.0))
        closed = (0.0, 0.0) if len(rows) == 1 else bounds(rows, True, self.home)["share"]
        open_list = not complete and is_named and bool(blanks) and basis != "declared"
        return {
            "suppliers": len(rows), "complete": complete, "sole_source": sole, "blanks": len(blanks),
            "closed_width": closed[1] - closed[0], "open_list": open_list, **found,
        }  # fmt: skip

    def _reach(self, uses: list[Row]) -> Row:
        if not uses:
            return {
                "reach_products": None,
                "reach_buyers": None,
                "output": (None, None),
                "reach": None,
                "measure": None,
            }
        outputs = [use["output_cny"] for use in uses]
        known = [output for output in outputs if output is not None]
        low, exact = (sum(known) if known else None), len(known) == len(outputs)
        products = len({use["product"] for use in uses})
        return {
            "reach_products": products, "reach_buyers": len({use["buyer"] for use in uses}),
            "output": (low, low if exact else None), "reach": float(low if exact else products),
            "measure": "output_cny" if exact else "products",
        }  # fmt: skip

    def _gap(self, uses: list[Row]) -> Row:
        rows = [row for use in uses for row in use["rows"]]
        stock = [row["stock_days"] for row in rows if row["stock_days"] is not None]
        given = [row for row in rows if row["switch_months_low"] is not None]
        given = [row for row in given if row["switch_basis"] == "declared"] or given
        low, high = ([row[f"switch_months_{end}"] * 30.4 for row in given] for end in ("low", "high"))
        known = bool(stock and low)
        return {"gap_days": (min(low) - max(stock), max(high) - min(stock)) if known else (None, None)}

    def _finish(self, key: str, entry: Row) -> None:
        low, high, reach = *entry["share"], entry["reach"]
        known = low is not None and reach is not None
        entry["impact"] = (low * reach, high * reach) if known else (None, None)
        entry["measure"] = entry["measure"] if known else None
        entry["questions"] = self._questions(entry)
        self.entries[key] = entry

    def _questions(self, entry: Row) -> list[str]:
        if entry["suppliers"] is None or entry["reach"] is None:
            missing = [entry["suppliers"] is None, entry["reach"] is None]
            return [code for code, asked in zip(QUESTIONS, missing, strict=False) if asked]
        (low, high), tiny = entry["impact"], 1e-9 * entry["reach"]
        asked: list[tuple[float, int]] = []
        alone = entry["basis"] == "market" or (entry["suppliers"] == 1 and entry["blanks"] == 1)
        if entry["scope"] == "input" and entry["another"] is None and alone and high - low > tiny:
            asked.append((high - low, 2))
        gain = high - low - entry["closed_width"] * entry["reach"]
        if entry["open_list"] and gain > tiny:
            asked.append((gain, 3))
        if high - low > tiny:
            asked.append((high - low, 4))
        codes = [QUESTIONS[place] for _, place in sorted(asked, key=lambda pair: (-round(pair[0], 6), pair[1]))]
        return codes + ([] if entry["measure"] == "output_cny" else ["ask_output"])


def ranks(entries: list[Row]) -> list[tuple[int | None, int | None, int | None]]:
    """Rank and rank interval of each entry, by comparing every pair."""
    found: list[tuple[int | None, int | None, int | None]] = []
    for me in entries:
        if me["impact_measure"] is None:
            found.append((None, None, None))
            continue
        is_later = me["impact_measure"] == "products"
        earlier = sum(one["impact_measure"] == "output_cny" for one in entries) if is_later else 0
        others = [one for one in entries if one is not me and one["impact_measure"] == me["impact_measure"]]
        before = sum(weight(one) > weight(me) for one in others)
        surely = sum(one["impact_low"] > me["impact_high"] for one in others)
        at_most = sum(one["impact_high"] >= me["impact_low"] for one in others)
        found.append((1 + earlier + before, 1 + earlier + surely, 1 + earlier + at_most))
    return found


def weight(entry: Row) -> tuple[float, bool, float, float]:
    reach = entry["output_low_cny"] if entry["impact_measure"] == "output_cny" else entry["reach_products"]
    return entry["impact_low"], entry["sole_source"] is not False, entry["impact_high"], reach
