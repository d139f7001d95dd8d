"""Run many scenarios: in shards, each written when it is done, so that a run that was killed goes on where it stopped.

The arrays lie in files that every worker maps, so workers share them. A shard has the same bits wherever it is
computed; any ``map`` will do: the builtin, or those of ``mappers``. What is found stays on disk until it is collected:
memory does not grow with what a run writes.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import uuid
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from liankit.errors import UserError
from liankit.risk.cascade.arrays import Arrays, Rows
from liankit.risk.cascade.impacts import sector_impacts
from liankit.risk.cascade.scenarios import Scenarios
from liankit.risk.cascade.tables import Floats, Ints

EPS = 0.01
"""The change below which a cascade has settled; a parameter of the model, as published."""
MOST_A_SHARD, LEAST_A_SHARD = 2048, 512
"""Scenarios of a shard: enough to fill the lanes, few enough to lose."""
FIRMS_A_SHARD = 200_000_000
"""Firms times scenarios of a shard: a few seconds of work at any size."""
SHOCK = ("starts", "firms", "down", "up")
Mapper = Callable[[Callable[["Shard"], "Shard"], Iterable["Shard"]], Iterable["Shard"]]


class Shard(NamedTuple):
    """Scenarios ``start`` to ``stop`` of the run ``key`` that lies in ``folder``."""

    folder: Path
    key: str
    start: int
    stop: int

    @property
    def path(self) -> Path:
        """Where its scores lie once it is done."""
        return self.folder / f"shard-{self.start:012d}.parquet"

    @property
    def impacts_path(self) -> Path:
        """Where its sector impacts lie once it is done, if the run has sectors."""
        return self.folder / f"impacts-{self.start:012d}.parquet"


class _Run(NamedTuple):
    """A run as it lies in its folder."""

    arrays: Arrays
    scenarios: Scenarios
    eps: float
    id_name: str
    columns: list[str]
    sectors: pl.Series | None


def run_scenarios(arrays: Arrays, scenarios: Scenarios, eps: float = EPS) -> tuple[Floats, Ints]:
    """Return scores (scenarios, 3 * columns: both ways, down, up, a column) and steps (scenarios,), in this process."""
    from liankit.risk.cascade import kernels, lanes, rooms

    shocks, wide, room = _shocks(arrays, scenarios), kernels.wide(arrays), rooms.room_alone(arrays)
    scores = np.zeros((len(scenarios), 3 * arrays.weights.shape[1]))
    steps = np.zeros(len(scenarios), np.int32)
    if len(scenarios) >= kernels.FEW and lanes.are_available():
        kernels.run(arrays, shocks, eps, wide, room, rooms.room_side(arrays), scores, steps)
    else:
        for place in range(len(scenarios)):
            kernels.run_one(arrays, shocks, place, eps, wide, room, scores, steps)
    return scores, steps


def losses_of(arrays: Arrays, scenarios: Scenarios, eps: float = EPS) -> tuple[Floats, Floats]:
    """Return what each firm loses (firms,), down- and upstream, in the one scenario given; in the network's order."""
    from liankit.risk.cascade import kernels, rooms

    if len(scenarios) != 1:
        raise ValueError(f"losses are those of one scenario, not of {len(scenarios)}")
    shocks, wide, room = _shocks(arrays, scenarios), kernels.wide(arrays), rooms.room_alone(arrays)
    scores, steps = np.zeros((1, 3 * arrays.weights.shape[1])), np.zeros(1, np.int32)
    down, up = np.empty(len(arrays.order)), np.empty(len(arrays.order))
    down[arrays.order], up[arrays.order] = kernels.run_one(arrays, shocks, 0, eps, wide, room, scores, steps)
    return down, up


def _shocks(arrays: Arrays, scenarios: Scenarios) -> Any:
    from liankit.risk.cascade import rooms

    place = np.empty(len(arrays.order), np.int32)
    place[arrays.order] = np.arange(len(arrays.order), dtype=np.int32)
    # copies: an array that may not be written to is another type for Numba, and compiled for anew
    return rooms.Shocks(
        np.array(scenarios.starts), place[scenarios.firms], np.array(scenarios.down), np.array(scenarios.up)
    )


def start_run(
    arrays: Arrays,
    scenarios: Scenarios,
    folder: Path,
    eps: float = EPS,
    *,
    id_name: str = "firm_id",
    columns: Iterable[str] = ("",),
    sectors: pl.Series | None = None,
) -> list[Shard]:
    """Lay a run down in a folder, or find it there from before; return its shards, done or not.

    The scenarios' ids are written as ``id_name``; ``columns`` are the endings of the scores' names, one a column of
    weights; ``sectors`` (firms,), where given, ask for sector impacts too. Raises ``UserError`` where the folder holds
    finished shards of another run (other tables or options), or anything else: nothing of value is ever emptied.
    """
    settings = {"eps": eps, "id_name": id_name, "columns": list(columns)}
    texts = {"ids": scenarios.ids.cast(pl.String)} | ({} if sectors is None else {"sectors": sectors})
    key = _key(arrays, scenarios, settings, texts)
    if not _is_laid_down(folder, key):
        draft = folder.with_name(f"{folder.name}.draft")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        _save(draft, arrays, scenarios, {"key": key, **settings}, texts)
        draft.replace(folder)
    size, step = len(scenarios), shard_size(len(arrays.order))
    return [Shard(folder, key, start, min(start + step, size)) for start in range(0, size, step)]


def shard_size(firms: int) -> int:
    """Return how many scenarios a shard has in a network of so many firms."""
    return max(LEAST_A_SHARD, min(MOST_A_SHARD, FIRMS_A_SHARD // max(firms, 1)))


def finish(shards: Iterable[Shard], mapper: Mapper) -> Iterator[Shard]:
    """Compute the shards that are not done, with any map; yield each when its file is there."""
    yield from mapper(compute, [shard for shard in shards if not shard.path.exists()])


def compute(shard: Shard) -> Shard:
    """Compute one shard and write it; whoever is killed on the way leaves no half file."""
    run = _load(shard.folder, shard.key)
    chosen = run.scenarios.part(shard.start, shard.stop)
    if run.sectors is not None:
        _write(_impacts(run, chosen, run.sectors), shard.impacts_path)
    scores, steps = run_scenarios(run.arrays, chosen, run.eps)
    names = [f"esri{way}{end}" for end in run.columns for way in ("", "_down", "_up")]
    found = {name: scores[:, place] for place, name in enumerate(names)}
    _write(pl.DataFrame({run.id_name: chosen.ids, **found, "steps": steps}), shard.path)
    return shard


def _impacts(run: _Run, scenarios: Scenarios, sectors: pl.Series) -> pl.DataFrame:
    """Return one row a scenario and sector that loses beyond the shock: the id, sector, loss, loss_down, loss_up."""
    names = sectors.unique().sort()
    sector = sectors.cast(pl.Enum(names)).to_physical().to_numpy()
    weights = np.empty(len(sector))
    weights[run.arrays.order] = run.arrays.weights[:, 0]
    parts = []
    for place in range(len(scenarios)):
        one = scenarios.part(place, place + 1)
        shocks = np.zeros((2, len(sector)))
        shocks[:, one.firms] = one.down, one.up
        losses = losses_of(run.arrays, one, run.eps)
        found = sector_impacts(sector, weights, losses, (shocks[0], shocks[1]))
        hit = np.flatnonzero(found.any(axis=1))
        columns = dict(zip(("loss", "loss_down", "loss_up"), found[hit].T, strict=True))
        parts.append(pl.DataFrame({run.id_name: one.ids.new_from_index(0, len(hit)), "sector": names[hit], **columns}))
    return pl.concat(parts)


def _write(table: pl.DataFrame, path: Path) -> None:
    draft = path.with_name(f"{uuid.uuid4().hex}.draft")  # two workers may have been given the same shard
    table.write_parquet(draft)
    draft.replace(path)


def collect(shards: Iterable[Shard]) -> pl.LazyFrame:
    """Return the table of a finished run, to be streamed: the id, esri, esri_down, esri_up (a column), steps."""
    return pl.scan_parquet([shard.path for shard in shards])


def collect_impacts(shards: Iterable[Shard]) -> pl.LazyFrame:
    """Return the sector impacts of a finished run that has sectors: the id, sector, loss, loss_down, loss_up."""
    return pl.scan_parquet([shard.impacts_path for shard in shards])


def _is_laid_down(folder: Path, key: str) -> bool:
    """Say whether this run lies in the folder; empty it where an unfinished other run would lose nothing."""
    if not folder.exists():
        return False
    about = folder / "run.json"
    if not about.exists():
        raise UserError(f"{folder}: this folder is not a run's. Move it, or choose another --out.")
    if json.loads(about.read_text(encoding="utf-8"))["key"] == key:
        return True
    if done := len(list(folder.glob("shard-*"))):
        said = f"holds {done} finished shards of a run with other tables, options or program version"
        raise UserError(f"{folder}: {said}. Repeat that run to finish it, or delete the folder.")
    shutil.rmtree(folder)
    return False


def _save(
    folder: Path, arrays: Arrays, scenarios: Scenarios, settings: dict[str, Any], texts: dict[str, pl.Series]
) -> None:
    for name, array in _named(arrays, scenarios):
        np.save(folder / f"{name}.npy", array)
    for name, text in texts.items():
        text.to_frame(name).write_ipc(folder / f"{name}.arrow")
    (folder / "run.json").write_text(json.dumps(settings), encoding="utf-8")


def _named(arrays: Arrays, scenarios: Scenarios) -> Iterator[tuple[str, Any]]:
    """Yield every array of a run with the name of its file."""
    for name, value in arrays._asdict().items():
        if isinstance(value, Rows):
            yield from ((f"{name}.{field}", part) for field, part in value._asdict().items())
        else:
            yield name, value
    yield from ((f"shock.{name}", getattr(scenarios, name)) for name in SHOCK)


@lru_cache(maxsize=2)
def _load(folder: Path, key: str) -> _Run:
    """Map the run in a folder; ``key`` tells it from one that lay there before."""
    about = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    parts: dict[str, Any] = {
        name: _mapped(folder / f"{name}.npy")
        if (folder / f"{name}.npy").exists()
        else Rows(*(_mapped(folder / f"{name}.{field}.npy") for field in Rows._fields))
        for name in Arrays._fields
    }
    ids = pl.read_ipc(folder / "ids.arrow")["ids"]
    of_sectors = folder / "sectors.arrow"
    sectors = pl.read_ipc(of_sectors)["sectors"] if of_sectors.exists() else None
    scenarios = Scenarios(ids, *(_mapped(folder / f"shock.{name}.npy") for name in SHOCK))
    return _Run(Arrays(**parts), scenarios, about["eps"], about["id_name"], about["columns"], sectors)


def _mapped(path: Path) -> Any:
    # "c": of the type that the kernels are compiled for, yet shared by all workers as none of them writes
    return np.asarray(np.load(path, mmap_mode="c"))


_KERNELS = ("kernels.py", "pushing.py", "sweeping.py", "sweeping_alone.py", "rooms.py", "lanes.py")


def _key(arrays: Arrays, scenarios: Scenarios, settings: dict[str, Any], texts: dict[str, pl.Series]) -> str:
    """Return a digest of all that says what a run finds, the kernels included: parts of two versions never mix."""
    digest = hashlib.sha256(json.dumps(settings).encode())
    for source in _KERNELS:
        digest.update(Path(__file__).with_name(source).read_bytes())
    for _, array in _named(arrays, scenarios):
        digest.update(np.ascontiguousarray(array).view(np.uint8).data)
    for name, text in texts.items():
        digest.update(name.encode())
        for part in text.to_frame().iter_slices(100_000):
            digest.update("\0".join((*part.to_series(), "")).encode())
    return digest.hexdigest()
