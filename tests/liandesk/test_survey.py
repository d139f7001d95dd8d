"""Survey rounds: what is asked, who can see and answer it, what becomes of the answers."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse
from tests.liandesk import survey_world
from tests.liandesk.conftest import BACKEND
from tests.liandesk.survey_world import BY, FILTER, MEDIUM, ONE, RESIN, TWO, answers, form_of, supplier, token_of

from liandesk.base.accounts.actions import make_cast
from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import Viewer, viewer_of
from liandesk.base.audit.models import AuditEvent
from liandesk.base.clock import now
from liandesk.base.definitions.actions import take_over_packs
from liandesk.base.errors import Conflict, NotAllowed, NotThere, UserError
from liandesk.base.facts.models import Statement
from liandesk.base.jobs import actions as jobs
from liandesk.base.jobs.models import Job
from liandesk.base.snapshots.queries import published, table
from liandesk.base.work.models import Case
from liandesk.know.registry.clusters import node_id
from liandesk.know.survey import answering, confirmations, coverage, links, opening, queries, rounds
from liandesk.know.survey.answering import Filled
from liandesk.know.survey.models import Answer, Asked, Confirmation, Invitation, Round
from liandesk.know.survey.summary import summary
from liandesk.know.survey.workbooks import contract, import_forms, write_forms
from liandesk.refresh.worker import do
from liankit.tables import read_table
from liankit.tables.write import Sheet, write_workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

SURVEYED = [supplier("Cytiva", 0.6, country="SE"), supplier("Supplier A", 0.4, is_alias=True)]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(autouse=True)
def _one_home(home: Path, _own_home: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIANDESK_HOME", str(home))
    cache.clear()


@pytest.fixture(scope="module")
def _district(home: Path, django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """The district, built once for the module and taken back."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        patch.setenv("LIANDESK_HOME", str(home))
        survey_world.build()
        take_over_packs(by=BY)
        make_cast(by=BY, organisations=survey_world.organisations())
        yield
        transaction.set_rollback(True)


@pytest.fixture
def who(_district: None, db: None) -> Callable[[str], Viewer]:
    """Return a function that gives the viewer of one of the cast."""
    return lambda name: viewer_of(User.objects.get(username=name))


@pytest.fixture
def held(who: Callable[[str], Viewer]) -> Round:
    """A round in the normal mode over both enterprises."""
    return survey_world.open_round(survey_world.new_round(), by=who("ChainOffice"))


def _send(form: Invitation, by: Viewer, **said: object) -> Invitation:
    more = {name: said.pop(name) for name in ("request_topic", "request_text", "new_inputs") if name in said}
    return answering.send(form.pk, Filled(answers(form, **said), **more), seen=form.version, by=by)  # type: ignore[arg-type]


def test_only_what_can_change_an_entry_is_asked_and_the_most_useful_first(held: Round) -> None:
    asked = survey_world.codes(form_of(held, ONE))
    assert asked[0] == f"{FILTER}: suppliers", "nothing else narrows the loss"
    why = dict(Asked.objects.filter(invitation__name=ONE, item_name=RESIN).values_list("code", "why"))
    assert why["suppliers"] == "stale", "its loss is exact, and nobody has confirmed it"
    assert f"{RESIN}: output" not in asked, "the output is known"
    assert f"{FILTER}: another_source" not in asked, "it is known that there is one"
    assert len(asked) == len(set(asked))
    places = [text.split(":")[0] for text in asked]
    assert places == sorted(places, key=places.index), "questions of one input stand together"


def test_what_was_confirmed_lately_and_is_exact_is_not_asked_again(held: Round, who: Callable[[str], Viewer]) -> None:
    form = form_of(held, TWO)
    said = {"suppliers": [supplier("Lonza", 1.0, country="US")], "another_source": False, "stock": 30.0, "switch": 9.0}
    _send(form, who("OtherEnterprise"), **said)
    survey_world.compute()
    again = survey_world.new_round(title="again", organisations=[form.organisation])
    nobody = survey_world.open_round(again, by=who("ChainOffice"))
    assert (nobody.opened_at, nobody.is_opening, nobody.invitations.count()) == (None, False, 0)
    crisis = survey_world.open_round(survey_world.new_round(title="crisis", mode="crisis"), by=who("ChainOffice"))
    assert survey_world.codes(form_of(crisis, TWO)) == [f"{MEDIUM}: stock", f"{MEDIUM}: suppliers"]


def test_an_answer_narrows_the_entry_and_the_summary_shows_it(held: Round, who: Callable[[str], Viewer]) -> None:
    form = form_of(held, ONE)
    _send(form, who("Enterprise"), suppliers=SURVEYED, output=3e7, stock=45.0, switch=12.0)
    rounds.close_round(held.pk, by=who("ChainOffice"))
    survey_world.compute()
    found = summary(who("ChainOffice"), held.pk)
    changes = {change.item_name: change for change in found.changes}
    assert changes[RESIN].before[0] == pytest.approx(0.7 * 5e7)
    assert changes[RESIN].now == (pytest.approx(0.6 * 5e7), pytest.approx(0.6 * 5e7))
    assert (changes[FILTER].measure_before, changes[FILTER].before) == ("products", (0.0, 1.0))
    assert (changes[FILTER].measure, changes[FILTER].now[1]) == ("output_cny", pytest.approx(0.6 * 3e7))
    assert (found.total.invited, found.total.returned, found.total.waiting) == (2, 1, 1)


def test_declined_is_not_unknown_and_neither_writes_a_number(held: Round, who: Callable[[str], Viewer]) -> None:
    form = form_of(held, TWO)
    given = answers(form)
    stock = next(asked for asked in queries.questions(form) if asked.code == "stock")
    given[stock.pk] = answering.Given(Answer.Kind.DECLINED)
    answering.send(form.pk, Filled(given), seen=0, by=who("OtherEnterprise"))
    kept = dict(Statement.objects.filter(attribute__endswith=".answer").values_list("attribute", "text"))
    assert kept["stock_days.answer"] == "declined"
    assert {text for name, text in kept.items() if name != "stock_days.answer"} == {"unknown"}
    assert not Statement.objects.exclude(number=None).exists()
    assert not Confirmation.objects.exists(), "a refusal confirms nothing"


def test_an_alias_is_no_organisation_and_not_the_alias_of_another(held: Round, who: Callable[[str], Viewer]) -> None:
    """Two enterprises call somebody "Supplier A"; nobody knows whether they mean the same."""
    for name, member in ((ONE, "Enterprise"), (TWO, "OtherEnterprise")):
        alias = [supplier(ONE, 0.5, is_alias=True), supplier("Supplier A", 0.5, is_alias=True)]
        _send(form_of(held, name), who(member), suppliers=alias)
    survey_world.compute()
    snapshot = published()
    assert snapshot is not None
    rows = table(snapshot, "supplies").collect().filter(supplier_name="Supplier A")
    assert rows["supplier"].n_unique() == 2
    named_like = table(snapshot, "supplies").collect().filter(supplier_name=ONE)
    assert not set(named_like["supplier"]) & set(survey_world.organisations().values()), "kept as said, not matched"


def test_a_supplier_that_is_not_named_any_more_ends_and_the_need_stays(
    held: Round, who: Callable[[str], Viewer]
) -> None:
    _send(form_of(held, ONE), who("Enterprise"), suppliers=[supplier("Bio-Rad", 1.0, country="US")], stock=60.0)
    survey_world.compute()
    snapshot = published()
    assert snapshot is not None
    mine = table(snapshot, "supplies").collect().filter(buyer=form_of(held, ONE).organisation)
    assert set(mine["supplier_name"]) == {"Bio-Rad"}
    resin = table(snapshot, "entries").collect().filter(scope="input", item_name=RESIN).to_dicts()[0]
    assert (resin["stock_days_low"], resin["output_high_cny"]) == (60.0, 5e7), "what it is needed for is still known"
    again = form_of(held, ONE)
    _send(again, who("Enterprise"), suppliers=[supplier("Cytiva", 1.0, country="SE")])
    survey_world.compute()
    snapshot = published()
    assert snapshot is not None
    mine = table(snapshot, "supplies").collect().filter(buyer=again.organisation)
    assert set(mine["supplier_name"]) == {"Cytiva"}


def test_what_an_officer_enters_is_marked_until_the_enterprise_confirms_it(
    held: Round, who: Callable[[str], Viewer]
) -> None:
    form = _send(form_of(held, ONE), who("TownOfficer"), suppliers=SURVEYED)
    assert form.is_on_behalf
    assert confirmations.confirmed_on()["is_on_behalf"].all()
    with pytest.raises(UserError, match="only by the enterprise"):
        answering.confirm(form.pk, seen=form.version, by=who("TownOfficer"))
    answering.confirm(form.pk, seen=form.version, by=links.holder(form))
    assert not confirmations.confirmed_on()["is_on_behalf"].any()
    assert not form_of(held, ONE).is_on_behalf


def test_of_two_who_fill_in_one_form_the_second_is_told(held: Round, who: Callable[[str], Viewer]) -> None:
    form = form_of(held, ONE)
    _send(form, who("TownOfficer"), suppliers=SURVEYED)
    with pytest.raises(Conflict):
        _send(form, who("Enterprise"), suppliers=[supplier("Lonza")])
    assert Answer.objects.filter(asked__code="suppliers").first().value[0]["name"] == "Cytiva"  # type: ignore[union-attr]


def test_a_request_opens_a_case_and_the_next_form_shows_what_came_of_it(
    held: Round, who: Callable[[str], Viewer]
) -> None:
    form = _send(form_of(held, ONE), links.holder(form_of(held, ONE)), request_topic="supply", request_text="Help us.")
    case = Case.objects.get(pk=form.request_case_id)
    assert case.process == "enterprise_request"
    from liandesk.base.work.actions import Step, act

    act(case.pk, Step("do", case.events_count, "accept"), by=who("ChainOffice"))
    later = survey_world.open_round(survey_world.new_round(title="next", with_silent=True), by=who("ChainOffice"))
    page = Client().get(reverse("survey_link", args=[token_of(form_of(later, ONE))]), headers={"accept-language": "en"})
    assert "Help us." in page.content.decode()
    assert "To be assigned" in page.content.decode()
    other = Client().get(reverse("survey_link", args=[token_of(form_of(later, TWO))]))
    assert "Help us." not in other.content.decode()


def test_a_link_opens_one_form_and_nothing_else(held: Round) -> None:
    form, client = form_of(held, ONE), Client(headers={"accept-language": "en"})
    address = reverse("survey_link", args=[token_of(form)])
    page = client.get(address)
    assert page.status_code == 200
    assert RESIN in page.content.decode()
    assert MEDIUM not in page.content.decode(), "what another enterprise is asked"
    assert (page["Referrer-Policy"], page["X-Robots-Tag"]) == ("same-origin", "noindex, nofollow")
    assert "no-store" in page["Cache-Control"]
    for name, args in (("survey_form", [form.pk]), ("survey", [held.pk]), ("survey_coverage", []), ("home", [])):
        assert client.get(reverse(name, args=args)).status_code == 302, "sent to sign in"
    assert form_of(held, ONE).state == "opened"
    assert token_of(form) not in str(Invitation.objects.values().get(pk=form.pk)), "the database keeps its digest only"


def test_a_link_ends_with_its_day_its_round_a_newer_one_or_by_hand(
    held: Round, who: Callable[[str], Viewer], monkeypatch: pytest.MonkeyPatch
) -> None:
    form, office = form_of(held, ONE), who("ChainOffice")
    token = token_of(form)
    assert links.invitation_of(token) == form
    assert links.invitation_of(f"{token[:-1]}x") is None
    monkeypatch.setenv("LIANDESK_TODAY", (held.deadline + timedelta(links.DAYS_AFTER)).isoformat())
    assert links.invitation_of(token) == form
    monkeypatch.setenv("LIANDESK_TODAY", (held.deadline + timedelta(links.DAYS_AFTER + 1)).isoformat())
    assert links.invitation_of(token) is None
    monkeypatch.setenv("LIANDESK_TODAY", "2024-09-30")
    rounds.renew_link(form.pk, by=office)
    assert links.invitation_of(token) is None
    newer = token_of(form_of(held, ONE))
    assert links.invitation_of(newer) == form
    rounds.revoke_link(form.pk, by=office)
    assert links.invitation_of(newer) is None
    other = token_of(form_of(held, TWO))
    rounds.close_round(held.pk, by=office)
    assert links.invitation_of(other) is None


def test_who_tries_many_links_is_slowed_down(who: Callable[[str], Viewer]) -> None:
    client = Client()
    statuses = [client.get(reverse("survey_link", args=[f"{number}.forged"])).status_code for number in range(125)]
    assert statuses[0] == 404
    assert statuses[-1] == 429


def test_a_form_is_filled_in_without_a_script_kept_and_returned(held: Round) -> None:
    form, client = form_of(held, TWO), Client(headers={"accept-language": "en"})
    address = reverse("survey_link", args=[token_of(form)])
    asked = {one.code: one.pk for one in queries.questions(form)}
    some = {f"q{asked['stock']}-how": "given", f"q{asked['stock']}-number": "25", "seen": "0", "do": "draft"}
    assert client.post(address, some).status_code == 302
    assert 'value="25' in client.get(address).content.decode(), "the draft is kept"
    wrong = {**some, "seen": "1", "do": "send", f"q{asked['stock']}-number": "-3"}
    refused = client.post(address, wrong)
    assert refused.status_code == 400
    assert "Choose one." in refused.content.decode()
    said = {f"q{pk}-how": "unknown" for pk in asked.values()} | some | {"seen": "1", "do": "send"}
    assert client.post(address, said).status_code == 302
    back = form_of(held, TWO)
    assert (back.state, back.entered_by) == ("returned", f"survey-link:{form.pk}")
    assert Answer.objects.get(asked=asked["stock"]).value == 25.0


def test_an_enterprise_sees_its_own_form_and_a_town_those_of_its_enterprises(
    held: Round, who: Callable[[str], Viewer]
) -> None:
    seen = {name: {form.name for form in queries.forms(who(name), held.pk)} for name in ("Enterprise", "TownOfficer")}
    assert seen == {"Enterprise": {ONE}, "TownOfficer": {ONE}}
    for name in ("OtherEnterprise", "OtherTown"):
        with pytest.raises(NotThere):
            queries.form(who(name), form_of(held, ONE).pk)
        with pytest.raises(NotAllowed):
            _send(form_of(held, ONE), who(name))
    assert set(coverage.covered(who("Enterprise"))["organisation_name"]) == {ONE}
    assert {row.town for row in queries.returns(who("OtherTown"), held.pk)} == {form_of(held, TWO).town}


def test_an_input_that_was_never_confirmed_has_no_day_in_the_copy_of_the_coverage(held: Round) -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.get(username="ChainOffice"), backend=BACKEND)
    copy = b"".join(client.get(reverse("survey_coverage_export", args=["csv"])).streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.DictReader(copy.splitlines()))
    assert {(row["Confirmed on"], row["Confirmed in time"]) for row in rows} == {("", "no")}


def test_who_is_reminded_stands_in_the_digest_once_a_day(held: Round, who: Callable[[str], Viewer]) -> None:
    form, town = form_of(held, ONE), who("TownOfficer")
    assert rounds.remind([form.pk], by=town) == 1
    with pytest.raises(UserError, match="reminded today"):
        rounds.remind([form.pk], by=town)
    with pytest.raises(UserError):
        rounds.remind([form_of(held, TWO).pk], by=town)
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.get(username="TownOfficer"), backend=BACKEND)
    assert ONE in client.get(reverse("digest")).content.decode()
    client.force_login(User.objects.get(username="OtherTown"), backend=BACKEND)
    assert ONE not in client.get(reverse("digest")).content.decode()


def test_a_workbook_comes_back_by_the_same_checks(held: Round, who: Callable[[str], Viewer], tmp_path: Path) -> None:
    town, path = who("TownOfficer"), tmp_path / "forms.xlsx"
    mine = list(queries.forms(town, held.pk))
    write_forms(path, mine, by=town)
    stock = Asked.objects.get(code="stock", item_name=FILTER).pk
    number = _filled(path, {stock: "many"})[stock]
    found = import_forms(path, mine, by=town)
    assert not found.returned
    assert [(fault.row, fault.column) for fault in found.faults] == [(number, "Answer")]
    _filled(path, {stock: "40"})
    found = import_forms(path, mine, by=town)
    assert not found.faults
    assert [form.name for form in found.returned] == [ONE]
    assert Answer.objects.get(asked=stock).value == 40.0
    again = import_forms(path, list(queries.forms(town, held.pk)), by=town)
    assert "Somebody else wrote" in again.faults[0].why, "the workbook is older than the form"


def test_what_is_emptied_is_unknown_from_then_on_and_what_is_declined_stays(
    held: Round, who: Callable[[str], Viewer], tmp_path: Path
) -> None:
    """On the page a share is emptied and a stock said to be not known; in the workbook a country is emptied."""
    form, town, path = form_of(held, ONE), who("TownOfficer"), tmp_path / "forms.xlsx"
    asked = {(one.item_name, one.code): one.pk for one in queries.questions(form)}
    resin, other = asked[RESIN, "suppliers"], asked[FILTER, "suppliers"]
    said = {f"q{pk}-how": "unknown" for pk in asked.values()} | {"seen": "0", "do": "send"}
    said |= {
        f"q{resin}-how": "given",
        f"q{resin}-name_0": "Cytiva",
        f"q{resin}-country_0": "SE",
        f"q{resin}-share_0": "",
    }
    said |= {f"q{other}-how": "declined"}
    assert Client().post(reverse("survey_link", args=[token_of(form)]), said).status_code == 302
    assert _supplied(RESIN) == ("Cytiva", "SE", None)
    assert _supplied(FILTER) == ("Sartorius", "DE", None), "declined: what was known stays"
    snapshot = published()
    assert snapshot is not None
    resins = table(snapshot, "uses").collect().filter(item=node_id(RESIN))
    assert set(resins["stock_days"]) == {None}, "neither 60 nor 0"
    mine = list(queries.forms(town, held.pk))
    write_forms(path, mine, by=town)
    _rewrite(path, lambda row: row | {"country": None if row["supplier"] else row["country"]})
    assert not import_forms(path, mine, by=town).faults
    assert _supplied(RESIN) == ("Cytiva", None, None)


def _supplied(item: str) -> tuple[object, ...]:
    """Return supplier, country and share of the one supplier of an item, as the lists know them after a refresh."""
    survey_world.compute()
    snapshot = published()
    assert snapshot is not None
    rows = table(snapshot, "supplies").collect().filter(item=node_id(item))
    return rows.select("supplier_name", "country", "share").row(0) if rows.height == 1 else (rows.height,)


def _rewrite(path: Path, change: Callable[[dict[str, object]], dict[str, object]]) -> None:
    rows = read_table(path, contract()).rows.select(column.name for column in contract().columns).to_dicts()
    frame = pl.DataFrame([change(row) for row in rows], schema={one.name: one.dtype for one in contract().columns})
    write_workbook(path, [Sheet("Questions", frame, contract())], language="en")


def _filled(path: Path, said: dict[int, str]) -> dict[int, int]:
    """Answer the questions of a workbook, those neither ``said`` nor prefilled as not known; return the row of each."""

    def answered(row: dict[str, object]) -> dict[str, object]:
        answer = said.get(row["no"])  # type: ignore[call-overload]
        return row | {"answer": answer, "how": None if answer or row["supplier"] else "unknown"}

    _rewrite(path, answered)
    return dict(read_table(path, contract()).rows.select("no", "row").rows())


def test_confirmations_follow_a_merge_and_say_nothing_of_what_was_never_said(
    held: Round, who: Callable[[str], Viewer]
) -> None:
    form = _send(form_of(held, ONE), who("Enterprise"), suppliers=SURVEYED)
    before = confirmations.confirmations_digest()
    rows = confirmations.confirmed_on().to_dicts()
    assert {(row["organisation"], row["confirmed_on"]) for row in rows} == {(form.organisation, date(2024, 9, 30))}
    assert confirmations.confirmed_on(date(2024, 9, 29)).is_empty()
    from liandesk.know.registry.models import Organisation

    Organisation.objects.filter(pk=form.organisation).update(merged_into="O-merged", is_current=False)
    assert set(confirmations.confirmed_on()["organisation"]) == {"O-merged"}
    assert confirmations.confirmations_digest() != before


def test_a_round_is_opened_once_however_often_its_worker_is_killed(
    _district: None, who: Callable[[str], Viewer], monkeypatch: pytest.MonkeyPatch
) -> None:
    office, client = who("ChainOffice"), Client(headers={"accept-language": "en"})
    client.force_login(User.objects.get(username="ChainOffice"), backend=BACKEND)
    made = rounds.open_round(survey_world.new_round(title="in steps"), by=office)
    monkeypatch.setattr(opening, "_BATCH", 1)
    job = jobs.claim("killed", job_id=made.job_id)
    assert job is not None
    _killed_after_one_form(job, made)
    assert not queries.forms(office, made.pk).exists(), "nobody sees a form before all are there"
    assert links.invitation_of(token_of(made.invitations.get())) is None
    page = client.get(reverse("survey", args=[made.pk])).content.decode()
    assert "is being opened: making the forms" in page
    assert 'http-equiv="refresh"' in page, "it refreshes without a script"
    Job.objects.filter(pk=job.pk).update(lease_until=now())
    again = jobs.claim("next", job_id=made.job_id)
    assert again is not None
    with pytest.raises(jobs.LostLease):
        opening.open_asked(job)
    assert opening.open_asked(again) == opening.open_asked(again) == {"invited": 2}
    assert {one.name: one.asked.count() > 0 for one in queries.forms(office, made.pk)} == {ONE: True, TWO: True}
    assert AuditEvent.objects.filter(action="survey.invite", object_id=str(made.pk)).count() == 1


def _killed_after_one_form(job: Job, made: Round) -> None:
    with pytest.raises(KeyboardInterrupt), pytest.MonkeyPatch.context() as patch:

        def beat(job: Job, **said: object) -> None:
            jobs.beat(job, **said)  # type: ignore[arg-type]
            if said.get("done"):
                raise KeyboardInterrupt

        patch.setattr(opening, "beat", beat)
        opening.open_asked(job)
    assert made.invitations.count() == 1


def test_a_round_that_is_cancelled_while_it_is_opened_leaves_no_form(
    _district: None, who: Callable[[str], Viewer], monkeypatch: pytest.MonkeyPatch
) -> None:
    office = who("ChainOffice")
    made = rounds.open_round(survey_world.new_round(title="cancelled"), by=office)
    monkeypatch.setattr(opening, "_BATCH", 1)
    job = jobs.claim("killed", job_id=made.job_id)
    assert job is not None
    _killed_after_one_form(job, made)
    assert rounds.cancel_opening(made.pk, by=office).is_opening
    do(job)
    held = queries.held(office, made.pk)
    assert (held.is_opening, held.opened_at, Invitation.objects.filter(round=made).count()) == (False, None, 0)
    with pytest.raises(Conflict, match="was not opened"):
        rounds.close_round(made.pk, by=office)


def test_each_writing_leaves_one_event_of_the_survey(held: Round, who: Callable[[str], Viewer]) -> None:
    before = AuditEvent.objects.count()
    form = form_of(held, TWO)
    _send(form, who("OtherEnterprise"), suppliers=SURVEYED)
    kinds = list(AuditEvent.objects.order_by("pk").values_list("action", flat=True)[before:])
    assert kinds == ["fact.state", "survey.return"]
