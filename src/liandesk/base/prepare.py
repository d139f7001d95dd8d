"""Make an empty home usable: the database is brought to the code's schema before a command uses it."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor

from liandesk.base.home import home


def prepare() -> bool:
    """Apply the migrations that are missing; return whether there were any. Two commands at once wait in line."""
    if not is_behind():
        return False
    with exclusively("migrate"):
        if is_behind():
            call_command("migrate", verbosity=0, interactive=False)
    return True


def is_behind() -> bool:
    """Answer whether the database lacks migrations of this code."""
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


@contextmanager
def exclusively(name: str) -> Iterator[None]:
    """Hold a named lock of this home; the system frees it when the process dies."""
    with (home() / f"{name}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
