"""A dropped fulfilment of one enterprise, and a payment list that waits to be approved."""

from __future__ import annotations

from collections.abc import Mapping

from liandesk.assess.policies.models import Fulfilment, PaymentList
from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import viewer_of
from liandesk.base.clock import business_now, today
from liandesk.base.work.actions import NewCase, open_following
from liandesk.know.registry.models import Organisation


def marked(organisation: str, users: Mapping[str, User]) -> dict[str, tuple[object, ...]]:
    """Return both by the names that routes call them."""
    by, whose = viewer_of(users["ChainOffice"]), Organisation.objects.get(pk=organisation)
    parties = [("applicant", "organisation", organisation), ("handler", "office", "economy")]
    case = open_following(NewCase("policy_fulfilment", "said", [*parties, ("payer", "office", "finance")]), by=by)
    found = Fulfilment.objects.create(
        case=case,
        policy="biomed_support",
        clause="said",
        year=today().year,
        organisation=organisation,
        organisation_name=whose.name,
        town=whose.town,
        low_fen=0,
        high_fen=0,
        stage="dropped",
        reason="declined",
        dropped_from="notified",
    )
    waits = PaymentList.objects.create(assembled_by="user:somebody", assembled_at=business_now())
    return {"fulfilment": (found.pk,), "payment list": (waits.pk,)}
