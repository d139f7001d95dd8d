"""The tutorial of the cascade does what it says, section by section, on made tables and on the public data sets."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from liankit.cli import main

TUTORIAL = Path(__file__).parents[2] / "docs" / "tutorials" / "cascade.md"
SECTIONS = TUTORIAL.read_text(encoding="utf-8").split("\n## ")[1:]
BLOCK = re.compile(r"^```(\w+) ?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NUMBER = re.compile(r"\d+\.\d+")


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.splitlines()[0])
def test_the_tutorial_does_what_it_says(section: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if "LIANDESK_REAL_DATA" in section and not os.environ.get("LIANDESK_REAL_DATA"):
        pytest.skip("needs the public data sets: set LIANDESK_REAL_DATA to their folder")
    monkeypatch.chdir(tmp_path)
    printed = ""
    for kind, name, body in BLOCK.findall(section):
        if kind == "csv":
            Path(name).write_text(body, encoding="utf-8")
        elif kind == "python":
            printed = run_python(body)
        elif kind == "text":
            assert printed == body
        else:
            for command, told in re.findall(r"^\$ (.*)\n((?:[^$].*\n)*)", body, re.MULTILINE):
                assert rounded(run_command(command)) == rounded(told), command


def run_python(body: str) -> str:
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(body, str(TUTORIAL), "exec"), {"__name__": "tutorial"})
    return printed.getvalue()


def run_command(command: str) -> str:
    """Return what a command prints: on standard error where it fails."""
    program, *arguments = shlex.split(command)
    if program == "cat":
        return Path(arguments[0]).read_text(encoding="utf-8")
    assert program == "liankit"
    result = CliRunner().invoke(main, arguments)
    return result.stderr if result.exit_code else result.stdout


def rounded(text: str) -> str:
    """Return a text with its numbers to ten digits: the last ones depend on the order of sums."""
    return NUMBER.sub(lambda number: f"{float(number.group()):.10g}", text)
