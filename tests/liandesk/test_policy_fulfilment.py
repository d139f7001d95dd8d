from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation
from tests.liandesk.conftest import BACKEND
from tests.liandesk.policies_world import (
    FINANCE,
    KEY,
    OFFICE,
    RD,
    SECOND,
    STEPS,
    TOWN,
    listed,
    make_district,
    matched,
    say_made_up,
    step,
)
from tests.liandesk.registry_world import enterprise, members, viewer

from liandesk.assess.policies import follow_up, pleas, queries
from liandesk.assess.policies.actions import match
from liandesk.assess.policies.models import Fulfilment, PaymentList
from liandesk.assess.policies.payment_lists import ListRefused, approve, assemble, take_off, waiting
from liandesk.assess.policies.payments import import_payments
from liandesk.assess.policies.publication import joined
from liandesk.base.accounts.actions import make_cast
from liandesk.base.accounts.roles import Role, ScopeKind, Viewer, system_viewer
from liandesk.base.errors import Conflict, NotAllowed, NotThere, UserError
from liandesk.base.ui.panels import INBOX, InboxLine
from liandesk.base.work.actions import IllegalStep, NewCase, Step, act, open_case
from liandesk.base.work.models import Case

Later = Callable[[str], None]
OTHER_TOWN = viewer(Role.TOWN_OFFICER, ScopeKind.TOWN, "330113002", 1007)


@pytest.fixture
def ids(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """The permanent ids of the enterprises by their short names, on 30 September 2024."""
    monkeypatch.setenv("LIANDESK_TODAY", "2024-09-30")
    make_district()
    with translation.override("en"):
        yield members()


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    """Return a function that makes it a later day; the publication of a week is over on 8 October."""
    return lambda day: monkeypatch.setenv("LIANDESK_TODAY", day)


def _published(one: Fulfilment, amount: float = 40_000, **said: object) -> Fulfilment:
    return step(step(one, "confirm", enterprise(one.organisation)), "publish", OFFICE, amount_cny=amount, **said)


def test_a_match_notifies_once_and_the_way_to_payment_is_a_case(ids, later):
    found = matched(ids)
    assert set(found) == {"one", "two"} and match(KEY, RD, by=OFFICE) == []
    one = step(found["one"], "confirm", enterprise(ids["one"]))
    assert one.stage == "confirmed" and queries.owed_to(OFFICE, ids["one"])[0].low == 40_000  # it came first
    one = step(one, "publish", OFFICE, amount_cny=40_000)
    assert not queries.fulfilments(FINANCE).exists()
    later("2024-10-08")
    (one,) = listed(one)
    assert list(queries.fulfilments(FINANCE)) == [one]
    one = step(one, "pay", FINANCE, "paid_in_full", paid_cny=40_000, paid_on="2024-10-08")
    assert (one.stage, one.reason, one.paid_fen, one.paid_on) == ("paid", "paid_in_full", 4_000_000, date(2024, 10, 8))
    assert queries.clause_of(OFFICE, KEY, RD).used == 40_000


def test_payments_come_back_on_the_list_that_went_out(ids, later, tmp_path: Path):
    one = _published(matched(ids)["one"])
    later("2024-10-08")
    listed(one)
    sheet = tmp_path / "paid.csv"
    sheet.write_text(f"事项,企业,已拨付,拨付日期\n{one.case_id},壹,30000,2024-10-08\n999,无,1,2024-10-08\n", "utf-8")
    looked = import_payments(sheet, by=FINANCE, is_sure=False)
    assert (looked.written, [fault.row for fault in looked.faults]) == (1, [3])
    assert Fulfilment.objects.get(pk=one.pk).stage == "listed"
    assert import_payments(sheet, by=FINANCE, is_sure=True).written == 1
    paid = Fulfilment.objects.get(pk=one.pk)
    told = (paid.stage, paid.reason, paid.paid_fen, paid.paid_on)
    assert told == ("paid", "paid_in_part", 3_000_000, date(2024, 10, 8))
    assert import_payments(sheet, by=FINANCE, is_sure=True).written == 0  # the same sheet again changes nothing
    with pytest.raises(NotAllowed):
        import_payments(sheet, by=TOWN, is_sure=True)


def test_nothing_goes_on_that_a_check_stands_against(ids, later):
    found = matched(ids)
    two = step(found["two"], "confirm", enterprise(ids["two"]))
    one = step(found["one"], "confirm", enterprise(ids["one"]))
    with pytest.raises(UserError, match="above what the clause gives"):
        step(one, "publish", OFFICE, amount_cny=50_000)
    step(one, "publish", OFFICE, amount_cny=40_000)
    later("2024-10-08")
    listed(one)
    with pytest.raises(UserError, match="budget of the clause"):
        step(two, "publish", OFFICE, amount_cny=30_000)


def test_whoever_declines_leaves_the_order_with_a_reason(ids):
    one = step(matched(ids)["one"], "decline", enterprise(ids["one"]), "declined")
    assert (one.stage, one.reason, one.dropped_from) == ("dropped", "declined", "notified")


def test_a_list_is_tried_as_a_whole_and_names_the_lines_that_do_not_fit_beside_the_others(ids, later):
    found = matched(ids)
    one, two = (_published(found[name], amount) for name, amount in (("one", 40_000), ("two", 30_000)))
    later("2024-10-08")
    made, refused = assemble([two.pk, one.pk], by=OFFICE)
    assert made is not None and list(made.lines.all()) == [one]  # it confirmed first; the budget is 50,000
    assert [(each.line, each.why) for each in refused] == [
        (two, "It cannot go on: The budget of the clause would be exceeded.")
    ]
    assert list(waiting(OFFICE)) == [two] and not queries.fulfilments(FINANCE).exists()
    with pytest.raises(Conflict):
        assemble([one.pk], by=SECOND)


def test_whoever_assembled_a_list_does_not_approve_it_and_nobody_lists_beside_it(ids, later):
    one = _published(matched(ids)["one"])
    later("2024-10-08")
    with pytest.raises(UserError, match="second person approves"):
        step(one, "list_for_payment", OFFICE)
    made, _refused = assemble([one.pk], by=OFFICE)
    with pytest.raises(NotAllowed, match="somebody else"):
        approve(made.pk, by=OFFICE)
    with pytest.raises(UserError, match="second person approves"):
        step(one, "list_for_payment", SECOND)
    for nobody in (TOWN, FINANCE, enterprise(ids["one"])):
        with pytest.raises(NotAllowed):
            assemble([one.pk], by=nobody)
        with pytest.raises(NotAllowed):
            approve(made.pk, by=nobody)
    approve(made.pk, by=SECOND)
    one = Fulfilment.objects.get(pk=one.pk)
    assert (one.stage, one.listed_to, one.payment_list_id) == ("listed", "finance", made.pk)
    with pytest.raises(Conflict):
        approve(made.pk, by=SECOND)
    assert step(one, "return_to_check", FINANCE, why_returned="no account").payment_list is None


def test_a_line_that_fails_at_the_approval_holds_the_list_and_loses_nothing(ids, later):
    found = matched(ids)
    one, two = (_published(found[name], amount) for name, amount in (("one", 15_000), ("two", 30_000)))
    later("2024-10-08")
    made, _refused = assemble([one.pk, two.pk], by=OFFICE)
    Fulfilment.objects.filter(pk=two.pk).update(amount_fen=4_000_000)
    case = Case.objects.get(pk=two.case_id)
    act(case.pk, Step("fill", case.events_count, data={"amount_cny": 40_000.0}), by=OFFICE)
    with pytest.raises(ListRefused, match="above what the clause gives") as refused:
        approve(made.pk, by=SECOND)
    assert [each.line for each in refused.value.refused] == [two]
    made.refresh_from_db()
    assert made.approved_at is None and set(made.lines.all()) == {one, two}
    assert set(Fulfilment.objects.values_list("stage", flat=True)) == {"published"}
    take_off(made.pk, two.pk, by=SECOND)
    approve(made.pk, by=SECOND)
    assert dict(Fulfilment.objects.values_list("pk", "stage")) == {one.pk: "listed", two.pk: "published"}


def test_it_is_listed_only_after_its_publication_and_the_day_from_which_is_said(ids, later):
    one = _published(matched(ids)["one"])
    later("2024-10-07")
    made, refused = assemble([one.pk], by=OFFICE)
    assert made is None and not PaymentList.objects.exists()
    assert refused[0].why == "It is published until 2024-10-07; it may be listed from 2024-10-08 on."
    later("2024-10-08")
    assert listed(one)[0].stage == "listed"


def test_days_that_no_text_gives_are_stated_with_their_source_before_it_is_listed(ids, later):
    two = _published(matched(ids, STEPS)["two"], 20_000)
    later("2024-12-31")
    _none, refused = assemble([two.pk], by=OFFICE)
    assert "No text gives the days of its publication" in refused[0].why
    two.case.refresh_from_db()
    act(two.case_id, Step("fill", two.case.events_count, data={"publication_days": 5.0}), by=OFFICE)
    assert "No text gives" in assemble([two.pk], by=OFFICE)[1][0].why
    two.case.refresh_from_db()
    act(two.case_id, Step("fill", two.case.events_count, data={"publication_source": "区级办法第 9 条"}), by=OFFICE)
    assert listed(two)[0].stage == "listed"


def test_an_open_objection_stops_the_publication_and_its_days_do_not_count(ids, later):
    one = _published(matched(ids)["one"])
    said = {"against": "名单", "objection_grounds": "不符"}
    parties = [("objector", "office", "economy"), ("decider", "office", "economy")]
    later("2024-10-03")
    objection = open_case(NewCase("objection", "异议", parties, said, ("case", str(one.case_id))), by=OFFICE)
    later("2024-10-12")
    assert "An objection to it is open" in assemble([one.pk], by=OFFICE)[1][0].why
    act(objection.pk, Step("do", 1, "not_admit", reason="not_concerned"), by=SECOND)
    assert "published until 2024-10-16" in assemble([one.pk], by=OFFICE)[1][0].why  # nine days stood still
    later("2024-10-17")
    assert listed(one)[0].stage == "listed"


def test_spans_that_overlap_count_once():
    one, two, three, four = (datetime(2024, 10, day, tzinfo=UTC) for day in (1, 2, 3, 4))
    assert joined([(two, four), (one, three), (three, None)]) == [(one, four)]
    assert joined([(three, four), (one, two)]) == [(one, two), (three, four)]


def _dropped(ids: dict[str, str]) -> Fulfilment:
    """One that confirmed, and that the office dropped."""
    one = step(matched(ids)["one"], "confirm", enterprise(ids["one"]))
    return step(one, "drop_confirmed", OFFICE, "not_entitled")


def test_an_appeal_upheld_by_somebody_else_opens_the_fulfilment_anew_with_its_place(ids):
    one = _dropped(ids)
    case = pleas.appeal(one.pk, "R&D was booked late.", by=enterprise(ids["one"]))
    with pytest.raises(NotAllowed, match="somebody else"):
        act(case.pk, Step("do", 1, "uphold", {"uphold_text": "so"}, "facts_wrong"), by=OFFICE)
    act(case.pk, Step("do", 1, "uphold", {"uphold_text": "so"}, "facts_wrong"), by=SECOND)
    anew = Fulfilment.objects.exclude(pk=one.pk).get(organisation=ids["one"])
    assert (anew.stage, anew.confirmed_at, anew.case_id != one.case_id) == ("matched", one.confirmed_at, True)
    one.refresh_from_db()
    assert one.stage == "dropped"
    assert queries.owed_to(OFFICE, ids["one"])[0].case == anew
    with pytest.raises(Conflict, match="being fulfilled"):
        pleas.appeal(one.pk, "again", by=enterprise(ids["one"]))


def test_an_appeal_that_is_rejected_leaves_it_dropped_and_one_is_open_at_a_time(ids):
    one = _dropped(ids)
    case = pleas.appeal(one.pk, "no", by=enterprise(ids["one"]))
    with pytest.raises(Conflict, match="open already"):
        pleas.appeal(one.pk, "no", by=enterprise(ids["one"]))
    act(case.pk, Step("do", 1, "reject", {"reject_text": "so"}, "not_entitled"), by=SECOND)
    assert Fulfilment.objects.filter(organisation=ids["one"]).count() == 1


@pytest.mark.parametrize("stranger", ["two", "town", "office"])
def test_nobody_else_appeals_or_claims_for_an_enterprise(ids, stranger):
    one = _dropped(ids)
    by: Viewer = {"two": enterprise(ids["two"]), "town": TOWN, "office": OFFICE}[stranger]
    refusal = NotThere if stranger == "two" else NotAllowed
    with pytest.raises(refusal):
        pleas.appeal(one.pk, "no", by=by)
    with pytest.raises(refusal):
        pleas.claim(ids["one"], (KEY, STEPS), "no", by=by)


def test_nothing_is_matched_or_claimed_for_a_real_enterprise_under_a_made_up_clause(ids):
    say_made_up()
    assert match(KEY, RD, by=OFFICE) == []
    with pytest.raises(UserError, match="made up"):
        pleas.claim(ids["one"], (KEY, STEPS), "so", by=enterprise(ids["one"]))


def test_a_claim_is_examined_by_one_granted_by_another_and_opens_the_fulfilment(ids):
    own = enterprise(ids["one"])
    case = pleas.claim(ids["one"], (KEY, STEPS), "Sales of a branch are missing.", by=own)
    with pytest.raises(Conflict, match="open already"):
        pleas.claim(ids["one"], (KEY, STEPS), "again", by=own)
    act(case.pk, Step("do", 1, "examine", {"finding": "The branch counts."}), by=OFFICE)
    with pytest.raises(IllegalStep):
        act(case.pk, Step("do", 2, "grant", reason="facts_added"), by=OFFICE)
    act(case.pk, Step("do", 2, "grant", reason="facts_added"), by=SECOND)
    made = Fulfilment.objects.get(organisation=ids["one"])
    assert (made.clause, made.stage) == (STEPS, "matched")
    with pytest.raises(Conflict, match="case this year already"):
        pleas.claim(ids["one"], (KEY, STEPS), "again", by=own)
    made = step(step(made, "notify", OFFICE), "confirm", own)
    with pytest.raises(
        UserError, match="not, or not surely, entitled"
    ):  # granted, yet its facts are to be mended first
        step(made, "publish", OFFICE, amount_cny=20_000)


def test_the_follow_up_counts_how_far_each_came_and_why_it_was_dropped_for_whoever_may_see_it(ids, later):
    found = matched(ids)
    one = _published(found["one"])
    step(found["two"], "decline", enterprise(ids["two"]), "declined")
    rows = {row.town: row for row in follow_up.follow_up(OFFICE, 2024)}
    assert rows["330113001"].steps == list(zip(follow_up.REACHED, [1, 1, 1, 1, 0, 0], strict=True))
    assert rows["330113002"].steps == list(zip(follow_up.REACHED, [1, 1, 0, 0, 0, 0], strict=True))
    assert (rows["330113001"].amount_fen, rows["330113002"].dropped) == (4_000_000, {("notified", "declined"): 1})
    assert follow_up.why_dropped(rows["330113002"]) == ["notified → The enterprise declined: 1"]
    assert follow_up.in_all(rows.values()).reached["matched"] == 2
    assert [row.town for row in follow_up.follow_up(TOWN, 2024)] == ["330113001"]
    assert not follow_up.just_dropped(TOWN).exists() and follow_up.just_dropped(OTHER_TOWN).count() == 1
    step(one, "drop_published", OFFICE, "objection_upheld")
    assert [line.count for line in inbox(TOWN)] == [1]
    later("2024-10-31")
    assert not inbox(TOWN)


def inbox(viewer: Viewer) -> list[InboxLine]:
    """What Home tells of dropped fulfilments."""
    return [line for part in INBOX for line in part(viewer) if "/follow-up" in line.url]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_pages_of_a_list_of_the_follow_up_and_of_pleas_open_in_both_languages(ids, later, language):
    cast = make_cast(by=system_viewer("test"), organisations={"Enterprise": ids["one"], "OtherEnterprise": ids["two"]})

    def client(name: str) -> Client:
        found = Client()
        found.force_login(cast[name], backend=BACKEND)
        found.cookies.load({"django_language": language})
        return found

    found = matched(ids)
    _published(found["one"])
    two = step(found["two"], "decline", enterprise(ids["two"]), "declined")
    later("2024-10-08")
    office, town, own, other = map(client, ("ChainOffice", "TownOfficer", "Enterprise", "OtherEnterprise"))
    assert office.get("/policies/payment-lists/").status_code == 200
    sent = office.post("/policies/payment-lists/", {"line": [found["one"].pk]}, follow=True)
    made = PaymentList.objects.get()
    assert sent.redirect_chain == [(f"/policies/payment-lists/{made.pk}", 302)]
    PaymentList.objects.update(assembled_by="user:0")
    assert office.get(f"/policies/payment-lists/{made.pk}/export/xlsx").status_code == 200
    assert office.post(f"/policies/payment-lists/{made.pk}/approve", follow=True).status_code == 200
    assert Fulfilment.objects.get(pk=found["one"].pk).stage == "listed"
    for reader in (office, town, own):
        assert reader.get("/policies/follow-up").status_code == 200
        assert reader.get("/policies/follow-up/export/csv").status_code == 200
        assert reader is office or reader.get("/policies/payment-lists/").status_code == 403
    appeal = f"/policies/fulfilments/{two.pk}/appeal"
    assert (own.get(appeal).status_code, town.get(appeal).status_code, other.get(appeal).status_code) == (404, 403, 200)
    assert appeal in other.get(f"/policies/of/{ids['two']}").content.decode()
    assert other.post(appeal, {"grounds": ""}).status_code == 400
    assert other.post(appeal, {"grounds": "so"}, follow=True).status_code == 200
    claim = f"/policies/of/{ids['one']}/{KEY}/{STEPS}/claim"
    assert (own.get(claim).status_code, other.get(claim).status_code) == (200, 404)
    assert own.post(claim, {"grounds": "so"}, follow=True).status_code == 200
    assert set(Case.objects.exclude(process="policy_fulfilment").values_list("process", flat=True)) == {
        pleas.APPEAL,
        pleas.CLAIM,
    }
