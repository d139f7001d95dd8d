"""The cast, a home of its own for every test, and the real data where it is present."""

from __future__ import annotations

import gc
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import django
import pytest
from hypothesis import settings as hypothesis_settings

hypothesis_settings.register_profile("quick", max_examples=40)
hypothesis_settings.load_profile("quick")  # `--hypothesis-profile default` tries 100 examples of each property

# the home of the test run must be set before the settings are read: they are named here, not in pyproject.toml
os.environ["LIANDESK_HOME"] = tempfile.mkdtemp(prefix="liandesk-tests-")
os.environ["DJANGO_SETTINGS_MODULE"] = "liandesk.config.settings"
os.environ.setdefault("LIANDESK_TODAY", "2024-09-30")
os.environ.setdefault("LIANDESK_LOG_LEVEL", "ERROR")
# the workers of a run already use every core: more threads in each cost a sixth of the time on tables this small
os.environ.setdefault("POLARS_MAX_THREADS", "1")
django.setup()

from django.contrib.contenttypes.management import create_contenttypes  # noqa: E402
from django.db.models.signals import post_migrate  # noqa: E402

# rows that the project has no use for, made anew after every test with transactions of its own: a seventh of the time
post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
post_migrate.disconnect(create_contenttypes)


def pytest_collection_finish() -> None:
    """Collect garbage more seldom, and of what the tests made alone: a twentieth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite is tested as a file, as it is run: in memory, two writers fail at once instead of queueing.

    Nothing has to survive a power cut: commits do not wait for the disk.
    On PostgreSQL the suffix keeps the processes of a parallel run in databases of their own.
    """
    from django.db import connection

    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")
        options = connection.settings_dict["OPTIONS"]
        options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIANDESK_HOME", str(tmp_path / "home"))


@pytest.fixture
def real_data() -> Path:
    """The folder of real data sets, or a skip that says how to get them."""
    folder = os.environ.get("LIANDESK_REAL_DATA", "")
    if not folder or not Path(folder).is_dir():
        pytest.skip("real data is absent: set LIANDESK_REAL_DATA to the folder of the data sets")
    return Path(folder)


_lifted = False
"""Whether the triggers of this worker's database are lifted: a transactional test was cleaned before."""


@pytest.fixture(autouse=True)
def _append_only_returns(request: pytest.FixtureRequest) -> Iterator[None]:
    """Transactional tests are cleaned by deleting rows, which the log's triggers refuse: lift them for the cleaning.

    Whatever test the worker takes next has them again.
    """
    global _lifted
    marker = request.node.get_closest_marker("django_db")
    cleaned = bool(marker and marker.kwargs.get("transaction")) or "transactional_db" in request.fixturenames
    if not cleaned and not (_lifted and (marker or "db" in request.fixturenames)):
        yield
        return
    request.getfixturevalue("transactional_db" if cleaned else "db")
    from django.db import connection

    from liandesk.base.audit import triggers

    triggers.create(connection)
    yield
    if cleaned:
        triggers.drop(connection)
        _lifted = True
