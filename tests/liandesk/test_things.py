"""Things that are simply listed: from facts to the page, the copy and the API."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable

import polars as pl
import pytest
from django.test import Client
from tests.liandesk.language import assert_language

from liandesk.assess.lists.queries import current
from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import system_viewer, viewer_of
from liandesk.base.audit.models import AuditEvent
from liandesk.base.facts.actions import NewLanding, land, withdraw
from liandesk.base.facts.models import Landing
from liandesk.base.facts.schema import FACT_SCHEMA
from liandesk.know.registry.models import Thing
from liandesk.know.registry.things_kinds import KINDS, ThingKind
from liandesk.know.registry.things_queries import opened, things, things_of
from liandesk.know.registry.things_tables import build_things
from liandesk.refresh.runs import run_now
from liankit.tables import PROBLEM_SCHEMA

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]
BY = system_viewer("test")
FIRST, SECOND = "330113001", "330113002"


def fact(record: str, **said: str | float) -> list[dict[str, object]]:
    line = {"record": record, "kind": record.split(":")[1], "unit": "", "file": "all.xlsx", "sheet": "s", "row": 3}
    return [
        line | {"attribute": name, ("number" if isinstance(value, float) else "text"): value}
        for name, value in said.items()
    ]


ORGANISATION = "workbook:organisation:one"
LINES = [
    *fact(ORGANISATION, name="临安生物一号有限公司", role="enterprise", town=FIRST),
    *fact("workbook:item:resin", name="层析填料"),
    *fact(
        "workbook:space:a", name="东湖三号厂房", space_kind="plant", town=FIRST, area_m2=2400.0, free_from="2024-01-01"
    ),
    *fact(
        "workbook:space:b", name="塘栖地块", space_kind="parcel", town=SECOND, area_m2=9000.0, free_from="2025-03-01"
    ),
    *fact("workbook:space:c", name="无面积楼层", space_kind="floor", town=FIRST),
    *fact("workbook:title:a", title="专精特新", organisation=ORGANISATION, expires_on="2023-12-31"),
    *fact(
        "workbook:product:a", name="填料柱", organisation=ORGANISATION, item="workbook:item:resin", revenue_share=0.4
    ),
    *fact("workbook:title:b", organisation=ORGANISATION, level="市级"),
]


def load(lines: list[dict[str, object]] = LINES) -> Landing:
    """Land facts and publish what follows from them."""
    content = hashlib.sha256(repr(lines).encode()).hexdigest()
    facts, report = pl.DataFrame(lines, schema=FACT_SCHEMA), pl.DataFrame(schema=PROBLEM_SCHEMA)
    landing = land(NewLanding("workbook", "all.xlsx", content, facts, report, {}), by=BY)
    run_now()
    return landing


def page(client: Client, path: str, language: str = "en") -> str:
    response = client.get(path, headers={"accept-language": language})
    assert response.status_code == 200, response.content.decode()[:1000]
    return response.content.decode()


def names(client: Client, query: str) -> list[str]:
    answer = client.get(f"/api/v1/spaces?{query}")
    assert answer.status_code == 200, answer.content
    return [row["name"] for row in answer.json()["items"]]


def test_every_kind_has_a_table_and_an_unnamed_thing_is_counted() -> None:
    known = pl.DataFrame(LINES, schema=FACT_SCHEMA)
    members = pl.DataFrame({"record": [ORGANISATION], "organisation": ["O1"]})
    organisations = pl.DataFrame({"id": ["O1"], "name": ["临安生物一号有限公司"], "town": [FIRST]})
    tables, lost = build_things(known, members, organisations)
    assert {slug: table.height for slug, table in tables.items() if table.height} == {
        "spaces": 3, "titles": 1, "products": 1,
    }  # fmt: skip
    assert set(tables) == {kind.slug for kind in KINDS.values()}
    assert lost == {"title_without_name": 1}


def test_a_thing_has_its_owner_the_owners_town_and_the_name_of_its_item(cast: dict[str, User]) -> None:
    load()
    product = things(BY, "product").get()
    assert (product.organisation_name, product.town) == ("临安生物一号有限公司", FIRST)
    assert product.attributes == {"item": "层析填料", "revenue_share": 0.4}
    assert [kind.code for kind, _rows in things_of(BY, product.organisation)] == ["product", "title"]


def test_withdrawing_the_file_takes_its_things_off_the_list_but_a_kept_link_still_opens() -> None:
    landing = load()
    space = things(BY, "space").first()
    assert space is not None
    withdraw(landing.key, by=BY, why="wrong file")
    run_now()
    assert not things(BY, "space").exists()
    assert opened(BY, "space", space.pk) is not None


def test_a_product_that_nobody_needs_is_listed_and_no_risk() -> None:
    node = fact("workbook:item:column", name="填料柱", node_kind="item")
    load([*LINES, *node, *fact("workbook:makes:a", organisation=ORGANISATION, item="workbook:item:column")])
    assert things(BY, "product").count() == 1
    assert not current(BY).exists()


def test_an_id_is_the_same_after_the_same_facts_come_again() -> None:
    withdraw(load().key, by=BY, why="once more")
    before = set(Thing.objects.values_list("pk", flat=True))
    load([*LINES, *fact("workbook:space:d", name="另一地块")])
    assert set(Thing.objects.values_list("pk", flat=True)) - before != set()
    assert before < set(Thing.objects.filter(is_current=True).values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("space_kind=parcel", {"塘栖地块"}),
        (f"town={FIRST}", {"东湖三号厂房", "无面积楼层"}),
        ("free_from=past", {"东湖三号厂房"}),
        ("free_from=future", {"塘栖地块"}),
        ("free_from=unknown", {"无面积楼层"}),
        ("text=地块", {"塘栖地块"}),
    ],
)
def test_a_filter_lets_through_what_it_says(cast_client: SignIn, query: str, expected: set[str]) -> None:
    load()
    assert set(names(cast_client("ChainOffice"), query)) == expected


def test_a_value_that_is_not_offered_is_an_error_to_a_program(cast_client: SignIn) -> None:
    load()
    answer = cast_client("ChainOffice").get("/api/v1/spaces?space_kind=castle")
    assert answer.status_code == 400
    assert "space_kind" in answer.json()["message"]


def test_what_is_unknown_comes_last_in_both_directions_and_is_called_unknown(cast_client: SignIn) -> None:
    load()
    client = cast_client("ChainOffice")
    for order in ("area_m2", "-area_m2"):
        shown = page(client, f"/spaces/?sort={order}")
        assert max(shown.index(name) for name in ("东湖三号厂房", "塘栖地块")) < shown.index("无面积楼层")
        assert "unknown" in shown


def test_a_copy_holds_what_the_page_shows_and_leaves_a_trace(cast_client: SignIn) -> None:
    load()
    asked = "columns=area_m2&columns=town&sort=-area_m2&space_kind=&text="
    answer = cast_client("ChainOffice").get(f"/spaces/export/csv?{asked}", headers={"accept-language": "en"})
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert rows[0] == ["Space", "Town", "Area (m²)"]
    assert [row[0] for row in rows[1:]] == ["塘栖地块", "东湖三号厂房", "无面积楼层"]
    assert rows[3][2] == "unknown"
    event = AuditEvent.objects.filter(action="list.export").get()
    assert (event.object_id, event.details["rows"]) == ("spaces", 3)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_list_and_every_thing_reads_in_one_language(cast_client: SignIn, language: str) -> None:
    load()
    client = cast_client("ChainOffice")
    pages = [f"/{kind.slug}/" for kind in KINDS.values()]
    pages += [f"/{KINDS[thing.kind].slug}/{thing.pk}" for thing in Thing.objects.all()]
    for path in pages:
        assert_language(client.get(path, headers={"accept-language": language}))


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.code)
def test_what_names_and_owns_a_thing_is_shown_under_its_column(kind: ThingKind) -> None:
    shown = {column.title for column in kind.listing.columns}
    assert {kind.title_of(name) for name in (kind.names, kind.owner, kind.partner) if name} <= shown


def test_a_town_officer_sees_the_space_of_the_town_and_no_other(cast: dict[str, User]) -> None:
    load()
    seen = things(viewer_of(cast["TownOfficer"]), "space")
    assert {thing.town for thing in seen} == {FIRST}
    assert not things(viewer_of(cast["Enterprise"]), "space").exists()
