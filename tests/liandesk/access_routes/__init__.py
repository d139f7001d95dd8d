"""What each route asks for: the table against which every route is tried with the whole cast.

A route is declared in the module of its area, by its name, with what GET and POST ask of the access matrix; ``seen``
is the short name of the object of the world that is passed to it (one route may be tried with several). A route
missing here fails the test.
"""

from __future__ import annotations

from tests.liandesk.access_routes import act, assess, base, know, steer
from tests.liandesk.access_routes.asks import Asks, Route

__all__ = ["ROUTES", "Asks", "Route"]

ROUTES: dict[str, Route] = base.ROUTES | know.ROUTES | assess.ROUTES | act.ROUTES | steer.ROUTES
