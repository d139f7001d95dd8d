"""An organisation lets its items be used, and takes that back: a revoked item leaves the next computation."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import polars as pl
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from liandesk.base.accounts.access import check, visibility
from liandesk.base.accounts.roles import Role, Viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import now, today
from liandesk.base.errors import Conflict, NotThere, UserError
from liandesk.know.registry.attributes import CONSENT_ITEMS
from liandesk.know.registry.models import Consent, Organisation
from liandesk.know.registry.policies import CONSENT
from liandesk.know.registry.withholding import ENDED_SCHEMA
from liankit.errors import nearest

MAY_SEE = (Role.CHAIN_CHIEF, Role.CHAIN_OFFICE, Role.TOWN_OFFICER)
"""Roles that an organisation may let see an item; it sees its own always."""


@transaction.atomic
def give_consent(
    organisation: str,
    *,
    item: str,
    purpose: str,
    valid_from: date,
    valid_until: date,
    seen_by: Collection[str],
    by: Viewer,
) -> Consent:
    """Let one item be used for a purpose over a term; a later consent on the same item takes the place of this one."""
    check(by, CONSENT, "give", {"organisation": organisation})
    _check_said(item, purpose, valid_from, valid_until, seen_by)
    if not Organisation.objects.filter(pk=organisation).exists():
        raise NotThere(_("There is no organisation '%(key)s'.") % {"key": organisation})
    given = Consent.objects.create(
        organisation=organisation,
        item=item,
        purpose=purpose.strip(),
        valid_from=valid_from,
        valid_until=valid_until,
        seen_by=sorted(seen_by),
        given_at=now(),
        given_by=by.actor,
    )
    record("consent.give", "consent", given.pk, by=by, organisation=organisation, item=item)
    return given


@transaction.atomic
def revoke_consent(pk: int, *, by: Viewer) -> Consent:
    """Take a consent back: its item is in no computation from the next one on; what was published stays."""
    seen = visibility(by, CONSENT, "give").as_q()
    given = Consent.objects.select_for_update().filter(seen, pk=pk).first()
    if given is None:
        raise NotThere(_("There is no such consent for you."))
    if given.revoked_at:
        raise Conflict(_("This consent was revoked already."))
    given.revoked_at, given.revoked_by = now(), by.actor
    given.save(update_fields=["revoked_at", "revoked_by"])
    record("consent.revoke", "consent", pk, by=by, organisation=given.organisation, item=given.item)
    return given


def consents(viewer: Viewer, organisation: str) -> QuerySet[Consent]:
    """Return the consents of an organisation that the viewer may see, the latest first."""
    return Consent.objects.filter(visibility(viewer, CONSENT).as_q(), organisation=organisation)


def in_force(day: date) -> Q:
    """Return the condition of a consent that holds on a day."""
    return Q(revoked_at=None, valid_from__lte=day, valid_until__gte=day)


def ended() -> pl.DataFrame:
    """Return the items that must not be computed with (``withholding.ENDED_SCHEMA``); for the system.

    An item ends when its organisation was asked for consent and none holds today. One that nobody asked for is used:
    its source answers for the right to give it.
    """
    asked = Consent.objects.order_by("organisation", "item").values_list("organisation", "item").distinct()
    granted = set(Consent.objects.filter(in_force(today())).values_list("organisation", "item"))
    return pl.DataFrame([pair for pair in asked if pair not in granted], schema=ENDED_SCHEMA, orient="row")


def unseen_items(viewer: Viewer, organisation: str) -> frozenset[str]:
    """Return the items of an organisation that its consents do not show to the viewer; it sees its own."""
    if viewer.roles & {Role.SYSTEM, Role.ENTERPRISE, Role.HOSPITAL}:
        return frozenset()
    given = Consent.objects.filter(organisation=organisation).order_by("id")
    latest = {consent.item: frozenset(consent.seen_by) for consent in given.filter(in_force(today()))}
    asked = given.values_list("item", flat=True)
    return frozenset(item for item in asked if not latest.get(item, frozenset()) & viewer.roles)


def _check_said(item: str, purpose: str, valid_from: date, valid_until: date, seen_by: Collection[str]) -> None:
    if item not in CONSENT_ITEMS:
        raise UserError(_("There is no item '%(item)s'.") % {"item": item} + nearest(item, CONSENT_ITEMS))
    if not purpose.strip() or len(purpose.strip()) > 200:
        raise UserError(_("Say in at most 200 characters what the item is used for."))
    if valid_until < valid_from:
        raise UserError(_("The term ends before it begins."))
    unknown = set(seen_by) - set(MAY_SEE)
    if unknown:
        raise UserError(_("Consent cannot name these roles: %(roles)s.") % {"roles": ", ".join(sorted(unknown))})
