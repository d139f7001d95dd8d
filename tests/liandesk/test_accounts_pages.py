"""The pages around signing in, walked through as a person would, under the content security policy."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from liandesk.base.accounts.actions import add_user, end_sessions, set_password
from liandesk.base.accounts.management.commands.user import DEFAULT_URL
from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import system_viewer
from liandesk.base.audit.models import AuditEvent
from liandesk.base.errors import UserError
from liandesk.base.home import home

BY = system_viewer("test")
PASSWORD = "seven tall herons wade"
_FORBIDDEN = re.compile(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)", re.IGNORECASE)


@pytest.fixture(autouse=True)
def _no_limits_left_over() -> None:
    cache.clear()


@pytest.fixture
def person(db: None) -> User:
    user = add_user(name="zhang.san", by=BY)
    set_password(user, PASSWORD, by=BY)
    return user


def _sign_in(client: Client, password: str = PASSWORD, name: str = "zhang.san") -> HttpResponse:
    return client.post(reverse("account_login"), {"login": name, "password": password})


def _code(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def _activate(client: Client) -> str:
    """Set up the second factor as a person does; return its secret."""
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    found = re.search(r'id="authenticator_secret"[^>]*value="([A-Z2-7]+)"', page)
    assert found is not None
    answer = client.post(reverse("mfa_activate_totp"), {"code": _code(found[1])})
    assert answer.status_code == 302, answer.content.decode()
    return found[1]


def _reauthenticate(client: Client) -> None:
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def _is_signed_in(client: Client) -> bool:
    return client.get(reverse("me")).status_code == 200


def _check_page(answer: HttpResponse, language: str) -> None:
    text = answer.content.decode()
    assert answer.status_code in (200, 410, 429), answer.status_code
    assert "frame-header" in text, "outside our frame"
    assert f'<html lang="{"zh" if language == "zh-hans" else "en"}' in text
    assert not _FORBIDDEN.search(text), _FORBIDDEN.search(text)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "unsafe" not in policy


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_of_signing_in_is_in_our_frame_without_inline_code(person: User, language: str) -> None:
    stranger, client = (Client(headers={"accept-language": language}) for _ in range(2))
    for name in ("account_login", "account_inactive"):
        _check_page(stranger.get(reverse(name)), language)
    _check_page(stranger.get(reverse("sign_in", args=["no-such-link"])), language)
    _sign_in(client)
    _check_page(client.get(reverse("account_reauthenticate")), language)
    _reauthenticate(client)
    _check_page(client.get(reverse("mfa_activate_totp")), language)
    _check_page(client.post(reverse("mfa_activate_totp"), {"code": "000000"}), language)
    _activate(client)
    for name in (
        "me",
        "mfa_index",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_deactivate_totp",
        "mfa_reauthenticate",
        "account_change_password",
        "account_logout",
    ):
        _check_page(client.get(reverse(name)), language)
    _sign_in(stranger)
    _check_page(stranger.get(reverse("mfa_authenticate")), language)


def test_without_the_second_factor_only_the_page_that_sets_it_up_opens(person: User, client: Client) -> None:
    _sign_in(client)
    assert client.get(reverse("me"))["Location"] == reverse("mfa_activate_totp")
    assert client.get("/api/v1/me").json()["code"] == "second_factor_required"
    _reauthenticate(client)
    _activate(client)
    assert _is_signed_in(client)


def test_with_a_second_factor_the_password_alone_does_not_sign_in(person: User, client: Client) -> None:
    _sign_in(client)
    _reauthenticate(client)
    secret = _activate(client)
    other = Client()
    assert _sign_in(other)["Location"] == reverse("mfa_authenticate")
    assert not _is_signed_in(other)
    cache.clear()  # a code of the same half minute is refused as used
    other.post(reverse("mfa_authenticate"), {"code": _code(secret)})
    assert _is_signed_in(other)


def test_the_second_factor_is_asked_for_after_a_sign_in_link_too(person: User, client: Client) -> None:
    from liandesk.base.accounts.actions import make_sign_in_link

    _sign_in(client)
    _reauthenticate(client)
    _activate(client)
    other = Client()
    assert other.post(make_sign_in_link(person, by=BY))["Location"] == reverse("mfa_authenticate")
    assert not _is_signed_in(other)


def test_the_second_factor_is_kept_encrypted(person: User, client: Client) -> None:
    _sign_in(client)
    _reauthenticate(client)
    secret = _activate(client)
    assert secret not in str(Authenticator.objects.get(type=Authenticator.Type.TOTP).data)


def test_the_operator_lets_somebody_in_who_lost_the_second_factor(person: User, client: Client) -> None:
    _sign_in(client)
    _reauthenticate(client)
    _activate(client)
    out = StringIO()
    call_command("user", "reset", "zhang.san", stdout=out)
    assert not _is_signed_in(client)
    other = Client()
    other.post(out.getvalue().splitlines()[-1].removeprefix(DEFAULT_URL))
    assert other.get(reverse("me"))["Location"] == reverse("mfa_activate_totp")


def test_a_second_factor_without_its_key_is_explained(person: User, client: Client) -> None:
    _sign_in(client)
    _reauthenticate(client)
    secret = _activate(client)
    (home() / "secrets" / "second-factors").unlink()
    other = Client(headers={"accept-language": "en"})
    _sign_in(other)
    answer = other.post(reverse("mfa_authenticate"), {"code": _code(secret)})
    assert answer.status_code == 400 and "liandesk user reset" in answer.content.decode()


@pytest.mark.parametrize("name", ["mfa_activate_totp", "mfa_generate_recovery_codes"])
def test_a_second_factor_is_changed_only_after_the_password_again(person: User, client: Client, name: str) -> None:
    _sign_in(client)
    if name != "mfa_activate_totp":
        _reauthenticate(client)
        _activate(client)
        session = client.session
        session["account_authentication_methods"] = []  # as after the quarter of an hour
        session.save()
    assert client.get(reverse(name))["Location"].startswith(reverse("account_reauthenticate"))


def test_signing_in_takes_a_new_session(person: User, client: Client) -> None:
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    before = session.session_key
    _sign_in(client)
    assert client.session.session_key != before


def test_a_wrong_name_and_a_wrong_password_are_told_the_same(person: User) -> None:
    def said(name: str, password: str) -> list[str]:
        return list(_sign_in(Client(), password, name).context["form"].non_field_errors())

    assert said("zhang.san", "wrong password here") == said("li.si", PASSWORD)


def test_five_wrong_passwords_lock_the_name_even_for_the_right_one(person: User, client: Client) -> None:
    for _ in range(4):
        assert _sign_in(client, "wrong password here").status_code == 200
    locked = _sign_in(client, "wrong password here")
    assert locked.status_code == 429
    _check_page(locked, "zh-hans")
    _sign_in(client)
    assert not _is_signed_in(client)
    cache.clear()  # the lock is in the database: it outlives a restart and holds for every process
    assert _sign_in(client).status_code == 429
    assert not _is_signed_in(client)
    assert AuditEvent.objects.filter(action="session.lock", object_id=str(person.pk)).exists()


def test_signing_out_everywhere_ends_every_session(cast_client: Callable[[str], Client]) -> None:
    here, there = cast_client("Bank"), cast_client("Bank")
    assert _is_signed_in(here) and _is_signed_in(there)
    assert here.post(reverse("end_sessions"))["Location"] == reverse("account_login")
    assert not _is_signed_in(here) and not _is_signed_in(there)


def test_a_disabled_account_is_out_at_once(person: User, client: Client) -> None:
    from liandesk.base.accounts.actions import disable_user

    _sign_in(client)
    disable_user(person, by=BY)
    assert client.get(reverse("account_change_password"))["Location"].startswith(reverse("account_login"))


def test_nobody_ends_the_sessions_of_another(cast: dict[str, User]) -> None:
    from liandesk.base.accounts.roles import viewer_of
    from liandesk.base.errors import NotAllowed

    with pytest.raises(NotAllowed):
        end_sessions(cast["Bank"], by=viewer_of(cast["Expert"]))


@pytest.mark.parametrize("password", ["elevenchars", "password1234", "zhang.san-zhang"])
def test_a_weak_password_is_refused_with_the_reason(person: User, password: str) -> None:
    with pytest.raises(UserError, match="not set"):
        set_password(person, password, by=BY)


def test_a_long_password_needs_no_special_signs(person: User) -> None:
    set_password(person, "七只高个子白鹭在运河里慢慢走", by=BY)


def test_the_cast_can_never_have_a_password(cast: dict[str, User], cast_client: Callable[[str], Client]) -> None:
    answer = cast_client("Bank").post(reverse("account_set_password"), {"password1": PASSWORD, "password2": PASSWORD})
    assert answer.status_code == 200
    assert not User.objects.get(pk=cast["Bank"].pk).has_usable_password()
    with pytest.raises(UserError):
        set_password(cast["Bank"], PASSWORD, by=BY)


@pytest.mark.parametrize("path", ["signup/", "email/", "password/reset/", "login/code/", "confirm-email/x/"])
def test_nobody_signs_up_and_nothing_goes_by_mail(client: Client, db: None, path: str) -> None:
    assert client.get(f"/accounts/{path}").status_code == 404


def test_the_account_page_says_role_and_scope_in_words(cast_client: Callable[[str], Client]) -> None:
    english = cast_client("TownOfficer").get(reverse("me"), headers={"accept-language": "en"})
    assert "Town or zone officer" in english.content.decode()
    assert "Linping Subdistrict" in english.content.decode()
    chinese = cast_client("TownOfficer").get(reverse("me"), headers={"accept-language": "zh-hans"})
    assert "临平街道" in chinese.content.decode()


def test_somebody_without_a_role_is_told_how_to_get_one(cast_client: Callable[[str], Client]) -> None:
    answer = cast_client("Outsider").get(reverse("me"), headers={"accept-language": "en"})
    assert "You have no role yet" in answer.content.decode()
