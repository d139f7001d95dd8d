"""The API: every app's router in one place, one way to say who asks, one shape of error.

Signed in by session (unsafe methods need the CSRF token) or by ``Authorization: Bearer``. The description is
``/api/v1/openapi.json``; there is no HTML page of it, because its scripts come from a foreign host.
"""

from __future__ import annotations

import logging
import re
from functools import cached_property
from typing import Any

from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.security import HttpBearer, SessionAuth

from liandesk.act.deals.api import router as deals_router
from liandesk.act.insight.api import router as insight_router
from liandesk.act.pipeline.api import router as pipeline_router
from liandesk.act.services.api import router as services_router
from liandesk.act.transfers.api import router as transfers_router
from liandesk.act.trials.api import router as trials_router
from liandesk.assess.backups.api import router as backups_router
from liandesk.assess.events.api import router as events_router
from liandesk.assess.incidents.api import router as incidents_router
from liandesk.assess.ladder.api import router as ladder_router
from liandesk.assess.listing.api import router as listing_router
from liandesk.assess.lists.api import router as lists_router
from liandesk.assess.per_mu.api import router as per_mu_router
from liandesk.assess.policies.api import router as policies_router
from liandesk.assess.portfolio.api import router as portfolio_router
from liandesk.assess.rules.api import router as rules_router
from liandesk.assess.whatif.api import router as whatif_router
from liandesk.base.accounts.queries import viewer_of_token
from liandesk.base.accounts.roles import Viewer
from liandesk.base.definitions.api import router as definitions_router
from liandesk.base.errors import UserError
from liandesk.base.ui.api import router as search_router
from liandesk.base.work.api import router as cases_router
from liandesk.know.chain.api import router as chain_router
from liandesk.know.registry.api import router as registry_router
from liandesk.know.registry.review_api import router as review_router
from liandesk.know.registry.things_api import router as things_router
from liandesk.know.sources.api import router as sources_router
from liandesk.know.survey.api import router as survey_router
from liandesk.refresh.api import router as refresh_router
from liandesk.steer.appraisal.api import router as appraisal_router
from liandesk.steer.indicators.api import router as indicators_router
from liandesk.steer.plan.api import router as plan_router
from liandesk.steer.reports.api import router as reports_router
from liandesk.steer.supervision.api import router as supervision_router
from liandesk.steer.texts.api import router as plan_texts_router
from liankit.errors import UserError as KitError

log = logging.getLogger("liandesk.api")

_CODES = {
    400: "bad_request",
    401: "sign_in_required",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    422: "invalid",
}


class BearerToken(HttpBearer):
    """A token of the account page; a wrong one is refused even beside a valid session."""

    def authenticate(self, request: HttpRequest, token: str) -> Viewer:
        viewer = viewer_of_token(token)
        if viewer is None:
            raise HttpError(401, "The token is unknown, has expired or was revoked. Make one on /me.")
        request.viewer = viewer  # type: ignore[attr-defined]
        return viewer


class Session(SessionAuth):
    """The session of the browser; the viewer was set by the middleware."""

    openapi_name = "Session"

    def __call__(self, request: HttpRequest) -> Viewer | None:
        if not request.user.is_authenticated:
            return None
        return super().__call__(request)


class ErrorOut(Schema):
    """What every refusal looks like."""

    code: str
    message: str


class GrantOut(Schema):
    role: str
    scope_kind: str
    scope_id: str


class MeOut(Schema):
    """Who the API takes the caller for."""

    name: str
    grants: list[GrantOut]


class _DescribedOnce(NinjaAPI):
    """Describes itself once a process: that takes a second, and anybody may ask for it."""

    def get_openapi_schema(self, **given: Any) -> OpenAPISchema:
        return self._described

    @cached_property
    def _described(self) -> OpenAPISchema:
        return super().get_openapi_schema()


api = _DescribedOnce(
    title="Liandesk",
    version="1",
    description="The same data under the same rights as the pages. Numbers are in base units (CNY, days, shares).",
    urls_namespace="api",
    docs_url=None,
    auth=[BearerToken(), Session()],
)


@api.get("/me", response=MeOut, tags=["account"], operation_id="me")
def me(request: HttpRequest) -> MeOut:
    """Say who the caller is and what for."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    grants = sorted(viewer.grants, key=lambda grant: (grant.role, grant.scope_kind, grant.scope_id))
    return MeOut(name=viewer.name, grants=[GrantOut(**vars(grant)) for grant in grants])


for router in (
    search_router,
    definitions_router,
    cases_router,
    registry_router,
    review_router,
    things_router,
    chain_router,
    sources_router,
    survey_router,
    lists_router,
    listing_router,
    whatif_router,
    rules_router,
    ladder_router,
    events_router,
    policies_router,
    per_mu_router,
    portfolio_router,
    appraisal_router,
    backups_router,
    incidents_router,
    insight_router,
    transfers_router,
    trials_router,
    deals_router,
    pipeline_router,
    plan_router,
    reports_router,
    supervision_router,
    indicators_router,
    plan_texts_router,
    services_router,
    refresh_router,
):
    api.add_router("", router)


def _refuse(request: HttpRequest, status: int, code: str, message: str) -> HttpResponse:
    return api.create_response(request, {"code": code, "message": message}, status=status)


@api.exception_handler(UserError)
@api.exception_handler(KitError)
def _on_user_error(request: HttpRequest, error: UserError | KitError) -> HttpResponse:
    code = re.sub(r"(?<!^)(?=[A-Z])", "_", type(error).__name__).lower()
    return _refuse(request, getattr(error, "status", UserError.status), code, str(error))


@api.exception_handler(Http404)
def _on_not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return _refuse(request, 404, "not_found", "There is no such thing, or you may not see it.")


@api.exception_handler(ValidationError)
def _on_invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    said = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors)
    return _refuse(request, 422, "invalid", said)


@api.exception_handler(HttpError)
def _on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    code = _CODES.get(error.status_code, "refused")
    message = "Sign in, or send a token: Authorization: Bearer …" if str(error) == "Unauthorized" else str(error)
    return _refuse(request, error.status_code, code, message)


@api.exception_handler(Exception)
def _on_failure(request: HttpRequest, error: Exception) -> HttpResponse:
    """Our own mistake: log it, let whoever listens know, and keep the shape of errors."""
    got_request_exception.send(sender=None, request=request)
    log.exception("api failed", extra={"path": request.path})
    return _refuse(request, 500, "failed", "This went wrong on our side; it was logged. Nothing was changed.")
