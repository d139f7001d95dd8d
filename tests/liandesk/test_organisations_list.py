"""The list of organisations: filters by place, kind, segment and title, columns, copies, the API."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from django.test import Client
from tests.liandesk.language import assert_language
from tests.liandesk.test_things import FIRST, SECOND, fact, load, page

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]
ONE, CLINIC = "workbook:organisation:one", "workbook:organisation:clinic"
LINES = [
    *fact(ONE, name="临安生物一号有限公司", role="enterprise", town=FIRST, zone="new_town", segment="生物药"),
    *fact("workbook:organisation:two", name="临安器械二号有限公司", role="enterprise", town=SECOND, segment="医疗器械"),
    *fact(CLINIC, name="临安第一医院", role="hospital", town=FIRST),
    *fact("workbook:title:a", title="专精特新", organisation=ONE),
]


@pytest.fixture
def office(cast_client: SignIn) -> Client:
    load(LINES)
    return cast_client("ChainOffice")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("kind=hospital", {"临安第一医院"}),
        (f"town={FIRST}", {"临安生物一号有限公司", "临安第一医院"}),
        ("zone=new_town", {"临安生物一号有限公司"}),
        ("segment=医疗器械", {"临安器械二号有限公司"}),
        ("title=专精特新", {"临安生物一号有限公司"}),
        ("text=二号", {"临安器械二号有限公司"}),
        (f"kind=enterprise&town={FIRST}", {"临安生物一号有限公司"}),
    ],
)
def test_a_filter_lets_through_what_it_says(office: Client, query: str, expected: set[str]) -> None:
    answer = office.get(f"/api/v1/organisations?{query}")
    assert {row["name"] for row in answer.json()["items"]} == expected


def test_a_title_nobody_holds_is_not_offered_and_an_error_to_a_program(office: Client) -> None:
    assert office.get("/api/v1/organisations?title=nobody").status_code == 400


def test_a_copy_holds_the_filtered_rows_with_the_chosen_columns(office: Client) -> None:
    asked = "kind=enterprise&columns=town&columns=segment&sort=-name"
    answer = office.get(f"/organisations/export/csv?{asked}", headers={"accept-language": "en"})
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert rows[0] == ["Name", "Town", "Segment of the chain"]
    assert [row[0] for row in rows[1:]] == ["临安生物一号有限公司", "临安器械二号有限公司"]


def test_a_workbook_says_what_it_was_made_from(office: Client) -> None:
    answer = office.get("/organisations/export/xlsx?kind=hospital", headers={"accept-language": "en"})
    assert b"".join(answer.streaming_content)[:2] == b"PK"
    assert answer.headers["Content-Disposition"].endswith('.xlsx"')


def test_another_kind_of_file_is_refused_with_those_there_are(office: Client) -> None:
    answer = office.get("/organisations/export/pdf", headers={"accept-language": "en"})
    assert answer.status_code == 400
    assert "csv, xlsx" in answer.content.decode()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_list_reads_in_one_language(office: Client, language: str) -> None:
    path = "/organisations/?columns=name&columns=zone&columns=kind"
    assert_language(office.get(path, headers={"accept-language": language}))


def test_the_page_of_an_organisation_shows_what_it_has(office: Client) -> None:
    found = office.get("/api/v1/organisations?title=专精特新").json()["items"][0]["id"]
    assert "专精特新" in page(office, f"/organisations/{found}")
