"""The mark of tests that start processes on an SQLite file of their own: they say nothing of PostgreSQL."""

from __future__ import annotations

import os

import pytest

own_database = pytest.mark.skipif("DATABASE_URL" in os.environ, reason="runs on an SQLite file of its own")
