"""Transfers of results."""

from __future__ import annotations

from tests.liandesk.access_routes.asks import COPIES, Asks, Route, reads

from liandesk.act.transfers.policies import TRANSFER

TRANSFERS = {
    "transfers": reads(TRANSFER, queries=("", "verdict=counted&text=Mark")),
    "transfers_export": reads(TRANSFER, more=COPIES),
    "api:transfers": reads(TRANSFER),
    "api:transfers_funnel": reads(TRANSFER),
    "api:transfers_count": Route(get=Asks(TRANSFER, "count")),
}

ROUTES: dict[str, Route] = TRANSFERS
