"""Run many scenarios: in shards, each written when it is done, so that a run that was killed goes on where it stopped.

The arrays lie in files that every worker maps, so workers share them. A shard has the same bits wherever it is computed;
any ``map`` will do: the builtin, a process pool's, a Dask client's.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from liankit.risk.cascade.arrays import Arrays, Rows
from liankit.risk.cascade.scenarios import Scenarios
from liankit.risk.cascade.tables import Floats, Ints

SHARD = 2048
"""Scenarios of a shard: enough to fill the lanes, few enough to lose."""
EPS = 0.01
"""The change below which a cascade has settled; a parameter of the model, as published."""
Mapper = Callable[[Callable[["Shard"], "Shard"], Iterable["Shard"]], Iterable["Shard"]]


class Shard(NamedTuple):
    """Scenarios ``start`` to ``stop`` of the run that lies in ``folder``."""

    folder: Path
    start: int
    stop: int
    eps: float

    @property
    def path(self) -> Path:
        return self.folder / f"shard-{self.start:010d}.npz"


def run_scenarios(arrays: Arrays, scenarios: Scenarios, eps: float = EPS) -> tuple[Floats, Ints]:
    """Return scores (scenarios, 3 * columns: both ways, down, up, a column) and steps (scenarios,), in this process."""
    from liankit.risk.cascade import kernels

    scores = np.zeros((len(scenarios), 3 * arrays.weights.shape[1]))
    steps = np.zeros(len(scenarios), np.int32)
    rooms = kernels.room_alone(arrays), kernels.room_side(arrays)
    kernels.run(arrays, _shocks(arrays, scenarios), eps, kernels.WIDE, *rooms, scores, steps)
    return scores, steps


def losses_of(arrays: Arrays, firm: int, eps: float = EPS) -> tuple[Floats, Floats]:
    """Return what each firm loses (firms,), down- and upstream, when one fails; firms in the network's order."""
    from liankit.risk.cascade import kernels

    one = Scenarios(pl.Series([firm]), np.array([0, 1]), np.array([firm], np.int32), np.ones(1), np.ones(1))
    scores, steps = np.zeros((1, 3 * arrays.weights.shape[1])), np.zeros(1, np.int32)
    found = kernels.sweep_alone(arrays, _shocks(arrays, one), 0, eps, scores, steps)
    down, up = np.empty(len(arrays.order)), np.empty(len(arrays.order))
    down[arrays.order], up[arrays.order] = found
    return down, up


def _shocks(arrays: Arrays, scenarios: Scenarios) -> Any:
    from liankit.risk.cascade import kernels

    place = np.empty(len(arrays.order), np.int32)
    place[arrays.order] = np.arange(len(arrays.order), dtype=np.int32)
    # copies: an array that may not be written to is another type for Numba, and compiled for anew
    return kernels.Shocks(
        np.array(scenarios.starts), place[scenarios.firms], np.array(scenarios.down), np.array(scenarios.up)
    )


def start_run(arrays: Arrays, scenarios: Scenarios, folder: Path, eps: float = EPS) -> list[Shard]:
    """Lay a run down in a folder, or find it there from before; return its shards, done or not.

    A folder of another run (other network, scenarios or ``eps``) is emptied first.
    """
    key = _key(arrays, scenarios, eps)
    if not (folder / key).exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        _save(folder / "arrays", {f"{i:02d}": array for i, array in enumerate(_flat(arrays))})
        shocks = {"starts": scenarios.starts, "firms": scenarios.firms, "down": scenarios.down, "up": scenarios.up}
        _save(folder / "shocks", shocks)
        (folder / key).touch()
    size = len(scenarios)
    return [Shard(folder, start, min(start + SHARD, size), eps) for start in range(0, size, SHARD)]


def finish(shards: Iterable[Shard], mapper: Mapper) -> Iterator[Shard]:
    """Compute the shards that are not done, with any map; yield each shard when its file is there."""
    waiting = [shard for shard in shards if not shard.path.exists()]
    yield from (shard for shard in shards if shard.path.exists())
    yield from mapper(compute, waiting)


def compute(shard: Shard) -> Shard:
    """Compute one shard and write it; whoever is killed on the way leaves no half file."""
    arrays, shocks = _load(shard.folder)
    starts = shocks["starts"][shard.start : shard.stop + 1]
    part = slice(starts[0], starts[-1])
    ids = pl.Series(np.arange(shard.start, shard.stop))
    chosen = Scenarios(ids, starts - starts[0], *(shocks[name][part] for name in ("firms", "down", "up")))
    scores, steps = run_scenarios(arrays, chosen, shard.eps)
    draft = shard.path.with_suffix(".draft.npz")
    np.savez(draft, scores=scores, steps=steps)
    draft.replace(shard.path)
    return shard


def collect(
    scenarios: Scenarios, shards: Iterable[Shard], id_name: str, columns: Iterable[str] = ("",)
) -> pl.DataFrame:
    """Return the table of a finished run: the id, esri, esri_down, esri_up (of each column of weights) and steps."""
    parts = [np.load(shard.path) for shard in sorted(shards, key=lambda shard: shard.start)]
    scores = np.concatenate([part["scores"] for part in parts])
    names = [f"esri{way}{column and '_'}{column}" for column in columns for way in ("", "_down", "_up")]
    found = {name: scores[:, place] for place, name in enumerate(names)}
    return pl.DataFrame({id_name: scenarios.ids, **found, "steps": np.concatenate([part["steps"] for part in parts])})


def _flat(arrays: Arrays) -> list[np.ndarray[Any, Any]]:
    return [array for part in arrays for array in (part if isinstance(part, Rows) else (part,))]


def _save(folder: Path, named: dict[str, Any]) -> None:
    folder.mkdir()
    for name, array in named.items():
        np.save(folder / f"{name}.npy", array)


@lru_cache(maxsize=2)
def _load(folder: Path) -> tuple[Arrays, dict[str, Any]]:
    read = partial(np.load, mmap_mode="c")  # shared by all workers, and of the type that the kernels are compiled for
    flat = iter([np.asarray(read(path)) for path in sorted((folder / "arrays").glob("*.npy"))])
    parts = {
        name: Rows(next(flat), next(flat), next(flat)) if name.startswith(("push", "sweep")) else next(flat)
        for name in Arrays._fields
    }
    return Arrays(**parts), {path.stem: read(path) for path in (folder / "shocks").glob("*.npy")}


def _key(arrays: Arrays, scenarios: Scenarios, eps: float) -> str:
    digest = hashlib.sha256(repr(eps).encode())
    for array in (*_flat(arrays), scenarios.starts, scenarios.firms, scenarios.down, scenarios.up):
        digest.update(np.ascontiguousarray(array).view(np.uint8))
    return digest.hexdigest()
