"""Maps that compute shards side by side: in processes of this machine, or on the workers of a Dask cluster.

Each yields a shard as soon as it is done. A worker that is killed costs its shard only: that one is computed anew.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from liankit.errors import UserError
from liankit.risk.cascade.run import Mapper, Shard

Work = Callable[[Shard], Shard]


def in_processes(workers: int) -> Mapper:
    """Return a map over so many new processes.

    Raises ``UserError``, while it is consumed, where workers die and not one shard gets done.
    """

    def mapped(work: Work, shards: Iterable[Shard]) -> Iterator[Shard]:
        waiting = dict.fromkeys(shards)
        while waiting:
            before = len(waiting)
            try:
                for shard in _pooled(workers, work, list(waiting)):
                    del waiting[shard]
                    yield shard
            except BrokenProcessPool as error:
                if len(waiting) == before:
                    said = "a worker was killed before any shard was done. Is there too little memory?"
                    raise UserError(f"--workers {workers}: {said} Try fewer.") from error

    return mapped


def on_cluster(address: str) -> Mapper:
    """Return a map over the workers of the Dask scheduler at ``address``; they need the run's folder at the same path.

    Raises ``UserError`` where ``distributed`` is not installed and, while it is consumed, where nobody answers or
    several workers die on one shard.
    """
    try:
        import distributed
    except ImportError as error:
        raise UserError("--dask: the package distributed is missing. pip install 'liandesk[scale]'.") from error

    def mapped(work: Work, shards: Iterable[Shard]) -> Iterator[Shard]:
        try:
            client = distributed.Client(address, set_as_default=False)
        except OSError as error:
            raise UserError(f"--dask {address}: no scheduler answers there ({error}). Check the address.") from error
        with client:
            futures = client.map(work, list(shards), pure=False)
            try:
                yield from (future.result() for future in distributed.as_completed(futures, loop=client.loop))
            except FileNotFoundError as error:
                said = f"its workers do not see the folder of the run ({error})."
                raise UserError(f"--dask {address}: {said} Write --out to a disk that they share.") from error
            except distributed.KilledWorker as error:
                raise UserError(f"--dask {address}: {error} Is there too little memory on the workers?") from error

    return mapped


def _pooled(workers: int, work: Work, shards: Iterable[Shard]) -> Iterator[Shard]:
    # Polars must not be forked: workers start anew
    pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _start_worker)
    try:
        futures: list[Any] = [pool.submit(work, shard) for shard in shards]
        yield from (future.result() for future in as_completed(futures))
    finally:
        pool.shutdown(cancel_futures=True)


def _start_worker() -> None:
    """Leave Ctrl-C to the parent, which lets the shards under way be finished; end when it is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)
