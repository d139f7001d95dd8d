from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from liankit.reasons import REASON_SCHEMA
from liankit.risk.disruptions import EVENT_SCHEMA, MAKER_SCHEMA, PLACE_SCHEMA, UNIT_SCHEMA, hits_of, units_of
from liankit.risk.exposure import ENTRY_SCHEMA
from liankit.risk.outlook import estimate, take_outlook, tell_outlook
from liankit.synthetic.events import draw_disruptions

DAY = date(2024, 1, 1)


def _units(*rows: tuple[str, str, bool]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=UNIT_SCHEMA, orient="row")


PLACES = pl.DataFrame(
    [("A", "US", None), ("B", "SE", None), ("B", "US", None), ("B", None, "T1")], schema=PLACE_SCHEMA, orient="row"
)
NO_ORGANISATIONS = pl.DataFrame(schema={"id": pl.String, "town": pl.String})


def _event(items: list[str], makers: list[str], countries: tuple[str, ...] = (), town: str = "") -> pl.DataFrame:
    row = {"event": 1, "start": DAY, "end": None, "items": items, "makers": makers}
    return pl.DataFrame([row | {"countries": list(countries), "towns": [town] if town else []}], schema=EVENT_SCHEMA)


def _hit(items: list[str], makers: list[str], countries: tuple[str, ...] = (), town: str = "") -> set[str]:
    units = _units(
        ("whole", "resin", True), ("of A", "resin", False), ("of B", "resin", False), ("other", "salt", True)
    )
    bought = pl.DataFrame(
        [("whole", "A"), ("of A", "A"), ("of B", "B"), ("other", "A")], schema=MAKER_SCHEMA, orient="row"
    )
    return set(hits_of(units, bought, _event(items, makers, countries, town), PLACES)["unit"])


def test_an_event_hits_what_it_names_and_an_input_only_where_its_maker_is_hit() -> None:
    assert _hit(["resin"], []) == {"whole", "of A", "of B"}
    assert _hit(["resin"], ["A"]) == {"whole", "of A"}
    assert _hit(["resin"], ["Z"]) == {"whole"}, "the item as a whole is hit whoever the maker is"
    assert _hit([], ["A"]) == {"whole", "of A", "other"}, "without an item all that the maker delivers"
    assert _hit([], []) == set()


def test_a_country_or_a_town_stands_for_the_makers_that_are_surely_there() -> None:
    assert _hit([], [], ("US",)) == {"whole", "of A", "other"}, "of B another country is told too"
    assert _hit([], [], ("US", "SE")) == {"whole", "of A", "of B", "other"}
    assert _hit([], [], town="T1") == {"of B"}
    assert _hit(["resin"], [], ("US",)) == {"whole", "of A"}
    assert _hit(["resin"], [], ("CN",)) == {"whole"}, "nobody is known to deliver from there"


_NAMES = st.lists(st.sampled_from("abcd"), max_size=3)


@given(
    st.lists(st.tuples(_NAMES, _NAMES), max_size=4),
    st.lists(st.tuples(st.sampled_from("abcd"), st.booleans(), _NAMES), min_size=1, max_size=4),
)
@settings(max_examples=60, deadline=None)
def test_hits_are_those_of_the_rule_said_plainly(
    events: list[tuple[list[str], list[str]]], units: list[tuple[str, bool, list[str]]]
) -> None:
    nowhere = {"start": DAY, "end": None, "countries": [], "towns": []}
    rows = [{"event": at, "items": i, "makers": m} | nowhere for at, (i, m) in enumerate(events)]
    table = _units(*((str(at), item, any_) for at, (item, any_, _makers) in enumerate(units)))
    pairs = [(str(at), maker) for at, (_item, _any, makers) in enumerate(units) for maker in set(makers)]
    found = hits_of(
        table, pl.DataFrame(pairs, schema=MAKER_SCHEMA, orient="row"), pl.DataFrame(rows, schema=EVENT_SCHEMA), PLACES
    )
    plain = {
        (str(at), one)
        for at, (item, takes_any, bought) in enumerate(units)
        for one, (items, makers) in enumerate(events)
        if (item in items and (takes_any or not makers or set(bought) & set(makers)))
        or (not items and set(bought) & set(makers))
    }
    assert set(found.select("unit", "event").iter_rows()) == plain
    assert found.height == len(plain)


def _district(items: int = 40) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Half of the items have one maker abroad, half five at home; of the last kind nobody tells a disruption."""
    rows = [
        {"entry": f"item:{at}", "scope": "item", "item": str(at), "item_kind": "silent" if at >= 36 else "kind"}
        | {"suppliers": 1 if at % 2 else 5, "reach_buyers": 2}
        for at in range(items)
    ]
    entries = pl.DataFrame(rows, schema_overrides=ENTRY_SCHEMA).with_columns(
        pl.lit(None, dtype).alias(name) for name, dtype in ENTRY_SCHEMA.items() if name not in rows[0]
    )
    supplies = [
        {"item": str(at), "item_name": str(at), "supplier": f"{at}-{n}", "supplier_name": "S", "buyer": None}
        | {"country": "US" if at % 2 else "CN"}
        for at in range(items)
        for n in range(1 if at % 2 else 5)
    ]
    return entries, pl.DataFrame(supplies, schema_overrides={"buyer": pl.String})


def _events(supplies: pl.DataFrame) -> pl.DataFrame:
    told = supplies.filter(pl.col("item").cast(pl.Int64) < 36)
    drawn = draw_disruptions(told, home="CN", first=date(2021, 1, 1), last=date(2024, 9, 30), seed=3)
    return drawn.with_row_index("event").select(
        pl.col("event").cast(pl.Int64), start="began_on", end="ended_on",
        items=pl.concat_list("item"), makers=pl.concat_list("supplier"),
        countries=pl.lit([], pl.List(pl.String)), towns=pl.lit([], pl.List(pl.String)),
    )  # fmt: skip


def _closed(number: int, began: date, ended: date | None = None) -> pl.DataFrame:
    """Return one event that hits whatever comes from the US: half of the items of ``_district``."""
    row = {"event": 10_000 + number, "start": began, "end": ended, "items": [], "makers": []}
    return pl.DataFrame([row | {"countries": ["US"], "towns": []}], schema=EVENT_SCHEMA)


def test_a_class_with_events_has_likelihoods_with_reasons_and_one_without_stays_unknown() -> None:
    entries, supplies = _district()
    found = estimate(entries, supplies, NO_ORGANISATIONS, _events(supplies), date(2024, 9, 30), draws=8)
    ends = take_outlook(entries, found)
    silent = ends.filter(item_kind="silent")
    assert silent["likelihood_low"].null_count() == silent.height == 4
    likely = found.likelihoods
    assert likely.height == 36
    assert likely.select(
        ((pl.col("likelihood_low") <= pl.col("likelihood")) & (pl.col("likelihood") <= pl.col("likelihood_high"))).all()
    ).item()
    few = pl.col("entry").str.strip_prefix("item:").cast(pl.Int64) % 2 == 1
    parts = [likely.filter(one)["likelihood"].to_numpy() for one in (few, ~few)]
    assert np.mean(parts[0]) > np.mean(parts[1]), "the generator makes the concentrated and far ones likelier"
    none = {"order": 1, "code": "likelihood_no_events", "holds": None, "params": "{}", "unit": "", "source": ""}
    reasons = pl.DataFrame([{"entry": key, **none} for key in entries["entry"]], schema=REASON_SCHEMA)
    told = tell_outlook(reasons, found)
    codes = {key: set(rows["code"]) for (key,), rows in told.group_by("entry")}
    assert "likelihood_model" in codes["item:0"]
    assert codes["item:37"] == {"likelihood_no_events"}
    assert told.filter(entry="item:0")["order"].to_list() == [1, 2, 3, 4]


def test_an_event_on_a_country_counts_for_all_that_comes_from_there_but_is_one_witness() -> None:
    entries, supplies = _district()
    closed = _closed(0, date(2022, 3, 1), date(2022, 9, 1))
    day = date(2024, 9, 30)
    alone = estimate(entries, supplies, NO_ORGANISATIONS, closed, day, draws=2)
    assert alone.likelihoods.is_empty(), "twenty entries were hit, by one event: too few to fit"
    events = _events(supplies)
    now = pl.concat([events, _closed(1, date(2024, 9, 1))])
    before, after = (estimate(entries, supplies, NO_ORGANISATIONS, one, day, draws=8) for one in (events, now))
    change = after.likelihoods["likelihood"] - before.likelihoods["likelihood"]
    is_us = after.likelihoods["entry"].str.strip_prefix("item:").cast(pl.Int64) % 2 == 1
    assert change.filter(is_us).mean() > 0.1
    assert abs(change.filter(~is_us).mean() or 0.0) < 0.05
    past = estimate(entries, supplies, NO_ORGANISATIONS, pl.concat([events, closed]), day, draws=8).likelihoods
    wide = pl.col("likelihood_high") - pl.col("likelihood_low")
    assert past.select(wide.mean()).item() > before.likelihoods.select(wide.mean()).item()


def test_what_becomes_known_later_changes_no_earlier_estimate() -> None:
    entries, supplies = _district()
    events, day = _events(supplies), date(2024, 3, 31)
    whole = estimate(entries, supplies, NO_ORGANISATIONS, events, day, draws=2)
    known = estimate(entries, supplies, NO_ORGANISATIONS, events.filter(pl.col("start") <= day), day, draws=2)
    assert whole.likelihoods.height == 36
    assert whole.likelihoods.equals(known.likelihoods)


def test_without_events_nothing_is_said() -> None:
    entries, supplies = _district(4)
    found = estimate(entries, supplies, NO_ORGANISATIONS, pl.DataFrame(schema=EVENT_SCHEMA), DAY)
    assert found.likelihoods.is_empty()
    assert take_outlook(entries, found)["likelihood_low"].null_count() == 4


def test_an_input_buys_from_those_it_names_and_an_item_from_everybody() -> None:
    entries = pl.DataFrame(
        {"entry": ["item:x", "input:b:x"], "scope": ["item", "input"], "item": "x", "buyer": [None, "b"]}
    )
    supplies = pl.DataFrame({"item": "x", "supplier": ["S", "T"], "buyer": ["b", None]})
    _found, makers = units_of(entries, supplies)
    assert set(makers.iter_rows()) == {("item:x", "S"), ("item:x", "T"), ("input:b:x", "S")}
