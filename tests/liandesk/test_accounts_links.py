from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from liandesk.base.accounts.actions import (
    DeadLink,
    add_user,
    disable_user,
    make_sign_in_link,
    use_sign_in_link,
)
from liandesk.base.accounts.models import SignInLink, User
from liandesk.base.accounts.roles import system_viewer, viewer_of
from liandesk.base.audit.models import AuditEvent
from liandesk.base.clock import now
from liandesk.base.errors import NotAllowed, UserError

BY = system_viewer("test")


def _token(path: str) -> str:
    return path.rsplit("/", 1)[1]


def test_a_link_signs_in_once_and_only_by_its_button(cast: dict[str, User], client: Client) -> None:
    path = make_sign_in_link(cast["Bank"], by=BY)
    for _ in range(2):  # a browser that fetches ahead
        page = client.get(path)
        assert page.status_code == 200 and "no-store" in page["Cache-Control"]
    assert client.post(path).status_code == 302
    assert client.session["_auth_user_id"] == str(cast["Bank"].pk)
    again = Client().post(path)
    assert again.status_code == 410
    assert Client().get(path).status_code == 410


def test_signing_in_by_a_link_takes_a_new_session(cast: dict[str, User], client: Client) -> None:
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    before = session.session_key
    client.post(make_sign_in_link(cast["Bank"], by=BY))
    assert client.session.session_key != before


def test_a_link_is_burnt_by_a_post_only_with_the_csrf_token(cast: dict[str, User]) -> None:
    path = make_sign_in_link(cast["Bank"], by=BY)
    assert Client(enforce_csrf_checks=True).post(path).status_code == 403
    assert SignInLink.objects.get().used_at is None


def test_only_the_digest_of_a_link_is_kept(cast: dict[str, User]) -> None:
    token = _token(make_sign_in_link(cast["Bank"], by=BY))
    kept = SignInLink.objects.get()
    assert token not in kept.token_digest and len(kept.token_digest) == 64
    assert not AuditEvent.objects.filter(details__icontains=token).exists()


@pytest.mark.parametrize("spoil", ["expired", "disabled", "unknown"])
def test_a_link_that_cannot_be_used_shows_a_page_that_says_so(
    cast: dict[str, User], client: Client, spoil: str
) -> None:
    path = make_sign_in_link(cast["Bank"], by=BY)
    if spoil == "expired":
        SignInLink.objects.update(expires_at=now() - timedelta(seconds=1))
    elif spoil == "disabled":
        disable_user(cast["Bank"], by=BY)
    else:
        path = path[:-1] + ("a" if path[-1] != "a" else "b")
    for answer in (client.get(path), client.post(path)):
        assert answer.status_code == 410
        assert "liandesk user link" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_only_the_operator_hands_out_links(cast: dict[str, User]) -> None:
    for name, user in cast.items():
        if name == "Operator":
            assert make_sign_in_link(user, by=viewer_of(user))
        else:
            with pytest.raises(NotAllowed):
                make_sign_in_link(user, by=viewer_of(user))


@pytest.mark.parametrize("hours", [0, 169])
def test_a_link_lives_an_hour_to_a_week(cast: dict[str, User], hours: int) -> None:
    with pytest.raises(UserError, match="1 to 168"):
        make_sign_in_link(cast["Bank"], by=BY, hours=hours)


def test_link_and_sign_in_are_in_the_log(cast: dict[str, User], client: Client) -> None:
    client.post(make_sign_in_link(cast["Bank"], by=BY))
    client.post("/accounts/logout/")
    said = set(AuditEvent.objects.filter(object_id=str(cast["Bank"].pk)).values_list("action", flat=True))
    assert {"sign_in_link.make", "sign_in_link.use", "session.start", "session.end"} <= said


@pytest.mark.django_db(transaction=True)
def test_of_two_requests_at_once_one_gets_the_link() -> None:
    user = add_user(name="zhang.san", by=BY)
    token = _token(make_sign_in_link(user, by=BY))
    barrier, outcomes = threading.Barrier(8), []

    def use() -> None:
        barrier.wait()
        try:
            outcomes.append(use_sign_in_link(token).username)
        except DeadLink:
            outcomes.append("dead")
        finally:
            connection.close()

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["dead"] * 7 + ["zhang.san"]
    assert AuditEvent.objects.filter(action="sign_in_link.use").count() == 1
