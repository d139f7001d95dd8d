"""The frame: who sees which pages of it, what it says about district, date and data, and what it does with errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

import liandesk
from liandesk.base.accounts.roles import NOBODY, Viewer, system_viewer
from liandesk.base.audit.actions import record, seal_all
from liandesk.base.clock import now
from liandesk.base.errors import Conflict, NoSpace, NotAllowed, UserError
from liandesk.base.home import home
from liandesk.base.jobs.models import Job, JobState
from liandesk.base.snapshots import actions
from liandesk.base.snapshots.actions import keep, publish
from liandesk.base.ui import panels, queries
from liandesk.base.ui.display import display_of
from liandesk.base.ui.health import check_health
from liankit.errors import UserError as KitError

BY = system_viewer("test")
CastClient = Callable[[str], Client]
READERS_OF_THE_LOG = {"Auditor", "Operator"}


def _english(client: Client, place: str) -> str:
    return client.get(place, headers={"accept-language": "en"}).content.decode()


def test_a_stranger_is_sent_to_sign_in_and_comes_back_to_the_page(db: None) -> None:
    for place in ("/", "/search?q=a", "/audit"):
        response = Client().get(place)
        assert response.status_code == 302 and response["Location"].startswith("/accounts/login/?next=")


def test_a_stranger_reads_about_and_health(db: None) -> None:
    assert Client().get("/about").status_code == 200
    assert Client().get("/healthz").status_code == 200


def test_only_auditor_and_operator_read_the_log(cast_client: CastClient, cast: dict[str, Any]) -> None:
    for name in cast:
        response = cast_client(name).get("/audit")
        assert response.status_code == (200 if name in READERS_OF_THE_LOG else 403), name


def test_the_log_is_filtered_paged_and_says_how_far_it_is_sealed(cast_client: CastClient) -> None:
    for number in range(60):
        record("thing.write", "thing", f"x{number}", by=BY)
    seal_all()
    record("other.write", "other", "y", by=BY)
    client = cast_client("Auditor")  # signing in writes events of its own
    page = _english(client, "/audit?kind=thing")
    assert "60 rows" in page and "thing x59" in page and "thing x9<" not in page and "other y" not in page
    assert "thing x9<" in _english(client, "/audit?kind=thing&page=2")
    assert "other y" in _english(client, "/audit?kind=nonsense"), "a kind that is not there filters nothing"


def test_the_state_of_the_chain_is_its_last_link(db: None) -> None:
    assert queries.chain_state(BY).links == 0
    record("thing.write", "thing", 1, by=BY)
    seal_all()
    record("thing.write", "thing", 2, by=BY)
    state = queries.chain_state(BY)
    assert (state.links, state.unsealed) == (1, 1) and len(state.head) == 64
    with pytest.raises(NotAllowed):
        queries.chain_state(NOBODY)


def test_the_desk_orders_what_is_due_by_date_and_changes_by_time() -> None:
    lines = [
        panels.InboxLine("due", "late", "/", due=date(2024, 9, 30)),
        panels.InboxLine("others", "theirs", "/"),
        panels.InboxLine("due", "later", "/", due=date(2024, 11, 1)),
        panels.InboxLine("due", "sooner", "/", due=date(2024, 10, 1)),
        panels.InboxLine("due", "some day", "/"),
        panels.InboxLine("changed", "old", "/", at=datetime(2024, 1, 1, tzinfo=UTC)),
        panels.InboxLine("changed", "new", "/", at=datetime(2024, 2, 1, tzinfo=UTC)),
    ]
    found = {name: [line.title for line in part] for name, part in panels.sections(lines, date(2024, 10, 1)).items()}
    mine = ["sooner", "later", "some day"]
    assert found == {"overdue": ["late"], "mine": mine, "others": ["theirs"], "changed": ["new", "old"]}


def test_an_empty_desk_says_what_would_fill_each_section(
    cast_client: CastClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(panels, "INBOX", [])
    page = _english(cast_client("Officer"), "/")
    assert page.count("Nothing") == 3 and "steps of cases and entries to judge appear here" in page


def test_hits_of_one_kind_from_several_providers_are_one_group(
    cast_client: CastClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def provider(viewer: Viewer, text: str) -> Iterator[panels.SearchItem]:
        yield panels.SearchItem("Entry", f"{text} 甲", "/a")
        yield panels.SearchItem("Enterprise", "乙", "/b")

    monkeypatch.setattr(panels, "SEARCH", [provider, provider])
    page = _english(cast_client("ChainOffice"), "/search?q=丙")
    assert page.count('<h2 class="card-title">Entry</h2>') == 1 and "丙 甲" in page and "Showing 4 hits" in page


def test_the_frame_says_district_pinned_date_and_that_nothing_is_published(cast_client: CastClient) -> None:
    page = _english(cast_client("ChainOffice"), "/")
    assert "Linping District" in page and "as of 2024-09-30 (pinned)" in page and "no snapshot published yet" in page


def test_a_date_that_follows_the_calendar_is_not_called_pinned(
    cast_client: CastClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LIANDESK_TODAY")
    assert "pinned" not in _english(cast_client("ChainOffice"), "/")


@pytest.mark.parametrize("is_synthetic", [True, False])
def test_every_page_names_the_snapshot_and_whether_it_is_synthetic(
    is_synthetic: bool, cast_client: CastClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "PROJECTIONS", {})  # this snapshot has no tables to project
    snapshot = keep(tables={}, inputs={"n": 1}, is_synthetic=is_synthetic, by=BY)
    publish(snapshot, name="risks", by=BY)
    for place in ("/", "/about", "/nowhere"):
        page = _english(cast_client("ChainOffice"), place)
        assert f"snapshot {snapshot.key[:7]} of 2024-09-30" in page
        assert ('class="badge synthetic"' in page) == is_synthetic


def test_areas_without_a_page_are_words_and_not_links(cast_client: CastClient, monkeypatch: pytest.MonkeyPatch) -> None:
    item = panels.MenuItem("assess", "Risk list", "about")
    monkeypatch.setattr(panels, "MENU", [lambda viewer: [item]])
    page = _english(cast_client("ChainOffice"), "/about")
    assert '<a href="/about" aria-current="page">Risk list</a>' in page
    assert page.count("frame-area-none") == 4


def test_theme_and_type_are_kept_in_a_cookie_and_marked_on_the_page(db: None) -> None:
    client = Client()
    response = client.post("/display", {"set": "size:large", "next": "/about"})
    assert response["Location"] == "/about" and response.cookies["size"]["httponly"]
    client.post("/display", {"set": "theme:dark"})
    page = client.get("/about").content.decode()
    assert 'class="theme-dark type-large" data-bs-theme="dark"' in page


def test_the_display_form_refuses_what_it_does_not_offer_and_leads_nowhere_else(db: None) -> None:
    assert Client().post("/display", {"set": "theme:pink"}).status_code == 400
    assert Client().get("/display").status_code == 405
    away = Client().post("/display", {"set": "theme:dark", "next": "https://example.org/"})
    assert away["Location"] == "/"
    assert display_of({"theme": "pink", "size": "large"}).theme == "light"


def _raise(error: Exception) -> Callable[[HttpRequest], HttpResponse]:
    def view(request: HttpRequest) -> HttpResponse:
        raise error

    return view


ERRORS = {
    "bad": UserError("Row 3 has no name."),
    "refused": NotAllowed("Only the chain chief signs."),
    "conflict": Conflict("The entry is now version 4."),
    "full": NoSpace("The disk of /x is full."),
    "kit": KitError("There is no column 'nam'."),
    "broken": RuntimeError("secret detail"),
}


class Routes:
    """The site's routes and, under /raise/, one that raises each error."""

    from liandesk.config.urls import urlpatterns as site

    urlpatterns = [*site, *(path(f"raise/{name}", _raise(error)) for name, error in ERRORS.items())]


@pytest.mark.parametrize(
    ("name", "status", "outcome"),
    [
        ("bad", 400, "Nothing was changed."),
        ("refused", 403, "ask the chain office for the role"),
        ("conflict", 409, "yours was not written"),
        ("full", 507, "What was being written was taken back"),
        ("kit", 400, "Nothing was changed."),
    ],
)
def test_an_error_a_person_can_mend_says_what_happened_to_their_work(
    name: str, status: int, outcome: str, cast_client: CastClient, settings: Any
) -> None:
    settings.ROOT_URLCONF = Routes
    response = cast_client("ChainOffice").get(f"/raise/{name}", headers={"accept-language": "en"})
    page = response.content.decode()
    assert response.status_code == status and outcome in page
    assert str(ERRORS[name]).replace("'", "&#x27;") in page


def test_an_error_of_ours_is_a_plain_page_without_details(cast_client: CastClient, settings: Any) -> None:
    settings.ROOT_URLCONF = Routes
    client = cast_client("ChainOffice")
    client.raise_request_exception = False
    response = client.get("/raise/broken")
    assert response.status_code == 500 and b"secret detail" not in response.content
    assert "操作没有生效" in response.content.decode() and b"Something failed" in response.content


def test_a_form_without_its_token_says_how_to_go_on(cast: dict[str, Any]) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/display", {"set": "theme:dark"}, headers={"accept-language": "en"})
    assert response.status_code == 403 and b"The form is no longer valid" in response.content


def test_a_page_that_is_not_there_is_told_in_the_frame(cast_client: CastClient) -> None:
    response = cast_client("ChainOffice").get("/nowhere", headers={"accept-language": "en"})
    assert response.status_code == 404 and b"There is no such page" in response.content
    assert b"frame-areas" in response.content


def test_health_is_well_and_tells_nothing_of_what_is_stored(db: None) -> None:
    response = Client().get("/healthz")
    assert response.status_code == 200 and "no-store" in response["Cache-Control"]
    assert response.json() == {
        "status": "ok",
        "database": True,
        "schema_up_to_date": True,
        "blobs_writable": True,
        "worker_heartbeat_seconds": None,
    }


def test_health_fails_when_blobs_cannot_be_written(db: None) -> None:
    (home() / "blobs").write_text("not a folder")
    response = Client().get("/healthz")
    assert response.status_code == 503 and response.json()["status"] == "failing"
    assert response.json()["blobs_writable"] is False


def test_health_knows_the_worker_by_its_last_sign_idle_or_at_work(db: None) -> None:
    fields = {"kind": "test", "requested_by": "test", "requested_at": now(), "state": JobState.RUNNING}
    from liandesk.base.jobs.actions import LEASE

    Job.objects.create(**fields, lease_until=now() + LEASE)
    seconds = check_health().worker_seconds
    assert seconds is not None and seconds < 5
    Job.objects.all().delete()
    assert check_health().worker_seconds is None
    (home() / "worker.alive").write_text("w")
    assert check_health().worker_seconds is not None


def test_a_page_weighs_at_most_250_kb_compressed_before_charts(cast_client: CastClient) -> None:
    page = cast_client("ChainOffice").get("/").content
    names = ["vendor/tabler.min.css", "css/liandesk.css", "css/print.css", "js/frame.js", "vendor/icons.svg"]
    names += ["django_htmx/htmx-2.min.js", "liandesk.svg"]
    if finders.find("vendor/tabler.min.css") is None:
        pytest.skip("the front-end assets are not built: `make demo` builds them")
    files = [Path(str(finders.find(name))).read_bytes() for name in names]
    assert sum(len(brotli.compress(content)) for content in [page, *files]) <= 250_000


def test_pages_hold_nothing_that_the_content_security_policy_refuses(cast_client: CastClient) -> None:
    page = cast_client("ChainOffice").get("/").content.decode()
    assert "<style" not in page and " style=" not in page and " onclick=" not in page
    assert page.count("<script") == page.count("<script src=") + page.count('<script type="module" src=')


def test_each_template_of_a_panel_draws_the_panel() -> None:
    """What a panel holds is under ``panel``: a template that asks for it elsewhere draws an empty one."""
    templates = list(Path(liandesk.__file__).parent.rglob("_of_*.html"))
    assert len(templates) > 20
    assert [one.name for one in templates if "panel.title" not in one.read_text("utf-8")] == []
