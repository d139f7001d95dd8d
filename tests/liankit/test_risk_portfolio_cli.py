"""``liankit risk portfolio`` on files: a chain of two enterprises, of which one sells to the other."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from tests.liankit.risk_tables import frames, item
from typer.testing import CliRunner, Result

from liankit.cli import main

ROWS = {
    "items": [item("resin"), item("antibody")],
    "supplies": [
        {"item": "resin", "supplier": "S", "buyer": "one", "country": "SE", "share": 1.0},
        {"item": "antibody", "supplier": "one", "buyer": "two", "country": "CN", "share": 0.4},
    ],
    "uses": [
        {"buyer": "one", "item": "resin", "product": "antibody", "output_cny": 50e6, "another_source": False},
        {"buyer": "two", "item": "antibody", "product": "vial", "output_cny": 30e6, "another_source": True},
    ],
    "listing": [],
}
PLANS = """intervention,item,supplier,buyer,covers,cost_cny
stock,resin,S,one,0.5,2000000
second maker,antibody,one,,1,3000000
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, table in frames(ROWS).items():
        table.write_csv(tmp_path / f"{name}.csv")
    (tmp_path / "plans.csv").write_text(PLANS)
    (tmp_path / "likelihood.csv").write_text("unit,likelihood\nresin,0.2\n")
    return tmp_path


def _run(folder: Path, *options: str) -> Result:
    files = [str(folder / f"{name}.csv") for name in ("plans", "items", "supplies", "uses", "listing")]
    out = ["--out", str(folder / "out"), "--home-country", "CN"]
    return CliRunner().invoke(main, ["risk", "portfolio", *files, *out, *options])


def test_losses_go_on_to_whoever_buys_what_stops_and_each_budget_says_what_it_buys(folder: Path) -> None:
    """Resin: 50 of one and 0.4 x 30 of two; antibody: 12. The stock saves half of 62, the second maker 12 and 12."""
    assert _run(folder, "--budget", "2000000", "--budget", "5000000", "--steps", "0").exit_code == 0
    effects = pl.read_csv(folder / "out" / "effects.csv").sort("interventions", "entry")
    saved = effects.select("entry", "interventions", saved=pl.col("before_low") - pl.col("after_low")).rows()
    assert saved == [
        ("item:antibody", "second maker", pytest.approx(12e6)),
        ("item:resin", "second maker", pytest.approx(12e6)),
        ("item:resin", "second maker; stock", pytest.approx(37e6)),
        ("item:resin", "stock", pytest.approx(31e6)),
    ]
    chosen = pl.read_csv(folder / "out" / "chosen.csv").select("cost_cny", "saved", "gap").rows()
    assert chosen == [(2_000_000, pytest.approx(31e6), 0.0), (5_000_000, pytest.approx(49e6), 0.0)]
    assert pl.read_csv(folder / "out" / "frontier.csv")["cost_cny"].to_list() == [0, 2_000_000, 5_000_000]


def test_with_likelihoods_the_expected_loss_counts_and_only_where_it_is_known(folder: Path) -> None:
    said = _run(folder, "--likelihoods", str(folder / "likelihood.csv"), "--budget", "9000000")
    assert "2 entries touched, 1 weighed" in said.output
    assert pl.read_csv(folder / "out" / "chosen.csv")["saved"].item() == pytest.approx(0.2 * 37e6)


def test_what_is_locked_and_dearer_than_the_budget_is_said_without_a_traceback(folder: Path) -> None:
    said = _run(folder, "--locked", "stock", "--budget", "1")
    assert said.exit_code == 2
    assert "locked costs 2,000,000 CNY" in said.output
