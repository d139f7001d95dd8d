"""Who is who: identifiers and names of organisations."""

from __future__ import annotations

from liankit.entities.candidates import CANDIDATE_SCHEMA, candidates
from liankit.entities.identifiers import check_uscc, normalise_uscc, uscc_holds
from liankit.entities.index import Hit, NameIndex
from liankit.entities.matching import Settings
from liankit.entities.names import name_key
from liankit.entities.parse import parse_name
from liankit.entities.parsed import ParsedName

__all__ = [
    "CANDIDATE_SCHEMA",
    "Hit",
    "NameIndex",
    "ParsedName",
    "Settings",
    "candidates",
    "check_uscc",
    "name_key",
    "normalise_uscc",
    "parse_name",
    "uscc_holds",
]
