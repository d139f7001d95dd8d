from __future__ import annotations

import os
from pathlib import Path

import polars as pl
import pytest
from django.core.management import call_command

from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import system_viewer
from liandesk.base.audit.actions import record, seal_all
from liandesk.base.audit.models import AuditEvent
from liandesk.base.audit.queries import check_chain
from liandesk.base.errors import UserError
from liandesk.base.facts import actions
from liandesk.base.facts.models import Landing
from liandesk.base.facts.queries import as_known
from liandesk.base.facts.schema import empty_facts
from liandesk.base.snapshots import store
from liandesk.base.upkeep.backup import backup, restore

BY = system_viewer("test")


def _fill() -> Landing:
    User.objects.create_user("周", password="a long enough one")
    record("test.write", "thing", 1, by=BY, count=3)
    new = actions.NewLanding("workbook", "f.csv", "c", empty_facts(), pl.DataFrame({"a": [1]}), {"rows": 0})
    landing = actions.land(new, by=BY)
    seal_all()
    return landing


def _empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fresh home and an empty database, as a new machine has them."""
    from django.db import connection

    from liandesk.base.audit import triggers

    triggers.drop(connection)
    call_command("flush", verbosity=0, interactive=False)
    triggers.create(connection)
    monkeypatch.setenv("LIANDESK_HOME", str(tmp_path / "fresh"))


@pytest.mark.django_db(transaction=True)
def test_a_restored_backup_equals_the_original_table_by_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    landing = _fill()
    head = check_chain().head
    manifest = backup(tmp_path / "b.tar")
    _empty(tmp_path, monkeypatch)
    assert restore(tmp_path / "b.tar") == manifest
    assert backup(tmp_path / "again.tar").tables == manifest.tables
    assert check_chain().head == head and check_chain().holds
    assert store.is_intact(landing.facts) and as_known(None, BY).facts.is_empty()
    record("test.write", "thing", 2, by=BY)
    assert AuditEvent.objects.count() > manifest.tables["audit.AuditEvent"]["rows"]


@pytest.mark.django_db(transaction=True)
def test_a_backup_is_not_restored_over_anything(tmp_path: Path) -> None:
    _fill()
    backup(tmp_path / "b.tar")
    with pytest.raises(UserError, match="not empty"):
        restore(tmp_path / "b.tar")


@pytest.mark.django_db(transaction=True)
def test_a_damaged_backup_is_refused_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _fill()
    backup(tmp_path / "b.tar")
    content = (tmp_path / "b.tar").read_bytes()
    (tmp_path / "b.tar").write_bytes(content.replace(b"test.write", b"test.wrote"))
    _empty(tmp_path, monkeypatch)
    with pytest.raises(UserError, match="different from the backup"):
        restore(tmp_path / "b.tar")
    assert User.objects.count() == 0


def test_a_full_disk_takes_back_what_was_being_written(monkeypatch: pytest.MonkeyPatch) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full on this system")

    def full(path: Path) -> None:
        with Path("/dev/full").open("wb") as stream:
            stream.write(b"x" * 100_000)
            os.fsync(stream.fileno())

    with pytest.raises(Exception, match="Nothing was changed"):
        store._put(full)
    assert not list((store.home() / "blobs").iterdir())
