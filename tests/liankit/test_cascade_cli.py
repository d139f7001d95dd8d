"""``liankit cascade run``, ``report`` and ``interventions`` on files: what they write, and how they refuse."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from tests.liankit.cascade_tables import made_network, made_shocks, made_tables, write_tables
from typer.testing import CliRunner, Result

from liankit.cli import main
from liankit.risk.cascade.arrays import build_arrays
from liankit.risk.cascade.interventions import find_effects
from liankit.risk.cascade.network import build_network
from liankit.risk.cascade.run import run_scenarios
from liankit.risk.cascade.scenarios import each_firm, from_table

FIRMS, LINKS = 60, 120


@pytest.fixture
def tables(tmp_path: Path) -> list[str]:
    """The options that name the three tables, written as CSV."""
    return write_tables(tmp_path, made_tables(FIRMS, LINKS))


def run(tables: list[str], out: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["cascade", "run", *tables, "--out", str(out), *options])


def said(result: Result) -> str:
    return " ".join(result.output.split())


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_scores_are_written_in_full_precision_under_the_promised_names(
    tables: list[str], tmp_path: Path, ending: str
) -> None:
    out = tmp_path / f"esri.{ending}"
    assert run(tables, out).exit_code == 0
    found = pl.read_csv(out) if ending == "csv" else pl.read_parquet(out)
    network = made_network(FIRMS, LINKS)
    scores, steps = run_scenarios(build_arrays(network), each_firm(network))
    assert found.columns == ["firm_id", "esri", "esri_down", "esri_up", "steps"]
    assert found["firm_id"].to_list() == network.ids.to_list() and found["steps"].to_list() == steps.tolist()
    assert (found.select("esri", "esri_down", "esri_up").to_numpy() == scores).all()


def test_only_some_firms_fail_or_the_scenarios_of_a_table(tables: list[str], tmp_path: Path) -> None:
    (tmp_path / "ids.txt").write_text("f7\n\nf3\n")
    assert run(tables, tmp_path / "some.csv", "--only", str(tmp_path / "ids.txt")).exit_code == 0
    assert pl.read_csv(tmp_path / "some.csv")["firm_id"].to_list() == ["f7", "f3"]
    made_shocks(FIRMS, 3).write_csv(tmp_path / "shocks.csv")
    assert run(tables, tmp_path / "given.csv", "--shocks", str(tmp_path / "shocks.csv")).exit_code == 0
    found = pl.read_csv(tmp_path / "given.csv")
    assert found.columns[0] == "scenario_id" and found["scenario_id"].to_list() == ["s0", "s1", "s2"]


def test_the_first_weights_give_esri_and_each_further_column_its_own_scores(tables: list[str], tmp_path: Path) -> None:
    assert run(tables, tmp_path / "sales.csv").exit_code == 0
    firms = made_tables(FIRMS, LINKS)["firms"].with_columns(sales=made_network(FIRMS, LINKS).out_strength)
    firms.write_csv(tmp_path / "firms.csv")
    assert run(tables, tmp_path / "two.csv", "--weights", "staff", "--weights", "sales").exit_code == 0
    sales, two = (pl.read_csv(tmp_path / f"{name}.csv") for name in ("sales", "two"))
    assert two.columns[1:] == [
        "esri",
        "esri_down",
        "esri_up",
        "esri_sales",
        "esri_down_sales",
        "esri_up_sales",
        "steps",
    ]
    np.testing.assert_allclose(two["esri_sales"].to_numpy(), sales["esri"].to_numpy(), atol=1e-12)
    assert not np.allclose(two["esri"].to_numpy(), sales["esri"].to_numpy())


def test_market_replaceability_eps_revenue_and_costs_reach_the_engine(tables: list[str], tmp_path: Path) -> None:
    options = {"market": "branch", "eps": "1e-06", "revenue": "staff", "costs": "staff"}
    given = [part for name, value in options.items() for part in (f"--{name}", value)]
    assert run(tables, tmp_path / "all.csv", *given).exit_code == 0
    assert run(tables, tmp_path / "alone.csv", "--no-replaceability").exit_code == 0
    made = made_tables(FIRMS, LINKS)
    for name, network, eps in (
        ("all", build_network(*made.values(), market="branch", revenue="staff", costs="staff"), 1e-6),
        ("alone", build_network(*made.values(), market=None), 0.01),
    ):
        scores, _ = run_scenarios(build_arrays(network), each_firm(network), eps)
        assert (pl.read_csv(tmp_path / f"{name}.csv")["esri"].to_numpy() == scores[:, 0]).all()


def test_sector_impacts_are_written_beside_the_scores(tables: list[str], tmp_path: Path) -> None:
    result = run(tables, tmp_path / "e.csv", "--sectors", "branch", "--sector-out", str(tmp_path / "s.csv"))
    found = pl.read_csv(tmp_path / "s.csv")
    assert found.columns == ["firm_id", "sector", "loss", "loss_down", "loss_up"]
    assert set(found["sector"]) == {"north", "south"} and found["loss"].is_between(0, 1).all()
    assert "s.csv" in said(result)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--out", "esri.xlsx"], "only .csv and .parquet are written"),
        (["--only", "x", "--shocks", "y"], "--only or --shocks, not both"),
        (["--sectors", "branch"], "go together"),
        (["--workers", "2", "--dask", "tcp://x:1"], "--workers or --dask, not both"),
        (["--weights", "stuff"], "there is no column 'stuff'. Did you mean 'staff'?"),
        (["--market", "nowhere"], "there is no column 'nowhere'"),
    ],
)
def test_a_mistake_is_told_in_one_line_before_any_work(
    tables: list[str], tmp_path: Path, options: list[str], told: str
) -> None:
    result = run(tables, tmp_path / "out.csv", *options)
    assert result.exit_code == 2, result.output
    assert told in said(result) and "Traceback" not in result.output


def test_a_cluster_that_does_not_answer_is_said(tables: list[str], tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed", reason="needs the extra scale: pip install 'liandesk[scale]'")
    import dask

    assert distributed
    with dask.config.set({"distributed.comm.timeouts.connect": "200ms"}):
        result = run(tables, tmp_path / "out.csv", "--dask", "tcp://127.0.0.1:9")
    assert result.exit_code == 2
    assert "no scheduler answers there" in said(result)


def test_the_report_opens_the_scores_into_their_ways_without_another_file(tables: list[str], tmp_path: Path) -> None:
    out = tmp_path / "esri.csv"
    assert run(tables, out).exit_code == 0
    result = CliRunner().invoke(main, ["cascade", "report", str(out), *tables])
    assert result.exit_code == 0, result.output
    page = out.with_suffix(".html").read_text(encoding="utf-8")
    worst = pl.read_csv(out).sort("esri", descending=True)
    assert page.count("<h3>") == 10 and f"<h3>{worst['firm_id'][0]}</h3>" in page
    assert f"{worst['esri'][0]:.4f}" in page and "The worst 1 %" in page and ": loses " in page
    assert "http" not in page and "<script" not in page, "it needs no other file"


def test_a_report_on_other_tables_or_options_than_those_of_the_run_is_refused(
    tables: list[str], tmp_path: Path
) -> None:
    out = tmp_path / "esri.csv"
    assert run(tables, out).exit_code == 0
    result = CliRunner().invoke(main, ["cascade", "report", str(out), *tables, "--no-replaceability"])
    assert result.exit_code == 2
    assert "Give the tables and options of the run" in said(result)


def test_names_of_firms_are_text_in_the_report_and_no_markup(tmp_path: Path) -> None:
    made = made_tables(FIRMS, LINKS)
    rename = pl.col("^(firm_id|supplier_id|buyer_id)$").str.replace("^f", "<b>&")
    given = write_tables(
        tmp_path,
        {name: table.with_columns(rename) if name != "essential" else table for name, table in made.items()},
    )
    assert run(given, tmp_path / "esri.csv").exit_code == 0
    assert CliRunner().invoke(main, ["cascade", "report", str(tmp_path / "esri.csv"), *given]).exit_code == 0
    page = (tmp_path / "esri.html").read_text(encoding="utf-8")
    assert "&lt;b&gt;&amp;" in page and "<b>" not in page


def test_interventions_are_computed_as_the_library_does(tables: list[str], tmp_path: Path) -> None:
    link = made_tables(FIRMS, LINKS)["links"].row(0, named=True)
    named = {"supplier_id": link["supplier_id"], "buyer_id": link["buyer_id"], "share": 0.5}
    plans = pl.DataFrame([{"intervention": kind, "kind": kind, **named} for kind in ("stock", "removed_link")])
    plans.write_csv(tmp_path / "plans.csv")
    command = ["cascade", "interventions", str(tmp_path / "plans.csv"), *tables, "--out", str(tmp_path / "saved.csv")]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 0, result.output
    network = made_network(FIRMS, LINKS)
    expected = find_effects(network, plans, each_firm(network))
    assert pl.read_csv(tmp_path / "saved.csv", schema=expected.schema).equals(expected)
    assert "2 interventions over 60 scenarios" in said(result)


def test_a_firm_with_lines_fails_with_all_of_them(tables: list[str], tmp_path: Path) -> None:
    """Two lines a firm: the scores of owners are those of shocks of both lines; the report follows owners too."""
    firms = made_tables(FIRMS, LINKS)["firms"]
    owners = [f"o{place // 2}" for place in range(FIRMS)]
    firms.with_columns(owner=pl.Series(owners)).write_csv(tmp_path / "firms.csv")
    out = tmp_path / "owners.csv"
    assert run(tables, out).exit_code == 0
    assert CliRunner().invoke(main, ["cascade", "report", str(out), *tables]).exit_code == 0
    network, found = made_network(FIRMS, LINKS), pl.read_csv(out)
    both = pl.DataFrame({"scenario_id": owners, "firm_id": firms["firm_id"], "loss_down": 1.0})
    scores, _ = run_scenarios(build_arrays(network), from_table(network, both))
    assert found["firm_id"].to_list() == list(dict.fromkeys(owners))
    assert (found["esri"].to_numpy() == scores[:, 0]).all()


def test_no_command_loads_the_compiler_before_it_computes() -> None:
    said = "import liankit.cli, sys; sys.exit('numba' in sys.modules or 'distributed' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", said]).returncode == 0
