"""One fact, many claims: offices share the credit for a fact, and the shares never add up to more than the fact."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from liandesk.base.accounts.access import barred, check
from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import now
from liandesk.base.errors import Conflict, NotThere, UserError
from liandesk.steer.indicators import queries
from liandesk.steer.indicators.models import Credit, Fact
from liandesk.steer.indicators.policies import CLAIM

WHOLE = 10_000
"""A whole fact, in ten-thousandths."""


@transaction.atomic
def add_fact(key: str, title: str, on: date, *, by: Viewer, amount: float = 1.0, is_synthetic: bool = False) -> Fact:
    """Enter a fact of an indicator that offices may share; UserError where it is there already."""
    indicator = queries.known(key)
    check(by, CLAIM, "claim", {"owner": indicator.owner, "offices": barred(indicator.offices)})
    try:
        with transaction.atomic():
            made = Fact.objects.create(
                indicator=key, title=title.strip(), on=on, amount=amount, is_synthetic=is_synthetic
            )
    except IntegrityError:
        raise UserError(_("'%(title)s' is entered already.") % {"title": title}) from None
    record("indicator.fact", "indicator_fact", made.pk, by=by, indicator=key)
    return made


@transaction.atomic
def credit(fact: int, office: str, share: int, *, by: Viewer) -> Credit | None:
    """Say which share of a fact, in ten-thousandths, is an office's; 0 takes its share back.

    Raises Conflict where the shares of all would come to more than the fact: what others have stays theirs.
    """
    found = Fact.objects.select_for_update().filter(pk=fact).first()
    if found is None:
        raise NotThere(_("There is no such fact for you."))
    indicator = queries.known(found.indicator)
    check(by, CLAIM, "claim", {"owner": office, "offices": ""})
    if office not in indicator.offices or not 0 <= share <= WHOLE:
        raise UserError(_("A share is between 0 and 100 %, of an office that the indicator names."))
    before = Credit.objects.filter(fact=found, office=office).first()
    moved = share - (before.share if before else 0)
    try:
        with transaction.atomic():
            Fact.objects.filter(pk=found.pk).update(credited=F("credited") + moved)
    except IntegrityError:
        raise Conflict(_("Together the shares would be more than the fact. Agree with the other offices.")) from None
    kept = _kept(found, office, share, before, by)
    record("indicator.credit", "indicator_fact", found.pk, by=by, office=office, share=share)
    return kept


def _kept(found: Fact, office: str, share: int, before: Credit | None, by: Viewer) -> Credit | None:
    if share == 0:
        if before:
            before.delete()
        return None
    said = {"share": share, "claimed_by": by.actor, "recorded_at": now()}
    return Credit.objects.update_or_create(fact=found, office=office, defaults=said)[0]
