"""Compile a loop by Numba, and keep what was compiled until a module of its folder changes.

A compiled function holds those that it calls, wherever they stand; by itself Numba's cache looks at a function's own
file only, and a change of another module would go unseen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from numba import config, njit
from numba.core.caching import InTreeCacheLocator, UserProvidedCacheLocator, UserWideCacheLocator


@lru_cache
def stamp(folder: Path) -> str:
    """Return a hash of the modules of a folder."""
    content = hashlib.sha256()
    for path in sorted(folder.glob("*.py")):
        content.update(f"{path.name}\0".encode() + path.read_bytes())
    return content.hexdigest()


class _OfFolder:
    """What a cache is good for: the modules of the function's folder as they are."""

    _py_file: str

    def get_source_stamp(self) -> str:
        return stamp(Path(self._py_file).parent)


class Provided(_OfFolder, UserProvidedCacheLocator):
    """In the folder that ``NUMBA_CACHE_DIR`` names."""


class InTree(_OfFolder, InTreeCacheLocator):
    """Beside the module."""


class UserWide(_OfFolder, UserWideCacheLocator):
    """In the cache of the account, where the installation cannot be written to."""


_LOCATORS = ",".join(f"{__name__}.{kind.__name__}" for kind in (Provided, InTree, UserWide))


def compiled(function: Callable[..., Any]) -> Any:
    """Compile a function without Python's lock; what was compiled is kept for the next process.

    The result takes what Numba takes: its arguments are not those of the annotations.
    """
    before, config.CACHE_LOCATOR_CLASSES = config.CACHE_LOCATOR_CLASSES, _LOCATORS
    try:
        return njit(nogil=True, cache=True)(function)
    finally:
        config.CACHE_LOCATOR_CLASSES = before
