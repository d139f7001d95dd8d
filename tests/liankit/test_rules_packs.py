"""Packs are read without the site; one extends another part by part."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.liankit.rule_cases import scheme, words

from liankit.errors import UserError
from liankit.process.check import DefinitionError
from liankit.rules.packs import build_rules, read_bodies, shipped_folders


def write(pack: Path, name: str, body: Any) -> None:
    file = pack / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(yaml.safe_dump(body, allow_unicode=True), encoding="utf-8")


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    body = scheme()
    write(tmp_path / "land", "quantities/trial.yaml", words())
    write(tmp_path / "land", "schemes/title_2024/examples.yaml", body.pop("examples"))
    write(tmp_path / "land", "schemes/title_2024/scheme.yaml", body)
    return tmp_path / "land"


def test_a_scheme_is_read_with_its_examples(pack: Path) -> None:
    found = build_rules(read_bodies([pack]))
    assert [one.key for one in found.schemes] == ["title_2024"] and len(found.schemes[0].examples) == 3


def test_a_pack_changes_only_what_it_names(pack: Path) -> None:
    district = pack.parent / "district"
    values = [{"value": 5}]
    change = {"key": "title_2024", "parameters": [{"key": "share_least", "values": values}]}
    write(district, "schemes/title_2024/scheme.yaml", change)
    write(district, "quantities/trial.yaml", {"key": "trial", "inputs": [{"key": "rd", "unit": "yuan"}]})
    found = build_rules(read_bodies([pack, district]))
    assert found.schemes[0].parameters[0].values[0].value == 5
    assert found.schemes[0].clause == build_rules(read_bodies([pack])).schemes[0].clause
    assert {one.key: one.unit for one in found.vocabulary.inputs}["rd"] == "yuan"


def test_a_mistake_names_the_file_of_the_pack_that_made_it(pack: Path) -> None:
    district = pack.parent / "district"
    write(district, "schemes/title_2024/scheme.yaml", {"key": "title_2024", "grant": "title"})
    with pytest.raises(DefinitionError, match=r"^district/schemes/title_2024/scheme.yaml: 1 to mend"):
        build_rules(read_bodies([pack, district]))


def test_a_folder_has_the_name_of_its_scheme(pack: Path) -> None:
    (pack / "schemes" / "title_2024").rename(pack / "schemes" / "title_2025")
    with pytest.raises(DefinitionError, match="the key is 'title_2024', its folder 'title_2025'"):
        build_rules(read_bodies([pack]))


def test_what_is_missing_or_no_yaml_is_said_with_its_file(pack: Path) -> None:
    file = pack / "schemes" / "title_2024" / "scheme.yaml"
    file.write_text("key: [", encoding="utf-8")
    with pytest.raises(UserError, match=r"land/schemes/title_2024/scheme.yaml: this is no YAML"):
        read_bodies([pack])
    file.unlink()
    with pytest.raises(UserError, match=r"land/schemes/title_2024/scheme.yaml: there is no such file"):
        read_bodies([pack])


def test_a_pack_that_is_not_shipped_is_named_with_the_nearest() -> None:
    with pytest.raises(UserError, match="Did you mean 'zhejiang'"):
        shipped_folders(["zhejang"])
