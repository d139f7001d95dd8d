from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from liandesk.base.accounts.actions import (
    MAX_TOKENS,
    disable_user,
    make_api_token,
    revoke_api_token,
)
from liandesk.base.accounts.models import ApiToken, User
from liandesk.base.accounts.roles import system_viewer, viewer_of
from liandesk.base.audit.models import AuditEvent
from liandesk.base.clock import now
from liandesk.base.errors import NotAllowed, UserError

BY = system_viewer("test")
ME = "/api/v1/me"


def _with(token: str) -> Client:
    return Client(headers={"authorization": f"Bearer {token}"})


@pytest.fixture
def token(cast: dict[str, User]) -> str:
    return make_api_token(cast["Bank"], label="nightly", by=viewer_of(cast["Bank"]))


def test_a_token_and_a_session_are_the_same_viewer(cast_client: Callable[[str], Client], token: str) -> None:
    by_token, by_session = _with(token).get(ME).json(), cast_client("Bank").get(ME).json()
    assert by_token == by_session
    assert by_token["name"] == "Bank" and by_token["grants"][0]["role"] == "bank"


def test_without_session_or_token_the_answer_is_401_in_the_shape_of_errors(db: None) -> None:
    answer = Client().get(ME)
    assert answer.status_code == 401
    assert answer.json()["code"] == "sign_in_required" and "Bearer" in answer.json()["message"]


@pytest.mark.parametrize("spoil", ["expired", "revoked", "disabled", "unknown"])
def test_a_token_that_is_not_good_opens_nothing(cast: dict[str, User], token: str, spoil: str) -> None:
    if spoil == "expired":
        ApiToken.objects.update(expires_at=now() - timedelta(seconds=1))
    elif spoil == "revoked":
        revoke_api_token(ApiToken.objects.get().pk, by=viewer_of(cast["Bank"]))
    elif spoil == "disabled":
        disable_user(cast["Bank"], by=BY)
    else:
        token += "x"
    assert _with(token).get(ME).status_code == 401


def test_a_wrong_token_is_refused_even_beside_a_good_session(cast_client: Callable[[str], Client]) -> None:
    client = cast_client("Bank")
    assert client.get(ME, headers={"authorization": "Bearer wrong"}).status_code == 401


def test_only_the_digest_of_a_token_is_kept(token: str) -> None:
    kept = ApiToken.objects.get()
    assert token not in (kept.token_digest, kept.label)
    assert not AuditEvent.objects.filter(details__icontains=token).exists()


def test_a_token_is_shown_once_on_the_account_page(cast_client: Callable[[str], Client]) -> None:
    client = cast_client("Bank")
    made = client.post(reverse("make_token"), {"label": "nightly", "days": 30})
    shown = made.context["new_token"]
    assert shown in made.content.decode() and "no-store" in made["Cache-Control"]
    assert shown not in client.get(reverse("me")).content.decode()
    assert _with(shown).get(ME).status_code == 200
    client.post(reverse("revoke_token", args=[ApiToken.objects.get().pk]))
    assert _with(shown).get(ME).status_code == 401


@pytest.mark.parametrize("days", [0, 366])
def test_a_token_lives_a_day_to_a_year(cast: dict[str, User], days: int) -> None:
    with pytest.raises(UserError):
        make_api_token(cast["Bank"], label="x", by=BY, days=days)


def test_tokens_of_others_are_neither_made_nor_revoked(cast: dict[str, User], token: str) -> None:
    with pytest.raises(NotAllowed):
        make_api_token(cast["Bank"], label="x", by=viewer_of(cast["Expert"]))
    with pytest.raises(UserError):
        revoke_api_token(ApiToken.objects.get().pk, by=viewer_of(cast["Expert"]))
    assert _with(token).get(ME).status_code == 200


def test_a_user_keeps_at_most_twenty_tokens(cast: dict[str, User]) -> None:
    for number in range(MAX_TOKENS):
        make_api_token(cast["Bank"], label=f"token {number}", by=BY)
    with pytest.raises(UserError):
        make_api_token(cast["Bank"], label="one more", by=BY)


def test_the_description_lists_both_ways_to_sign_in_and_names_no_foreign_host(db: None) -> None:
    schema = Client().get(reverse("api:openapi-json")).json()
    assert set(schema["components"]["securitySchemes"]) == {"BearerToken", "Session"}
    assert "/api/v1/me" in schema["paths"]
    assert "http://" not in str(schema).replace("http://127.0.0.1", "")


def test_every_operation_of_the_api_asks_for_an_account(db: None) -> None:
    schema = Client().get(reverse("api:openapi-json")).json()
    operations = [(path, method) for path, methods in schema["paths"].items() for method in methods]
    assert operations
    for path, method in operations:
        assert schema["paths"][path][method].get("security"), (method, path)
