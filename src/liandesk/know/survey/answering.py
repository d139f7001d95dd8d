"""Fill in a form: keep it as a draft, send it, decline it, confirm what an officer entered.

Each says the version it saw: of two who write at once the second is told, and nothing is overwritten.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from liandesk.base.accounts.access import check
from liandesk.base.accounts.roles import Role, Viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import business_now, now, today
from liandesk.base.errors import Conflict, UserError
from liandesk.base.facts.actions import Said, state_following
from liandesk.base.snapshots.queries import published, table
from liandesk.base.work.actions import NewCase, open_following
from liandesk.know.registry.clusters import node_id
from liandesk.know.registry.correction_actions import own_record
from liandesk.know.survey.known import Known
from liandesk.know.survey.models import Answer, Asked, Confirmation, Invitation
from liandesk.know.survey.policies import FORM
from liandesk.know.survey.said import Need, facts_of, introduced, suppliers_of

REQUEST = "enterprise_request"
_OFFICIALS = frozenset({Role.CHAIN_OFFICE, Role.TOWN_OFFICER})


@dataclass(frozen=True)
class Given:
    """What is answered to one question; ``value`` is None unless it is given."""

    kind: str  # of Answer.Kind
    value: Any = None


@dataclass(frozen=True)
class Filled:
    """A whole form: answers by the id of the question, new inputs, and a request."""

    answers: Mapping[int, Given]
    new_inputs: Sequence[Mapping[str, Any]] = ()  # item, product, supplier (Supplier or None)
    request_topic: str = ""
    request_text: str = ""


@transaction.atomic
def save_draft(pk: int, draft: Mapping[str, Any], *, seen: int, by: Viewer) -> Invitation:
    """Keep a form as it was left."""
    found = _locked(pk, seen, by)
    if found.is_settled:
        raise Conflict(_("This form was returned already. Open it again to change an answer."))
    found.state, found.draft = Invitation.State.DRAFT, dict(draft)
    _save(found, "state", "draft")
    record("survey.draft", "survey_form", pk, by=by)
    return found


@transaction.atomic
def send(pk: int, filled: Filled, *, seen: int, by: Viewer) -> Invitation:
    """Return a form: its answers become facts, and a request opens a case. A form can be sent again until it is closed.

    Raises Conflict when somebody else wrote the form since ``seen``, UserError when a question is left open.
    """
    found = _locked(pk, seen, by)
    asked = list(found.asked.select_related("answer"))
    if {one.pk for one in asked} != set(filled.answers):
        raise UserError(_("Each question needs an answer; 'not known' and 'declined to say' are answers too."))
    earlier = _earlier(asked)
    answers = [_answer(one, filled.answers[one.pk]) for one in asked]
    on_behalf = is_official(by)
    found.state, found.draft, found.entered_by = Invitation.State.RETURNED, {}, by.actor
    found.returned_at, found.is_on_behalf, found.declined_why = business_now(), on_behalf, ""
    found.confirmed_at = None if on_behalf else now()
    found.new_inputs = list(filled.new_inputs)
    found.request_topic, found.request_text = filled.request_topic, filled.request_text
    _state(found, answers, earlier, by)
    _confirm_inputs(found, answers)
    _open_request(found, by)
    _save(found, *_RETURNED)
    record("survey.return", "survey_form", pk, by=by, on_behalf=on_behalf, answers=len(answers))
    return found


_RETURNED = (
    "state", "draft", "entered_by", "returned_at", "is_on_behalf", "confirmed_at", "declined_why", "new_inputs",
    "request_topic", "request_text", "request_case",
)  # fmt: skip


@transaction.atomic
def decline(pk: int, why: str, *, seen: int, by: Viewer) -> Invitation:
    """Say that the enterprise will not answer this round; that is not the same as not knowing."""
    found = _locked(pk, seen, by)
    if found.state == Invitation.State.RETURNED:
        raise Conflict(_("This form was returned already. Open it again to change an answer."))
    found.state, found.declined_why, found.draft = Invitation.State.DECLINED, why.strip()[:400], {}
    found.entered_by, found.returned_at, found.is_on_behalf = by.actor, business_now(), is_official(by)
    _save(found, "state", "declined_why", "draft", "entered_by", "returned_at", "is_on_behalf")
    record("survey.decline", "survey_form", pk, by=by)
    return found


@transaction.atomic
def confirm(pk: int, *, seen: int, by: Viewer) -> Invitation:
    """Let the enterprise say that what an officer entered for it is right."""
    found = _locked(pk, seen, by)
    if is_official(by) or not found.is_on_behalf:
        raise UserError(_("Only what an officer entered is confirmed, and only by the enterprise."))
    found.is_on_behalf, found.confirmed_at = False, now()
    _save(found, "is_on_behalf", "confirmed_at")
    mine = Confirmation.objects.filter(organisation=found.organisation, round=found.round_id)
    mine.update(is_on_behalf=False, confirmed_on=today())
    record("survey.confirm", "survey_form", pk, by=by)
    return found


@transaction.atomic
def opened(pk: int, *, by: Viewer) -> None:
    """Note that the enterprise has opened its form, once."""
    changed = Invitation.objects.filter(pk=pk, state=Invitation.State.INVITED).update(state=Invitation.State.OPENED)
    if changed:
        record("survey.opened", "survey_form", pk, by=by)


def is_official(by: Viewer) -> bool:
    """Say whether somebody fills in the form for the enterprise rather than as the enterprise."""
    return not by.roles.isdisjoint(_OFFICIALS)


def _locked(pk: int, seen: int, by: Viewer) -> Invitation:
    """Return a form for writing, as its writer saw it; raise Conflict when it is not, or when its round is closed."""
    found = Invitation.objects.select_for_update(of=("self",)).select_related("round").get(pk=pk)
    check(by, FORM, "answer", {"organisation": found.organisation, "town": found.town})
    if not found.round.opened_at or found.round.closed_at or found.round.opens_on > today():
        raise Conflict(_("This round is not open."))
    if found.version != seen:
        raise Conflict(_("Somebody else wrote this form after you opened it. Look at it, then send yours again."))
    return found


def _save(found: Invitation, *fields: str) -> None:
    found.version += 1
    found.save(update_fields=[*fields, "version"])


def _earlier(asked: Sequence[Asked]) -> dict[int, Any]:
    """Return what an earlier return of this form said, by the id of the question."""
    return {one.pk: one.answer.value for one in asked if hasattr(one, "answer")}


def _answer(asked: Asked, given: Given) -> Answer:
    is_same = given.kind == Answer.Kind.GIVEN and given.value == asked.known
    said = {"kind": given.kind, "value": given.value, "is_same": is_same}
    answer, _made = Answer.objects.update_or_create(asked=asked, defaults=said)
    return answer


def _state(found: Invitation, answers: Sequence[Answer], earlier: Mapping[int, Any], by: Viewer) -> None:
    """Write the facts of a form in one go."""
    lines = _known(found.organisation)
    owner = own_record(found.organisation)
    said: list[Said] = []
    for item, group in groupby(answers, key=lambda answer: answer.asked.item):
        of_item = list(group)
        known = tuple(lines.lines(found.organisation, item)) if lines else ()
        need = Need(owner, found.organisation, item, of_item[0].asked.item_name, known)
        said += facts_of(need, of_item, earlier)
    for new in found.new_inputs:
        said += _new_input(owner, found.organisation, new)
    behalf = _("entered on behalf of the enterprise") if found.is_on_behalf else ""
    reason = " · ".join(filter(None, (found.round.title, behalf)))
    unique = list(dict.fromkeys(said))
    state_following(unique, about=("survey_form", str(found.pk)), by=by, valid_from=today(), reason=reason)


def _known(organisation: str) -> Known | None:
    snapshot = published()
    return Known(table(snapshot, "uses"), table(snapshot, "supplies"), [organisation]) if snapshot else None


def _new_input(owner: str, organisation: str, new: Mapping[str, Any]) -> list[Said]:
    need = Need(owner, organisation, node_id(new["item"]), new["item"], product=new["product"])
    said = [*introduced(need, new["product"]), *suppliers_of(need, [new["supplier"]] if new["supplier"] else [])]
    return [*said, Said(said[0].record, "item", "item_kind", new["kind"])] if new["kind"] else said


def _confirm_inputs(found: Invitation, answers: Sequence[Answer]) -> None:
    """Note since when the inputs are confirmed of which something was said; a refusal confirms nothing."""
    said = {answer.asked.item: answer.asked.item_name for answer in answers if answer.kind == Answer.Kind.GIVEN}
    said |= {node_id(new["item"]): new["item"] for new in found.new_inputs}
    for item, name in said.items():
        Confirmation.objects.update_or_create(
            organisation=found.organisation,
            item=item,
            defaults={
                "item_name": name,
                "confirmed_on": today(),
                "round": found.round,
                "is_on_behalf": found.is_on_behalf,
            },
        )


def _open_request(found: Invitation, by: Viewer) -> None:
    """Open a case for what the enterprise asks for, once a form."""
    if not found.request_text or found.request_case_id:
        return
    asked = {"topic": found.request_topic, "matter": found.request_text}
    parties = [("applicant", "organisation", found.organisation)]
    title = found.request_text.splitlines()[0][:60]
    new = NewCase(REQUEST, title, parties, asked, is_synthetic=found.round.is_synthetic)
    found.request_case = open_following(new, by=by)
