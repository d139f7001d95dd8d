"""The insider register of a restricted deal: who was named in it, by whom and when, and who was left out again.

Read from the persons named now and from the log of naming, which nobody changes; only who is named reads it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liandesk.act.deals.effects import PROCESS
from liandesk.act.deals.policies import DEAL
from liandesk.base.accounts.access import can
from liandesk.base.accounts.queries import names_of
from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.models import AuditEvent
from liandesk.base.errors import NotThere
from liandesk.base.ui.listing import ListColumn, Listing
from liandesk.base.work.models import Case
from liandesk.base.work.queries import cases


@dataclass(frozen=True)
class Insider:
    """A time in which somebody was named; without ``left_at`` they still are."""

    person: str
    name: str
    by: str
    named_at: datetime
    left_by: str = ""
    left_at: datetime | None = None
    is_synthetic: bool = False

    @property
    def since(self) -> str:
        return f"{localtime(self.named_at):%Y-%m-%d %H:%M}"

    @property
    def until(self) -> str:
        return f"{localtime(self.left_at):%Y-%m-%d %H:%M}" if self.left_at else ""


def restricted(viewer: Viewer) -> QuerySet[Case]:
    """Return the restricted deals that name the viewer."""
    return cases(viewer).filter(process=PROCESS, is_restricted=True)


def restricted_deal(viewer: Viewer, pk: int) -> Case:
    """Return the case of one; raise NotThere when there is none that names the viewer."""
    found = restricted(viewer).filter(pk=pk).first()
    if found is None:
        raise NotThere(_("There is no restricted deal %(case)s that names you.") % {"case": pk})
    return found


def may_copy(viewer: Viewer) -> bool:
    """Say whether somebody who is named takes a copy of the register."""
    return can(viewer, DEAL, "copy_insiders")


def register(viewer: Viewer, pk: int) -> list[Insider]:
    """Return who was ever named in a restricted deal that names the viewer, the first named first."""
    case = restricted_deal(viewer, pk)
    spells = _spells(case)
    names = names_of(person for one in spells for person in (one.person, one.by, one.left_by) if person)
    return [
        replace(
            one,
            name=names.get(one.person, one.person),
            by=names.get(one.by, one.by),
            left_by=names.get(one.left_by, one.left_by),
        )
        for one in spells
    ]


def _spells(case: Case) -> list[Insider]:
    """Return each time somebody was named, with persons for names."""
    told = AuditEvent.objects.filter(object_kind="case", object_id=str(case.pk))
    opener, opened_at = _opening(case)
    going: dict[str, Insider] = {}
    ended: list[Insider] = []
    for event in told.filter(action__in=("case.name", "case.unname")).order_by("pk"):
        person = str(event.details["person"])
        if event.action == "case.name":
            going[person] = Insider(person, "", event.actor, event.at, is_synthetic=case.is_synthetic)
        else:  # whoever was named when it was opened has no event of their own
            began = going.pop(person, Insider(person, "", opener, opened_at, is_synthetic=case.is_synthetic))
            ended.append(replace(began, left_by=event.actor, left_at=event.at))
    for row in case.named.order_by("pk"):
        going.setdefault(
            row.person, Insider(row.person, "", row.named_by, row.named_at, is_synthetic=case.is_synthetic)
        )
    return sorted([*going.values(), *ended], key=lambda one: (one.named_at, one.person))


def _opening(case: Case) -> tuple[str, datetime]:
    first = case.events.order_by("number").values_list("actor", "recorded_at").first()
    assert first is not None  # a case begins with the event that opened it
    return first


COLUMNS = (
    ListColumn("name", gettext_lazy("Person")),
    ListColumn("since", gettext_lazy("Named since")),
    ListColumn("by", gettext_lazy("Named by")),
    ListColumn("until", gettext_lazy("Left out since"), may_be_empty=True),
    ListColumn("left_by", gettext_lazy("Left out by"), may_be_empty=True),
)
"""The columns of the register, on the page and in a copy."""


def as_listing(pk: int) -> Listing:
    """Return the register of one deal as a list; its copies, and what the log says of them, name the deal."""
    return Listing(f"deal-{pk}-insiders", gettext_lazy("Insider register"), COLUMNS, (), "", (), "")
