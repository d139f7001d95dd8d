"""Two people at the same moment, in processes of their own on one database file: one wins, nothing is lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.liandesk.own_database import own_database

ROOT = Path(__file__).parents[2]
SETUP = """
    import django; django.setup()
    import json, sys
    from liandesk.base.prepare import prepare
    from liandesk.base.errors import UserError
    from liandesk.assess.lists import actions, edition_actions
    from liandesk.assess.lists.models import Edition, EntryEvent, ListEntry
    from tests.liandesk.lists_world import *
"""

Run = Callable[..., list[dict[str, object]]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Return a function that runs pieces of code at once, each in a process, and gives what each printed."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"LIANDESK_HOME": str(tmp_path / "home"), "DJANGO_SETTINGS_MODULE": "liandesk.config.settings"}
    environment["PYTHONPATH"] = str(ROOT)

    def at_once(*pieces: str) -> list[dict[str, object]]:
        codes = [textwrap.dedent(SETUP) + textwrap.dedent(piece) for piece in pieces]
        processes = [
            subprocess.Popen(
                [sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
            )
            for code in codes
        ]
        answers = [process.communicate(timeout=120) for process in processes]
        for process, (_, error) in zip(processes, answers, strict=True):
            assert process.returncode == 0, error
        return [json.loads(out.splitlines()[-1]) for out, _ in answers]

    return at_once


REPORT = """
    try:
        entry = actions.report(ONE_RESIN, by=OFFICE, version=1, measure="{said}")
        print(json.dumps({{"said": entry.measure, "conflict": ""}}))
    except UserError as error:
        print(json.dumps({{"said": "", "conflict": type(error).__name__}}))
"""
SIGN = """
    number = edition_actions.sign_edition({pk}, by=CHIEF, size_reason="x").number
    print(json.dumps({{"number": number}}))
"""


@own_database
@pytest.mark.slow
def test_of_two_writers_one_gets_a_conflict_and_of_four_signatures_each_its_number(run: Run) -> None:
    (made,) = run(
        """
        prepare()
        publish_world()
        actions.admit(ONE_RESIN, by=OFFICE, version=0, due_date=__import__("datetime").date(2024, 12, 1))
        head = {"title": "x", "classification": "internal"}
        print(json.dumps({"drafts": [edition_actions.prepare_edition(by=OFFICE, **head).pk for _ in range(4)]}))
        """
    )
    answers = run(*(REPORT.format(said=said) for said in ("备货", "转单")))
    assert sorted(str(answer["conflict"]) for answer in answers) == ["", "Conflict"]
    signed = run(*(SIGN.format(pk=pk) for pk in made["drafts"]))  # type: ignore[attr-defined]
    assert sorted(answer["number"] for answer in signed) == [1, 2, 3, 4]  # type: ignore[type-var]
    (kept,) = run(
        """
        entry = ListEntry.objects.get(pk=ONE_RESIN)
        events = EntryEvent.objects.filter(entry=entry, action="report").count()
        print(json.dumps({"measure": entry.measure, "version": entry.version, "events": events}))
        """
    )
    winner = next(answer["said"] for answer in answers if answer["said"])
    assert kept == {"measure": winner, "version": 2, "events": 1}


@own_database
@pytest.mark.slow
def test_a_publish_and_a_judgement_at_the_same_moment_both_hold(run: Run) -> None:
    run("prepare(); publish_world(); print('{}')")
    changed = "publish_world(uses=[{**USES[0], 'output_cny': 9e7}, *USES[1:]]); print('{}')"
    admitted = "actions.admit(ONE_RESIN, by=OFFICE, version=0); print('{}')"
    run(changed, admitted)
    (kept,) = run(
        """
        entry = ListEntry.objects.get(pk=ONE_RESIN)
        print(json.dumps({"state": entry.state, "impact": entry.impact_low}))
        """
    )
    assert kept == {"state": "admitted", "impact": 9e7}
