"""``liandesk cases``: read, open and lead cases as an account; the log as ``liankit process replay`` reads it."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import translation
from tests.liandesk.work_world import REQUEST, know_organisations, publish

from liandesk.base.accounts.models import User
from liandesk.base.errors import NotAllowed, NotThere
from liandesk.base.upkeep.doctor import examine
from liandesk.base.work import queries
from liandesk.base.work.models import Case
from liankit.process import replay
from liankit.process.log import read_log

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _world(cast: dict[str, User], monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("LIANDESK_TODAY", "2024-09-30")
    know_organisations(monkeypatch)
    publish(REQUEST)
    with translation.override("en"):
        yield


def run(*words: str) -> str:
    out = StringIO()
    call_command("cases", *words, stdout=out)
    return out.getvalue()


def test_a_case_is_opened_led_shown_and_its_log_replayed(tmp_path: Path) -> None:
    asker = ("--party", "asker=organisation:enterprise-one", "--set", "what=land", "--by", "Enterprise")
    assert "\tLand\tsent\tdue 2024-10-09" in run("open", "request", "Land", *asker)
    pk = str(Case.objects.get().pk)
    assert "in_hand" in run("do", pk, "take", "--set", "office=market", "--by", "ChainOffice")
    assert pk in run("list", "--show", "mine", "--by", "Officer") and run("list", "--by", "OtherEnterprise") == ""
    shown = run("show", pk, "--by", "Officer")
    assert "next: answer answer, lead" in shown and "reply: running, 2024-10-09" in shown
    log = tmp_path / "case.jsonl"
    run("export", pk, "--out", str(log), "--by", "Officer")
    case = Case.objects.select_related("definition").get()
    events = read_log(log.read_text(), log.name)
    assert replay(queries.process_of(case.definition), events) == queries.state_of(case)


def test_what_is_wrong_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    run("open", "request", "Land", "--set", "what=land", "--by", "ChainOffice")
    pk = str(Case.objects.get().pk)
    with pytest.raises(CommandError, match="Did you mean 'take'"):
        run("do", pk, "tkae", "--by", "ChainOffice")
    with pytest.raises(CommandError, match="has no '='"):
        run("do", pk, "take", "--set", "office", "--by", "ChainOffice")
    with pytest.raises(NotThere):
        run("show", pk, "--by", "Officer")
    with pytest.raises(NotAllowed):
        run("do", pk, "take", "--set", "office=market")  # the command itself holds no role
    assert Case.objects.get().events_count == 1


def test_the_doctor_finds_columns_that_are_not_the_log_and_replay_mends_them() -> None:
    run("open", "request", "Land", "--set", "what=land", "--by", "ChainOffice")
    Case.objects.update(due=None, stages=["closed"])
    found = {finding.check: finding for finding in examine()}
    assert not found["cases"].is_well and "1 otherwise than their log" in found["cases"].found
    assert run("replay").startswith("1 cases written anew")
    assert {finding.check: finding for finding in examine()}["cases"].is_well
