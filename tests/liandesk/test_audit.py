from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from liandesk.base.accounts.roles import system_viewer
from liandesk.base.audit import triggers
from liandesk.base.audit.actions import record, seal_all
from liandesk.base.audit.models import AuditEvent
from liandesk.base.audit.queries import check_chain, has_link
from liandesk.base.errors import LogChanged

BY = system_viewer("test")


def _record_some(count: int) -> None:
    for number in range(count):
        record("test.write", "thing", number, by=BY, count=number)


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_log_refuses_to_be_changed(change: str) -> None:
    _record_some(1)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        if change == "update":
            AuditEvent.objects.update(actor="user:0")
        else:
            AuditEvent.objects.all().delete()
    assert AuditEvent.objects.get().actor == "system:test"


@pytest.mark.django_db
def test_the_chain_holds_over_several_sealings_and_counts_what_is_unsealed() -> None:
    _record_some(3)
    assert seal_all() == 3
    head = check_chain().head
    _record_some(2)
    assert check_chain().unsealed == 2
    seal_all()
    found = check_chain()
    assert found.holds and found.links == 5 and has_link(head) and not has_link("f" * 64)


@pytest.mark.django_db
def test_a_changed_event_breaks_the_chain_at_its_link() -> None:
    _record_some(4)
    seal_all()
    triggers.drop(connection)
    AuditEvent.objects.filter(object_id="2").update(object_id="9")
    triggers.create(connection)
    assert check_chain().broken_at == 3
    with pytest.raises(LogChanged, match="link 3 does not follow"):
        call_command("verify-log")
