"""Where time goes, on pages: whose cases count, what is left out, what is forecast, that new steps are seen at once."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from tests.liandesk.conftest import CAST_ORGANISATIONS
from tests.liandesk.lists_world import viewer as somebody
from tests.liandesk.work_world import REQUEST, Who, know_organisations, publish, request, step

from liandesk.act.insight import queries
from liandesk.act.insight.finishes import LEAST_ENDED
from liandesk.base.accounts.roles import Role, ScopeKind
from liandesk.base.errors import NotAllowed
from liandesk.base.work.models import Case, Stay
from liandesk.base.work.upkeep import differing
from liankit.insight import bottlenecks

pytestmark = pytest.mark.django_db
SECOND = somebody(Role.CHAIN_OFFICE, ScopeKind.OFFICE, "economy", 1002)
OWN, OTHER = (CAST_ORGANISATIONS[name] for name in ("Enterprise", "OtherEnterprise"))


@pytest.fixture(autouse=True)
def _process(cast: object, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(REQUEST)
    know_organisations(monkeypatch)
    for kept in ("_KEPT", "_LEARNT", "_SAID"):
        monkeypatch.setattr(f"liandesk.act.insight.frames.{kept}", {})


def taken(viewer: Who, asker: str = OWN, **more: object) -> Case:
    """Open a request and hand it to an office."""
    office = viewer("ChainOffice")
    return step(request(office, asker, **more), office, "take", data={"office": "market"})


def ended(viewer: Who, asker: str = OWN) -> Case:
    office, officer = viewer("ChainOffice"), viewer("Officer")
    case = step(taken(viewer, asker), officer, "answer", data={"letter": "x"})
    case = step(case, office, "close", reason="met")
    return step(case, SECOND, "close", "approve")


def test_every_stay_is_kept_with_the_step_that_ended_it(viewer: Who) -> None:
    case = taken(viewer)
    assert list(case.stays.order_by("number").values_list("stage", "step")) == [("sent", "take"), ("in_hand", "")]
    assert case.stays.get(stage="sent").left_at == case.stays.get(stage="in_hand").entered_at
    assert not differing(10)


def test_a_corrected_moment_changes_the_stays(viewer: Who) -> None:
    case = taken(viewer)
    earlier = case.stays.get(number=1).left_at
    assert earlier is not None
    later = earlier + timedelta(seconds=30)
    step(case, viewer("ChainOffice"), "2", "correct", data={"at": later.isoformat()})
    assert Stay.objects.get(case=case, number=1).left_at == later and not differing(10)


def test_each_sees_the_times_of_their_own_cases(viewer: Who) -> None:
    for asker in (OWN, OWN, OTHER):
        taken(viewer, asker)
    assert queries.insight(viewer("ChainOffice"), "request").log.cases.height == 3
    assert queries.insight(viewer("Enterprise"), "request").log.cases.height == 2
    assert queries.insight(viewer("OtherEnterprise"), "request").stages()["stays"].to_list() == [1, 1]
    assert {line.total for line in queries.lines(viewer("Enterprise"))} == {2}
    with pytest.raises(NotAllowed):
        queries.insight(viewer("Outsider"), "request")


def test_restricted_cases_are_left_out_and_counted(viewer: Who) -> None:
    taken(viewer)
    taken(viewer, is_restricted=True)
    found = queries.insight(viewer("ChainOffice"), "request")
    assert (found.log.cases.height, found.left_out) == (1, 1)


def test_a_new_step_is_seen_at_once_and_what_was_read_is_kept(viewer: Who) -> None:
    first, second = taken(viewer), taken(viewer)
    assert queries.insight(viewer("ChainOffice"), "request").log.visits.height == 4
    step(first, viewer("Officer"), "answer", data={"letter": "x"})
    found = queries.insight(viewer("ChainOffice"), "request")
    assert found.log.visits.filter(case=first.pk).height == 3
    assert found.log.visits.filter(case=second.pk).height == 2
    assert found.log.cases.height == 2


def test_stages_are_told_apart_by_who_leads_them(viewer: Who) -> None:
    taken(viewer)
    offices = queries.insight(viewer("ChainOffice"), "request").stages("office")
    assert set(offices.select("office", "stage").iter_rows()) == {("economy", "sent"), ("market", "in_hand")}


def test_the_page_says_so_in_both_languages_and_refuses_strangers(viewer: Who, cast_client: object) -> None:
    taken(viewer)
    client: Client = cast_client("ChainOffice")  # type: ignore[operator]
    for language in ("zh-hans", "en"):
        client.cookies["django_language"] = language
        for path in ("/insight/", "/insight/request", "/insight/request?by=office&meet=sent&least=1"):
            assert client.get(path).status_code == 200, path
    assert client.get("/insight/none").status_code == 404
    assert cast_client("Outsider").get("/insight/request").status_code == 403  # type: ignore[operator]


def test_the_event_log_has_the_columns_of_process_mining_and_the_readers_cases_alone(
    viewer: Who, cast_client: object
) -> None:
    own = taken(viewer)
    taken(viewer, OTHER)
    answer = cast_client("Enterprise").get("/insight/request/events.csv")  # type: ignore[operator]
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert [(row["case:concept:name"], row["concept:name"]) for row in rows] == [
        (str(own.pk), rows[0]["concept:name"]),
        (str(own.pk), "take"),
    ]
    assert {"time:timestamp", "org:resource", "lifecycle:transition"} <= set(rows[0])


def test_a_case_restricted_after_it_was_read_is_forgotten(viewer: Who) -> None:
    first, office = taken(viewer), viewer("ChainOffice")
    assert queries.insight(office, "request").log.cases["case"].to_list() == [first.pk]
    Case.objects.filter(pk=first.pk).update(is_restricted=True)
    second = taken(viewer)
    assert queries.insight(office, "request").log.cases["case"].to_list() == [second.pk]


def test_a_case_is_forecast_once_enough_have_ended(viewer: Who, monkeypatch: pytest.MonkeyPatch) -> None:
    standing = taken(viewer)
    for _ in range(LEAST_ENDED - 1):
        ended(viewer)
    office = viewer("ChainOffice")
    assert queries.forecast(office, standing.pk) is None
    done = ended(viewer)
    monkeypatch.setattr("liandesk.act.insight.frames._LEARNT", {})  # it is learnt once a day
    found = queries.forecast(office, standing.pk)
    assert found is not None and found.median is not None and found.low is not None
    assert 0 <= found.low <= found.median < 1
    assert queries.forecast(office, done.pk) is None
    assert queries.forecast(viewer("OtherEnterprise"), standing.pk) is None


def test_the_parts_of_the_page_are_those_of_the_library(viewer: Who) -> None:
    taken(viewer)
    found = queries.insight(viewer("ChainOffice"), "request")
    assert found.parts().equals(bottlenecks(found.log, found.at))
    assert found.parts()["share"].sum() == pytest.approx(1.0)
