"""What the backup list puts on pages of base."""

from __future__ import annotations


def register() -> None: ...
