"""What cases may be about here: an organisation, and each kind of listed thing."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q
from django.urls import reverse

from liandesk.base.accounts.roles import Viewer
from liandesk.base.ui import search
from liandesk.base.work.subjects import MOST, Subject, register
from liandesk.know.registry.queries import organisation, organisations
from liandesk.know.registry.things_kinds import KINDS, ThingKind
from liandesk.know.registry.things_queries import thing_title


def register_subjects() -> None:
    register("organisation", Subject(_name, lambda pk: reverse("organisation", args=[pk]), _find))
    for kind in KINDS.values():
        register(kind.code, _thing_subject(kind))


def _name(viewer: Viewer, organisation_id: str) -> str | None:
    found = organisation(viewer, organisation_id)
    return found.name if found else None


def _find(viewer: Viewer, text: str) -> Sequence[tuple[str, str]]:
    """Return the organisations that a text means, of those the viewer sees."""
    meant = Q(pk__in=search.ids_meant(text, "organisation")) | Q(name__icontains=text)
    return list(organisations(viewer).filter(meant).values_list("pk", "name")[:MOST])


def _thing_subject(kind: ThingKind) -> Subject:
    return Subject(
        lambda viewer, thing_id: thing_title(viewer, kind.code, thing_id),
        lambda thing_id: reverse(kind.route, args=[thing_id]),
    )
