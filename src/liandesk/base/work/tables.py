"""Words of cases for lists of them."""

from __future__ import annotations

from liandesk.base.work.models import Case
from liandesk.base.work.queries import process_of
from liandesk.base.work.wording import said


def stage_titles(case: Case) -> list[str]:
    """Return the titles of the stages a case is in, or of how it ended."""
    process = process_of(case.definition)
    return [said(process.stage(key).title) for key in case.stages]
