"""The service window."""

from __future__ import annotations

from tests.liandesk.access_routes.asks import COPIES, Route, reads

from liandesk.base.work.policies import CASE

SERVICES: dict[str, Route] = {
    "services": reads(CASE, queries=("", "state=ended&process=talent_service", "sort=awaits")),
    "services_export": reads(CASE, more=COPIES),
    "service_load_export": reads(CASE, more=COPIES),
    "api:services": reads(CASE),
    "api:services_asked": reads(CASE),
    "api:service_load": reads(CASE),
}

ROUTES = SERVICES
