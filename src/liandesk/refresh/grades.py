"""How organisations stand under the rules today: a step over what is known, by the definitions in force."""

from __future__ import annotations

from typing import Any

import polars as pl

from liandesk.assess.rules.definitions import hashes, schemes, vocabulary
from liandesk.assess.rules.facts import facts_for_rules
from liandesk.assess.rules.tables import grade_all
from liandesk.base.clock import today
from liandesk.base.pack import pack

Tables = dict[str, pl.DataFrame]
INPUTS = ("facts", "members")
"""The tables that the step reads."""


def params_of_grades() -> Any:
    """Return what the step depends on beside its tables: the definitions in force and the day of the law."""
    return [hashes(), pack().source_precedence, today().isoformat()]


def grade_organisations(tables: Tables) -> tuple[Tables, dict[str, int]]:
    """Return ``rule_facts``, ``grades`` and ``clauses``, and what was lost by reason."""
    words = vocabulary()
    said = facts_for_rules(tables["facts"], tables["members"], words, pack().source_precedence)
    grades, clauses = grade_all(said.facts, words, schemes(), today())
    lost = {"title_of_no_known_name": said.unknown_titles} if said.unknown_titles else {}
    return {"rule_facts": said.facts, "grades": grades, "clauses": clauses}, lost
