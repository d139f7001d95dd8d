"""The vocabulary is data of a pack: rich enough, in step with the pack, and refused in words where it is wrong."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from typer.testing import CliRunner

from liankit.errors import UserError
from liankit.synthetic import generate, load_vocabulary
from liankit.synthetic.cli import app

VOCABULARY = load_vocabulary("linping_biomed")
PACK = yaml.safe_load(
    (Path(__file__).parents[2] / "src/liandesk/packs/linping_biomed/pack.yaml").read_text(encoding="utf-8")
)


def test_there_are_ten_items_of_each_kind_that_the_plan_names_and_sixty_in_all() -> None:
    items = VOCABULARY["items"]
    assert set(items) == {kind["code"] for kind in PACK["item_kinds"]} == set(VOCABULARY["item_kinds"])
    assert all(len(rows) >= 10 for kind, rows in items.items())
    names = [row["item"] for rows in items.values() for row in rows]
    assert len(names) == len(set(names)) >= 60


def test_the_vocabulary_is_in_step_with_its_pack() -> None:
    assert [town["code"] for town in VOCABULARY["towns"]] == [town["code"] for town in PACK["towns"]]
    zones = {zone for town in VOCABULARY["towns"] for zone in town["zones"]}
    assert zones == {zone["code"] for zone in PACK["zones"]}
    assert VOCABULARY["country"] == PACK["home_country"]
    for kind in PACK["item_kinds"][:5]:
        assert VOCABULARY["item_kinds"][kind["code"]]["switch_months"] == kind["switch_months"]


def _drop_answers(body: dict[str, Any]) -> None:
    del body["answers"]


def _unknown_family(body: dict[str, Any]) -> None:
    body["items"]["excipient"][0]["family"] = "excipient"


def _unknown_product(body: dict[str, Any]) -> None:
    body["items"]["excipient"][0]["into"] = ["滴眼液"]


def _unquoted_no(body: dict[str, Any]) -> None:
    body["foreign_syllables"]["second"][0] = False


def _too_few_items(body: dict[str, Any]) -> None:
    for rows in body["items"].values():
        rows[:] = [{**row, "used_by": [code for code in row["used_by"] if code != "cxo"]} for row in rows]
        rows[:] = [row for row in rows if row["used_by"]]


def _too_few_syllables(body: dict[str, Any]) -> None:
    body["syllables"]["first"] = {"澄": "Cheng"}
    body["syllables"]["second"] = {"禾": "He"}


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_drop_answers, "lacks the entry 'answers'"),
        (_unknown_family, "Did you mean 'excipients'"),
        (_unknown_product, "Did you mean '滴眼剂'"),
        (_unquoted_no, "put it in quotes"),
        (_too_few_items, "Add items or uses"),
        (_too_few_syllables, "Add syllables"),
    ],
)
def test_a_wrong_vocabulary_is_refused_with_what_to_do(spoil: Callable[[dict[str, Any]], None], said: str) -> None:
    body = deepcopy(VOCABULARY)
    spoil(body)
    with pytest.raises(UserError, match=said):
        generate(body, enterprises=30, seed=1)


def test_an_unknown_pack_is_refused_with_the_nearest() -> None:
    with pytest.raises(UserError, match="Did you mean 'linping_biomed'"):
        load_vocabulary("linping_bio")


def test_a_vocabulary_file_of_ones_own_is_read(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(yaml.safe_dump(VOCABULARY, allow_unicode=True), encoding="utf-8")
    assert load_vocabulary(str(file)) == VOCABULARY
    file.write_text("- no mapping", encoding="utf-8")
    with pytest.raises(UserError, match="must be a mapping"):
        load_vocabulary(str(file))
    file.write_text("{", encoding="utf-8")
    with pytest.raises(UserError, match="not valid YAML"):
        load_vocabulary(str(file))


def test_the_command_writes_the_files_alone_and_under_another_command(tmp_path: Path) -> None:
    root = typer.Typer()
    root.command("other")(lambda: None)
    root.add_typer(app, name="synthetic")
    options = ["--enterprises", "30", "--seed", "4", "--vocabulary", "linping_biomed"]
    alone = CliRunner().invoke(app, [str(tmp_path / "a"), *options, "--marginals", str(tmp_path / "page.md")])
    under = CliRunner().invoke(root, ["synthetic", str(tmp_path / "b"), *options])
    assert (alone.exit_code, under.exit_code) == (0, 0), alone.output + under.output
    for name in ("enterprises.csv", "critical_inputs.csv", "facts.csv"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    assert "median_stock" in (tmp_path / "page.md").read_text(encoding="utf-8")
