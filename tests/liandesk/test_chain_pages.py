from __future__ import annotations

import io
from collections.abc import Callable

import polars as pl
import pytest
from django.test import Client
from tests.liandesk.chain_world import BY, build_chain_world
from tests.liandesk.conftest import BACKEND
from tests.liandesk.language import words_of

from liandesk.base.accounts.actions import make_cast
from liandesk.base.accounts.cast import NAMES
from liandesk.base.audit.models import AuditEvent
from liandesk.base.snapshots.models import Publication
from liandesk.know.chain.models import SupplyEnd
from liandesk.refresh.runs import run_now

pytestmark = pytest.mark.django_db(transaction=True)
SignIn = Callable[[str], Client]

LISTS = ("links", "partners", "problems", "supplies", "customers")
ONE, TWO, THREE = "临平一号生物制药有限公司", "临平二号填料科技有限公司", "临平三号医疗器械有限公司"


@pytest.fixture
def ids() -> dict[str, str]:
    return build_chain_world()


@pytest.fixture
def sign_in(ids: dict[str, str]) -> SignIn:
    """The cast, of which Enterprise speaks for the second enterprise and OtherEnterprise for the third."""
    acted_for = {"Enterprise": ids[TWO], "OtherEnterprise": ids[THREE], "Hospital": "none", "OtherHospital": "none"}
    cast = make_cast(by=BY, organisations=acted_for)

    def signed_in(name: str) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(cast[name], backend=BACKEND)
        return client

    return signed_in


def _links(client: Client, path: str) -> set[tuple[str, str]] | int:
    answer = client.get(path)
    if answer.status_code != 200:
        return answer.status_code
    return {(row["organisation_name"], row["other_name"]) for row in answer.json()["items"]}


def test_what_each_of_the_cast_sees_of_the_links_of_the_second_enterprise(sign_in: SignIn) -> None:
    """It buys from Suzhou and supplies the third enterprise; it lies in another town than the first one."""
    seen = {
        name: (_links(sign_in(name), "/api/v1/chain/supplies"), _links(sign_in(name), "/api/v1/chain/customers"))
        for name in NAMES
    }
    away, abroad = "苏州纳微层析有限公司", "Cytal Bioprocess AB"
    bought_by_two, sold_by_two = (TWO, away), (TWO, THREE)
    everything = ({bought_by_two, (THREE, TWO), (ONE, abroad), (ONE, "")}, {(away, TWO), sold_by_two, (abroad, ONE)})
    assert seen["ChainOffice"] == seen["ChainChief"] == everything
    assert seen["Enterprise"] == ({bought_by_two}, {sold_by_two}), "both of its own ends"
    assert seen["OtherEnterprise"] == ({(THREE, TWO)}, set()), "only the link it is an end of"
    assert seen["TownOfficer"] == ({(ONE, abroad), (ONE, "")}, set()), "only its own town's"
    assert seen["OtherTown"] == ({bought_by_two, (THREE, TWO)}, {sold_by_two})
    for name in ("Hospital", "OtherHospital"):
        assert seen[name] == (set(), set()), "no links of its own"
    for name in ("Officer", "Bank", "Expert", "Auditor", "Operator", "Outsider"):
        assert seen[name] == (403, 403), name


def test_a_supplier_is_not_told_its_buyers_stock_share_and_amount(sign_in: SignIn, ids: dict[str, str]) -> None:
    rows = sign_in("Enterprise").get("/api/v1/chain/customers").json()["items"]
    assert not {"amount_cny", "share", "stock_days", "sole_source"} & set(rows[0])
    page = sign_in("Enterprise").get(f"/chain/organisations/{ids[TWO]}").content.decode()
    assert "15 万元" not in page and "0.15" not in page and THREE in page


def test_another_enterprise_and_its_picture_are_not_there_for_an_enterprise(
    sign_in: SignIn, ids: dict[str, str]
) -> None:
    assert sign_in("OtherEnterprise").get(f"/chain/organisations/{ids[ONE]}").status_code == 404
    node = sign_in("OtherEnterprise").get(f"/chain/nodes/{ids['层析填料']}").content.decode()
    assert ONE not in node and "is-missing" not in node, "the open map, without who is on it and who lacks what"


def test_the_picture_holds_what_the_table_holds_with_direction_item_and_basis(
    sign_in: SignIn, ids: dict[str, str]
) -> None:
    page = sign_in("ChainOffice").get(f"/chain/nodes/{ids['单抗注射液']}?hops=2").content.decode()
    assert page.count('class="chain-box ') == 7 and "marker-end" in page
    assert "goes into" in page and "is-missing" in page and "Protein A" in page
    picture = sign_in("ChainOffice").get(f"/chain/organisations/{ids[ONE]}").content.decode()
    assert '<text class="chain-label"' in picture and "层析填料" in picture


def test_one_walks_up_down_or_both_ways(sign_in: SignIn, ids: dict[str, str]) -> None:
    office = sign_in("ChainOffice")
    found = {
        direction: {
            row["name"]
            for row in office.get(f"/api/v1/chain/nodes/{ids['层析填料']}/around?hops=1&direction={direction}").json()[
                "nodes"
            ]
        }
        for direction in ("up", "down", "both")
    }
    assert found["up"] == {"层析填料", "Protein A 层析填料"}
    assert found["down"] == {"层析填料", "单抗注射液"}
    assert found["both"] == found["up"] | found["down"]
    assert office.get(f"/api/v1/chain/nodes/{ids['层析填料']}/around?hops=9").status_code == 422


def test_a_weak_link_opens_into_what_speaks_for_and_against_it(sign_in: SignIn, ids: dict[str, str]) -> None:
    office = sign_in("ChainOffice")
    reasons = office.get(f"/api/v1/chain/reasons/links/weak:{ids['层析填料']}").json()
    holds = {reason["code"]: reason["holds"] for reason in reasons}
    assert holds["chain_said_sole"] is True and holds["chain_stock_short"] is True
    assert holds["chain_kin_made_here"] is True, "the second enterprise makes a kind of it"
    assert {reason["speaks_against"] for reason in reasons} == {True, False}
    page = office.get(f"/chain/reasons/links/weak:{ids['层析填料']}").content.decode()
    assert "Speaks against it" in page


def test_a_local_supplier_is_proposed_to_a_local_buyer_that_buys_abroad(sign_in: SignIn) -> None:
    rows = sign_in("ChainOffice").get("/api/v1/chain/partners").json()["items"]
    first = rows[0]
    assert (first["buyer_name"], first["supplier_name"], first["match"]) == (ONE, TWO, "subtype")
    assert first["bought_abroad"] is True and first["supplies_already"] is False


def test_a_copy_holds_what_the_page_shows_and_leaves_a_trace(sign_in: SignIn) -> None:
    office = sign_in("ChainOffice")
    for path, listed in {"chain": "chain/nodes", **{f"chain/{name}": f"chain/{name}" for name in LISTS}}.items():
        answer = office.get(f"/{path}/export/csv")
        copied = pl.read_csv(io.BytesIO(b"".join(answer.streaming_content)))
        assert copied.height == office.get(f"/api/v1/{listed}?limit=1").json()["count"], path
        assert office.get(f"/{path}/export/xlsx").status_code == 200
    assert AuditEvent.objects.filter(action="list.export").count() == 2 * (1 + len(LISTS))


def test_the_surroundings_of_a_node_and_a_portrait_leave_as_files_for_whoever_sees_them(
    sign_in: SignIn, ids: dict[str, str]
) -> None:
    office = sign_in("ChainOffice")
    node = office.get("/api/v1/chain/nodes").json()["items"][0]["id"]
    around = _csv(office, f"/chain/nodes/{node}/export/csv?hops=3")
    shown = office.get(f"/chain/nodes/{node}?hops=3").content.decode()
    assert around.height and all(name in shown for name in around["Node"])
    said = _csv(office, f"/organisations/{ids[TWO]}/export/csv")
    assert TWO in said["Value"].to_list() and set(said["Source"]) == {"workbook"}
    assert sign_in("OtherEnterprise").get(f"/organisations/{ids[TWO]}/export/csv").status_code == 404
    assert AuditEvent.objects.filter(action="list.export").count() == 2


def _csv(client: Client, path: str) -> pl.DataFrame:
    return pl.read_csv(io.BytesIO(b"".join(client.get(path).streaming_content)), infer_schema_length=0)


def test_a_refresh_that_changes_nothing_of_a_list_leaves_its_rows_as_they_are(ids: dict[str, str]) -> None:
    before = list(SupplyEnd.objects.values_list("pk", flat=True))
    run_now()
    counts = Publication.objects.latest("published_at").counts
    assert list(SupplyEnd.objects.values_list("pk", flat=True)) == before and "supplyend" in counts


def test_the_pages_are_empty_and_say_what_would_fill_them_before_anything_is_loaded(cast_client: SignIn) -> None:
    page = cast_client("ChainOffice").get("/chain/", headers={"accept-language": "en"}).content.decode()
    assert "Nodes come from loaded files" in page
    assert not any("层" in said for said in words_of(page).said)
