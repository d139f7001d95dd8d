"""Tests that race on an SQLite file of their own, in a process of its own: they say nothing of PostgreSQL."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import TypeVar

import pytest
from django.db import connections

own_database = pytest.mark.skipif("DATABASE_URL" in os.environ, reason="runs on an SQLite file of its own")
T = TypeVar("T")

_RACE = """
import django; django.setup()
from liandesk.base.prepare import prepare
import {module}
prepare(); {module}.{race}()
"""


@pytest.fixture
def migrated_home(tmp_path: Path, django_db_setup: None) -> Path:
    """A home whose database is a copy of the tests' own, so that nobody waits for the migrations again."""
    home = tmp_path / "migrated"
    home.mkdir()
    own = connections["default"].settings_dict["NAME"]
    with closing(sqlite3.connect(own)) as source, closing(sqlite3.connect(home / "liandesk.sqlite3")) as copy:
        source.backup(copy)
    return home


def race_in_a_file(module: str, home: Path, race: str = "race") -> None:
    """Run a race of a test module in a process of its own, on the SQLite file of a home: many connections to one."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"LIANDESK_HOME": str(home), "DJANGO_SETTINGS_MODULE": "liandesk.config.settings"}
    environment["PYTHONPATH"] = str(Path(__file__).resolve().parents[2])
    done = subprocess.run(
        [sys.executable, "-c", _RACE.format(module=module, race=race)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def at_once(*pieces: Callable[[], T]) -> list[T]:
    """Run pieces of work at the same moment, each on a connection of its own; return what each gave."""

    def alone(do: Callable[[], T]) -> T:
        try:
            return do()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(pieces)) as pool:
        return list(pool.map(alone, pieces))
