"""The digest: once a day for everybody, worded when read, and silent about what its reader sees no more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import translation

from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import Viewer, system_viewer
from liandesk.base.errors import UserError
from liandesk.base.jobs.actions import enqueue_daily
from liandesk.base.jobs.models import Job
from liandesk.base.teamwork.actions import say
from liandesk.base.teamwork.digest import as_text, compute, kept
from liandesk.base.teamwork.digest_actions import make_digests
from liandesk.base.teamwork.models import Digest
from liandesk.base.teamwork.task_actions import add_task
from liandesk.base.work.actions import Step, act
from liandesk.base.work.models import Case

pytestmark = pytest.mark.django_db
BY = system_viewer("test")
DAY = date(2024, 9, 30)


def keys(viewer: Viewer) -> dict[str, list[str]]:
    return {section.key: [line.title for line in section.lines] for section in compute(viewer)}


def test_each_person_is_told_what_is_theirs(
    instruction: Case, viewer: Callable[[str], Viewer], cast: dict[str, User]
) -> None:
    say(instruction.pk, "@Officer  when\nis it?", by=viewer("ChainOffice"))
    add_task(instruction.pk, "Ask the town", by=viewer("Officer"), who=cast["Officer"], due=date(2024, 10, 8))
    assert keys(viewer("Officer")) == {
        "new": ["Settle the land"],
        "mentions": ["Settle the land"],
        "tasks": ["Ask the town"],
    }
    assert keys(viewer("ChainChief")) == keys(viewer("Bank")) == keys(viewer("TownOfficer")) == {}


def test_what_is_overdue_or_due_today_is_not_also_new(
    instruction: Case, viewer: Callable[[str], Viewer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIANDESK_TODAY", "2024-10-31")
    assert set(keys(viewer("Officer"))) == {"due"}
    monkeypatch.setenv("LIANDESK_TODAY", "2024-11-01")
    assert set(keys(viewer("Officer"))) == {"overdue"}


def asked_for_longer(case: Case, officer: Viewer) -> None:
    """Let the leading office sign for an instruction and ask for an extension: it waits for the issuing office."""
    act(case.pk, Step("do", 1, "sign_for"), by=officer)
    said = {"new_due": "2024-12-31", "why_later": "the survey is late"}
    act(case.pk, Step("do", 2, "ask_extension", said), by=officer)


def test_the_text_is_plain_in_both_languages(
    instruction: Case, viewer: Callable[[str], Viewer], cast: dict[str, User]
) -> None:
    asked_for_longer(instruction, viewer("Officer"))
    found = compute(viewer("Officer"))
    said = as_text(found, DAY, "Officer")
    assert said.splitlines()[0] == "Officer, 2024-09-30 Mon" and said.splitlines()[2] == "Waiting on others"
    assert "- Settle the land (due 2024-10-31; waits for " in said and "; since 2024-09-30)" in said
    with translation.override("zh-hans"):
        assert "2024-10-31" in as_text(found, DAY, "部门专员")
    assert as_text((), DAY, "x").endswith("Nothing is due, new or waiting.")


def test_digests_are_kept_one_a_day_and_read_under_the_rights_of_the_moment(
    instruction: Case, viewer: Callable[[str], Viewer], cast: dict[str, User]
) -> None:
    assert kept(viewer("Officer"), DAY) is None
    old = Digest.objects.create(user=cast["Bank"], day=DAY - timedelta(days=91), made_at=instruction.opened_at)
    assert make_digests(by=BY) == make_digests(by=BY) == len(cast)
    assert Digest.objects.filter(day=DAY).count() == len(cast) and not Digest.objects.filter(pk=old.pk).exists()
    found = kept(viewer("Officer"), DAY)
    assert found == compute(viewer("Officer")) and found
    Case.objects.update(is_restricted=True)
    assert kept(viewer("Officer"), DAY) == () == compute(viewer("Officer"))


def test_the_worker_asks_for_the_digests_once_a_day(
    instruction: Case, cast: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = enqueue_daily(by=BY)
    assert "digest" in [one.kind for one in asked]
    Job.objects.filter(pk__in=[one.pk for one in asked]).update(state="done")
    assert enqueue_daily(by=BY) == []
    monkeypatch.setenv("LIANDESK_TODAY", "2024-10-01")
    assert [one.kind for one in enqueue_daily(by=BY)] == [one.kind for one in asked]


def test_the_command_keeps_all_or_prints_one(instruction: Case, cast: dict[str, User]) -> None:
    out = StringIO()
    call_command("digest", user="chainoffice", language="zh-hans", stdout=out)
    assert "链长办专员" in out.getvalue() and "Settle the land" in out.getvalue() and not Digest.objects.exists()
    call_command("digest", stdout=out)
    assert Digest.objects.count() == len(cast)
    with pytest.raises(UserError, match="no active account 'nobody'"):
        call_command("digest", user="nobody")


def test_the_page_shows_the_kept_digest_or_the_one_of_now(
    instruction: Case, cast_client: Callable[[str], Client]
) -> None:
    officer = cast_client("Officer")
    english = {"accept-language": "en"}
    assert "not kept yet" in officer.get("/digest", headers=english).content.decode()
    make_digests(by=BY)
    page = officer.get("/digest?day=2024-09-30", headers=english).content.decode()
    assert "As kept for 2024-09-30" in page and f"/cases/{instruction.pk}" in page
    assert "Settle the land" not in cast_client("TownOfficer").get("/digest").content.decode()
