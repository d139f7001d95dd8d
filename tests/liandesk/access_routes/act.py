"""Start-ups of trials."""

from __future__ import annotations

from tests.liandesk.access_routes.asks import COPIES, Asks, Route, reads

from liandesk.act.trials.policies import STARTUP

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

ROUTES: dict[str, Route] = TRIALS
