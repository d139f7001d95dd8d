from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation
from tests.liandesk.conftest import BACKEND
from tests.liandesk.policies_world import BODY, KEY, RD, STEPS, make_district
from tests.liandesk.registry_world import enterprise, members, viewer

from liandesk.assess.policies import queries
from liandesk.assess.policies.actions import match
from liandesk.assess.policies.models import Fulfilment
from liandesk.assess.policies.payments import import_payments
from liandesk.base.accounts.actions import make_cast
from liandesk.base.accounts.roles import Role, ScopeKind, Viewer, system_viewer
from liandesk.base.definitions.packs import body_as_text
from liandesk.base.errors import NotAllowed, NotThere, UserError
from liandesk.base.work.actions import Step, act

OFFICE = viewer(Role.CHAIN_OFFICE, ScopeKind.OFFICE, "economy", 1001)
FINANCE = viewer(Role.OFFICER, ScopeKind.OFFICE, "finance", 1002)
TOWN = viewer(Role.TOWN_OFFICER, ScopeKind.TOWN, "330113001", 1003)


@pytest.fixture
def ids(db: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: object) -> Iterator[dict[str, str]]:
    """The permanent ids of the enterprises by their short names."""
    monkeypatch.setenv("LIANDESK_TODAY", "2024-09-30")
    make_district()
    with translation.override("en"):
        yield members()


def _step(one: Fulfilment, name: str, by: Viewer, reason: str = "", **data: object) -> Fulfilment:
    one.case.refresh_from_db()
    act(one.case_id, Step("do", one.case.events_count, name, data, reason), by=by)
    return Fulfilment.objects.get(pk=one.pk)


def _matched(ids: dict[str, str]) -> dict[str, Fulfilment]:
    found = {one.organisation: one for one in match(KEY, RD, by=OFFICE)}
    return {name: found[pk] for name, pk in ids.items() if pk in found}


def test_an_enterprise_is_owed_what_its_figures_give_and_the_unknown_is_said(ids):
    owed = {(line.term.clause.key, line.holds, line.low, line.high) for line in queries.owed_to(OFFICE, ids["one"])}
    assert owed == {(RD, True, 0, 40_000), (STEPS, False, 0, 0)}  # who comes first is open, the budget is short
    assert {line.holds for line in queries.owed_to(OFFICE, ids["bare"])} == {None}


def test_an_enterprise_sees_its_own_money_and_a_town_its_own_enterprises(ids):
    assert [line.organisation for line in queries.owed_under(enterprise(ids["one"]), KEY, RD)] == [ids["one"]]
    assert [line.organisation for line in queries.owed_under(TOWN, KEY, RD)] == [ids["one"]]
    with pytest.raises(NotThere):
        queries.owed_to(enterprise(ids["one"]), ids["two"])
    with pytest.raises(NotAllowed):
        match(KEY, RD, by=TOWN)


def test_a_match_notifies_once_and_the_way_to_payment_is_a_case(ids):
    matched = _matched(ids)
    assert set(matched) == {"one", "two"} and match(KEY, RD, by=OFFICE) == []
    one = _step(matched["one"], "confirm", enterprise(ids["one"]))
    assert one.stage == "confirmed" and queries.owed_to(OFFICE, ids["one"])[0].low == 40_000  # it came first
    one = _step(one, "publish", OFFICE, amount_cny=40_000)
    assert not queries.fulfilments(FINANCE).exists()
    one = _step(one, "list_for_payment", OFFICE)
    assert list(queries.fulfilments(FINANCE)) == [one]
    one = _step(one, "pay", FINANCE, "paid_in_full", paid_cny=40_000, paid_on="2024-09-29")
    assert (one.stage, one.reason, one.paid_fen, one.paid_on) == ("paid", "paid_in_full", 4_000_000, date(2024, 9, 29))
    assert queries.clause_of(OFFICE, KEY, RD).used == 40_000


def test_payments_come_back_on_the_list_that_went_out(ids, tmp_path):
    one = _step(_matched(ids)["one"], "confirm", enterprise(ids["one"]))
    _step(_step(one, "publish", OFFICE, amount_cny=40_000), "list_for_payment", OFFICE)
    sheet = tmp_path / "paid.csv"
    sheet.write_text(f"事项,企业,已拨付,拨付日期\n{one.case_id},壹,30000,2024-09-29\n999,无,1,2024-09-29\n", "utf-8")
    looked = import_payments(sheet, by=FINANCE, is_sure=False)
    assert (looked.written, [fault.row for fault in looked.faults]) == (1, [3])
    assert Fulfilment.objects.get(pk=one.pk).stage == "listed"
    assert import_payments(sheet, by=FINANCE, is_sure=True).written == 1
    paid = Fulfilment.objects.get(pk=one.pk)
    assert (paid.stage, paid.reason, paid.paid_fen, paid.paid_on) == (
        "paid",
        "paid_in_part",
        3_000_000,
        date(2024, 9, 29),
    )
    assert import_payments(sheet, by=FINANCE, is_sure=True).written == 0  # the same sheet again changes nothing
    with pytest.raises(NotAllowed):
        import_payments(sheet, by=TOWN, is_sure=True)


def test_nothing_goes_on_that_a_check_stands_against(ids):
    matched = _matched(ids)
    for name in ("one", "two"):
        _step(matched[name], "confirm", enterprise(ids[name]))
    with pytest.raises(UserError, match="above what the clause gives"):
        _step(matched["one"], "publish", OFFICE, amount_cny=50_000)
    _step(matched["one"], "publish", OFFICE, amount_cny=40_000)
    _step(matched["one"], "list_for_payment", OFFICE)
    with pytest.raises(UserError, match="budget of the clause"):
        _step(matched["two"], "publish", OFFICE, amount_cny=30_000)


def test_whoever_declines_leaves_the_order_with_a_reason(ids):
    one = _step(_matched(ids)["one"], "decline", enterprise(ids["one"]), "declined")
    assert (one.stage, one.reason) == ("dropped", "declined")


def test_a_draft_is_simulated_on_todays_enterprises(ids):
    draft = {**BODY, "clauses": [BODY["clauses"][1]]}
    found = queries.simulated(OFFICE, body_as_text(draft), date(2025, 1, 1))
    assert found.counts == {"loses": 2, "open": 1}
    assert [one.where for one in found.differences] == ["clauses.rd"]
    with pytest.raises(NotAllowed):
        queries.simulated(TOWN, body_as_text(draft), date(2025, 1, 1))


def test_a_replay_tells_what_was_paid_beside_what_was_owed(ids):
    rows = {row["clause"]: row for row in queries.replayed(OFFICE, ids["one"], date(2024, 6, 30), date(2024, 6, 30))}
    assert (rows[RD]["then_low"], rows[RD]["low"], rows[RD]["under"]) == (0, 40_000, 40_000)
    assert rows[RD]["inputs"]


@pytest.fixture
def client(ids: dict[str, str]) -> Callable[[str], Client]:
    """Return a function that gives a client signed in as one of the cast, Enterprise being "one"."""
    cast = make_cast(by=system_viewer("test"), organisations={"Enterprise": ids["one"], "OtherEnterprise": ids["two"]})

    def signed_in(name: str) -> Client:
        found = Client()
        found.force_login(cast[name], backend=BACKEND)
        return found

    return signed_in


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens_for_the_chain_office_in_both_languages(ids, client, language):
    office = client("ChainOffice")
    office.cookies.load({"django_language": language})
    match(KEY, RD, by=OFFICE)
    one = ids["one"]
    pages = ["", "calculator", "calculator?revenue_cny-2023=100", f"calculator?organisation={one}", "simulation"]
    pages += [f"clause/{KEY}/{RD}", f"of/{one}", f"of/{one}/replay", f"of/{one}/{KEY}/{RD}", "fulfilments"]
    pages += ["fulfilments/export/xlsx", "simulation?from=support"]
    assert {page: office.get(f"/policies/{page}").status_code for page in pages} == dict.fromkeys(pages, 200)
    drafted = office.post("/policies/simulation", {"text": body_as_text(BODY), "law": "2025-01-01"})
    assert drafted.status_code == 200
    wrong = office.post("/policies/simulation", {"text": "key: draft", "law": "2025-01-01"})
    assert wrong.status_code == 400 and "to mend" in wrong.content.decode()


def test_an_enterprise_opens_its_own_pages_and_no_other(ids, client):
    own = client("Enterprise")
    for page in ("", "/replay", f"/{KEY}/{RD}"):
        assert own.get(f"/policies/of/{ids['one']}{page}").status_code == 200
        assert own.get(f"/policies/of/{ids['two']}{page}").status_code == 404
    assert own.get(f"/policies/calculator?organisation={ids['two']}").status_code == 404
    assert own.get("/policies/simulation").status_code == 403
    assert own.post(f"/policies/clause/{KEY}/{RD}/match").status_code == 403
    assert own.get(f"/api/v1/policies/of/{ids['one']}").json()[0]["entitled"] is True
    assert own.get(f"/api/v1/policies/of/{ids['two']}").status_code == 404
