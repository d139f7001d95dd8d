"""What a task sheet says as plain data: hashed when it is frozen, so that a later change of a row shows."""

from __future__ import annotations

from typing import Any

from liandesk.steer.supervision.models import Row, TaskSheet
from liankit.definitions import digest

FORM = 1
"""Raised when what is hashed changes, so that an older hash is not read by a newer form."""

_SAID = (
    "number", "subject_kind", "subject_id", "programme", "task", "goal", "goal_value", "unit", "lead", "milestones",
)  # fmt: skip


def body_of(sheet: TaskSheet) -> dict[str, Any]:
    """Return all that a sheet says, in the form that is hashed."""
    rows = [_said(row) for row in sheet.rows.order_by("number")]
    return {"form": FORM, "plan": sheet.plan, "year": sheet.year, "rows": rows}


def hash_of(sheet: TaskSheet) -> str:
    """Return the SHA-256 of what a sheet says now."""
    return digest(body_of(sheet))


def is_unchanged(sheet: TaskSheet) -> bool:
    """Say whether a frozen sheet still says what it was frozen with."""
    return sheet.hash == hash_of(sheet)


def _said(row: Row) -> dict[str, Any]:
    days = {"starts": row.starts.isoformat(), "due": row.due.isoformat()}
    return {name: getattr(row, name) for name in _SAID} | days | {"partners": list(row.partner_offices)}
