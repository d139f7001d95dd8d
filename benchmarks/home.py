"""An installation of its own for a benchmark: an empty home, SQLite, a fixed business date; gone at the end."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def own_home() -> Iterator[Path]:
    """Set Django up on a migrated home that serves static files under their plain names."""
    with tempfile.TemporaryDirectory(prefix="liandesk-bench-") as folder:
        os.environ |= {"LIANDESK_HOME": folder, "DJANGO_SETTINGS_MODULE": "liandesk.config.settings"}
        os.environ |= {"LIANDESK_TODAY": "2024-09-30", "LIANDESK_LOG_LEVEL": "ERROR"}
        os.environ.pop("DATABASE_URL", None)
        import django

        django.setup()
        from django.conf import settings

        from liandesk.base.prepare import prepare

        plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
        settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
        settings.ALLOWED_HOSTS = ["testserver"]
        home = Path(folder)
        (home / "static").mkdir()
        prepare()
        yield home
