"""Tasks: a checklist beside the case, for people who see it; it moves nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.models import AuditEvent
from liandesk.base.errors import NotThere, UserError
from liandesk.base.teamwork import panels, queries
from liandesk.base.teamwork.models import Task
from liandesk.base.teamwork.people import colleagues, people_of, sees
from liandesk.base.teamwork.task_actions import add_task, finish_task, reopen_task
from liandesk.base.work.actions import Step, act
from liandesk.base.work.models import Case, Named

pytestmark = pytest.mark.django_db


def test_a_task_stands_in_the_inbox_of_who_does_it_until_it_is_done(
    instruction: Case, viewer: Callable[[str], Viewer], cast: dict[str, User]
) -> None:
    officer = viewer("Officer")
    late = add_task(instruction.pk, "Ask the town", by=officer, who=cast["Officer"], due=date(2024, 9, 27))
    add_task(instruction.pk, "Write it down", by=officer)
    add_task(instruction.pk, "Read it", by=officer, who=cast["ChainOffice"])
    assert [(line.section, line.title) for line in panels._my_tasks(officer)] == [("due", "Ask the town")]
    finish_task(late.pk, by=viewer("ChainOffice"))
    finish_task(late.pk, by=officer)
    assert not list(panels._my_tasks(officer)) and Task.objects.get(pk=late.pk).done_by == viewer("ChainOffice").actor
    assert [task.title for task in queries.tasks(officer, instruction.pk)] == [
        "Write it down",
        "Read it",
        "Ask the town",
    ]
    assert reopen_task(late.pk, by=officer).done_at is None and list(queries.my_tasks(officer)) == [late]
    assert AuditEvent.objects.filter(action="task.finish").count() == 1
    assert Case.objects.get().events_count == 1


def test_a_task_is_not_given_to_who_does_not_see_the_case_nor_put_on_an_ended_one(
    instruction: Case, viewer: Callable[[str], Viewer], cast: dict[str, User]
) -> None:
    office = viewer("ChainOffice")
    with pytest.raises(UserError, match="Town officer does not see this case"):
        add_task(instruction.pk, "x", by=office, who=cast["TownOfficer"])
    with pytest.raises(UserError, match="needs a title"):
        add_task(instruction.pk, " ", by=office)
    with pytest.raises(NotThere):
        add_task(instruction.pk, "x", by=viewer("TownOfficer"))
    act(instruction.pk, Step("do", 1, "cancel", reason="mistaken"), by=office)
    with pytest.raises(UserError, match="has ended"):
        add_task(instruction.pk, "x", by=office)


def test_a_task_leaves_the_inbox_with_the_right_to_see_its_case(
    instruction: Case, viewer: Callable[[str], Viewer], cast: dict[str, User]
) -> None:
    task = add_task(instruction.pk, "x", by=viewer("Officer"), who=cast["Officer"])
    Case.objects.update(is_restricted=True)
    assert not queries.my_tasks(viewer("Officer")).exists() and not queries.tasks(viewer("Officer"), instruction.pk)
    with pytest.raises(NotThere):
        finish_task(task.pk, by=viewer("Officer"))


@pytest.mark.parametrize("is_restricted", [False, True])
def test_the_people_of_a_case_are_people_who_see_it(
    instruction: Case, viewer: Callable[[str], Viewer], cast: dict[str, User], is_restricted: bool
) -> None:
    Case.objects.update(is_restricted=is_restricted)
    instruction.refresh_from_db()
    instruction.parties.create(role="partner", scope_kind="person", scope_id=viewer("TownOfficer").actor)
    Named.objects.create(case=instruction, person=viewer("Expert").actor, named_by="x", named_at=instruction.opened_at)
    found = {user.username for user in colleagues(instruction)}
    assert found == {"TownOfficer", "Expert"} | (set() if is_restricted else {"ChainOffice", "Officer"})
    assert all(sees(user, instruction) for user in colleagues(instruction))
    lead = people_of(instruction, instruction.parties.filter(role="lead"))
    assert [user.username for user in lead] == ([] if is_restricted else ["Officer"])


def test_a_checklist_in_pages(instruction: Case, cast: dict[str, User], cast_client: Callable[[str], Client]) -> None:
    officer, town, path = cast_client("Officer"), cast_client("TownOfficer"), f"/cases/{instruction.pk}/tasks"
    said = {"title": "Ask the town", "who": cast["Officer"].pk, "due": "2024-10-08"}
    assert officer.post(path, said).status_code == 302
    assert officer.post(path, {"title": "x", "who": cast["Bank"].pk}).status_code == 400
    assert town.post(path, said).status_code == 404
    task = Task.objects.get()
    assert "Ask the town" in officer.get("/").content.decode()
    assert town.post(f"{path}/{task.pk}", {"done": "yes"}).status_code == 404
    assert officer.post(f"{path}/{task.pk}", {"done": "yes"}).status_code == 302
    assert "Ask the town" not in officer.get("/").content.decode()
    assert officer.post(f"{path}/{task.pk}", {"done": "no"}).status_code == 302
