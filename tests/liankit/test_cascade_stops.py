"""Direct stops tell what stops for sure from what may, and coverage says how much of the trade the data holds."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from liankit.cli import main
from liankit.errors import UserError
from liankit.risk.cascade.coverage import cover_all, cover_markets, cover_purchases
from liankit.risk.cascade.stops import find_stops, sum_stops, uses_of

LINKS = {
    "supplier_id": pl.String,
    "buyer_id": pl.String,
    "item": pl.String,
    "share_low": pl.Float64,
    "share_high": pl.Float64,
}


def links_of(*rows: tuple[object, ...]) -> pl.DataFrame:
    return pl.DataFrame(rows, LINKS, orient="row")


def stops_of(uses: dict[str, object], links: pl.DataFrame, **stopped: list[str]) -> list[dict[str, object]]:
    """Return what one buyer of "resin" loses, all columns of the one use."""
    table = pl.DataFrame({"buyer_id": ["buyer"], "item": ["resin"], "essential": [2], **uses})
    return find_stops(table, links, **stopped).rows(named=True)


@pytest.mark.parametrize(
    ("complete", "shares", "verdict", "lost"),
    [
        ("yes", {"A": None}, "stops", (1, 1)),  # a sole source, and known to be one
        ("", {"A": None}, "may_stop", (0, 1)),  # the only one known
        ("", {"A": 1.0}, "stops", (1, 1)),  # it sells all that is bought: so nobody else does
        ("", {"A": 0.7}, "loses_part", (0.7, 0.7)),
        ("yes", {"A": None, "B": None}, "may_stop", (0, 1)),
        ("yes", {"A": None, "B": 0.4}, "loses_part", (0.6, 0.6)),
        ("", {"A": None, "B": 0.4}, "loses_part", (0, 0.6)),
    ],
)
def test_a_known_sole_source_stops_a_buyer_and_an_unknown_one_may(
    complete: str, shares: dict[str, float | None], verdict: str, lost: tuple[float, float]
) -> None:
    links = links_of(*((supplier, "buyer", "resin", share, share) for supplier, share in shares.items()))
    (found,) = stops_of({"complete": [complete]}, links, suppliers=["A"])
    assert found["verdict"] == verdict
    assert (found["lost_low"], found["lost_high"]) == pytest.approx(lost)
    assert (found["sources"], found["sources_stopped"]) == (len(shares), 1)


def test_two_contracts_with_a_sole_source_are_one_source() -> None:
    links = links_of(("A", "buyer", "resin", None, None), ("A", "buyer", "resin", 0.2, 0.2))
    (found,) = stops_of({"complete": ["yes"]}, links, suppliers=["A"])
    assert (found["verdict"], found["sources"]) == ("stops", 1)


@pytest.mark.parametrize(("essential", "verdicts"), [(2, ["stops"]), (1, []), (0, []), (None, ["may_stop"])])
def test_only_an_essential_input_stops_its_buyer(essential: int | None, verdicts: list[str]) -> None:
    links = links_of(("A", "buyer", "resin", 1.0, 1.0))
    need = pl.Series([essential], dtype=pl.Int8)
    assert [row["verdict"] for row in stops_of({"essential": need}, links, suppliers=["A"])] == verdicts


def test_makers_for_anybody_serve_who_names_no_supplier() -> None:
    """A and B sell resin to anybody; `named` buys it from C; `other` names nobody. All makers stop, or only A."""
    links = links_of(
        ("A", None, "resin", None, None), ("B", None, "resin", None, None), ("C", "named", "resin", 1.0, 1.0)
    )
    uses = pl.DataFrame({"buyer_id": ["named", "other"], "item": "resin", "essential": 2, "complete": ["", "yes"]})
    verdicts = {
        stopped: find_stops(uses, links, suppliers=stopped.split()).select("buyer_id", "verdict").rows()
        for stopped in ("A", "A B", "C")
    }
    assert verdicts == {"A": [("other", "may_stop")], "A B": [("other", "stops")], "C": [("named", "stops")]}
    of_item = find_stops(uses, links, items=["resin"])
    assert of_item.select("buyer_id", "verdict").rows() == [("named", "stops"), ("other", "stops")]


def test_an_item_that_nobody_is_known_to_make_can_run_out() -> None:
    (found,) = stops_of({}, links_of(), items=["resin"])
    assert (found["verdict"], found["sources"], found["from_day_low"]) == ("stops", 0, None)


def test_a_buyer_stops_on_the_day_on_which_the_first_input_is_used_up() -> None:
    """Resin lasts 30 to 60 days and is lost for sure, salt 10 to 20 and may be lost: it stops from day 10 to 60."""
    uses = pl.DataFrame(
        {
            "buyer_id": "buyer",
            "item": ["resin", "salt", "water"],
            "essential": 2,
            "complete": ["yes", "", ""],
            "stock_days_low": [30, 10, None],
            "stock_days_high": [60, 20, None],
        }
    )
    links = links_of(
        *(("A", "buyer", item, None, None) for item in ("resin", "salt")), ("A", "buyer", "water", 0.5, 0.5)
    )
    (found,) = sum_stops(find_stops(uses, links, suppliers=["A"])).rows(named=True)
    assert (found["verdict"], found["items"]) == ("stops", ["resin"])
    assert (found["from_day_low"], found["from_day_high"]) == (10, 60)
    unknown = uses.with_columns(pl.when(pl.col("item") != "salt").then("stock_days_low").alias("stock_days_low"))
    (found,) = sum_stops(find_stops(unknown, links, suppliers=["A"])).rows(named=True)
    assert (found["from_day_low"], found["from_day_high"]) == (None, 60)


@settings(deadline=None, max_examples=20)
@given(st.data())
def test_more_suppliers_that_stop_never_save_a_buyer(data: st.DataObject) -> None:
    names, buyers = st.sampled_from(list("ABCD")), st.sampled_from(["p", "q", None])
    rows = data.draw(st.sets(st.tuples(names, buyers, st.sampled_from(["resin", "salt"])), min_size=1, max_size=12))
    links = links_of(*((*row, None, None) for row in sorted(rows, key=str)))
    pairs = [(buyer, item) for buyer in ("p", "q") for item in ("resin", "salt")]
    uses = pl.DataFrame(pairs, ["buyer_id", "item"], orient="row").with_columns(essential=2)
    uses = uses.with_columns(complete=pl.Series([data.draw(st.booleans()) for _ in pairs]))
    known = sorted({row[0] for row in rows})
    few = data.draw(st.sets(st.sampled_from(known)))
    less, more = (find_stops(uses, links, suppliers=who) for who in (sorted(few), known))
    both = less.join(more, on=["buyer_id", "item"], how="left", suffix="_more")
    assert both["verdict_more"].null_count() == 0
    assert (both["lost_low"] <= both["lost_low_more"]).all() and (both["lost_high"] <= both["lost_high_more"]).all()
    assert (both["verdict_more"] <= both["verdict"]).all()  # ordered from the worst


def test_links_tell_of_uses_by_themselves() -> None:
    links = links_of(
        ("A", "buyer", "resin", 0.5, 0.5), ("B", "buyer", "resin", 0.5, 0.5), ("A", None, "salt", None, None)
    )
    told = links.with_columns(
        essential=pl.Series([2, None, None]), stock_days_low=pl.Series(["9", "30", ""]), stock_days_high=pl.lit("40")
    )
    (use,) = uses_of(told).rows(named=True)
    assert (use["essential"], use["stock_days_low"], use["stock_days_high"]) == (2, 9, 40)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"suppliers": ["Aa"]}, "The supplier 'Aa' is not in the tables"),
        ({"items": ["resins"]}, "Did you mean 'resin'"),
    ],
)
def test_who_is_not_in_the_tables_cannot_stop(arguments: dict[str, list[str]], said: str) -> None:
    with pytest.raises(UserError, match=said):
        stops_of({}, links_of(("A", "buyer", "resin", None, None)), **arguments)


def test_a_link_to_a_buyer_that_has_no_use_is_refused() -> None:
    with pytest.raises(UserError, match=r"links, row 1 \('other'\): names a buyer and an item without a row in uses"):
        stops_of({}, links_of(("A", "other", "resin", None, None)), suppliers=["A"])


def test_the_command_writes_who_stops_and_counts_them(tmp_path: Path) -> None:
    links_of(("A", "p", "resin", None, None), ("A", "q", "resin", None, None)).with_columns(
        essential=2, complete=pl.Series(["yes", ""]), stock_days_low=7, stock_days_high=7
    ).write_csv(tmp_path / "links.csv")
    out = tmp_path / "stops.csv"
    files = ["cascade", "stops", "--links", str(tmp_path / "links.csv"), "--out", str(out)]
    result = CliRunner().invoke(main, [*files, "--supplier", "A"])
    assert result.output.startswith("1 stop, 1 may stop, 0 lose a part")
    assert pl.read_csv(out).select("buyer_id", "verdict", "items", "from_day_low", "from_day_high").rows() == [
        ("p", "stops", "resin", 7, 7),
        ("q", "may_stop", "resin", 7, None),
    ]
    assert "Name a --supplier or an --item" in CliRunner().invoke(main, files).output


def test_coverage_is_the_share_of_purchases_that_known_links_cover_and_unknown_without_them() -> None:
    firms = pl.DataFrame({"firm_id": list("pqrs"), "sector": "x", "bought": ["100", "50", "", "10"]})
    links = pl.DataFrame({"supplier_id": "A", "buyer_id": list("pprs"), "value": ["30", "", "5", "20"]})
    found = cover_purchases(firms, links, "bought")
    assert found["covered"].to_list() == [0.3, 0, None, None]  # r's purchases are unknown; s contradicts itself
    assert cover_all(found) == 0.2
    assert cover_all(found.filter(pl.col("covered").is_null())) is None


def test_a_market_mostly_outside_the_data_is_said_to_be_so() -> None:
    firms = pl.DataFrame({"firm_id": list("abcde"), "sector": list("uuvwx"), "sales": ["10", "10", "60", "10", ""]})
    markets = pl.DataFrame({"market": list("uvx"), "total": ["100", "100", "100"]})
    found = cover_markets(firms, markets, market="sector", sales="sales")
    assert found.rows() == [
        ("u", 0.2, 0.2, True),
        ("v", 0.6, 0.6, False),
        ("w", None, None, None),
        ("x", 0.0, 1.0, None),
    ]


def test_the_command_says_how_much_is_covered(tmp_path: Path) -> None:
    pl.DataFrame({"firm_id": list("pq"), "sector": "x", "purchases": [100, None]}).write_csv(tmp_path / "firms.csv")
    pl.DataFrame({"supplier_id": ["q"], "buyer_id": ["p"], "value": [25]}).write_csv(tmp_path / "links.csv")
    files = [part for name in ("firms", "links") for part in (f"--{name}", str(tmp_path / f"{name}.csv"))]
    result = CliRunner().invoke(main, ["cascade", "coverage", *files, "--out", str(tmp_path / "covered.csv")])
    assert "at least 25% of the purchases of 1 firms; of 1 it is unknown" in result.output
