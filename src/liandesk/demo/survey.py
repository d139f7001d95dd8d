"""The surveys of the demo's district: one round closed with returns of every kind, one that is running.

The rounds are said to have opened earlier; the answers are of the demo's one day, which is pinned.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from liandesk.assess.lists.queries import entries
from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import Role, ScopeKind, Viewer, viewer_of
from liandesk.base.clock import today
from liandesk.base.jobs.actions import claim
from liandesk.base.pack import pack
from liandesk.know.survey import answering, links, queries, rounds
from liandesk.know.survey.answering import Filled, Given
from liandesk.know.survey.models import Answer, Asked, Invitation
from liandesk.refresh.worker import do

_FORMS = 12  # of each round: a demo is looked at
_NOTICE = "请各企业填报关键投入品的供应和库存情况，不清楚或不便提供的可以直接说明。（合成数据）"
_NUMBERS: Mapping[str, Any] = {"another_source": False, "output": 2.4e7, "stock": 45.0, "switch": 9.0}
_SUPPLIER = {"name": "供应商A", "is_alias": True, "country": "DE", "share": None}


def hold_surveys(people: Mapping[str, User]) -> int:
    """Hold the rounds once, as the chain office, a town and the enterprises would; return how many forms there are."""
    office = viewer_of(people["ChainOffice"])
    if queries.rounds(office).exists():
        return 0
    first, second = (_open(office, place) for place in range(2))
    _return_all_kinds(queries.forms(office, first).order_by("pk"), viewer_of(people["TownOfficer"]), office)
    rounds.close_round(first, by=office)
    _begin(list(queries.forms(office, second).order_by("pk")), office)
    return queries.forms(office).count()


def _open(office: Viewer, place: int) -> int:
    """Open the round before last (0) or the running one (1)."""
    mode = pack().survey_modes[0]
    opened = today() - timedelta(days=(mode.every_days + 4) * (1 - place) + 4 * place)
    new = rounds.NewRound(
        title=("二季度关键投入品调查", "三季度关键投入品调查")[place],
        mode=mode.code,
        opens_on=opened,
        deadline=today() + timedelta(days=mode.answer_days * place),
        notice=_NOTICE,
        organisations=_asked(office),
        is_synthetic=True,
    )
    made = rounds.open_round(new, by=office)
    assert made.job_id is not None  # it was asked for just now
    if job := claim("demo", job_id=made.job_id):
        do(job)
    return made.pk


def _asked(office: Viewer) -> list[str]:
    """Return the enterprises of the gravest inputs, the cast's own among the first."""
    gravest = entries(office).filter(scope="input").exclude(organisation="").order_by("position")
    cast = User.objects.filter(memberships__role=Role.ENTERPRISE).values_list("memberships__scope_id", flat=True)
    named = [*filter(None, cast), *gravest.values_list("organisation", flat=True)[: 10 * _FORMS]]
    return list(dict.fromkeys(named))[:_FORMS]


def _return_all_kinds(forms: Any, town: Viewer, office: Viewer) -> None:
    """Let enterprises answer by their links, one with a request; one declines, officers enter two; the rest is late."""
    own = [form for form in forms if form.town in town.scope_ids(Role.TOWN_OFFICER, ScopeKind.TOWN)]
    others = [form for form in forms if form not in own]
    for place, form in enumerate(others[:6]):
        if place == 0:
            answering.decline(form.pk, "正在改制，本轮不参加。", seen=0, by=links.holder(form))
        else:
            _send(form, links.holder(form), place)
    for form in own[:2]:
        _send(form, town, 2)
    if len(own) > 1:
        answering.confirm(own[1].pk, seen=1, by=links.holder(own[1]))


def _send(form: Invitation, by: Viewer, place: int) -> None:
    asked = queries.questions(form)
    given = {one.pk: _given(one, number + place) for number, one in enumerate(asked)}
    request = ("supply", "进口关键耗材交期延长，请协助对接备选供应商。") if place == 1 else ("", "")
    answering.send(form.pk, Filled(given, (), *request), seen=form.version, by=by)


def _given(asked: Asked, turn: int) -> Given:
    """Answer as it is known, or with a number; every fifth that nobody knew is not known, every seventh declined."""
    if turn % 5 == 4 and asked.known is None:
        return Given(Answer.Kind.UNKNOWN)
    if turn % 7 == 6:
        return Given(Answer.Kind.DECLINED)
    value = asked.known if asked.known is not None else _NUMBERS.get(asked.code, [_SUPPLIER])
    return Given(Answer.Kind.GIVEN, value)


def _begin(forms: list[Invitation], office: Viewer) -> None:
    """Of the running round two are returned, some are opened, and the office has reminded some."""
    for form in forms[-2:]:
        _send(form, links.holder(form), 3)
    for form in forms[2:5]:
        answering.opened(form.pk, by=links.holder(form))
    rounds.remind([form.pk for form in forms[2:6]], by=office)
