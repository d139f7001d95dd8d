"""Runs of many scenarios: in shards, the same bits from every map, and after a killed run or worker."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from tests.liankit.cascade_tables import made_network, made_shocks, made_tables, write_tables
from typer.testing import CliRunner

from liankit.cli import main
from liankit.errors import UserError
from liankit.risk.cascade.arrays import build_arrays
from liankit.risk.cascade.impacts import sector_impacts
from liankit.risk.cascade.mappers import in_processes, on_cluster
from liankit.risk.cascade.network import SupplyNetwork
from liankit.risk.cascade.reference import cascade
from liankit.risk.cascade.run import (
    Shard,
    collect,
    collect_impacts,
    compute,
    finish,
    losses_of,
    run_scenarios,
    shard_size,
    start_run,
)
from liankit.risk.cascade.scenarios import Scenarios, each_firm, from_table

FIRMS, LINKS = 200, 300
SCENARIOS = 16_000  # eight shards: long enough to be killed on the way


@pytest.fixture(scope="module")
def network() -> SupplyNetwork:
    return made_network(FIRMS, LINKS)


@pytest.fixture(scope="module")
def whole(network: SupplyNetwork, tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    """What an undisturbed run of ``SCENARIOS`` finds."""
    scenarios = from_table(network, made_shocks(FIRMS, SCENARIOS))
    folder = tmp_path_factory.mktemp("whole") / "parts"
    shards = start_run(build_arrays(network), scenarios, folder, id_name="scenario_id")
    list(finish(shards, map))
    return collect(shards).collect()


def test_a_run_goes_on_where_it_stopped_and_gives_the_same_bits(network: SupplyNetwork, tmp_path: Path) -> None:
    arrays, scenarios = build_arrays(network), from_table(network, made_shocks(FIRMS, 5000))
    shards = start_run(arrays, scenarios, tmp_path / "run")
    compute(shards[1])
    before = shards[1].path.stat().st_mtime_ns
    again = start_run(arrays, scenarios, tmp_path / "run")
    assert [shard.start for shard in finish(again, map)] == [0, 4096]
    assert shards[1].path.stat().st_mtime_ns == before
    found, (scores, steps) = collect(again).collect(), run_scenarios(arrays, scenarios)
    assert found["firm_id"].to_list() == scenarios.ids.to_list()
    for place, name in enumerate(("esri", "esri_down", "esri_up")):
        assert (found[name].to_numpy() == scores[:, place]).all()
    assert found["steps"].to_list() == steps.tolist()


def test_a_folder_with_work_of_another_run_is_refused_and_an_empty_one_is_taken(
    network: SupplyNetwork, tmp_path: Path
) -> None:
    arrays, scenarios = build_arrays(network), each_firm(network)
    start_run(arrays, scenarios, tmp_path / "run", eps=0.1)
    (shard,) = start_run(arrays, scenarios, tmp_path / "run")  # nothing was done yet, nothing is lost
    compute(shard)
    with pytest.raises(UserError, match="1 finished shards of a run with other tables"):
        start_run(arrays, scenarios, tmp_path / "run", eps=0.1)
    assert shard.path.exists()
    (tmp_path / "mine").mkdir()
    with pytest.raises(UserError, match="not a run's"):
        start_run(arrays, scenarios, tmp_path / "mine")


@pytest.mark.slow
def test_a_run_on_processes_gives_the_same_bits_though_a_worker_and_then_the_run_itself_are_killed(
    whole: pl.DataFrame, tmp_path: Path
) -> None:
    """A killed worker costs its shard only; a killed run leaves no worker behind and goes on where it stopped."""
    command, parts = _command(tmp_path, "--workers", "2"), tmp_path / "out.parquet.parts"
    run = subprocess.Popen(command)
    _wait_for(lambda: len(list(parts.glob("shard-*"))) > 0)
    os.kill(_children_of(run.pid)[-1], signal.SIGKILL)
    _wait_for(lambda: len(list(parts.glob("shard-*"))) > 3)
    workers = _children_of(run.pid)
    run.kill()
    run.wait()
    assert workers and not (tmp_path / "out.parquet").exists()
    _wait_for(lambda: not any(_is_alive(worker) for worker in workers))
    assert CliRunner().invoke(main, [*command[command.index("cascade") :], "--workers", "1"]).exit_code == 0
    assert pl.read_parquet(tmp_path / "out.parquet").equals(whole)
    assert not parts.exists()


def test_ctrl_c_ends_a_run_in_a_sentence_that_says_how_to_go_on(tmp_path: Path) -> None:
    command, parts = _command(tmp_path), tmp_path / "out.parquet.parts"
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    pressed = threading.Thread(target=_press_ctrl_c_when, args=(lambda: list(parts.glob("shard-*")),))
    try:
        pressed.start()
        result = CliRunner().invoke(main, command[command.index("cascade") :])
        pressed.join()
    except KeyboardInterrupt:
        pytest.fail("the run was over before it could be stopped")
    finally:
        signal.signal(signal.SIGINT, before)
    assert result.exit_code == 130
    assert "The same command goes on" in result.output and "Traceback" not in result.output
    assert list(parts.glob("shard-*")) and not (tmp_path / "out.parquet").exists()


@pytest.mark.slow
def test_dask_gives_the_same_bits_though_its_worker_is_killed_and_another_takes_over(
    network: SupplyNetwork, whole: pl.DataFrame, tmp_path: Path
) -> None:
    distributed = pytest.importorskip("distributed", reason="needs the extra scale: pip install 'liandesk[scale]'")
    scenarios = from_table(network, made_shocks(FIRMS, SCENARIOS))
    shards = start_run(build_arrays(network), scenarios, tmp_path / "run", id_name="scenario_id")
    with distributed.LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster:
        for done, _ in enumerate(finish(shards, on_cluster(cluster.scheduler_address))):
            if done == 0:
                os.kill(cluster.workers[0].pid, signal.SIGKILL)
        lost = Shard(tmp_path / "elsewhere", "", 0, 1)
        with pytest.raises(UserError, match="do not see the folder"):
            list(on_cluster(cluster.scheduler_address)(compute, [lost]))
    assert collect(shards).collect().equals(whole)


def test_without_the_package_dask_is_refused_with_the_command_that_helps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UserError, match=r"pip install 'liandesk\[scale\]'"):
        on_cluster("tcp://127.0.0.1:1")


def test_workers_that_die_before_anything_is_done_end_the_run_with_advice(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="Try fewer"):
        list(in_processes(1)(_die, [Shard(tmp_path, "", 0, 1)]))


def test_shards_are_smaller_in_large_networks() -> None:
    assert [shard_size(firms) for firms in (10, 100_000, 1_000_000, 10_000_000)] == [2048, 2000, 512, 512]


def test_losses_are_those_of_the_reference_in_the_order_of_the_network(network: SupplyNetwork) -> None:
    scenarios = from_table(network, made_shocks(FIRMS, 3)).part(1, 2)
    shock = np.zeros(FIRMS)
    shock[scenarios.firms] = scenarios.down
    left = cascade(network, shock, shock)
    down, up = losses_of(build_arrays(network), scenarios)
    np.testing.assert_allclose(down, 1 - left.down, atol=1e-12)
    np.testing.assert_allclose(up, 1 - left.up, atol=1e-12)
    with pytest.raises(ValueError, match="one scenario"):
        losses_of(build_arrays(network), each_firm(network))


def test_by_hand_a_sector_counts_what_its_firms_lose_beyond_the_shock() -> None:
    """Two firms of weights 3 and 1; the first was shocked by 0.5 and ends at 0.6, the second loses 0.2 down, 0.4 up."""
    found = sector_impacts(
        np.array([0, 0, 1], np.int32),
        np.array([3.0, 1.0, 0.0]),
        (np.array([0.6, 0.2, 1.0]), np.array([0.0, 0.4, 0.0])),
        (np.array([0.5, 0.0, 0.0]), np.zeros(3)),
    )
    np.testing.assert_allclose(found, [[(0.3 + 0.4) / 4, (0.3 + 0.2) / 4, 0.1], [0, 0, 0]])


def test_sector_impacts_and_the_shocks_add_up_to_the_scores(network: SupplyNetwork, tmp_path: Path) -> None:
    """With sales as weights, the impacts of the sectors plus what the shock took are the score."""
    tables, scenarios = made_tables(FIRMS, LINKS), from_table(network, made_shocks(FIRMS, 20))
    branch = tables["firms"]["branch"]
    shards = start_run(build_arrays(network), scenarios, tmp_path / "run", id_name="scenario_id", sectors=branch)
    list(finish(shards, map))
    weight = network.out_strength / network.out_strength.sum()
    of_branch = pl.DataFrame({"sector": branch, "weight": weight}).group_by("sector").sum()
    added = (
        collect_impacts(shards)
        .collect()
        .join(of_branch, on="sector")
        .group_by("scenario_id")
        .agg((pl.col("loss") * pl.col("weight")).sum())
    )
    scores = collect(shards).collect().join(added, on="scenario_id", maintain_order="left")
    shocked = [weight[part.firms] @ part.down for part in _each(scenarios)]
    np.testing.assert_allclose(scores["esri"].to_numpy(), scores["loss"].to_numpy() + shocked, atol=1e-12)


def _each(scenarios: Scenarios) -> list[Scenarios]:
    return [scenarios.part(place, place + 1) for place in range(len(scenarios))]


def _command(folder: Path, *options: str) -> list[str]:
    given = write_tables(folder, {**made_tables(FIRMS, LINKS), "shocks": made_shocks(FIRMS, SCENARIOS)})
    out = ["--out", str(folder / "out.parquet")]
    return [sys.executable, "-c", "from liankit.cli import main; main()", "cascade", "run", *given, *out, *options]


def _die(shard: Shard) -> Shard:
    os.kill(os.getpid(), signal.SIGKILL)
    return shard


def _children_of(process: int) -> list[int]:
    """Return the workers that a process spawned."""
    found = subprocess.run(
        ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(process)], capture_output=True, text=True
    ).stdout
    return [int(line.split()[0]) for line in found.splitlines() if "spawn_main" in line]


def _is_alive(process: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{process}/status").read_text()
    except OSError:
        return False


def _press_ctrl_c_when(is_true: object) -> None:
    _wait_for(is_true)
    os.kill(os.getpid(), signal.SIGINT)


def _wait_for(is_true: object, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not is_true():  # type: ignore[operator]
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
