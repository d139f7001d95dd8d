"""What a case may be about: each kind of object says how one is called, where its page is, and how one is found.

A higher app registers its kinds in ``ready()``; each is asked with the viewer and hides what they may not see.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _

from liandesk.base.accounts.access import can
from liandesk.base.accounts.roles import Viewer
from liandesk.base.definitions.queries import definitions
from liandesk.base.ui import panels
from liandesk.base.ui.display import language
from liandesk.base.work import queries
from liandesk.base.work.models import Case
from liandesk.base.work.policies import CASE
from liandesk.base.work.tables import stage_titles

MOST = 20
"""How many objects a search offers."""


def _finds_nothing(viewer: Viewer, text: str) -> Sequence[tuple[str, str]]:
    return ()


@dataclass(frozen=True)
class Subject:
    """A kind of object: ``title`` of one (None: not there or not for the viewer), its page, (id, title) of hits."""

    title: Callable[[Viewer, str], str | None]
    url: Callable[[str], str]
    find: Callable[[Viewer, str], Sequence[tuple[str, str]]] = _finds_nothing


SUBJECTS: dict[str, Subject] = {}
"""By kind of subject: ``case``, ``organisation``, ``entry`` …"""


@dataclass(frozen=True)
class Named:
    """One object as a case shows it; without ``url`` there is no page for it."""

    kind: str
    id: str
    title: str
    url: str


def named(viewer: Viewer, kind: str, object_id: str) -> Named | None:
    """Return what a case is about as the viewer may see it, None where it is about nothing they see."""
    subject = SUBJECTS.get(kind)
    title = subject.title(viewer, object_id) if subject else None
    return Named(kind, object_id, title, subject.url(object_id)) if subject and title else None


def find(viewer: Viewer, kind: str, text: str) -> Sequence[tuple[str, str]]:
    """Return (id, title) of the objects of a kind that a text means: the one it names exactly, else the likely ones."""
    subject = SUBJECTS.get(kind)
    if subject is None or not text.strip():
        return ()
    title = subject.title(viewer, text.strip())
    hits = [(text.strip(), title)] if title else list(subject.find(viewer, text.strip()))[:MOST]
    return [hit for hit in hits if hit[1] == text.strip()] or hits


def meant(viewer: Viewer, text: str) -> list[Named]:
    """Return the objects that a text names: one as ``kind:id``, or those of all kinds that are called exactly so."""
    kind, _colon, object_id = text.strip().partition(":")
    if one := named(viewer, kind, object_id):
        return [one]
    hits = ((kind, *hit) for kind, subject in SUBJECTS.items() for hit in subject.find(viewer, text.strip()))
    return [Named(kind, pk, called, SUBJECTS[kind].url(pk)) for kind, pk, called in hits if called == text.strip()]


def register(kind: str, subject: Subject) -> None:
    """Let cases be about objects of a kind, and show them on the page of each."""
    SUBJECTS[kind] = subject
    panels.PANELS.setdefault(kind, []).append(partial(_cases_about, kind))


def _cases_about(kind: str, viewer: Viewer, object_id: str) -> panels.Panel | None:
    """The cases about one object, and the way to open one."""
    found = list(queries.about(viewer, kind, object_id).select_related("definition")[:MOST])
    may_open = can(viewer, CASE, "open")
    if not found and not may_open:
        return None
    about = f"{kind}:{object_id}" if may_open else ""
    return panels.Panel(_("Cases about this"), "work/_about.html", {"cases": _lines(found), "about": about})


def _lines(found: Sequence[Case]) -> list[tuple[Case, str]]:
    """Return cases, each with the titles of the stages it is in."""
    return [(case, "、".join(stage_titles(case))) for case in found]


def register_own() -> None:
    """Register what base itself has: cases and definitions."""
    register("case", Subject(_case_title, lambda pk: reverse("case", args=[pk])))
    register("definition", Subject(_definition_title, lambda key: reverse("definition", args=key.split("/"))))


def _case_title(viewer: Viewer, pk: str) -> str | None:
    return queries.one_case(viewer, pk).values_list("title", flat=True).first() if pk.isdecimal() else None


def _definition_title(viewer: Viewer, kind_and_key: str) -> str | None:
    """Return the title that the newest version gives itself, else its key; "process/instruction" names it."""
    kind, _slash, key = kind_and_key.partition("/")
    found = definitions(viewer).filter(kind=kind, key=key).order_by("-version").first()
    if found is None:
        return None
    title = found.body.get("title") if isinstance(found.body, dict) else None
    return str(title[language()]) if title else key
