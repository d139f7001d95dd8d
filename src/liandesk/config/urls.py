"""Where each page lives; apps bring their own routes."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from liandesk.config.api import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", api.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("liandesk.base.ui.urls")),
    path("", include("liandesk.base.accounts.urls")),
    path("", include("liandesk.base.definitions.urls")),
    path("", include("liandesk.base.work.urls")),
    path("", include("liandesk.base.teamwork.urls")),
    path("", include("liandesk.know.registry.urls")),
    path("", include("liandesk.know.chain.urls")),
    path("", include("liandesk.know.sources.urls")),
    path("", include("liandesk.know.survey.urls")),
    path("", include("liandesk.assess.lists.urls")),
    path("", include("liandesk.assess.listing.urls")),
    path("", include("liandesk.assess.whatif.urls")),
    path("", include("liandesk.assess.rules.urls")),
    path("", include("liandesk.assess.policies.urls")),
    path("", include("liandesk.assess.events.urls")),
    path("", include("liandesk.assess.backups.urls")),
    path("", include("liandesk.assess.ladder.urls")),
    path("", include("liandesk.assess.incidents.urls")),
    path("", include("liandesk.assess.per_mu.urls")),
    path("", include("liandesk.assess.portfolio.urls")),
    path("", include("liandesk.act.insight.urls")),
    path("", include("liandesk.act.pipeline.urls")),
    path("", include("liandesk.act.deals.urls")),
    path("", include("liandesk.act.transfers.urls")),
    path("", include("liandesk.act.trials.urls")),
    path("", include("liandesk.act.services.urls")),
    path("", include("liandesk.steer.cockpit.urls")),
    path("", include("liandesk.steer.appraisal.urls")),
    path("", include("liandesk.steer.indicators.urls")),
    path("", include("liandesk.steer.plan.urls")),
    path("", include("liandesk.steer.reports.urls")),
    path("", include("liandesk.steer.supervision.urls")),
    path("", include("liandesk.steer.texts.urls")),
    path("", include("liandesk.refresh.urls")),
]
