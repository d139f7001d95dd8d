"""Editions: frozen, signed by another person, numbered without gaps, compared."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import IntegrityError, connection, connections, transaction
from tests.liandesk.lists_world import (
    AUDITOR,
    CHIEF,
    ENTERPRISE,
    MARKET_OFFICER,
    OFFICE,
    ONE_RESIN,
    ONE_VALVE,
    TOWN,
    TWO_MEDIUM,
    USES,
    english,  # noqa: F401
    publish_world,
    use,
)

from liandesk.assess.lists import actions, edition_actions, edition_queries
from liandesk.assess.lists.models import Edition, ListEntry
from liandesk.assess.lists.rows import ROW_SCHEMA
from liandesk.base.accounts.roles import Grant, Role, ScopeKind, Viewer
from liandesk.base.audit.models import AuditEvent
from liandesk.base.errors import Conflict, LiandeskError, NotAllowed, NotThere, UserError
from liandesk.base.snapshots import store

pytestmark = pytest.mark.django_db
DUE = date(2024, 12, 20)
FEW = "2024 年首批，先签急需的"


def _admit(*keys: str, due: date | None = DUE) -> None:
    for key in keys:
        actions.admit(key, by=OFFICE, version=ListEntry.objects.get(pk=key).version, due_date=due)


def _prepare(title: str = "断链断供风险清单", classification: str = "work_sensitive", by: Viewer = OFFICE) -> Edition:
    return edition_actions.prepare_edition(by=by, title=title, classification=classification)


@pytest.fixture
def _admitted() -> None:
    publish_world()
    _admit(ONE_RESIN, TWO_MEDIUM)


@pytest.mark.usefixtures("_admitted")
def test_an_edition_freezes_the_admitted_entries_with_every_column_and_reason() -> None:
    rows = edition_queries.edition_rows(CHIEF, _prepare())
    assert rows.columns == [*ROW_SCHEMA, "reasons"]
    assert rows["key"].to_list() == [ONE_RESIN, TWO_MEDIUM]
    first = rows.to_dicts()[0]
    assert first["supplier_names"] == "Cytiva" and first["countries"] == "SE" and first["amount_cny"] == 1_200_000
    assert first["control"] == "出口许可" and first["lead_time_days"] == 90 and first["item_code"] == "HS 3914.00"
    assert first["uscc"] == "91330110MA2GXXXX17" and first["switch_months_low"] == 6.0
    assert first["reasons"][0]["code"] == "sole_source" and first["reasons"][0]["holds"] is True
    assert rows.to_dicts()[1]["amount_cny"] is None


@pytest.mark.usefixtures("_admitted")
def test_what_is_signed_never_changes_whatever_happens_to_the_list() -> None:
    draft = _prepare()
    before = edition_queries.edition_rows(CHIEF, draft)
    edition_actions.sign_edition(draft.pk, by=CHIEF, size_reason=FEW)
    actions.decline(ONE_RESIN, by=OFFICE, version=1, reason="x")
    publish_world(uses=USES[1:])
    signed = edition_queries.edition(CHIEF, 1)
    assert edition_queries.edition_rows(CHIEF, signed).equals(before)
    assert signed.rows == draft.rows and store.is_intact(signed.rows)


@pytest.mark.usefixtures("_admitted")
def test_the_same_list_frozen_twice_has_the_same_content_hash() -> None:
    assert _prepare().rows == _prepare("第二稿").rows


@pytest.mark.usefixtures("_admitted")
def test_numbers_are_given_by_signing_without_a_gap() -> None:
    drafts = [_prepare(f"第 {place} 稿") for place in range(4)]
    edition_actions.discard_edition(drafts[1].pk, by=OFFICE)
    for draft in (drafts[3], drafts[0], drafts[2]):
        edition_actions.sign_edition(draft.pk, by=CHIEF, size_reason=FEW)
    titles = list(Edition.objects.exclude(number=None).order_by("number").values_list("number", "title"))
    assert titles == [(1, "第 3 稿"), (2, "第 0 稿"), (3, "第 2 稿")]


@pytest.mark.usefixtures("_admitted")
def test_whoever_prepared_cannot_sign_even_holding_both_roles() -> None:
    grants = OFFICE.grants | {Grant(Role.CHAIN_CHIEF, ScopeKind.DISTRICT)}
    both = Viewer(OFFICE.actor, "both", frozenset(grants))
    draft = _prepare(by=both)
    with pytest.raises(NotAllowed, match="another person"):
        edition_actions.sign_edition(draft.pk, by=both, size_reason=FEW)
    assert Edition.objects.get().state == "draft"


@pytest.mark.usefixtures("_admitted")
def test_the_database_itself_refuses_one_pair_of_eyes_and_a_number_without_signature() -> None:
    draft = _prepare()
    for wrong in ({"signed_by": draft.prepared_by}, {"number": 7}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Edition.objects.filter(pk=draft.pk).update(**wrong)


@pytest.mark.usefixtures("_admitted")
@pytest.mark.parametrize("by", [CHIEF, AUDITOR, MARKET_OFFICER, TOWN, ENTERPRISE], ids=lambda by: by.name)
def test_only_the_chain_office_prepares_and_discards(by: Viewer) -> None:
    draft = _prepare()
    with pytest.raises(NotAllowed):
        _prepare(by=by)
    with pytest.raises(NotAllowed):
        edition_actions.discard_edition(draft.pk, by=by)
    assert Edition.objects.get().state == "draft"


@pytest.mark.usefixtures("_admitted")
@pytest.mark.parametrize("by", [OFFICE, AUDITOR, MARKET_OFFICER, TOWN, ENTERPRISE], ids=lambda by: by.name)
def test_only_the_chain_chief_signs(by: Viewer) -> None:
    draft = _prepare()
    with pytest.raises(NotAllowed):
        edition_actions.sign_edition(draft.pk, by=by, size_reason=FEW)
    assert Edition.objects.get().number is None


@pytest.mark.usefixtures("_admitted")
@pytest.mark.parametrize("by", [MARKET_OFFICER, TOWN, ENTERPRISE], ids=lambda by: by.name)
def test_editions_are_not_there_for_others(by: Viewer) -> None:
    draft = _prepare()
    signed = edition_actions.sign_edition(_prepare().pk, by=CHIEF, size_reason=FEW)
    assert not edition_queries.editions(by).exists()
    with pytest.raises(NotThere):
        edition_queries.edition(by, signed.number or 0)
    with pytest.raises(NotThere):
        edition_queries.draft(by, draft.pk)
    with pytest.raises(NotAllowed):
        edition_queries.edition_rows(by, signed)


def test_a_list_that_is_not_ready_is_not_signed() -> None:
    publish_world()
    _admit(ONE_RESIN, due=None)
    with pytest.raises(UserError, match="owner or a due date"):
        edition_actions.sign_edition(_prepare().pk, by=CHIEF, size_reason=FEW)


@pytest.mark.usefixtures("_admitted")
def test_a_size_outside_the_range_needs_a_reason_that_is_kept() -> None:
    draft = _prepare()
    with pytest.raises(UserError, match="2 entries instead of 20 to 40"):
        edition_actions.sign_edition(draft.pk, by=CHIEF)
    assert edition_actions.sign_edition(draft.pk, by=CHIEF, size_reason=FEW).size_reason == FEW


@pytest.mark.usefixtures("_admitted")
@pytest.mark.parametrize("mark", ["secret", "机密", ""])
def test_a_mark_above_the_packs_is_refused_with_the_reason(mark: str) -> None:
    with pytest.raises(UserError, match="no state secrets"):
        _prepare(classification=mark)


@pytest.mark.usefixtures("_admitted")
def test_an_edition_needs_a_title() -> None:
    with pytest.raises(UserError, match="title"):
        _prepare(title=" ")


def test_an_empty_list_and_a_home_without_a_snapshot_make_no_edition() -> None:
    with pytest.raises(UserError, match="computed"):
        _prepare()
    publish_world()
    with pytest.raises(UserError, match="admitted"):
        _prepare()


@pytest.mark.usefixtures("_admitted")
def test_what_was_signed_or_discarded_is_not_signed_or_discarded_again() -> None:
    signed, thrown = _prepare(), _prepare()
    edition_actions.sign_edition(signed.pk, by=CHIEF, size_reason=FEW)
    edition_actions.discard_edition(thrown.pk, by=OFFICE)
    for pk in (signed.pk, thrown.pk):
        with pytest.raises(Conflict):
            edition_actions.sign_edition(pk, by=CHIEF, size_reason=FEW)
        with pytest.raises(Conflict):
            edition_actions.discard_edition(pk, by=OFFICE)
    assert [event.action for event in AuditEvent.objects.filter(object_kind="edition").order_by("id")] == [
        "edition.prepare",
        "edition.prepare",
        "edition.sign",
        "edition.discard",
    ]


@pytest.mark.usefixtures("_admitted")
def test_damaged_rows_are_never_signed() -> None:
    draft = _prepare()
    path = store.blob_path(draft.rows)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(LiandeskError, match="damaged"):
        edition_actions.sign_edition(draft.pk, by=CHIEF, size_reason=FEW)


@pytest.mark.usefixtures("_admitted")
def test_two_editions_differ_by_what_was_added_removed_and_changed() -> None:
    first = _prepare()
    actions.decline(TWO_MEDIUM, by=OFFICE, version=1, reason="x")
    _admit(ONE_VALVE)
    actions.report(ONE_RESIN, by=OFFICE, version=1, level="red", level_reason="独家")
    publish_world(
        uses=[use("enterprise-one", "I-resin", "单抗注射液", output_cny=9e7, another_source=False), *USES[1:]]
    )
    found = edition_queries.edition_diff(CHIEF, first, _prepare())
    assert [row["key"] for row in found.added] == [ONE_VALVE]
    assert [row["key"] for row in found.removed] == [TWO_MEDIUM]
    assert found.changed[0].key == ONE_RESIN
    assert found.changed[0].fields["level"] == ("", "red")
    assert found.changed[0].fields["impact_low"] == (5e7, 9e7)


@pytest.mark.usefixtures("_admitted")
def test_a_draft_tells_what_changed_since_it_was_frozen() -> None:
    draft = _prepare()
    assert edition_queries.opened(CHIEF, draft).drift.is_empty
    actions.assign(ONE_RESIN, by=OFFICE, version=1, owner_office="health", due_date=DUE)
    assert edition_queries.opened(CHIEF, draft).drift.changed[0].fields == {"owner_office": ("economy", "health")}


@pytest.mark.django_db(transaction=True)
def test_signatures_at_the_same_moment_number_consecutively() -> None:
    publish_world()
    _admit(ONE_RESIN)
    drafts = [_prepare().pk for _ in range(6)]

    def sign(pk: int) -> int | None:
        try:
            return edition_actions.sign_edition(pk, by=CHIEF, size_reason=FEW).number
        finally:
            connections.close_all()

    if connection.vendor == "sqlite":
        pytest.skip("threads share SQLite's database in memory; test_lists_concurrency signs in processes on a file")
    with ThreadPoolExecutor(6) as pool:
        numbers = list(pool.map(sign, drafts))
    assert sorted(number for number in numbers if number) == [1, 2, 3, 4, 5, 6]
