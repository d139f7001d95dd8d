"""Deals."""

from __future__ import annotations

from tests.liandesk.access_routes.asks import COPIES, Asks, Route, reads

from liandesk.act.deals.policies import DEAL

_INSIDERS = Route(get=Asks(DEAL, whose="ChainOffice"), seen=("restricted deal",))

DEALS = {
    "deals": reads(DEAL, queries=("", "kind=licence&text=Mark")),
    "deals_export": reads(DEAL, more=COPIES),
    "deal_insiders": _INSIDERS,
    "deal_insiders_export": Route(
        get=Asks(DEAL, "copy_insiders", whose="ChainOffice"), seen=("restricted deal",), more=COPIES
    ),
    "api:deals": reads(DEAL),
    "api:deal_insiders": _INSIDERS,
}

ROUTES: dict[str, Route] = DEALS
