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

    def _says(self, buyer: str, item: str) -> set[bool]:
        uses = [row for row in self.uses if row["item"] == item and buyer == row["buyer"]]
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
        entry["rows"] = self._tidy(rows)
        entry |= self._judge(entry["rows"], basis, another, another is True, item) | self._reach(uses)
        entry["another"] = another
        entry |= self._gap(uses)
        self._finish(f"input:{buyer}:{item}", entry, None)

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
        entry = {
            "scope": "item",
            "buyer": None,
            "item": item,
            "basis": "all" if rows else None,
            "rows": self._tidy(rows),
        }
        other = any(self._another(row["buyer"], item) is True for row in uses)
        entry |= self._judge(self._tidy(rows), "all", None, other, item) | self._reach(uses)
        gaps = [self._gap([u for u in uses if u["buyer"] == b]) for b in {u["buyer"] for u in uses}]
        known = [gap["gap_days"] for gap in gaps if gap["gap_days"][0] is not None]
        entry["gap_days"] = (
            max((low for low, _ in known), default=None),
            max(high for _, high in known) if known and len(known) == len(gaps) else None,
        )
        self._finish(f"item:{item}", entry, uses)

    def _is_closed(self, item: str) -> bool:
        buyers = {row["buyer"] for row in self.supplies + self.uses if row["item"] == item} - {None}
        for buyer in buyers:
            named = {row["supplier"] for row in self.supplies if row["item"] == item and row["buyer"] == buyer} - {None}
            if not (len(named) >= 2 or (len(named) == 1 and self._another(buyer, item) is False)):
                return False
        return bool(buyers)

    def _outgrown(self, item: str) -> bool:
        """Whether a buyer names as many as are listed, tells every share, and they are less than all it buys."""
        said = [row for row in self.supplies if row["item"] == item]
        names = {row["supplier"] for row in said}
        for buyer in {row["buyer"] for row in said} - {None}:
            rows = [row for row in said if row["buyer"] == buyer]
            if len([row for row in rows if row["supplier"] is not None]) >= 2:
                rows = self._by_amount(rows)
            rows = self._tidy(rows)
            told = all(row["share"] is not None for row in rows)
            if told and len(rows) >= len(names - {None} or names) and sum(row["share"] for row in rows) < 1 - TOLERANCE:
                return True
        return False

    def _judge(self, rows: list[Row], basis: str, another: bool | None, other: bool, item: str) -> Row:
        measures = ["share", "supplier_hhi", "country_hhi", "import_share"]
        if not rows:
            return {"suppliers": None, "complete": None, "sole_source": None, **dict.fromkeys(measures, (None, None))}
        is_named = rows[0]["supplier"] is not None
        blanks = [row for row in rows if row["share"] is None]
        short = not blanks and sum(row["share"] for row in rows) < 1 - TOLERANCE
        claimed = basis != "declared" and is_named and self.listed.get(item, False)
        disproved = (len(rows) == 1 and other) or self._outgrown(item)
        complete = (len(rows) == 1 and another is False) or (claimed and not disproved)
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
            missing = dict.fromkeys(["reach_products", "reach_buyers", "reach", "measure", "bounded"])
            return {**missing, "output": (None, None)}
        low, exact = known_output(uses)
        reach = float(len(uses)) if low is None else low
        return {
            "reach_products": len(uses), "reach_buyers": len({use["buyer"] for use in uses}),
            "output": (low, low if exact else None), "reach": reach, "bounded": exact or low is None,
            "measure": "products" if low is None else "output_cny",
        }  # fmt: skip

    def _gap(self, uses: list[Row]) -> Row:
        rows = [row for use in uses for row in use["rows"]]
        stock = [row["stock_days"] for row in rows if row["stock_days"] is not None]
        given = [row for row in rows if row["switch_months_low"] is not None]
        given = [row for row in given if row["switch_basis"] == "declared"] or given
        low, high = ([row[f"switch_months_{end}"] * 30.4 for row in given] for end in ("low", "high"))
        known = bool(stock and low)
        return {"gap_days": (min(low) - max(stock), max(high) - min(stock)) if known else (None, None)}

    def _finish(self, key: str, entry: Row, uses: list[Row] | None) -> None:
        known = entry["suppliers"] is not None and entry["reach"] is not None
        entry |= {"impact": (None, None), "largest_supplier": None, "critical_supplier": None}
        if known and uses is None:
            self._lose_input(entry)
        elif uses:
            self._lose_item(entry, uses)
        if known:
            low, high = entry["loss"]
            entry["impact"] = (low, high if entry["bounded"] else None)
        entry["measure"] = entry["measure"] if known else None
        entry["questions"] = self._questions(entry)
        self.entries[key] = entry

    def _lose_input(self, entry: Row) -> None:
        entry["loss"] = tuple(share * entry["reach"] for share in entry["share"])
        entry["closed_width"] *= entry["reach"]

    def _lose_item(self, entry: Row, uses: list[Row]) -> None:
        """Every supplier over every buyer: each buyer's share from it in every world, and each world's worst loss."""
        buyers = sorted({use["buyer"] for use in uses})
        mine = [self.entries[f"input:{buyer}:{entry['item']}"] for buyer in buyers]
        named = [row["supplier"] for row in entry["rows"] if row["supplier"] is not None]
        pool = named + ([] if entry["complete"] else ["else", "else too"])
        options = [ways(one, pool) for one in mine]
        reach = [weigh(one, entry["measure"]) for one in mine]
        lows, highs = {}, {}
        for s in pool:
            pairs = list(zip(mine, options, reach, strict=True))
            lows[s] = round(sum(surely(one, s) * r for one, _, (r, _) in pairs), 3)
            most = [(max(way.get(s, 0) for way in some), r, bounded) for _, some, (r, bounded) in pairs]
            endless = any(share > 1e-9 and not bounded for share, _, bounded in most)
            highs[s] = (round(sum(share * r for share, r, _ in most), 3), endless)
        worst = [
            max((sum(way.get(s, 0) * r for way, (r, _) in zip(world, reach, strict=True)) for s in pool), default=0)
            for world in product(*options)
        ]
        alone = [(one["share"][0] or 0) * r for one, (r, _) in zip(mine, reach, strict=True)]
        self._conclude(entry, lows, highs, worst, alone)

    def _conclude(
        self, entry: Row, lows: dict[str, float], highs: dict[str, Any], worst: list[float], alone: list[float]
    ) -> None:
        if entry["suppliers"] is None:
            return
        n, reach = entry["suppliers"], entry["reach"]
        proven = max([*lows.values(), *alone])
        low = min(max(worst), max(proven, reach / n if entry["complete"] else 0))
        entry["loss"], entry["least_world"] = (low, max(worst)), min(worst)
        closed_low = max(proven, reach / n)
        closed_high = max([high for s, (high, _) in highs.items() if not s.startswith("else")], default=0)
        entry["closed_width"] = 0 if n == 1 else closed_high - min(closed_low, closed_high)
        if entry["sole_source"]:
            lows = dict.fromkeys(lows, low)
        upper = {s: float("inf") if endless else high for s, (high, endless) in highs.items()}
        first, *others = sorted(lows, key=lambda s: (-lows[s], -upper[s], s))
        if lows[first] > 0:
            entry["critical_supplier"] = first
            if all(lows[s] < lows[first] and upper[s] <= lows[first] for s in others):
                entry["largest_supplier"] = first

    def _questions(self, entry: Row) -> list[str]:
        if entry["suppliers"] is None or entry["reach"] is None:
            missing = [entry["suppliers"] is None, entry["reach"] is None]
            return [code for code, asked in zip(QUESTIONS, missing, strict=False) if asked]
        (low, high), tiny = entry["loss"], 1e-9 * entry["reach"]
        asked: list[tuple[float, int]] = []
        alone = entry["basis"] == "market" or (entry["suppliers"] == 1 and entry["blanks"] == 1)
        if entry["scope"] == "input" and entry["another"] is None and alone and high - low > tiny:
            asked.append((high - low, 2))
        gain = high - low - entry["closed_width"]
        if entry["open_list"] and gain > tiny:
            asked.append((gain, 3))
        if high - low > tiny:
            asked.append((high - low, 4))
        codes = [QUESTIONS[place] for _, place in sorted(asked, key=lambda pair: (-round(pair[0], 6), pair[1]))]
        before = [] if entry["bounded"] else ["ask_output"]
        return before + codes + (["ask_output"] if entry["measure"] == "products" else [])


def known_output(uses: list[Row]) -> tuple[float | None, bool]:
    """The sum of the outputs known (None: none is) and whether all are."""
    known = [use["output_cny"] for use in uses if use["output_cny"] is not None]
    return (sum(known) if known else None), len(known) == len(uses)


def weigh(one: Row, measure: str) -> tuple[float, bool]:
    """A buyer's reach in the measure of the item, and whether it is all of it."""
    if measure == "products":
        return one["reach_products"], True
    return one["output"][0] or 0.0, one["output"][1] is not None


def ways(one: Row, pool: list[str]) -> list[dict[str, float]]:
    """Every extreme way in which one buyer may share its purchases out over the suppliers of the pool."""
    known = {row["supplier"]: row["share"] for row in one["rows"] if row["share"] is not None}
    blanks = [row["supplier"] for row in one["rows"] if row["share"] is None]
    everything = [{s: 1.0} for s in pool]
    if one["basis"] is None or (one["rows"][0]["supplier"] is None and (blanks or one["sole_source"])):
        return everything
    if one["sole_source"] and len(one["rows"]) == 1:
        return [{one["rows"][0]["supplier"]: 1.0}]
    rest = max(0.0, 1 - sum(known.values()))
    if None in known:
        held = known[None]
        return [{s: held, t: rest} for s in pool for t in pool if s != t] or [{s: held} for s in pool]
    takers = blanks if one["complete"] else blanks + [s for s in pool if s not in known and s not in blanks]
    return [{**known, s: rest} for s in takers] or [known]


def surely(one: Row, supplier: str) -> float:
    """The share that a buyer is proven to buy from a supplier."""
    for row in one["rows"]:
        if row["supplier"] == supplier:
            return 1.0 if one["sole_source"] and len(one["rows"]) == 1 else row["share"] or 0.0
    return 0.0


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
        surely_before = sum(one["impact_low"] > most(me) for one in others)
        at_most = sum(most(one) >= me["impact_low"] for one in others)
        found.append((1 + earlier + before, 1 + earlier + surely_before, 1 + earlier + at_most))
    return found


def most(entry: Row) -> float:
    return float("inf") if entry["impact_high"] is None else entry["impact_high"]


def weight(entry: Row) -> tuple[float, bool, float, float]:
    reach = entry["output_low_cny"] if entry["impact_measure"] == "output_cny" else entry["reach_products"]
    return entry["impact_low"], entry["sole_source"] is not False, most(entry), reach
