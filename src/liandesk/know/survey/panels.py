"""What the survey puts on pages of base: the menu, the inbox, the digest of the day."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from liandesk.base.accounts.access import can
from liandesk.base.accounts.roles import Role, Viewer
from liandesk.base.clock import today
from liandesk.base.jobs import handlers
from liandesk.base.teamwork.digest import SOURCES, Line, Source
from liandesk.base.ui import panels
from liandesk.base.ui.templatetags.ui import day
from liandesk.know.survey import queries
from liandesk.know.survey.opening import open_asked
from liandesk.know.survey.policies import FORM, ROUND
from liandesk.know.survey.rounds import JOB


def register() -> None:
    handlers.register(JOB, open_asked)
    panels.MENU.append(_menu)
    panels.INBOX.extend([_own_forms, _awaited, _next_round])
    SOURCES["survey"] = Source(gettext_lazy("Survey forms to ask for"), _reminded, _still_seen, _form_url)


def _menu(viewer: Viewer) -> Iterator[panels.MenuItem]:
    if can(viewer, ROUND, "read"):
        yield panels.MenuItem("know", _("Survey rounds"), "surveys", 25)
    if can(viewer, FORM, "read"):
        yield panels.MenuItem("know", _("Survey forms"), "survey_forms", 26)
        yield panels.MenuItem("know", _("Coverage of the survey"), "survey_coverage", 27)


def _own_forms(viewer: Viewer) -> Iterator[panels.InboxLine]:
    """What the enterprise itself is asked, and what an officer entered for it."""
    if Role.ENTERPRISE not in viewer.roles:
        return
    for form in queries.to_fill_in(viewer):
        url = reverse("survey_form", args=[form.pk])
        yield panels.InboxLine("due", form.round.title, url, _("Fill in the survey form"), due=form.round.deadline)
    for form in queries.to_confirm(viewer):
        url = reverse("survey_form", args=[form.pk])
        yield panels.InboxLine("waiting", form.round.title, url, _("An officer entered your answers: confirm them"))


def _awaited(viewer: Viewer) -> Iterator[panels.InboxLine]:
    """How many forms a town still waits for, a line a round."""
    if not can(viewer, FORM, "invite"):
        return
    counts: dict[tuple[int, str, date], int] = {}
    for pk, title, deadline in queries.to_chase(viewer).values_list("round", "round__title", "round__deadline"):
        counts[(pk, title, deadline)] = counts.get((pk, title, deadline), 0) + 1
    for (pk, title, deadline), count in counts.items():
        said = ngettext("%(count)s form is not returned", "%(count)s forms are not returned", count)
        url = reverse("survey", args=[pk])
        yield panels.InboxLine("due", title, url, said % {"count": count}, due=deadline, count=count)


def _reminded(viewer: Viewer) -> Iterator[Line]:
    """The forms of which somebody was reminded today: to the towns that ask for them, to the enterprises themselves."""
    if not can(viewer, FORM, "read"):
        return
    for form in queries.reminded_today(viewer):
        yield Line(form.pk, form.name, due=day(form.round.deadline), note=form.round.title)


def _still_seen(viewer: Viewer, pks: Collection[int]) -> set[int]:
    return (
        set(queries.forms(viewer).filter(pk__in=pks).values_list("pk", flat=True))
        if can(viewer, FORM, "read")
        else set()
    )


def _form_url(pk: int) -> str:
    return reverse("survey_form", args=[pk])


def _next_round(viewer: Viewer) -> Iterator[panels.InboxLine]:
    """That the rhythm of the mode asks for the next round."""
    if not can(viewer, ROUND, "hold"):
        return
    for _mode, due in queries.next_due(viewer):
        if due <= today():
            yield panels.InboxLine("due", _("Open the next survey round"), reverse("survey_new"), due=due)
