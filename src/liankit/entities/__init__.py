"""Who is who: identifiers and names of organisations."""

from __future__ import annotations

from liankit.entities.identifiers import check_uscc, normalise_uscc, uscc_holds
from liankit.entities.names import name_key

__all__ = ["check_uscc", "name_key", "normalise_uscc", "uscc_holds"]
