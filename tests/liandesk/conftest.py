"""The cast, signed-in clients, and a static store that needs no collecting."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import copy
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.utils import translation

from liandesk.base.accounts.actions import make_cast
from liandesk.base.accounts.models import Membership, User
from liandesk.base.accounts.roles import Viewer, system_viewer, viewer_of
from liandesk.base.audit.models import AuditEvent
from liandesk.base.definitions.actions import take_over_packs
from liandesk.base.work.actions import NewCase, open_case
from liandesk.base.work.models import Case

CAST_ORGANISATIONS = {
    "Enterprise": "enterprise-one",
    "OtherEnterprise": "enterprise-two",
    "Hospital": "hospital-one",
    "OtherHospital": "hospital-two",
}
"""Permanent ids of the cast's organisations; tests that need them in the registry make them under these."""

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


_ON_ONE_DATABASE = frozenset(
    f"test_{name}.py"
    for name in (
        # words and files
        "accounts_pages", "cartogram", "chain_map", "chain_pages", "cockpit", "editions_pages", "insight_pages",
        "lists_pages", "organisations_list", "pipeline_pages", "plan", "plan_texts", "processes",
        "reports", "risk_list_exports", "sources_chain_kg", "sources_commands", "sources_free_texts", "sources_mapping",
        "sources_pages", "sources_sheets", "translations", "ui", "ui_numbers", "whatif_answer", "work_excel",
        "work_pages",
        # what a case writes to a row, by the same way as the modules that are tried on both
        "services", "transfers", "trials",
        # what is computed of tables that lie in files
        "appraisal_drawing", "cascade_step", "clusters", "demo", "indicator_jumps", "insight_forecasts",
        "insight_groups", "ladder", "policy_replays", "policy_simulations", "portfolio", "refresh",
        "registry_judgements", "registry_property", "risk_list_property", "rules_facts", "rules_pages", "search",
        "whatif", "work_machine",
    )
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Read what pages say, what files hold and what is computed of files on one database only.

    That every page and route answers on PostgreSQL, too, is for ``test_access_routes`` to show.
    """
    if connection.vendor == "sqlite":
        return
    once = pytest.mark.skip(reason="this does not depend on the database: tried on SQLite")
    for item in items:
        in_language = "language" in getattr(getattr(item, "callspec", None), "params", {})
        if in_language or item.path.name in _ON_ONE_DATABASE:
            item.add_marker(once)


@pytest.fixture(scope="session", autouse=True)
def _static_folder() -> None:
    Path(django_settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture(autouse=True)
def _quick_settings(settings: object) -> None:
    """Static files by their plain names, so that nothing is collected; passwords hashed in no time."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # type: ignore[attr-defined]
    storages = dict(django_settings.STORAGES)
    storages["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = storages  # type: ignore[attr-defined]


_CAST_IN = (User, Membership, AuditEvent)
_cast_rows: list[Model] = []
"""The rows that making the cast wrote, once this worker made it."""


@pytest.fixture
def cast(db: None) -> dict[str, User]:
    """The fixed cast by name; organisations are CAST_ORGANISATIONS.

    A worker makes it once; into an empty database it then writes the same rows again, which takes a tenth of the time.
    """
    if any(model.objects.exists() for model in _CAST_IN):
        return make_cast(by=system_viewer("test"), organisations=CAST_ORGANISATIONS)
    if not _cast_rows:
        made = make_cast(by=system_viewer("test"), organisations=CAST_ORGANISATIONS)
        _cast_rows.extend(row for model in _CAST_IN for row in model.objects.all())
        return made
    rows = [copy(row) for row in _cast_rows]
    for model in _CAST_IN:
        model.objects.bulk_create(row for row in rows if isinstance(row, model))
    return {row.username: row for row in rows if isinstance(row, User)}


@pytest.fixture
def cast_client(cast: dict[str, User]) -> Callable[[str], Client]:
    """Return a function that gives a client signed in as one of the cast."""

    def signed_in(name: str) -> Client:
        client = Client()
        client.force_login(cast[name], backend=BACKEND)
        return client

    return signed_in


@pytest.fixture
def in_english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Texts in English, on the last day of September 2024."""
    monkeypatch.setenv("LIANDESK_TODAY", "2024-09-30")
    with translation.override("en"):
        yield


@pytest.fixture
def viewer(cast: dict[str, User]) -> Callable[[str], Viewer]:
    """Return a function that gives the viewer of one of the cast as they are now."""
    return lambda name: viewer_of(User.objects.get(pk=cast[name].pk))


@pytest.fixture
def instruction(in_english: None, viewer: Callable[[str], Viewer]) -> Case:
    """An instruction of the chain office to the bureau officer's, due at the end of October 2024."""
    take_over_packs(by=system_viewer("test"))
    parties = [("issuer", "office", "economy"), ("lead", "office", "market")]
    data = {"task": "Settle the land", "due": "2024-10-31"}
    return open_case(NewCase("instruction", "Settle the land", parties, data), by=viewer("ChainOffice"))
