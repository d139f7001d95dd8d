from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import translation
from tests.liandesk.conftest import BACKEND
from tests.liandesk.policies_world import BODY, RD, STEPS, make_district
from tests.liandesk.policy_simulation_world import answered as work_on
from tests.liandesk.registry_world import load, members, organisation, refresh, viewer

from liandesk.assess.policies import simulation_actions as actions
from liandesk.assess.policies import simulation_queries as queries
from liandesk.assess.policies.models import Simulation
from liandesk.assess.policies.simulation_jobs import answered
from liandesk.base.accounts.actions import make_cast
from liandesk.base.accounts.roles import Role, ScopeKind, system_viewer
from liandesk.base.definitions.packs import body_as_text
from liandesk.base.errors import NotAllowed, NotThere, UserError
from liandesk.base.jobs.actions import claim
from liandesk.base.jobs.models import Job
from liandesk.base.snapshots import store
from liandesk.base.snapshots.store import get_frame
from liandesk.refresh.worker import do
from liankit.process.check import DefinitionError

OFFICE = viewer(Role.CHAIN_OFFICE, ScopeKind.OFFICE, "economy", 1001)
TOWN = viewer(Role.TOWN_OFFICER, ScopeKind.TOWN, "330113001", 1003)
LAW = date(2025, 1, 1)
WITHOUT_RD = {**BODY, "clauses": [BODY["clauses"][1]]}
PAGES = "/policies/simulations/"


@pytest.fixture
def ids(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """The permanent ids of the enterprises by their short names."""
    monkeypatch.setenv("LIANDESK_TODAY", "2024-09-30")
    make_district()
    with translation.override("en"):
        yield members()


def test_a_draft_meets_todays_enterprises_and_says_who_loses_where_and_what_it_costs(ids):
    found = work_on(actions.ask("Without R&D", WITHOUT_RD, LAW, by=OFFICE))
    told = queries.answer_of(OFFICE, found.pk)
    assert told.counts == {"loses": 2, "open": 1}
    assert [(one.part, one.name) for one in told.differences] == [(RD, "clause")]
    assert dict(told.moves.select("organisation", "move_high").iter_rows())[ids["one"]] == -40_000
    assert told.costs == {"before": (20_000, 90_000), "after": (20_000, 40_000)}
    towns = {row["town"]: row["loses"] for row in queries.grouped(told.moves, "town").iter_rows(named=True)}
    assert towns == {"330113001": 1, "330113002": 1}
    assert queries.filtered(told.moves, {"town": "330113002", "verdict": "loses"})["organisation"].to_list() == [
        ids["two"]
    ]
    with pytest.raises(NotAllowed):
        queries.answer_of(TOWN, found.pk)
    with pytest.raises(NotThere):
        queries.answer_of(OFFICE, found.pk + 1)
    _comes_out_again(found)


def _comes_out_again(found: Simulation) -> None:
    """What was asked and found is kept, and the same comes out of it whatever changed since."""
    load([*organisation("late", "丁四有限公司")], "late")
    refresh()
    again = answered(found, get_frame(found.tables["facts"]), lambda *_: None)
    kept = {name: digest for name, digest in found.tables.items() if name in again and name != "moves"}
    assert {name: store.put_frame(again[name]) for name in kept} == kept
    assert again["moves"].equals(get_frame(found.tables["moves"]).drop("size"))
    assert (found.asked_by, found.today, found.law) == (OFFICE.actor, date(2024, 9, 30), LAW)


def test_what_waits_is_cancelled_at_once_what_runs_between_two_draws_and_a_wrong_draft_is_refused(ids):
    waiting = actions.ask("One", BODY, LAW, by=OFFICE)
    assert actions.cancel(waiting.pk, by=OFFICE).pk == waiting.pk
    running = actions.ask("Two", BODY, LAW, by=OFFICE)
    job = claim("test", job_id=running.job_id)
    Job.objects.filter(pk=running.job_id).update(cancel_requested=True)
    do(job)
    assert {one.job.state for one in Simulation.objects.select_related("job")} == {"cancelled"}
    assert not Simulation.objects.exclude(tables={}).exists()
    wrong = {**BODY["clauses"][1], "when": {**BODY["clauses"][1]["when"], "quantity": "revenue_cnz"}}
    with pytest.raises(DefinitionError, match=r"no quantity 'revenue_cnz'.*revenue_cny"):
        actions.ask("Wrong", {**BODY, "clauses": [wrong]}, LAW, by=OFFICE)
    with pytest.raises(UserError, match="not in force on 2027-01-01"):
        actions.ask("Late", BODY, date(2027, 1, 1), by=OFFICE)
    with pytest.raises(NotAllowed):
        actions.ask("Town", BODY, LAW, by=TOWN)
    assert Simulation.objects.count() == 2


@pytest.fixture
def client(ids: dict[str, str]) -> Callable[[str], Client]:
    cast = make_cast(by=system_viewer("test"), organisations={"Enterprise": ids["one"], "OtherEnterprise": ids["two"]})

    def signed_in(name: str, language: str = "en") -> Client:
        found = Client()
        found.force_login(cast[name], backend=BACKEND)
        found.cookies.load({"django_language": language})
        return found

    return signed_in


def test_an_officer_changes_a_number_of_a_copy_watches_and_reads_the_answer_in_both_languages(ids, client):
    office = client("ChainOffice")
    version = queries.versions_to_change(OFFICE)[0]
    form = office.get(f"{PAGES}new?from={version.pk}")
    sent = {name: field.initial for name, field in form.context["numbers"].fields.items() if field.initial is not None}
    place = f"clauses.{STEPS}.benefit.amount_cny"
    made = office.post(f"{PAGES}new?from={version.pk}", {**sent, "title": "More", "law": "2025-01-01", place: 30_000})
    assert made.status_code == 302
    assert b"progress" in office.get(made.url).content
    work_on(Simulation.objects.get())
    for language in ("en", "zh-hans"):
        page = client("ChainOffice", language).get(made.url)
        assert page.status_code == 200 and page.context["differences"][0][2:] != ("", "")
    told = queries.answer_of(OFFICE, Simulation.objects.get().pk)
    assert [(one.before, one.after) for one in told.differences] == [(20_000, 30_000)]
    draft = office.get(f"{made.url}/draft")
    assert "amount_cny: 30000" in draft.content.decode()
    assert office.get(f"{made.url}/export/xlsx?verdict=gains").status_code == 200
    assert client("Enterprise").get(made.url).status_code == 403
    assert client("Enterprise").post(f"{made.url}/cancel").status_code == 403
    _send_files(office)


def _send_files(office: Client) -> None:
    """A draft comes from a file, too, and its mistakes are said beside it."""
    sent = {"file-title": "A file", "file-law": "2025-01-01"}

    def post(content: str) -> HttpResponse:
        return office.post(f"{PAGES}new", {**sent, "file-file": SimpleUploadedFile("d.yaml", content.encode())})

    assert post(body_as_text(BODY)).status_code == 302
    wrong = post("key: draft")
    assert wrong.status_code == 400 and "to mend" in wrong.content.decode()
    assert post("a: [").status_code == 400
    assert office.get(PAGES).status_code == office.get(f"{PAGES}new").status_code == 200
