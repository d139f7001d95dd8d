"""How the chain's codes read."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy as _c

Words = Mapping[str, Promise | str]

NODE_KINDS: Words = {
    "segment": _c("node", "Segment"),
    "item": _c("node", "Item"),
    "equipment": _c("node", "Equipment"),
    "technology": _c("node", "Technology"),
    "service": _c("node", "Service"),
}
RELATIONS: Words = {
    "input_of": _c("relation", "goes into"),
    "subtype_of": _c("relation", "is a kind of"),
    "used_in": _c("relation", "is used in"),
}
BASES: Words = {
    "asserted": _c("basis", "asserted"),
    "imported": _c("basis", "imported"),
    "inferred": _c("basis", "inferred"),
}
NEEDS: Words = {
    "said": _c("need", "said by users"),
    "inferred": _c("need", "inferred"),
    "none": _c("need", "none known"),
}
ACTIVITIES: Words = {
    "makes": _c("activity", "makes"),
    "sells": _c("activity", "sells"),
    "uses": _c("activity", "uses"),
    "works_in": _c("activity", "works in"),
}
FOUND: Words = {
    "missing": _c("link", "missing"),
    "single": _c("link", "single source"),
    "weak": _c("link", "weak"),
}
MATCHES: Words = {
    "same": _c("match", "the same"),
    "subtype": _c("match", "a kind of it"),
    "supertype": _c("match", "a wider kind"),
}
PROBLEMS: Words = {
    "circle": _c("problem", "goes into itself"),
    "subtype_circle": _c("problem", "is a kind of itself"),
    "two_relations": _c("problem", "input and kind at once"),
    "several_kinds": _c("problem", "several kinds of node"),
    "alike": _c("problem", "names almost alike"),
    "loose": _c("problem", "nothing hangs on it"),
}
DIRECTIONS: Words = {
    "both": _c("direction", "Both ways"),
    "up": _c("direction", "What goes into it"),
    "down": _c("direction", "What it goes into"),
}


def say(words: Words, code: str) -> str:
    """Return the word of a code; a code without one as it is."""
    return str(words.get(code, code))
