"""The sources: one module a source, found by looking into this folder."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module

from liandesk.base.errors import UserError
from liandesk.know.sources.reading import Source
from liankit.errors import nearest


@cache
def sources() -> Mapping[str, Source]:
    """Return every source by its key, in the order of the keys."""
    modules = [import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)]
    found = [module.SOURCE for module in modules]
    return {source.key: source for source in sorted(found, key=lambda source: source.key)}


def source_of(key: str) -> Source:
    """Return the source with a key; raises ``UserError`` with the nearest one."""
    if key not in sources():
        known = ", ".join(sources())
        raise UserError(f"There is no source '{key}'.{nearest(key, sources())} There are: {known}.")
    return sources()[key]
