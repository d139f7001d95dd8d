"""Where time goes."""

from __future__ import annotations

from tests.liandesk.access_routes.asks import Asks, Route, reads

from liandesk.base.work.policies import CASE

_ONE = (("instruction",),)

INSIGHT = {
    "insights": reads(CASE),
    "insight": Route(
        get=Asks(CASE), more=_ONE, queries=("", "by=office", "meet=issued&least=3", "first=issued&second=in_hand")
    ),
    "insight_export": Route(get=Asks(CASE), more=(("instruction", "csv"), ("instruction", "xlsx"))),
    "insight_events": Route(get=Asks(CASE), more=_ONE),
}

ROUTES = INSIGHT
