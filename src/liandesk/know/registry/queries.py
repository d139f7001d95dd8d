"""Read organisations and who they are made of."""

from __future__ import annotations

import hashlib
from collections.abc import Collection

import polars as pl
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from liandesk.base.accounts.access import visibility
from liandesk.base.accounts.roles import Viewer
from liandesk.base.errors import UserError
from liandesk.base.facts.policies import FACT
from liandesk.know.registry.clusters import JUDGED_SCHEMA, KNOWN_SCHEMA
from liandesk.know.registry.models import Judgement, Organisation, Record
from liandesk.know.registry.policies import ORGANISATION

KINDS = {
    "enterprise": _("Enterprise"),
    "institution": _("Institution"),
    "hospital": _("Hospital"),
    "university": _("University"),
    "fund": _("Fund"),
    "office": _("Office"),
    "foreign_partner": _("Foreign partner"),
    "api_maker": _("Maker of active ingredients"),
    "sponsor": _("Sponsor of finished drugs"),
}
"""Kinds of organisation and their names."""


def organisations(viewer: Viewer, *, text: str = "", town: str = "", kind: str = "") -> QuerySet[Organisation]:
    """Return the current organisations the viewer may see, filtered by part of a name or code, town and kind."""
    rows = Organisation.objects.filter(visibility(viewer, ORGANISATION).as_q(), is_current=True)
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(name_en__icontains=text) | Q(uscc__iexact=text))
    if town:
        rows = rows.filter(town=town)
    return rows.filter(kind=kind) if kind else rows


def organisation(viewer: Viewer, organisation_id: str) -> Organisation | None:
    """Return one organisation, or None when it is not there or not for the viewer."""
    return Organisation.objects.filter(visibility(viewer, ORGANISATION).as_q(), id=organisation_id).first()


def find_organisation(viewer: Viewer, text: str) -> Organisation:
    """Return the one current organisation with an id, credit code or full name; raise UserError when there is none."""
    rows = Organisation.objects.filter(visibility(viewer, ORGANISATION).as_q(), is_current=True)
    asked = text.strip()
    found = list(rows.filter(Q(pk=asked) | Q(uscc__iexact=asked) | Q(name=asked))[:2])
    if len(found) == 1:
        return found[0]
    if found:
        raise UserError(
            _now("Several organisations are called '%(text)s'. Give the id or the credit code.") % {"text": asked}
        )
    raise UserError(
        _now("There is no organisation '%(text)s'. Give its id, credit code or full name.") % {"text": asked}
    )


def organisation_name(organisation_id: str) -> str:
    """Return the name under a permanent id, for the account page of whoever acts for it; empty when unknown."""
    return Organisation.objects.filter(id=organisation_id).values_list("name", flat=True).first() or ""


def records_in_scope(viewer: Viewer) -> frozenset[str]:
    """Return the organisation records whose facts a viewer with limited sight may read."""
    seen = visibility(viewer, FACT)
    fields = {"organisation": "id"}
    own = Q(pk__in=[])
    for name, values in seen.any_of:
        own |= Q(**{f"{fields.get(name, name)}__in": values})
    ids = Organisation.objects.filter(own).values("id")
    return frozenset(Record.objects.filter(organisation__in=ids).values_list("record", flat=True))


def organisation_of(record: str) -> str | None:
    """Return the permanent id of the organisation a source's record belongs to; for the system."""
    return Record.objects.filter(record=record).values_list("organisation_id", flat=True).first()


def merged_into(organisation_ids: Collection[str]) -> dict[str, str]:
    """Return the id that stands now for each of these that was merged; for the rights of whoever acts for it."""
    rows = Organisation.objects.filter(pk__in=list(organisation_ids)).exclude(merged_into="")
    return dict(rows.values_list("pk", "merged_into"))


def known_members() -> pl.DataFrame:
    """Return where each record belongs and every id it had (``clusters.KNOWN_SCHEMA``); for the system."""
    rows = Record.objects.order_by("record").values_list("record", "organisation_id", "held")
    said = [(record, organisation, held.split() or [organisation]) for record, organisation, held in rows]
    return pl.DataFrame(said, schema=KNOWN_SCHEMA, orient="row")


def members_digest() -> str:
    """Return a hash of ``known_members``."""
    rows = Record.objects.order_by("record").values_list("record", "organisation_id", "held")
    digest = hashlib.sha256()
    for row in rows.iterator(chunk_size=10_000):
        digest.update("\x1f".join(row).encode())
    return digest.hexdigest()


def judgements_in_force() -> pl.DataFrame:
    """Return the lines that nobody undid (``clusters.JUDGED_SCHEMA``); for the system."""
    rows = list(Judgement.objects.filter(undone_at=None).order_by("id").values_list("left", "right", "kind", "id"))
    return pl.DataFrame(rows, schema=JUDGED_SCHEMA, orient="row")


def judgements_digest() -> str:
    """Return a hash that changes whenever somebody judges or undoes; for the system."""
    return hashlib.sha256(judgements_in_force().write_csv().encode()).hexdigest()
