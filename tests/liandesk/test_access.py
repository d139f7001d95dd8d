from __future__ import annotations

from datetime import timedelta
from itertools import product
from pathlib import Path

import polars as pl
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, transaction
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liandesk.assess.lists.models import ListEntry
from liandesk.base.accounts import matrix
from liandesk.base.accounts.access import ALL, Resource, Rows, can, check, declare, visibility
from liandesk.base.accounts.models import Membership, User
from liandesk.base.accounts.roles import NOBODY, Grant, Role, ScopeKind, Viewer, system_viewer, viewer_of
from liandesk.base.clock import today
from liandesk.base.errors import NotAllowed

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "access.md"

_FIELDS = {
    ScopeKind.OFFICE: "owner_office",
    ScopeKind.TOWN: "town",
    ScopeKind.ORGANISATION: "organisation",
}
_VALUES = ("", "one", "two")
_ROLES = [role for role in Role if role != Role.SYSTEM]


@pytest.fixture
def rows(db: None) -> pl.DataFrame:
    """Every combination of office, town and organisation, empty ones included, in the database and as a table."""
    day = {"listed_on": today(), "recomputed_on": today()}
    made = [
        ListEntry(key=f"{office}:{town}:{own}", owner_office=office, town=town, organisation=own, **day)
        for office, town, own in product(_VALUES, _VALUES, _VALUES)
    ]
    ListEntry.objects.bulk_create(made)
    names = ["key", *_FIELDS.values()]
    return pl.DataFrame(list(ListEntry.objects.values_list(*names)), schema=names, orient="row")


_rules = st.dictionaries(
    st.sampled_from(_ROLES),
    st.one_of(st.just(ALL), st.sampled_from([Rows(field, kind) for kind, field in _FIELDS.items()])),
)
_grants = st.frozensets(
    st.builds(Grant, st.sampled_from(_ROLES), st.sampled_from(ScopeKind), st.sampled_from(_VALUES)), max_size=6
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rules=_rules, grants=_grants)
def test_database_table_and_single_row_agree_on_what_is_visible(
    rows: pl.DataFrame, rules: dict[Role, Rows], grants: frozenset[Grant]
) -> None:
    viewer = Viewer("user:1", "anyone", grants, 1)
    seen = visibility(viewer, Resource("thing", {"read": rules}))
    by_orm = set(ListEntry.objects.filter(seen.as_q()).values_list("key", flat=True))
    by_polars = set(rows.filter(seen.as_expr())["key"])
    one_by_one = {row["key"] for row in rows.to_dicts() if seen.allows(row)}
    assert by_orm == by_polars == one_by_one == _by_hand(rows, rules, grants)
    assert not (seen.is_nothing and by_orm)


def _by_hand(rows: pl.DataFrame, rules: dict[Role, Rows], grants: frozenset[Grant]) -> set[str]:
    """The reference: a row is seen when one grant alone lets it be seen."""

    def lets(grant: Grant, row: dict[str, str]) -> bool:
        rule = rules.get(Role(grant.role))
        if rule is None:
            return False
        is_own = grant.scope_kind == rule.scope_kind and grant.scope_id != ""
        return rule == ALL or (is_own and row[rule.field] == grant.scope_id)

    return {row["key"] for row in rows.to_dicts() if any(lets(grant, row) for grant in grants)}


def test_a_row_that_belongs_to_nobody_is_seen_by_nobody_with_a_scope() -> None:
    resource = Resource("thing", {"read": {Role.ENTERPRISE: Rows("organisation", ScopeKind.ORGANISATION)}})
    viewer = Viewer("user:1", "x", frozenset({Grant(Role.ENTERPRISE, ScopeKind.ORGANISATION, "")}), 1)
    table = pl.DataFrame({"organisation": ["", None, "one"]})
    seen = visibility(viewer, resource)
    assert seen.is_nothing and table.filter(seen.as_expr()).is_empty()


def test_null_is_never_visible_by_scope() -> None:
    resource = Resource("thing", {"read": {Role.TOWN_OFFICER: Rows("town", ScopeKind.TOWN)}})
    viewer = Viewer("user:1", "x", frozenset({Grant(Role.TOWN_OFFICER, ScopeKind.TOWN, "one")}), 1)
    table = pl.DataFrame({"town": ["one", None, "two"]})
    assert table.filter(visibility(viewer, resource).as_expr())["town"].to_list() == ["one"]


_HIDING = Resource(
    "thing",
    {
        "read": {
            Role.CHAIN_OFFICE: ALL,
            Role.AUDITOR: ALL,
            Role.TOWN_OFFICER: Rows("town", ScopeKind.TOWN),
            Role.ENTERPRISE: Rows("organisation", ScopeKind.ORGANISATION),
        }
    },
    hidden={
        Role.AUDITOR: frozenset({"a"}),
        Role.TOWN_OFFICER: frozenset({"a"}),
        Role.ENTERPRISE: frozenset({"b"}),
    },
)
_TOWN = Grant(Role.TOWN_OFFICER, ScopeKind.TOWN, "one")
_OWN = Grant(Role.ENTERPRISE, ScopeKind.ORGANISATION, "one")
_OFFICE = Grant(Role.CHAIN_OFFICE, ScopeKind.DISTRICT)
_AUDIT = Grant(Role.AUDITOR, ScopeKind.DISTRICT)


@pytest.mark.parametrize(
    ("grants", "hidden"),
    [
        ({_TOWN}, {"a"}),
        ({_TOWN, _OWN}, {"a", "b"}),  # neither role lends its column to the other's rows
        ({_AUDIT}, {"a"}),
        ({_AUDIT, _OFFICE}, set()),  # the chain office sees every column of every row
        ({_AUDIT, _OWN}, {"a"}),
        ({_OWN, Grant(Role.TOWN_OFFICER, ScopeKind.TOWN, "")}, {"b"}),  # a role over nothing hides nothing
    ],
)
def test_a_second_role_never_shows_a_column_on_rows_where_it_was_hidden(grants: set[Grant], hidden: set[str]) -> None:
    assert visibility(Viewer("user:1", "x", frozenset(grants), 1), _HIDING).hidden == hidden


def test_nobody_may_do_anything_and_the_system_everything() -> None:
    for resource in matrix.all_resources():
        for action in resource.actions:
            assert not can(NOBODY, resource, action)
            assert can(system_viewer("test"), resource, action)


def test_a_refusal_names_the_action_and_not_the_object() -> None:
    with override("en"), pytest.raises(NotAllowed, match="anonymous may not read thing") as refused:
        check(NOBODY, _HIDING, "read", {"town": "secret town"})
    assert "secret" not in str(refused.value)


def test_a_resource_is_declared_once() -> None:
    (first, *_) = matrix.all_resources()
    assert declare(first) is first
    with pytest.raises(ValueError, match="twice"):
        declare(Resource(first.name, {}))


def test_a_grant_counts_from_its_first_to_its_last_day(db: None) -> None:
    user, day = User.objects.create(username="zhang.san"), timedelta(days=1)
    dates = {
        "ended": (None, today() - day),
        "begins": (today() + day, None),
        "first": (today(), None),
        "last": (None, today()),
    }
    for scope, (start, end) in dates.items():
        membership = {"role": Role.TOWN_OFFICER, "scope_kind": ScopeKind.TOWN, "scope_id": scope}
        Membership.objects.create(user=user, valid_from=start, valid_until=end, **membership)
    assert {grant.scope_id for grant in viewer_of(user).grants} == {"first", "last"}


def test_no_membership_gives_the_rights_of_the_system_or_an_empty_scope(db: None) -> None:
    user = User.objects.create(username="zhang.san")
    for role, kind, scope in ((Role.SYSTEM, ScopeKind.DISTRICT, "x"), (Role.ENTERPRISE, ScopeKind.TOWN, "")):
        with pytest.raises(IntegrityError), transaction.atomic():
            Membership.objects.create(user=user, role=role, scope_kind=kind, scope_id=scope)


def test_the_page_of_the_matrix_is_what_the_policies_say(tmp_path: Path) -> None:
    call_command("access-matrix", check=PAGE)
    stale = tmp_path / "access.md"
    stale.write_text("old")
    with pytest.raises(CommandError, match="stale"):
        call_command("access-matrix", check=stale)
