"""A marked deal of the chain office with an enterprise, and a restricted one that names only its opener."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from liandesk.assess.lists.models import ListEntry
from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import viewer_of
from liandesk.base.pack import pack
from liandesk.base.work.actions import NewCase, open_case
from liandesk.know.registry.models import Organisation


def marked_deals(users: Mapping[str, User], entry: ListEntry) -> dict[str, tuple[object, ...]]:
    """Open both about an entry; return what routes show."""
    office = viewer_of(users["ChainOffice"])
    parties = [("lead", "office", pack().chain_office), ("enterprise", "organisation", entry.organisation)]
    said = {"deal_kind": "licence", "switch_by": "second_source"}
    about: dict[str, Any] = {"subject": ("entry", entry.key)}
    open_case(NewCase("deal", "MarkDeal", parties, said | {"matter": "MarkDeal"}, **about), by=office)
    hidden = NewCase(
        "deal", "MarkRestricted", parties, said | {"matter": "MarkRestricted"}, is_restricted=True, **about
    )
    return {"restricted deal": (open_case(hidden, by=office).pk,)}


def place_of(organisation: str) -> dict[str, object]:
    """Return where the deal of an enterprise stands in the access matrix."""
    town = Organisation.objects.get(pk=organisation).town
    return {"office": pack().chain_office, "town": town, "organisation": organisation}
