"""What the plan puts on pages of base: menu, search, what cases can be about, what of it a definition executes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from liandesk.base.accounts.access import can
from liandesk.base.accounts.roles import Viewer
from liandesk.base.pack import pack
from liandesk.base.ui import panels
from liandesk.base.ui.display import language
from liandesk.base.work.subjects import Subject
from liandesk.base.work.subjects import register as register_subject
from liandesk.base.work.wording import said
from liandesk.steer.plan import queries, wording
from liandesk.steer.plan.executors import KINDS
from liandesk.steer.plan.policies import PLAN
from liankit.plan.model import Plan
from liankit.process.definition import Text

_MOST = 20


def register() -> None:
    panels.MENU.append(_menu)
    panels.SEARCH.append(_search)
    panels.PANELS.setdefault("definition", []).append(_executed_by)
    for kind, route in (("programme", "plan_programme"), ("target", "plan_target"), ("measure", "plan_measure")):
        register_subject(kind, _subject(kind, route))


def _menu(viewer: Viewer) -> Iterator[panels.MenuItem]:
    if can(viewer, PLAN, "read"):
        yield panels.MenuItem("steer", _("Plan"), "plan", 10)
    if can(viewer, PLAN, "check"):
        yield panels.MenuItem("steer", _("Coverage of the plan"), "plan_coverage", 15)


def _subject(kind: str, route: str) -> Subject:
    def title(viewer: Viewer, part: str) -> str | None:
        return dict(_parts(viewer, kind)).get(part)

    def find(viewer: Viewer, text: str) -> Sequence[tuple[str, str]]:
        return [(part, title) for part, title in _parts(viewer, kind) if text.casefold() in title.casefold()]

    return Subject(title, lambda part: reverse(route, args=[part]), find)


def _parts(viewer: Viewer, kind: str) -> list[tuple[str, str]]:
    """Return (id, title) of the programmes, targets or measures of the plan that counts today."""
    found = queries.plan(viewer)
    if found is None:
        return []
    if kind == "programme":
        return [(one.key, wording.programme_title(one)) for one in found.programmes]
    parts = found.targets if kind == "target" else found.clauses
    return [(part, said(one.text)) for part, one in parts.items()]


def _search(viewer: Viewer, text: str) -> Iterator[panels.SearchItem]:
    found = queries.plan(viewer)
    if found is None:
        return
    kinds = (
        (_("Programme"), "plan_programme", {one.key: one.title for one in found.programmes if one.title}),
        (str(wording.CLAUSES["target"]), "plan_target", {part: one.text for part, one in found.targets.items()}),
        (str(wording.CLAUSES["measure"]), "plan_measure", {part: one.text for part, one in found.clauses.items()}),
    )
    for kind, route, texts in kinds:
        hits = [part for part, said_ in texts.items() if _names(said_, text)]
        for part in hits[:_MOST]:
            yield panels.SearchItem(kind, said(texts[part]), reverse(route, args=[part]), _of(found, part))
    yield from _offices(text)


def _names(said_: Text, text: str) -> bool:
    """Say whether a text is found in either language."""
    return text.casefold() in f"{said_.zh}\n{said_.en}".casefold()


def _of(found: Plan, part: str) -> str:
    programme = found.programme_of(part) if "." in part else None
    return wording.programme_title(programme) if programme else ""


def _offices(text: str) -> Iterator[panels.SearchItem]:
    """Offices by any name they ever had, or by their second nameplate."""
    for office in pack().offices:
        called = next((name for name in (*office.names(), office.text["en"]) if text.casefold() in name.casefold()), "")
        if called:
            url = reverse("plan_office", args=[office.code])
            yield panels.SearchItem(_("Office"), office.text[language()], url, called)


def _executed_by(viewer: Viewer, name: str) -> panels.Panel | None:
    """The clauses of the plan that a definition executes, on its page."""
    kind, _slash, key = name.partition("/")
    found = queries.plan(viewer)
    if found is None or kind not in KINDS:
        return None
    measures = [
        (part, one.text)
        for part, one in found.clauses.items()
        if any((bound.kind, bound.key) == (KINDS[kind], key) for bound in one.executes)
    ]
    if not measures:
        return None
    return panels.Panel(_("Of the plan it executes"), "plan/_executed.html", {"measures": measures})
