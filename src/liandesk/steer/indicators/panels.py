"""What indicators put on pages of base and of the plan, and the job that computes them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import cast

from django.urls import reverse
from django.utils.translation import gettext as _

from liandesk.base.accounts.access import can
from liandesk.base.accounts.roles import Viewer
from liandesk.base.jobs import handlers
from liandesk.base.snapshots.actions import register_projection
from liandesk.base.snapshots.queries import RISKS
from liandesk.base.ui import panels
from liandesk.steer.indicators import jobs, progress, queries
from liandesk.steer.indicators.actions import JOB
from liandesk.steer.indicators.divergence import divergences
from liandesk.steer.indicators.policies import CLAIM, INDICATOR, LIGHT
from liandesk.steer.indicators.shown import ends_with_unit, title_of, with_unit
from liandesk.steer.plan import lights


def register() -> None:
    handlers.register(JOB, jobs.compute)
    handlers.DAILY.append(JOB)
    register_projection(RISKS, jobs.after_refresh)
    panels.MENU.append(_menu)
    panels.INBOX.append(_claims)
    panels.INBOX.append(_differences)
    panels.SEARCH.append(_search)
    lights.LIGHTS.append(_lights)
    panels.PANELS.setdefault("target", []).append(_of_target)


def _menu(viewer: Viewer) -> Iterator[panels.MenuItem]:
    if can(viewer, INDICATOR, "read"):
        yield panels.MenuItem("steer", _("Indicators"), "indicators", 20)


def _claims(viewer: Viewer) -> Iterator[panels.InboxLine]:
    """Values whose next step is the reader's."""
    if not can(viewer, CLAIM, "verify") and not can(viewer, CLAIM, "approve"):
        return
    for one in queries.waiting_for(viewer):
        said = _("Verify a value") if one.state == "claimed" else _("Approve a value")
        detail = f"{title_of(queries.known(one.indicator))} · {one.on}"
        yield panels.InboxLine("waiting", said, reverse("indicator", args=[one.indicator]), detail, at=one.recorded_at)


def _differences(viewer: Viewer) -> Iterator[panels.InboxLine]:
    """Lights that differ: the office has to answer; the chain chief reads the answer, or that there is none."""
    if not can(viewer, LIGHT, "told"):
        return
    for one in divergences(viewer).filter(closed_on=None):
        url = reverse("target_light", args=[one.target])
        if one.replied_at:
            yield panels.InboxLine(
                "changed", _("The lights differ; the office replied"), url, one.target, at=one.replied_at
            )
        elif can(viewer, LIGHT, "report", {"office": one.office}):
            yield panels.InboxLine("due", _("Say why the lights differ"), url, one.target, due=one.reply_due)
        else:
            yield panels.InboxLine("others", _("The lights differ; no reply"), url, one.target, due=one.reply_due)


def _search(viewer: Viewer, text: str) -> Iterator[panels.SearchItem]:
    wanted = text.casefold()
    for one in queries.indicators(viewer):
        if any(wanted in title.casefold() for title in (one.title.zh, one.title.en)):
            yield panels.SearchItem(_("Indicator"), title_of(one), reverse("indicator", args=[one.key]))


def _lights(viewer: Viewer, targets: Collection[str]) -> dict[str, lights.Light]:
    """The lights of targets, for the pages of the plan."""
    wanted = (one for one in progress.progress_of_all(viewer) if one.target in targets)
    return {one.target: _light(one) for one in wanted}


def _light(one: progress.Progress) -> lights.Light:
    reported = cast(lights.Colour, one.report.colour) if one.report else ""
    return lights.Light(cast(lights.Colour, one.light), reported, lights.page_of("target_light", one.target))


def _of_target(viewer: Viewer, key: str) -> panels.Panel | None:
    """The two lights of a target, on its page."""
    stands = progress.progress_of(viewer, key)
    if stands is None:
        return None
    found = queries.known(stands.indicator)
    context = {
        "stands": stands,
        "value": with_unit(stands.value, found),
        "goal": with_unit(stands.computed["goal"], found),
        "interval": ends_with_unit(stands.interval, found),
    }
    return panels.Panel(_("Lights"), "indicators/_of_target.html", context)
