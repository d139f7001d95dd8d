"""The step ``cascade`` and what it shows: a loss that goes on from an enterprise to the one that buys its product."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from tests.liandesk.lists_world import (
    BY,
    ENTERPRISE,
    MEDIUM,
    OFFICE,
    ONE,
    ONE_RESIN,
    ORGANISATIONS,
    RESIN,
    RESIN_ITEM,
    TOWN,
    TWO,
    _supplies,
    _uses,
    supply,
    use,
    viewer,
)
from tests.liankit.risk_tables import ITEMS, frames
from tests.liankit.risk_tables import tables as random_tables

from liandesk.assess.lists.queries import RISKS, current, entry, hidden, reasons
from liandesk.assess.lists.rows import rows_frame
from liandesk.assess.risk.queries import score
from liandesk.base.accounts.roles import Role, ScopeKind
from liandesk.base.facts.schema import KNOWN_SCHEMA
from liandesk.base.pack import pack
from liandesk.base.snapshots import store
from liandesk.base.snapshots.actions import keep, publish
from liandesk.base.snapshots.models import Snapshot
from liandesk.refresh.cascade import Followed, follow_losses
from liandesk.refresh.chain_facts import node_id
from liankit.risk import exposure

BUFFER = node_id("缓冲液")  # made by ONE, bought by TWO
TWO_BUFFER, ONE_MEDIUM = f"input:{TWO}:{BUFFER}", f"input:{ONE}:{MEDIUM}"
NAMES = {RESIN: "层析填料", BUFFER: "缓冲液", MEDIUM: "培养基"}
SUPPLIES = [
    supply(RESIN, "Cytiva", ONE, "SE", share=1.0, amount_cny=600_000.0),
    supply(BUFFER, "临安生物一号有限公司", TWO, "CN", share=0.4) | {"supplier": ONE},
    supply(MEDIUM, "Gibco", None, "US"),
    supply(MEDIUM, "Merck", None, "DE"),
]
USES = [
    use(ONE, RESIN, "缓冲液", output_cny=10e6, another_source=False, stock_days=60.0),
    use(TWO, BUFFER, "细胞制剂", output_cny=30e6, another_source=True, stock_days=20.0),
    use(ONE, MEDIUM, "缓冲液", output_cny=10e6),
]


def tables(
    *, supplies: list[dict[str, Any]] = SUPPLIES, uses: list[dict[str, Any]] = USES, purchases: float | None = 1e6
) -> dict[str, pl.DataFrame]:
    """Return what the step reads; ``purchases`` are those of ONE, TWO's are unknown."""
    items = pl.DataFrame([{"item": item, "name": name, "item_kind": "excipient"} for item, name in NAMES.items()])
    listing = items.select("item", complete=pl.lit(False))
    found = exposure(items, _supplies(supplies), _uses(uses), listing, home_country="CN")
    organisations = pl.DataFrame(ORGANISATIONS).select("id", "name", "town", "uscc", is_synthetic=pl.lit(False))
    names = organisations.select("town", "is_synthetic", buyer="id", organisation_name="name")
    said = {"record": "workbook:organisation:one", "kind": "organisation", "attribute": "purchases_cny", "unit": "CNY"}
    facts = [said | {"number": purchases, "source": "workbook"}] if purchases is not None else []
    return {
        "entries": found.entries.join(names, on="buyer", how="left"),
        "reasons": found.reasons,
        "shares": found.shares,
        "supplies": _supplies(supplies),
        "uses": _uses(uses),
        "items": items,
        "organisations": organisations,
        "facts": pl.DataFrame(facts, schema=KNOWN_SCHEMA),
        "members": pl.DataFrame({"record": ["workbook:organisation:one"], "organisation": [ONE]}),
    }


def followed(**changed: Any) -> Followed:
    return follow_losses(tables(**changed), pack())


def row(found: Followed, key: str) -> dict[str, Any]:
    return found.entries.row(by_predicate=pl.col("entry") == key, named=True)


def publish_followed(**changed: Any) -> Snapshot:
    read = tables(**changed)
    found = follow_losses(read, pack())
    columns = {name: pl.lit(None, pl.String) for name in ("name_en", "kind", "country", "zone", "segment")}
    made = {
        "entries": found.entries,
        "reasons": found.reasons,
        "cascade_lines": found.network.lines,
        "cascade_links": found.network.links,
        "cascade_scores": found.scores,
        "organisations": read["organisations"].with_columns(**columns),
    }
    kept = {name: store.put_frame(table) for name, table in (read | made).items()}
    snapshot = keep(tables=kept, inputs={}, is_synthetic=False, by=BY)
    publish(snapshot, name=RISKS, by=BY)
    return snapshot


def test_a_loss_goes_on_to_whoever_buys_what_stops() -> None:
    """By hand: without resin ONE loses its buffer, 10 million; TWO buys 40 % of its buffer there: 12 of 30 million."""
    found = row(followed(), ONE_RESIN)
    assert (found["direct_low"], found["direct_high"]) == (10e6, 10e6)
    assert (found["impact_low"], found["impact_high"]) == pytest.approx((22e6, 22e6))
    assert (found["impact_basis"], found["hit_enterprises"], found["hit_products"]) == ("cascade", 2, 2)
    assert (found["coverage_low"], found["coverage_high"]) == (0.6, 0.6)


def test_an_item_is_followed_supplier_by_supplier() -> None:
    found = row(followed(), RESIN_ITEM)
    assert found["impact_low"] == pytest.approx(22e6) and found["critical_supplier"] == "S-Cytiva"
    assert found["largest_supplier"] == "S-Cytiva" and found["rank"] == 1


def test_of_a_market_nothing_is_proven_and_everything_possible() -> None:
    found = row(followed(), ONE_MEDIUM)
    assert found["impact_low"] == found["direct_low"] == 0
    assert found["impact_high"] == pytest.approx(22e6)


@pytest.mark.parametrize("purchases", [None, 1.3e6])
def test_where_purchases_are_unknown_or_little_covered_the_direct_loss_stands(purchases: float | None) -> None:
    found = row(followed(purchases=purchases), ONE_RESIN)
    assert (found["impact_low"], found["impact_basis"]) == (10e6, "declared")
    assert found["hit_enterprises"] is None
    assert (found["coverage_low"] is None) == (purchases is None)


def test_the_most_trusted_word_of_purchases_counts() -> None:
    """A person's correction goes before the sheet: 0.6 of 2 million is less than half."""
    read = tables()
    corrected = read["facts"].with_columns(source=pl.lit("statement"), number=pl.lit(2e6))
    found = follow_losses(read | {"facts": pl.concat([read["facts"], corrected])}, pack())
    assert row(found, ONE_RESIN)["coverage_low"] == pytest.approx(0.3)


def test_an_unknown_output_further_on_leaves_the_impact_open_upwards() -> None:
    uses = [USES[0], USES[1] | {"output_cny": None}, USES[2]]
    found = row(followed(uses=uses), ONE_RESIN)
    assert found["impact_low"] == pytest.approx(10e6) and found["impact_high"] is None


def test_a_share_that_nobody_stated_is_followed_as_an_interval() -> None:
    supplies = [SUPPLIES[0], SUPPLIES[1] | {"share": None}, *SUPPLIES[2:]]
    found = row(followed(supplies=supplies), ONE_RESIN)
    assert (found["impact_low"], found["impact_high"]) == pytest.approx((10e6, 40e6))


def test_reasons_say_whether_purchases_are_covered_and_how_far_the_loss_goes() -> None:
    found = followed()
    told = {(r["entry"], r["code"]): r for r in found.reasons.to_dicts()}
    cascade = told[ONE_RESIN, "cascade"]
    assert cascade["holds"] and cascade["value_low"] == pytest.approx(22e6)
    assert told[ONE_RESIN, "purchases_covered"]["holds"] is True
    assert told[TWO_BUFFER, "purchases_covered"]["holds"] is None and (TWO_BUFFER, "cascade") not in told
    assert found.reasons["entry"].unique(maintain_order=True).to_list() == found.entries["entry"].to_list()


def test_an_organisation_is_scored_by_all_that_stops_with_it() -> None:
    scores = {row["organisation"]: row for row in followed().scores.to_dicts()}
    assert scores[ONE]["output_low_cny"] == pytest.approx(22e6) and scores[ONE]["share_low"] == pytest.approx(0.55)
    assert scores[TWO]["output_low_cny"] == pytest.approx(30e6) and scores[TWO]["enterprises"] == 1


def test_lines_of_a_market_are_nobodys_and_count_nowhere() -> None:
    network = followed().network
    market = network.lines.filter(pl.col("owner").is_null())
    assert market["item"].to_list() == [MEDIUM] and not market["is_product"].any()
    assert network.links.height == 1 + 1 + 2 + 1  # resin, buffer, two makers of medium, ONE on the market


def test_without_any_rows_there_is_nothing_and_no_error() -> None:
    found = followed(supplies=[], uses=[])
    assert found.entries.is_empty() and found.scores.is_empty() and found.network.links.is_empty()


def read(client: Client, page: str) -> str:
    """Return the words of a page in English."""
    answer = client.get(page, HTTP_ACCEPT_LANGUAGE="en", follow=True)
    return re.sub(r"(<[^>]+>|\s)+", " ", answer.content.decode())


def _of_chain(drawn: dict[str, list[dict[str, Any]]]) -> dict[str, pl.DataFrame]:
    """Return random tables of the risk engine as a chain: s0 and s1 are the buyers, who make the items i0 to i2."""
    makers, ids = {"s0": "b0", "s1": "b1"}, {key: node_id(key) for key in ITEMS}
    made = {"p0": "i0", "p1": "i1", "p2": "i2", None: None}
    rows = {name: [row | {"item": ids[row["item"]]} for row in found] for name, found in drawn.items()}
    rows["supplies"] = [row | {"supplier": makers.get(row["supplier"], row["supplier"])} for row in rows["supplies"]]
    rows["uses"] = [row | {"product": made[row["product"]]} for row in rows["uses"]]
    engine = frames(rows)
    found = exposure(**engine, home_country="CN")
    told = pl.lit("workbook:critical_input:1").alias("record")
    owners = pl.DataFrame({"id": ["b0", "b1"], "name": ["B0", "B1"], "town": ["330113001"] * 2})
    return {
        **{name: table for name, table in engine.items() if name != "listing"},
        "supplies": engine["supplies"].with_columns(told, supplier_name="supplier"),
        "uses": engine["uses"].with_columns(told, pl.col("product").fill_null("")),
        "entries": found.entries,
        "reasons": found.reasons,
        "shares": found.shares,
        "organisations": owners.with_columns(is_synthetic=pl.lit(False)),
        "facts": _purchases_of("b0", "b1"),
        "members": pl.DataFrame({"record": ["r:b0", "r:b1"], "organisation": ["b0", "b1"]}),
    }


def _purchases_of(*names: str) -> pl.DataFrame:
    said = {"kind": "organisation", "attribute": "purchases_cny", "unit": "CNY", "number": 1.0, "source": "workbook"}
    return pl.DataFrame([said | {"record": f"r:{name}"} for name in names], schema=KNOWN_SCHEMA)


@settings(max_examples=10, deadline=None)
@given(drawn=random_tables)
def test_what_follows_is_never_less_than_the_direct_loss_and_the_same_where_nobody_buys_what_stops(
    drawn: dict[str, list[dict[str, Any]]],
) -> None:
    read = _of_chain(drawn)
    found = follow_losses(read, replace(pack(), cascade_coverage=0.0))
    network = found.network
    sellers = network.needs.filter(pl.col("line").is_in(network.links["supplier"].implode()))
    goes_on = set(sellers["item"])
    for entry_row in found.entries.filter(pl.col("impact_measure").is_not_null()).to_dicts():
        ends = [entry_row[name] for name in ("direct_low", "direct_high", "impact_low", "impact_high")]
        direct_low, direct_high, low, high = (np.inf if end is None else end for end in ends)
        assert low >= direct_low and high >= direct_high * (1 - 1e-9) and high >= low
        if entry_row["item"] not in goes_on:
            assert (low, high) == (direct_low, direct_high)
    assert sorted(found.entries["entry"]) == sorted(read["entries"]["entry"])


@pytest.mark.django_db
def test_an_enterprise_sees_what_it_loses_itself_and_nothing_of_others() -> None:
    publish_followed()
    seen, office = entry(ENTERPRISE, ONE_RESIN), entry(OFFICE, ONE_RESIN)
    assert office.impact_low == pytest.approx(22e6) and office.hit_enterprises == 2
    assert (seen.direct_low, seen.impact_low, seen.hit_enterprises) == (10e6, None, None)
    assert {"cascade"} == {r.code for r in reasons(OFFICE, ONE_RESIN)} - {
        r.code for r in reasons(ENTERPRISE, ONE_RESIN)
    }
    frame = rows_frame(current(ENTERPRISE), None, RISKS, hidden(ENTERPRISE))
    assert not {"impact_low", "impact_high", "hit_enterprises", "hit_products"} & set(frame.columns)
    assert score(ENTERPRISE, ONE) is None and score(TOWN, ONE) is None


@pytest.mark.django_db
def test_pages_of_an_enterprise_never_hold_the_figure_that_tells_of_its_buyer(
    cast_client: Callable[[str], Client],
) -> None:
    publish_followed()
    own, office = cast_client("Enterprise"), cast_client("ChainOffice")
    table, reasons_of = "/risks?columns=impact&columns=hit&columns=direct", reverse("risk_reasons", args=[ONE_RESIN])
    of_api = ("/api/v1/risks", f"/api/v1/risks/{ONE_RESIN}", f"/api/v1/risks/{ONE_RESIN}/reasons")
    for page in (f"/risks/{ONE_RESIN}", table, reasons_of, *of_api):
        assert not re.search(WITH_BUYER, read(own, page)), page
        assert re.search(WITH_BUYER, read(office, page)), page
    assert re.search(r"CNY\s10\sm\b", read(own, f"/risks/{ONE_RESIN}"))


WITH_BUYER = r"\b22\sm\b|\b22,?000,?000"


@pytest.mark.django_db
def test_below_the_threshold_a_page_shows_direct_stops_and_no_figure_of_the_cascade(
    cast_client: Callable[[str], Client],
) -> None:
    publish_followed(purchases=None)
    told = read(cast_client("ChainOffice"), f"/risks/{ONE_RESIN}")
    assert "Direct stops" in told and "If Cytiva delivers no more." in told and re.search(r"60\sdays", told)
    assert "Reached by the cascade" not in told and not re.search(WITH_BUYER, told)
    two = read(cast_client("OtherEnterprise"), f"/risks/{TWO_BUFFER}")
    assert "loses a part" in two and "缓冲液" in two and "层析填料" not in two


@pytest.mark.django_db
def test_what_an_organisation_brings_down_is_a_figure_only_where_its_purchases_are_covered() -> None:
    publish_followed()
    auditor = viewer(Role.AUDITOR, ScopeKind.DISTRICT)
    covered, unknown = score(auditor, ONE), score(auditor, TWO)
    assert covered and covered.stops is None and covered.row["enterprises"] == 2
    assert unknown and unknown.stops is not None and unknown.stops.rows == []
