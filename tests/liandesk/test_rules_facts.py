"""What files said of enterprises becomes facts for rules; a refresh grades them; nobody sees another's."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from tests.liandesk.lists_world import viewer
from tests.liandesk.registry_world import OFFICE, enterprise, load, refresh
from tests.liandesk.rules_world import ENTERPRISES, figures, load_enterprises, take_over_rules, title

from liandesk.assess.rules import queries
from liandesk.base.accounts.roles import Role, ScopeKind
from liandesk.know.registry.models import Organisation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("in_english")]


@pytest.fixture
def graded() -> dict[str, str]:
    """The enterprises graded; their ids by the first sign of their names."""
    take_over_rules()
    load_enterprises()
    refresh()
    keys = {"恰": "edge", "差": "short", "未": "open", "无": "bare"}
    return {keys[one.name[0]]: one.pk for one in Organisation.objects.all()}


def _outcomes(grants: str) -> dict[str, bool | None]:
    rows = queries.grades(OFFICE).filter(grants=grants)
    return dict(rows.select("organisation", "outcome").iter_rows())


def test_the_bound_itself_is_met_one_clause_short_is_counted_and_unknown_stays_unknown(graded: dict[str, str]) -> None:
    found = {row["organisation"]: row for row in queries.grades(OFFICE).filter(grants="specialised_sme").to_dicts()}
    told = {
        key: tuple(found[graded[key]][name] for name in ("outcome", "failed", "unknown")) for key in ("edge", "short")
    }
    assert told == {"edge": (True, 0, 0), "short": (False, 1, 0)}
    assert _outcomes("innovative_sme")[graded["open"]] is False
    assert graded["bare"] not in found  # nothing is known of it that rules ask for
    (bare,) = queries.grade_on(OFFICE, graded["bare"], of=queries.schemes()[:1])
    assert bare.outcome.tolist() == [-1]


def test_a_share_of_files_is_percent_for_rules_without_a_trace_of_the_factor(graded: dict[str, str]) -> None:
    facts = queries.facts_of(OFFICE, [graded["edge"]])
    assert facts.filter(input="rd_staff_share")["number"].to_list() == [2.94]
    titles = facts.filter(input="titles").select("text", "date", "until").rows()
    assert titles == [("innovative_sme", date(2023, 5, 1), date(2024, 10, 31))]


def test_a_date_of_the_law_and_a_day_of_knowledge_are_two_things(graded: dict[str, str]) -> None:
    upper = [one for one in queries.schemes() if one.grants == "specialised_sme"]
    now, later = (queries.grade_on(OFFICE, graded["edge"], on=day, of=upper)[0] for day in (None, date(2025, 3, 1)))
    assert now.outcome.tolist() == [1]
    assert [judged.threshold for judged in later.clauses if judged.node.key == "rd"] == [5.0]
    before = queries.grade_on(OFFICE, graded["edge"], known=date(2020, 1, 1), of=upper)[0]
    assert before.outcome.tolist() == [0]  # nobody had told of its title then, and titles are a complete register
    assert queries.facts_known(OFFICE, graded["edge"], date(2020, 1, 1)).is_empty()


def test_nobody_sees_how_another_stands(graded: dict[str, str]) -> None:
    own, town = enterprise(graded["edge"]), viewer(Role.TOWN_OFFICER, ScopeKind.TOWN, "330113002", 1002)
    assert set(queries.grades(own)["organisation"]) == {graded["edge"]}
    assert set(queries.facts_of(town)["enterprise"]) == {graded["short"]}
    assert queries.clauses_of(own, graded["short"], "upper_2022").is_empty()
    assert queries.grade_on(own, graded["short"]) == []
    assert queries.facts_known(town, graded["edge"], date(2024, 9, 30)).is_empty()
    assert queries.grades(viewer(Role.BANK, number=1009)).is_empty()


def test_the_most_trusted_word_of_a_day_counts_and_a_later_day_beside_it(graded: dict[str, str]) -> None:
    load([*figures("edge", 2022, revenue_cny=8e6), *figures("edge", 2023, revenue_cny=2e7)], "later")
    refresh()
    revenue = queries.facts_of(OFFICE, [graded["edge"]]).filter(input="revenue_cny").sort("date")
    assert revenue.select(pl.col("date").dt.year(), "number").rows() == [(2022, 8e6), (2023, 2e7)]
    assert _outcomes("specialised_sme")[graded["edge"]] is False  # 1.5 % of the later figure


def test_a_title_that_no_scheme_knows_is_counted_and_not_guessed() -> None:
    take_over_rules()
    load([*ENTERPRISES, *title("edge", "最美企业", "2024-01-01")], "odd")
    lost = {step.name: step.lost for step in refresh().steps.all()}
    assert lost["grades"] == {"title_of_no_known_name": 1}


def test_rechecks_are_graded_for_those_who_hold_the_title(graded: dict[str, str]) -> None:
    held = queries.grades(OFFICE, application="recheck").select("organisation", "grants").rows()
    assert set(held) == {
        (graded["edge"], "innovative_sme"),
        (graded["short"], "innovative_sme"),
        (graded["open"], "specialised_sme"),
    }
