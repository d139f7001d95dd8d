"""A definition is checked and drawn, and a log is replayed, from files on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from tests.liankit.process_cases import Log, body
from typer.testing import CliRunner, Result

from liankit.cli import main
from liankit.errors import UserError
from liankit.process.log import read_log, write_log


@pytest.fixture
def definition(tmp_path: Path) -> Path:
    path = tmp_path / "start_up.yaml"
    path.write_text(yaml.safe_dump(body(), allow_unicode=True), encoding="utf-8")
    return path


def run(*args: object) -> Result:
    return CliRunner().invoke(main, ["process", *map(str, args)])


def accepted() -> Log:
    log = Log().add("open", data={"subject": "trial"}).add("do", "accept")
    return log.add("correct", "2", data={"at": log.events[0].at}, on_behalf_of=("user:2",))


def test_a_definition_is_checked_and_what_is_not_laid_down_is_said(definition: Path) -> None:
    said = run("check", definition).output
    assert "8 stages, 6 steps, 4 clocks" in said and "clocks.signing: no period is laid down (待核定)" in said
    definition.write_text(definition.read_text().replace("lead: hospital", "lead: hopsital"))
    wrong = run("check", definition)
    assert wrong.exit_code == 2 and "Did you mean 'hospital'?" in wrong.output and "Traceback" not in wrong.output


def test_a_definition_is_drawn_into_a_file(definition: Path) -> None:
    out = definition.with_suffix(".svg")
    assert run("diagram", definition, "--out", out, "--language", "en").exit_code == 0
    assert out.read_text(encoding="utf-8").startswith("<svg")
    assert run("diagram", definition, "--out", out, "--language", "fr").exit_code == 2


def test_a_log_is_replayed_to_where_it_stands(definition: Path) -> None:
    log = definition.with_name("case.jsonl")
    log.write_text(write_log(accepted().events), encoding="utf-8")
    said = run("replay", definition, log, "--on", "2024-09-03", "--language", "en").output
    assert "stages: contract, ethics" in said and "holds office: office:economy" in said
    assert "clock review: running, due 2024-09-14, 9 working_days left" in said
    assert "next sign (office): The evidence 'contract_copy' is missing" in said


def test_a_log_reads_back_as_it_was_written_and_names_the_line_that_is_wrong() -> None:
    events = accepted().events
    assert read_log(write_log(events), "a.jsonl") == events
    with pytest.raises(UserError, match=r"a\.jsonl, line 4: at: "):
        read_log(write_log(events) + '{"number": 4, "kind": "do", "actor": "x", "at": "2024-09-02"}', "a.jsonl")
