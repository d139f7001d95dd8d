"""What follows from the plan's processes, and where time goes."""

from __future__ import annotations

from tests.liandesk.access_routes.asks import COPIES, Asks, Route, reads

from liandesk.act.deals.policies import DEAL
from liandesk.act.pipeline.policies import PROJECT
from liandesk.act.transfers.policies import TRANSFER
from liandesk.act.trials.policies import STARTUP
from liandesk.base.work.policies import CASE

_ONE = (("instruction",),)

INSIGHT = {
    "insights": reads(CASE),
    "insight": Route(
        get=Asks(CASE), more=_ONE, queries=("", "by=office", "meet=issued&least=3", "first=issued&second=in_hand")
    ),
    "insight_export": Route(get=Asks(CASE), more=(("instruction", "csv"), ("instruction", "xlsx"))),
    "insight_events": Route(get=Asks(CASE), more=_ONE),
    "insight_forecasts": Route(get=Asks(CASE), more=(("instruction", "csv"), ("instruction", "xlsx"))),
    "api:insights": reads(CASE),
    "api:insight": Route(get=Asks(CASE), more=_ONE, queries=("", "by=office")),
    "api:insight_bottlenecks": Route(get=Asks(CASE), more=_ONE),
    "api:insight_group": Route(get=Asks(CASE), more=_ONE),
    "api:insight_what_if": Route(
        get=Asks(CASE),
        more=_ONE,
        queries=("change=meeting&stage=issued", "change=at_once&first=issued&second=in_hand"),
    ),
    "api:case_forecast": reads(CASE, "case"),
}

TRANSFERS = {
    "transfers": reads(TRANSFER, queries=("", "verdict=counted&text=Mark")),
    "transfers_export": reads(TRANSFER, more=COPIES),
    "api:transfers": reads(TRANSFER),
    "api:transfers_funnel": reads(TRANSFER),
    "api:transfers_count": Route(get=Asks(TRANSFER, "count")),
}

PIPELINE = {
    "pipeline": reads(PROJECT, queries=("", "year=2024&is_open=yes&text=Mark")),
    "pipeline_export": reads(PROJECT, more=COPIES),
    "pipeline_cohorts": reads(PROJECT, queries=("", "months=0")),
    "pipeline_cohorts_export": reads(PROJECT, more=COPIES),
    "pipeline_dates": reads(PROJECT, queries=("", "text=Mark")),
    "pipeline_dates_export": reads(PROJECT, more=COPIES),
    "api:pipeline": reads(PROJECT),
    "api:pipeline_cohorts": reads(PROJECT),
    "api:pipeline_intakes": reads(PROJECT),
    "api:pipeline_credit": reads(PROJECT),
}

TRIALS = {
    "startups": reads(STARTUP, queries=("", "variant=ind_60&text=Mark")),
    "startups_export": reads(STARTUP, more=COPIES),
    "startup_times": reads(STARTUP),
    "startup_times_export": reads(STARTUP, more=COPIES),
    "startup_sheet": Route(get=Asks(STARTUP, "enter")),
    "startup_import": Route(get=Asks(STARTUP, "enter"), post=Asks(STARTUP, "enter")),
    "startup_session": Route(get=Asks(STARTUP, "convene"), post=Asks(STARTUP, "convene")),
    "api:startups": reads(STARTUP),
    "api:startup_times": reads(STARTUP),
}

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

SERVICES = {
    "services": reads(CASE, queries=("", "state=ended&process=talent_service", "sort=awaits")),
    "services_export": reads(CASE, more=COPIES),
    "service_load_export": reads(CASE, more=COPIES),
    "api:services": reads(CASE),
    "api:services_asked": reads(CASE),
    "api:service_load": reads(CASE),
}

ROUTES: dict[str, Route] = INSIGHT | TRANSFERS | PIPELINE | TRIALS | DEALS | SERVICES
