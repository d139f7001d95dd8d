"""Pages of rules: text beside rule, parameters with their days, and who changes by the law of another day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from tests.liandesk.lists_world import viewer
from tests.liandesk.registry_world import OFFICE, enterprise, refresh
from tests.liandesk.rules_world import BY, UPPER, examples, load_enterprises, take_over_rules

from liandesk.assess.rules import queries
from liandesk.assess.rules.regrade import regrade
from liandesk.base.accounts.roles import Role, ScopeKind
from liandesk.base.definitions import actions, packs
from liandesk.base.errors import NotAllowed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("in_english")]


def test_a_scheme_shows_the_text_beside_the_rule_by_the_law_of_a_day(cast_client: Callable[[str], Client]) -> None:
    take_over_rules()
    client = cast_client("Enterprise")
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    assert "upper_2022" in client.get("/rules/").content.decode()
    now, later = (client.get(f"/rules/upper_2022?on={day}").content.decode() for day in ("2024-09-30", "2025-02-01"))
    assert "R&amp;D share ≥ 3\xa0%" in now and "R&amp;D share ≥ 5\xa0%" in later
    assert "made up here" in now and client.get("/rules/none").status_code == 404
    assert client.get("/rules/upper_2022?on=soon").status_code == 200
    assert client.get("/rules/upper_2022/compare").status_code == 403
    found = client.get("/api/v1/schemes").json()
    assert [(one["key"], one["claimable"]) for one in found] == [("lower_2022", False), ("upper_2022", False)]


def test_a_number_changed_for_next_year_leaves_today_as_it_is_and_tells_who_changes(
    cast_client: Callable[[str], Client],
) -> None:
    take_over_rules()
    load_enterprises()
    refresh()
    before = queries.grades(OFFICE)
    changed = UPPER | {
        "parameters": [UPPER["parameters"][0] | {"values": [{"value": 2.5}]}],
        "examples": examples(2.5, 2.5),
    }
    text = packs.body_as_text(changed)
    made = actions.propose(by=OFFICE, kind="scheme", key="upper_2022", text=text, effective_from=date(2025, 1, 1))
    actions.publish(made.pk, by=BY)
    refresh()
    assert queries.grades(OFFICE).equals(before)
    found = regrade(OFFICE, "specialised_sme", date(2025, 1, 1))
    assert found and found.counts == (1, 2)
    assert [(one.organisation.name, one.before, one.after) for one in found.moved] == [("差一点有限公司", False, True)]
    page = cast_client("ChainOffice").get("/rules/upper_2022/compare?on=2025-01-01").content.decode()
    assert "差一点有限公司" in page and "least_rd_share" in page
    assert (found.directions, found.moved[0].clauses[0].en) == ({"up": 1, "down": 0, "open": 0}, "R&D share")
    sent = cast_client("ChainOffice").get("/rules/upper_2022/compare/export/csv?on=2025-01-01")
    told = b"".join(sent.streaming_content).decode("utf-8-sig")
    assert ",升," in told and "R&D share" in told and "恰好" not in told
    assert cast_client("Enterprise").get("/rules/upper_2022/compare/export/csv").status_code == 403


def test_only_the_chain_office_and_its_chief_grade_everybody_by_another_law() -> None:
    take_over_rules()
    for member in (enterprise("x"), viewer(Role.TOWN_OFFICER, ScopeKind.TOWN, "330113001", 1002)):
        with pytest.raises(NotAllowed):
            regrade(member, "specialised_sme", date(2025, 1, 1))
