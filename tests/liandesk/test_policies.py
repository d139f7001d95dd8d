from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation
from tests.liandesk.conftest import BACKEND
from tests.liandesk.policies_world import KEY, OFFICE, RD, STEPS, TOWN, make_district
from tests.liandesk.registry_world import enterprise, members

from liandesk.assess.policies import queries
from liandesk.assess.policies.actions import match
from liandesk.base.accounts.actions import make_cast
from liandesk.base.accounts.roles import system_viewer
from liandesk.base.errors import NotAllowed, NotThere


@pytest.fixture
def ids(db: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: object) -> Iterator[dict[str, str]]:
    """The permanent ids of the enterprises by their short names."""
    monkeypatch.setenv("LIANDESK_TODAY", "2024-09-30")
    make_district()
    with translation.override("en"):
        yield members()


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
    pages = ["", "calculator", "calculator?revenue_cny-2023=100", f"calculator?organisation={one}"]
    pages += [f"clause/{KEY}/{RD}", f"of/{one}", f"of/{one}/replay", f"of/{one}/{KEY}/{RD}", "fulfilments"]
    pages += ["fulfilments/export/xlsx"]
    assert {page: office.get(f"/policies/{page}").status_code for page in pages} == dict.fromkeys(pages, 200)


def test_an_enterprise_opens_its_own_pages_and_no_other(ids, client):
    own = client("Enterprise")
    for page in ("", "/replay", f"/{KEY}/{RD}"):
        assert own.get(f"/policies/of/{ids['one']}{page}").status_code == 200
        assert own.get(f"/policies/of/{ids['two']}{page}").status_code == 404
    assert own.get(f"/policies/calculator?organisation={ids['two']}").status_code == 404
    assert own.post(f"/policies/clause/{KEY}/{RD}/match").status_code == 403
    assert own.get(f"/api/v1/policies/of/{ids['one']}").json()[0]["entitled"] is True
    assert own.get(f"/api/v1/policies/of/{ids['two']}").status_code == 404


def test_why_something_is_owed_is_told_clause_by_clause_with_its_amount(ids, client):
    own = client("Enterprise")
    own.cookies.load({"django_language": "en"})
    why = own.get(f"/policies/of/{ids['one']}/{KEY}/{RD}").content.decode().replace("\xa0", " ")
    assert "≥ CNY 300,000" in why and "CNY 400,000" in why, "what is asked, and what it has"
    assert "does not apply" in why, "the veto of the policy"
    assert "CNY 40,000" in why
