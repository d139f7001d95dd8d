"""The mark of tests that start processes on an SQLite file of their own: they say nothing of PostgreSQL."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

own_database = pytest.mark.skipif("DATABASE_URL" in os.environ, reason="runs on an SQLite file of its own")

_RACE = """
import django; django.setup()
from liandesk.base.prepare import prepare
from {module} import race
prepare(); race()
"""


def race_in_a_file(module: str, folder: Path) -> None:
    """Run ``race`` of a test module in a process of its own, on an SQLite file in a folder: many connections to one."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"LIANDESK_HOME": str(folder), "DJANGO_SETTINGS_MODULE": "liandesk.config.settings"}
    environment["PYTHONPATH"] = str(Path(__file__).resolve().parents[2])
    done = subprocess.run(
        [sys.executable, "-c", _RACE.format(module=module)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
