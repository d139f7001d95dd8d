from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.liandesk.lists_world import english
from tests.liandesk.registry_world import (
    AUDITOR,
    BY,
    CODES,
    DISTRICT,
    OFFICE,
    enterprise,
    load,
    members,
    needs,
    organisation,
    record,
    refresh,
)

from liandesk.assess.lists import actions as lists
from liandesk.assess.lists.models import ListEntry
from liandesk.assess.lists.queries import gone
from liandesk.base.accounts.actions import make_cast
from liandesk.base.accounts.roles import viewer_of
from liandesk.base.audit.models import AuditEvent
from liandesk.base.clock import today
from liandesk.base.errors import Conflict, NotAllowed, UserError
from liandesk.base.facts.actions import withdraw
from liandesk.base.facts.queries import as_known
from liandesk.base.jobs.models import Job
from liandesk.know.registry import actions, consents, correction_actions
from liandesk.know.registry.models import Candidate, Consent, Judgement, Organisation
from liandesk.know.registry.portrait_queries import current_id, portrait
from liandesk.know.registry.queries import organisations
from liandesk.know.registry.review_queries import candidates, decisions, is_replaying

__all__ = ["english"]
pytestmark = pytest.mark.django_db

LIST = ("key", "rank", "impact_high", "state", "owner_office", "due_date", "measure", "level", "is_current", "version")


def _list() -> list[tuple[object, ...]]:
    return list(ListEntry.objects.filter(is_current=True).order_by("key").values_list(*LIST))


def _work(organisation_id: str, measure: str) -> ListEntry:
    """Admit one entry of an organisation and say what is done."""
    entry = ListEntry.objects.filter(organisation=organisation_id).order_by("key")[0]
    lists.admit(entry.key, by=OFFICE, version=entry.version, owner_office="economy", due_date=today() + timedelta(9))
    return lists.report(entry.key, by=OFFICE, version=entry.version + 1, measure=measure)


def test_a_wrong_merge_that_an_enterprise_finds_is_split_and_the_risk_list_is_as_it_was() -> None:
    load()
    refresh()
    a, b = members()["a"], members()["b"]
    _work(a, "备货"), _work(b, "找第二家")
    before, people = _list(), dict(Organisation.objects.values_list("id", "name"))
    actions.merge(a, b, by=OFFICE, reason="看着像一家")
    assert is_replaying()
    refresh()
    kept = members()["a"]
    assert members()["b"] == kept and _list() != before
    found = portrait(enterprise(kept), kept)
    assert found is not None and len(found.members) == 2
    wrong = record("b") if kept == a else record("a")
    correction_actions.disown(kept, record=wrong, reason="不是我们", by=enterprise(kept))
    assert correction_actions.disowned().get().record == wrong
    actions.split(kept, [wrong], by=OFFICE, reason="企业指出合并有误")
    refresh()
    assert _list() == before
    assert (members()["a"], members()["b"]) == (a, b)
    assert dict(Organisation.objects.values_list("id", "name")) == people


def test_work_on_the_entries_of_a_merged_organisation_is_carried_and_nothing_is_lost() -> None:
    load()
    refresh()
    a, b = members()["a"], members()["b"]
    one, two = _work(a, "备货"), _work(b, "找第二家")
    actions.merge(a, b, by=OFFICE, reason="同一家")
    refresh()
    kept = members()["a"]
    moved = two if kept == a else one
    target = ListEntry.objects.get(pk=f"input:{kept}:{moved.item}")
    told = {event.action: event for event in target.events.all()}
    if target.item in (one.item if kept == a else two.item):
        assert target.measure != moved.measure and "measure" in told["joined"].changes
    else:
        assert (target.measure, target.state) == (moved.measure, "admitted") and "carried" in told
    left = ListEntry.objects.get(pk=moved.pk)
    assert left.measure == moved.measure and left.carried_to == target.key
    assert not gone(OFFICE).exists()


def test_merging_under_a_judgement_that_they_differ_has_its_way_and_undoing_it_brings_the_judgement_back() -> None:
    load()
    refresh()
    a, b = members()["a"], members()["b"]
    actions.merge(a, b, by=OFFICE, reason="同一家")
    refresh()
    actions.split(members()["a"], [record("b")], by=OFFICE, reason="不是")
    refresh()
    again = actions.merge(members()["a"], members()["b"], by=OFFICE, reason="还是一家")
    refresh()
    assert members()["a"] == members()["b"]
    actions.undo(again.decision, by=OFFICE, reason="看错了")
    refresh()
    assert (members()["a"], members()["b"]) == (a, b)
    assert [line.act for line in decisions(AUDITOR)] == ["merge", "split", "merge"]


def test_an_address_of_a_merged_organisation_leads_to_the_one_that_stands_for_it() -> None:
    load()
    refresh()
    a, b = members()["a"], members()["b"]
    actions.merge(a, b, by=OFFICE, reason="同一家")
    refresh()
    kept = members()["a"]
    lost = ({a, b} - {kept}).pop()
    assert current_id(OFFICE, lost) == kept and current_id(OFFICE, kept) == kept
    found = portrait(OFFICE, kept)
    assert found is not None and found.former_ids == [lost]


def test_whoever_acts_for_a_merged_organisation_acts_for_the_one_it_is_part_of_until_it_is_parted() -> None:
    load()
    refresh()
    a, b = members()["a"], members()["b"]
    people = make_cast(by=BY, organisations={"Enterprise": a, "OtherEnterprise": b})
    merge = actions.merge(a, b, by=OFFICE, reason="同一家")
    refresh()
    kept = members()["a"]
    for name in ("Enterprise", "OtherEnterprise"):
        assert [row.pk for row in organisations(viewer_of(people[name]))] == [kept]
    actions.undo(merge.decision, by=OFFICE, reason="不是")
    refresh()
    assert [row.pk for row in organisations(viewer_of(people["OtherEnterprise"]))] == [b]


BRANCHES = [
    *organisation("d", "杭州甲生物科技有限公司临平分公司"),
    *organisation("e", "浙江乙医疗器械有限公司杭州分公司"),
]


def test_a_rejected_pair_is_not_asked_again_and_an_accepted_one_joins() -> None:
    load([*DISTRICT, *BRANCHES])
    refresh()
    pairs = {row.left.rsplit(":", 1)[1] + row.right.rsplit(":", 1)[1]: row for row in candidates(OFFICE)}
    assert set(pairs) == {"ad", "be"}
    actions.reject(pairs["ad"].key, by=OFFICE)
    actions.accept(pairs["be"].key, by=OFFICE, reason="分公司随总公司")
    assert not candidates(OFFICE).exists()
    refresh()
    found = members()
    assert found["a"] != found["d"] and found["b"] == found["e"]
    assert not Candidate.objects.exists()


def test_a_pair_that_somebody_judged_meanwhile_is_a_conflict_and_bulk_says_so() -> None:
    load([*DISTRICT, *BRANCHES])
    refresh()
    pair = candidates(OFFICE).first()
    assert pair is not None
    actions.reject(pair.key, by=OFFICE)
    with pytest.raises(Conflict, match="judged already"):
        actions.accept(pair.key, by=OFFICE)
    done = actions.accept_many([pair.key, "P-none"], by=OFFICE)
    assert done.done == () and set(done.left) == {pair.key, "P-none"}


def test_each_judgement_writes_one_event_and_asks_for_one_refresh() -> None:
    load()
    refresh()
    before = AuditEvent.objects.count()
    found = members()
    line = actions.merge(found["a"], found["b"], by=OFFICE, reason="x")
    actions.merge(found["a"], found["c"], by=OFFICE, reason="x")
    said = list(AuditEvent.objects.order_by("id").values_list("action", "object_id"))[before:]
    assert [action for action, _ in said] == ["judgement.merge", "job.enqueue", "judgement.merge"]
    assert said[0][1] == line.decision
    assert Job.objects.filter(state="queued", kind="refresh").count() == 1


@pytest.mark.parametrize("who", [AUDITOR, enterprise("O1"), BY])
def test_only_the_chain_office_judges(who) -> None:
    load()
    refresh()
    found = members()
    if who is BY:  # the system may do everything
        assert actions.merge(found["a"], found["b"], by=who, reason="x").pk
        return
    with pytest.raises(NotAllowed):
        actions.merge(found["a"], found["b"], by=who, reason="x")
    with pytest.raises(NotAllowed):
        actions.split(found["a"], [record("a")], by=who, reason="x")
    assert not Judgement.objects.exists()


def test_what_cannot_be_done_says_why_and_changes_nothing() -> None:
    load()
    refresh()
    a = members()["a"]
    for refused in (
        lambda: actions.merge(a, a, by=OFFICE, reason="x"),
        lambda: actions.merge(a, "O-none", by=OFFICE, reason="x"),
        lambda: actions.merge(a, members()["b"], by=OFFICE, reason=" "),
        lambda: actions.split(a, [record("a")], by=OFFICE, reason="x"),
        lambda: actions.split(a, [record("b")], by=OFFICE, reason="x"),
        lambda: actions.undo("none", by=OFFICE, reason="x"),
    ):
        with pytest.raises(UserError):
            refused()
    assert not Judgement.objects.exists()


def test_a_judgement_is_undone_once() -> None:
    load()
    refresh()
    line = actions.merge(members()["a"], members()["b"], by=OFFICE, reason="x")
    actions.undo(line.decision, by=OFFICE, reason="y")
    with pytest.raises(Conflict, match="undone already"):
        actions.undo(line.decision, by=OFFICE, reason="y")


def test_the_queue_begins_with_what_would_change_most() -> None:
    load([*DISTRICT, *BRANCHES, *needs("e", "valve", 8e8)])
    refresh()
    found = [(row.left_name, row.entries, row.output_cny, row.suppliers) for row in candidates(OFFICE)]
    assert found == [("浙江乙医疗器械有限公司", 1, 8e8, 0), ("杭州甲生物科技有限公司", 0, None, 0)]


def test_the_past_keeps_its_members_when_organisations_are_merged_later() -> None:
    load()
    refresh()
    a, b = members()["a"], members()["b"]
    from liandesk.base.facts.models import Landing
    from liandesk.base.snapshots.models import Publication

    early = date(2024, 1, 5)
    moment = "2024-01-05T04:00:00+00:00"
    Publication.objects.update(published_at=moment)
    Landing.objects.update(recorded_at=moment)
    before = {pk: portrait(OFFICE, pk, early) for pk in (a, b)}
    actions.merge(a, b, by=OFFICE, reason="x")
    refresh()
    for pk, then in before.items():
        now = portrait(OFFICE, pk, early)
        assert now is not None and then is not None
        assert [member.record for member in now.members] == [member.record for member in then.members]
        assert now.facts.equals(then.facts) and now.facts.height > 3
    empty = portrait(OFFICE, a, date(2024, 1, 4))
    assert empty is not None and empty.facts.is_empty() and empty.members == []


def test_an_organisations_own_word_is_shown_as_its_own_and_counts_before_the_sources() -> None:
    load()
    refresh()
    a = members()["a"]
    mine = enterprise(a)
    correction_actions.correct(a, attribute="segment", value="细胞治疗", reason="主业已变", by=mine)
    correction_actions.correct(a, attribute="employees", value="1,250", reason="", by=mine)
    refresh()
    found = portrait(OFFICE, a)
    assert found is not None
    fields = {one.attribute: one for one in found.fields}
    assert fields["segment"].is_own_word and fields["segment"].line["text"] == "细胞治疗"
    assert fields["employees"].line["number"] == 1250.0
    assert not fields["name"].is_own_word
    assert Organisation.objects.get(pk=a).segment == "细胞治疗"
    with pytest.raises(NotAllowed):
        correction_actions.correct(members()["b"], attribute="segment", value="x", reason="", by=mine)
    with pytest.raises(UserError, match="cannot be corrected"):
        correction_actions.correct(a, attribute="uscc", value=CODES[1], reason="", by=mine)


def _consent(organisation_id: str, item: str, **more) -> Consent:
    said = {"purpose": "断链风险研判", "valid_from": today(), "valid_until": today() + timedelta(90)}
    said |= {"seen_by": ["chain_office"], "by": enterprise(organisation_id)}
    return consents.give_consent(organisation_id, item=item, **said | more)


def test_a_revoked_item_leaves_the_next_computation_and_the_facts_stay() -> None:
    load()
    refresh()
    a = members()["a"]
    mine = ListEntry.objects.filter(organisation=a, is_current=True)
    facts = as_known(None, BY).facts
    given = _consent(a, "critical_input")
    refresh()
    assert mine.exists()
    consents.revoke_consent(given.pk, by=enterprise(a))
    job = refresh()
    assert not mine.exists() and ListEntry.objects.filter(is_current=True).exists()
    assert job.steps.get(name="consent").lost == {"withheld_by_the_organisation": 6}
    assert as_known(None, BY).facts.equals(facts)
    _consent(a, "critical_input")
    refresh()
    assert mine.exists()


def test_a_consent_names_who_sees_the_item_and_what_was_revoked_only_its_organisation_sees() -> None:
    load([*DISTRICT, *organisation("f", "丁公司", employees=30.0)])
    refresh()
    f = members()["f"]
    given = _consent(f, "organisation.employees", seen_by=["chain_chief"])

    def shown(viewer) -> bool:
        found = portrait(viewer, f)
        return found is not None and "employees" in {one.attribute for one in found.fields}

    assert not shown(OFFICE) and shown(enterprise(f))
    consents.revoke_consent(given.pk, by=enterprise(f))
    assert not shown(OFFICE) and shown(enterprise(f))
    with pytest.raises(UserError):
        consents.revoke_consent(given.pk, by=enterprise(members()["a"]))


def test_a_withdrawn_load_and_its_return_keep_a_merge() -> None:
    load()
    refresh()
    merged = actions.merge(members()["a"], members()["b"], by=OFFICE, reason="x")
    refresh()
    kept = members()["a"]
    landing = load([*organisation("g", "戊公司")], "more")
    refresh()
    withdraw(landing.key, why="x", by=OFFICE)
    refresh()
    load([*organisation("g", "戊公司")], "again")
    refresh()
    assert members()["a"] == members()["b"] == kept and merged.undone_at is None
