"""Schemes and quantities as definitions: a folder a key, checked in the words in force."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.liandesk.registry_world import OFFICE
from tests.liandesk.rules_world import BY, LOWER, UPPER, WORDS, examples, take_over_rules

from liandesk.assess.rules.definitions import schemes, vocabulary
from liandesk.base.definitions import actions, packs, queries
from liandesk.base.definitions.models import Definition
from liandesk.base.errors import UserError
from liankit.errors import UserError as KitError

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def test_a_scheme_is_written_as_a_folder_and_read_back_the_same(tmp_path: Path) -> None:
    take_over_rules()
    said = [{"name": "an example with a name", "on": "2024-09-30", "expect": "unknown"}]
    Definition.objects.filter(key="upper_2022").update(body=UPPER | {"examples": said})
    assert packs.export(queries.all_in_force(), tmp_path) == 4
    assert (tmp_path / "schemes/upper_2022/examples.yaml").is_file()
    read = {(one.kind.code, one.key): one.body for one in packs.of_folder(tmp_path)}
    assert read["scheme", "upper_2022"] == UPPER | {"examples": said}
    assert read["scheme", "lower_2022"] == LOWER and read["quantities", "words"] == WORDS
    (tmp_path / "schemes/lower_2022/scheme.yaml").unlink()
    with pytest.raises(UserError, match=r"lower_2022/scheme\.yaml is missing"):
        packs.of_folder(tmp_path)


def test_a_later_version_is_the_law_from_its_day_and_words_that_schemes_need_cannot_go() -> None:
    take_over_rules()
    changed = UPPER | {"valid_years": 2, "examples": examples()}
    made = actions.propose(
        by=OFFICE, kind="scheme", key="upper_2022", text=packs.body_as_text(changed), effective_from=date(2025, 1, 1)
    )
    actions.publish(made.pk, by=BY)
    lasts = {day: {one.key: one.valid_years for one in schemes(day)}["upper_2022"] for day in (None, date(2025, 1, 1))}
    assert lasts == {None: 3, date(2025, 1, 1): 2}
    fewer = WORDS | {"quantities": []}
    with pytest.raises(KitError, match="rd_share"):
        actions.propose(
            by=OFFICE, kind="quantities", key="words", text=packs.body_as_text(fewer), effective_from=date(2025, 1, 1)
        )
    assert {one.key for one in vocabulary().quantities} == {"rd_share", "is_innovative"}


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ([], "examples: no example"),
        (examples()[:1] + examples()[2:], "rd: no example just misses 3"),
        ([examples()[0] | {"expect": "no"}, *examples()[1:]], "exactly the least share"),
    ],
)
def test_a_scheme_without_passing_examples_on_both_sides_is_not_taken(said: list[dict[str, object]], told: str) -> None:
    take_over_rules()
    text = packs.body_as_text(UPPER | {"valid_years": 2, "examples": said})
    with pytest.raises(KitError, match=told):
        actions.propose(by=OFFICE, kind="scheme", key="upper_2022", text=text, effective_from=date(2025, 1, 1))
