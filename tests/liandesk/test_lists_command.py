"""``liandesk export risks`` and what the lists put on other pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from tests.liandesk.lists_world import (
    CHIEF,
    OFFICE,
    ONE,
    ONE_RESIN,
    USES,
    english,  # noqa: F401
    publish_world,
)

from liandesk.assess.lists import actions, edition_actions
from liandesk.assess.lists.models import ListEntry
from liandesk.base.accounts.models import User
from liandesk.base.audit.models import AuditEvent
from liandesk.base.errors import NotThere, UserError
from liandesk.know.registry.projection import project

pytestmark = pytest.mark.django_db


def _export(out: Path, *options: str) -> str:
    call_command("export", "risks", "--out", str(out), "--language", "en", *options)
    return out.read_text(encoding="utf-8-sig") if out.suffix == ".csv" else ""


def test_the_command_writes_the_whole_list_in_its_own_order(tmp_path: Path) -> None:
    publish_world()
    lines = _export(tmp_path / "risks.csv").splitlines()
    keys = ListEntry.objects.order_by("position").values_list("key", flat=True)
    assert [line.rsplit(",", 1)[1] for line in lines[1:]] == list(keys)
    assert lines[0].startswith("No.,Industrial chain,Link of the chain,Code of the link,Enterprise,")


@pytest.mark.parametrize("kind", ["xlsx", "docx"])
def test_the_command_writes_excel_in_full_and_word_in_ten_columns(kind: str, tmp_path: Path) -> None:
    publish_world()
    _export(tmp_path / f"risks.{kind}", "--format", kind)
    assert (tmp_path / f"risks.{kind}").read_bytes()[:2] == b"PK"


def test_the_command_writes_a_signed_edition(tmp_path: Path) -> None:
    publish_world()
    actions.admit(ONE_RESIN, by=OFFICE, version=0, due_date=date(2024, 12, 1))
    draft = edition_actions.prepare_edition(by=OFFICE, title="x", classification="public")
    edition_actions.sign_edition(draft.pk, by=CHIEF, size_reason="x")
    actions.decline(ONE_RESIN, by=OFFICE, version=1, reason="x")
    assert "层析填料" in _export(tmp_path / "one.csv", "--edition", "1", "--form", "leader")
    with pytest.raises(NotThere, match="no edition 2"):
        _export(tmp_path / "two.csv", "--edition", "2")


def test_the_command_takes_the_copy_with_the_rights_and_in_the_name_of_an_account(
    tmp_path: Path, cast: dict[str, User]
) -> None:
    publish_world()
    assert len(_export(tmp_path / "a.csv", "--by", "TownOfficer").splitlines()) == 3
    assert AuditEvent.objects.filter(action="list.export").get().actor == f"user:{cast['TownOfficer'].pk}"
    with pytest.raises(CommandError, match="no account"):
        _export(tmp_path / "a.csv", "--by", "Nobody")


def test_a_refused_copy_leaves_the_file_that_was_there(tmp_path: Path) -> None:
    publish_world()
    out = tmp_path / "risks.docx"
    out.write_text("kept")
    with pytest.raises(UserError, match="columns"):
        _export(out, "--format", "docx", "--form", "full")
    assert out.read_text() == "kept" and list(tmp_path.glob("*risks*")) == [out]
    with pytest.raises(CommandError, match="does not exist"):
        _export(tmp_path / "nowhere" / "risks.csv")


def _page(client: Client, path: str) -> str:
    return unescape(client.get(path, headers={"accept-language": "en"}).content.decode())


def test_an_organisations_page_shows_its_entries(cast_client: Callable[[str], Client]) -> None:
    project(publish_world())
    page = _page(cast_client("ChainOffice"), f"/organisations/{ONE}")
    assert "On the risk list" in page and "层析填料" in page and "培养基" not in page


def test_the_inbox_tells_what_a_refresh_changed_and_what_is_overdue(cast_client: Callable[[str], Client]) -> None:
    publish_world()
    actions.admit(ONE_RESIN, by=OFFICE, version=0, due_date=date(2024, 9, 1))
    publish_world(uses=[{**USES[0], "output_cny": 9e7}, *USES[1:]])
    office, chief = _page(cast_client("ChainOffice"), "/"), _page(cast_client("ChainChief"), "/")
    assert "The last refresh changed 1 admitted entry" in office and "2024-09-01" in office
    assert "1 entry is overdue" in chief
    assert "层析填料" in _page(cast_client("ChainOffice"), "/risks/?state=admitted&listed=changed")


def test_the_inbox_tells_what_lacks_an_office_or_a_date_and_what_is_gone(cast_client: Callable[[str], Client]) -> None:
    publish_world()
    actions.admit(ONE_RESIN, by=OFFICE, version=0)
    assert "1 admitted entry has no office or no due date" in _page(cast_client("ChainOffice"), "/")
    publish_world(uses=USES[1:], supplies=[])
    assert "1 admitted entry is no longer computed" in _page(cast_client("ChainOffice"), "/")
