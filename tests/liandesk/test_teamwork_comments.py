"""Comments, whom they name, who watches: told are only people who see the case, and nothing said is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.models import AuditEvent
from liandesk.base.errors import NotThere, UserError
from liandesk.base.teamwork import actions, panels, queries
from liandesk.base.teamwork.models import Comment, CommentVersion, Mention
from liandesk.base.teamwork.people import named_in
from liandesk.base.work.actions import Step, act
from liandesk.base.work.models import Case

pytestmark = pytest.mark.django_db


def names(users: Any) -> set[str]:
    return {user.username for user in users}


@pytest.mark.parametrize(
    ("text", "told", "not_told"),
    [
        ("@Officer please look", {"Officer"}, ()),
        ("请@部门专员看一下", {"Officer"}, ()),
        ("@部门专员、@链长：", {"Officer", "ChainChief"}, ()),
        ("@链长办专员请办", {"ChainOffice"}, ()),
        ("@chainoffice, @OfficerTwo", {"ChainOffice"}, ("OfficerTwo",)),
        ("@TownOfficer cannot see it, @Nobody is nobody", set(), ("TownOfficer", "Nobody")),
        ("write to a@officer.example", set(), ()),
        ("12 @ 3", set(), ()),
    ],
)
def test_a_text_names_people_in_both_languages_and_tells_only_those_who_see_the_case(
    instruction: Case, text: str, told: set[str], not_told: tuple[str, ...]
) -> None:
    named = named_in(text, instruction)
    assert names(named.told) == told and named.not_told == not_told


def test_a_name_that_two_people_have_tells_neither(instruction: Case, cast: dict[str, User]) -> None:
    User.objects.create(username="second", name_zh=cast["Officer"].name_zh)
    assert named_in("@部门专员", instruction).told == ()


def test_a_comment_stands_in_the_inbox_of_whom_it_names_until_seen(
    instruction: Case, viewer: Callable[[str], Viewer]
) -> None:
    actions.say(instruction.pk, "@Officer when?", by=viewer("ChainOffice"))
    lines = list(panels._mentions(viewer("Officer")))
    assert [(line.title, line.detail) for line in lines] == [("Settle the land", "Chain office clerk: @Officer when?")]
    assert not list(panels._mentions(viewer("ChainChief")))
    actions.mark_seen(instruction.pk, by=viewer("Officer"))
    assert not list(panels._mentions(viewer("Officer")))


def test_a_comment_is_reworded_by_a_further_version_and_taken_back_with_a_mark(
    instruction: Case, viewer: Callable[[str], Viewer]
) -> None:
    made, _named = actions.say(instruction.pk, "@Officer tomorow", by=viewer("ChainOffice"))
    with pytest.raises(NotThere):
        actions.reword(made.pk, "not mine", by=viewer("Officer"))
    actions.reword(made.pk, "@Officer tomorrow", by=viewer("ChainOffice"))
    said = queries.comments(viewer("Officer"), instruction.pk)
    assert [(one.text, one.edits, one.is_own) for one in said] == [("@Officer tomorrow", 1, False)]
    assert Mention.objects.count() == 1
    actions.withdraw(made.pk, by=viewer("ChainOffice"))
    assert queries.comments(viewer("Officer"), instruction.pk)[0].is_withdrawn and not Mention.objects.exists()
    assert CommentVersion.objects.count() == 3
    with pytest.raises(NotThere):
        actions.reword(made.pk, "again", by=viewer("ChainOffice"))
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        CommentVersion.objects.update(text="x")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        CommentVersion.objects.all().delete()
    done = AuditEvent.objects.filter(action__startswith="comment.").values_list("action", flat=True)
    assert sorted(done) == ["comment.reword", "comment.say", "comment.withdraw"]


def test_who_watches_has_a_line_when_somebody_else_changes_the_case(
    instruction: Case, viewer: Callable[[str], Viewer]
) -> None:
    chief, officer = viewer("ChainChief"), viewer("Officer")
    actions.watch(instruction.pk, by=chief)
    actions.watch(instruction.pk, by=chief)
    actions.say(instruction.pk, "my own", by=chief)
    assert not queries.changed_watched(chief).exists()
    act(instruction.pk, Step("do", 1, "sign_for"), by=officer)
    assert list(queries.changed_watched(chief)) == [instruction] and list(panels._watched(chief))
    actions.mark_seen(instruction.pk, by=chief)
    assert not queries.changed_watched(chief).exists()
    actions.say(instruction.pk, "on it", by=officer)
    assert queries.has_news(chief, instruction.pk)
    actions.unwatch(instruction.pk, by=chief)
    assert not queries.changed_watched(chief).exists() and not queries.is_watching(chief, instruction.pk)


def test_who_does_not_see_a_case_reads_and_writes_nothing_around_it(
    instruction: Case, viewer: Callable[[str], Viewer]
) -> None:
    made, _named = actions.say(instruction.pk, "secret", by=viewer("ChainOffice"))
    stranger = viewer("TownOfficer")
    for write in (
        lambda: actions.say(instruction.pk, "x", by=stranger),
        lambda: actions.watch(instruction.pk, by=stranger),
        lambda: actions.mark_seen(instruction.pk, by=stranger),
        lambda: actions.withdraw(made.pk, by=stranger),
    ):
        with pytest.raises(NotThere):
            write()
    assert queries.comments(stranger, instruction.pk) == []


def test_an_empty_or_endless_comment_is_refused(instruction: Case, viewer: Callable[[str], Viewer]) -> None:
    for text in ("  \n", "x" * 4001):
        with pytest.raises(UserError):
            actions.say(instruction.pk, text, by=viewer("ChainOffice"))
    assert not Comment.objects.exists()


def test_a_conversation_in_pages(instruction: Case, cast_client: Callable[[str], Client]) -> None:
    office, officer, town = (cast_client(name) for name in ("ChainOffice", "Officer", "TownOfficer"))
    path = f"/cases/{instruction.pk}"
    english = {"accept-language": "en"}
    said = office.post(f"{path}/comments", {"text": "@Officer and @Nobody"}, follow=True, headers=english)
    assert "Told: Bureau officer" in said.content.decode() and "Not told: Nobody" in said.content.decode()
    made = Comment.objects.get()
    assert office.post(f"{path}/comments", {"text": ""}).status_code == 400
    assert office.get(f"{path}/comments/{made.pk}").status_code == 200
    assert officer.get(f"{path}/comments/{made.pk}").status_code == 404
    assert town.post(f"{path}/comments", {"text": "x"}).status_code == 404
    assert office.post(f"{path}/comments/{made.pk}", {"text": "@Officer only"}).status_code == 302
    assert officer.post(f"{path}/watch", {"watch": "yes"}).status_code == 302
    assert officer.post(f"{path}/watch", {"watch": "no"}).status_code == 302
    assert officer.post(f"{path}/seen").status_code == 302
    assert office.post(f"{path}/comments/{made.pk}/withdraw").status_code == 302
