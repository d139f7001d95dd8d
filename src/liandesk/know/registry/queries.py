"""Read organisations and who they are made of."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import polars as pl
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from liandesk.base.accounts.access import visibility
from liandesk.base.accounts.roles import Viewer
from liandesk.base.facts.policies import FACT
from liandesk.base.facts.queries import as_known
from liandesk.know.registry.models import Organisation, Record
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


def organisation_name(organisation_id: str) -> str:
    """Return the name under a permanent id, for the account page of whoever acts for it; empty when unknown."""
    return Organisation.objects.filter(id=organisation_id).values_list("name", flat=True).first() or ""


@dataclass(frozen=True)
class Portrait:
    """What is known of an organisation: its facts, each with source, file, row and date, and what was overruled."""

    organisation: Organisation
    facts: pl.DataFrame
    contradictions: pl.DataFrame


def portrait(viewer: Viewer, organisation_id: str) -> Portrait | None:
    """Return the facts of an organisation's own records as the viewer may know them now."""
    found = organisation(viewer, organisation_id)
    if found is None:
        return None
    records = list(found.records.values_list("record", flat=True))
    known = as_known(None, viewer, kinds=["organisation"], records=records)
    return Portrait(found, known.facts.sort("attribute", "record", "valid_from"), known.contradictions)


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


def known_members() -> pl.DataFrame:
    """Return ``record, organisation`` as decided so far; for the system."""
    rows = list(Record.objects.order_by("record").values_list("record", "organisation_id"))
    return pl.DataFrame(rows, schema={"record": pl.String, "organisation": pl.String}, orient="row")


def members_digest() -> str:
    """Return a hash of ``known_members``."""
    return hashlib.sha256(known_members().write_csv().encode()).hexdigest()
