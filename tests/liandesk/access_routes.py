"""What each route asks for: the table against which every route is tried with the whole cast.

A route is declared by its name with what GET and POST ask of the access matrix; ``seen`` is the short name of the
object of the world that is passed to it (one route may be tried with several). A route missing here fails the test.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.core.files.uploadedfile import SimpleUploadedFile
from tests.liandesk import things_world

from liandesk.assess.backups.policies import BACKUP, CANDIDATE
from liandesk.assess.events.policies import EVENT, FORECAST
from liandesk.assess.incidents.policies import INCIDENT, LESSON
from liandesk.assess.lists.forms import FORMS
from liandesk.assess.lists.policies import EDITION, ENTRY
from liandesk.assess.portfolio.policies import PORTFOLIO
from liandesk.assess.whatif.policies import WHAT_IF, WHAT_IF_HIT
from liandesk.base.accounts.access import Resource
from liandesk.base.accounts.policies import LOG
from liandesk.base.definitions.policies import DEFINITION
from liandesk.base.facts.policies import FACT, LANDING
from liandesk.base.jobs.policies import RUN
from liandesk.base.teamwork.policies import SAMPLE
from liandesk.base.work.challenge_policies import CHALLENGE
from liandesk.base.work.migration_policies import MIGRATION
from liandesk.base.work.policies import CASE
from liandesk.know.chain.policies import CHAIN, FINDING, SUPPLY_LINK
from liandesk.know.registry.policies import CONSENT, JUDGEMENT, ORGANISATION
from liandesk.know.registry.things_kinds import KINDS, ThingKind
from liandesk.know.registry.things_policies import RESOURCES_OF
from liandesk.know.sources.policies import FREE_TEXT
from liandesk.know.survey.policies import FORM, ROUND
from liandesk.steer.appraisal.policies import APPRAISAL, FORMULA, UNIT
from liandesk.steer.cockpit.policies import COCKPIT
from liandesk.steer.indicators.policies import CLAIM, INDICATOR, JUMP, LIGHT
from liandesk.steer.plan.policies import PLAN
from liandesk.steer.reports.policies import REPORT
from liandesk.steer.supervision.policies import EVALUATION, TASK_SHEET
from liandesk.steer.texts.policies import PLAN_TEXT


@dataclass(frozen=True)
class Asks:
    """What a method asks for: an action on a resource, or only an account, or nothing.

    ``lists_nothing``: the page opens for everybody with an account and shows nothing to who may see nothing.
    ``whose``: beside the right, the object is this member's own and hidden from everybody else.
    """

    resource: Resource | None = None
    action: str = "read"
    is_public: bool = False
    lists_nothing: bool = False
    whose: str = ""


@dataclass(frozen=True)
class Route:
    """One route: what its methods ask for, with which objects, queries and form it is tried."""

    get: Asks | None = None
    post: Asks | None = None
    seen: tuple[str, ...] = ()
    queries: tuple[str, ...] = ("",)
    more: tuple[tuple[object, ...], ...] = ((),)  # further arguments after the object's, one try each
    form: Mapping[str, object] = field(default_factory=dict)  # what POST sends


ANYBODY = Asks(is_public=True)
ACCOUNT = Asks()

ORGANISATIONS_SEEN = ("organisation One", "organisation Two", "organisation Clinic", "organisation Ward")
ENTRIES_SEEN = (
    "input Own One",
    "input Shared One",
    "input Shared Two",
    "input Other Two",
    "item Own",
    "item Shared",
    "item Other",
)


def reads(resource: Resource, *seen: str, **more: object) -> Route:
    return Route(get=Asks(resource), seen=seen, **more)  # type: ignore[arg-type]


def does(resource: Resource, action: str, *seen: str, **more: object) -> Route:
    return Route(post=Asks(resource, action), seen=seen, **more)  # type: ignore[arg-type]


FRAME = {
    "home": Route(get=ACCOUNT),
    "search": Route(get=ACCOUNT, queries=("", "q=Mark", "q=MarkName", "q=MarkItem")),
    "about": Route(get=ANYBODY),
    "healthz": Route(get=ANYBODY),
    "display": Route(post=ANYBODY),
    "set_language": Route(get=ANYBODY, post=ANYBODY),
    "audit": reads(LOG),
    "saved_view_save": Route(post=ACCOUNT, more=(("cases",),), form={"name": "said"}),
    "saved_view_delete": Route(post=ACCOUNT, more=((1,),)),
}

ACCOUNTS = {
    "sign_in": Route(get=ANYBODY, post=ANYBODY, seen=("link",)),
    "me": Route(get=ACCOUNT),
    "make_token": Route(post=ACCOUNT),
    "revoke_token": Route(post=ACCOUNT, seen=("token",)),
    "end_sessions": Route(post=ACCOUNT),
    "account_login": Route(get=ANYBODY, post=ANYBODY),
    "account_logout": Route(get=ANYBODY, post=ANYBODY),
    "account_inactive": Route(get=ANYBODY),
    "account_reauthenticate": Route(get=ACCOUNT, post=ACCOUNT),
    "account_change_password": Route(get=ACCOUNT, post=ACCOUNT),
    "account_set_password": Route(get=ACCOUNT, post=ACCOUNT),
    "mfa_index": Route(get=ACCOUNT),
    "mfa_authenticate": Route(get=ANYBODY, post=ANYBODY),
    "mfa_reauthenticate": Route(get=ACCOUNT, post=ACCOUNT),
    "mfa_activate_totp": Route(get=ACCOUNT, post=ACCOUNT),
    "mfa_deactivate_totp": Route(get=ACCOUNT, post=ACCOUNT),
    "mfa_view_recovery_codes": Route(get=ACCOUNT),
    "mfa_generate_recovery_codes": Route(get=ACCOUNT, post=ACCOUNT),
    "mfa_download_recovery_codes": Route(get=ACCOUNT),
}

_JUDGES = Asks(JUDGEMENT, "judge")
_WHY = {"reason": "said"}
_MERGE = {"other": "none", "reason": "said"}
_SPLIT = {"record": "none", "reason": "said"}

WHO_IS_WHO = {
    "organisation_correct": does(FACT, "state", *ORGANISATIONS_SEEN, form={"attribute": "segment", "value": "said"}),
    "organisation_disown": does(FACT, "state", *ORGANISATIONS_SEEN, form=_SPLIT),
    "organisation_merge": does(JUDGEMENT, "judge", *ORGANISATIONS_SEEN, form=_MERGE),
    "organisation_split": does(JUDGEMENT, "judge", *ORGANISATIONS_SEEN, form=_SPLIT),
    "organisation_consent": does(CONSENT, "give", *ORGANISATIONS_SEEN, form={"item": "critical_input"}),
    "consent_revoke": does(CONSENT, "give", "consent"),
    "review": reads(JUDGEMENT, queries=("", "text=Mark")),
    "review_bulk": does(JUDGEMENT, "judge", form={"do": "reject", "pair": "none"}),
    "review_export": reads(JUDGEMENT, more=(("csv",), ("xlsx",))),
    "candidate": reads(JUDGEMENT, "pair"),
    "candidate_accept": does(JUDGEMENT, "judge", "pair", form=_WHY),
    "candidate_reject": does(JUDGEMENT, "judge", "pair", form=_WHY),
    "judgements": reads(JUDGEMENT),
    "judgement_undo": Route(get=_JUDGES, post=_JUDGES, seen=("decision",), form=_WHY),
}

REGISTRY = {
    "organisations": Route(get=Asks(ORGANISATION, lists_nothing=True), queries=("", "text=Mark")),
    "organisations_export": Route(get=Asks(ORGANISATION, lists_nothing=True), more=(("csv",), ("xlsx",))),
    "organisation": reads(ORGANISATION, *ORGANISATIONS_SEEN),
    "organisation_export": reads(ORGANISATION, *ORGANISATIONS_SEEN, more=(("csv",), ("xlsx",))),
    **WHO_IS_WHO,
    "cartogram": reads(ORGANISATION, queries=("", "count=space", "count=lead")),
    "cartogram_export": reads(ORGANISATION, more=(("csv",), ("xlsx",))),
}

_COPIES = (("csv",), ("xlsx",))


def _thing_routes(kind: ThingKind) -> dict[str, Route]:
    """The list, the copies and the page of one, and the same through the API."""
    resource = RESOURCES_OF[kind.code]
    seen = tuple(things_world.thing_name(kind.code, part) for part in things_world.owners(kind.code))
    asked = reads(resource, queries=("", "text=Mark"))
    return {
        kind.slug: asked,
        kind.listing.export_route: reads(resource, more=_COPIES),
        kind.route: reads(resource, *seen),
        f"api:{kind.slug}": asked,
        f"api:{kind.route}": reads(resource, *seen),
    }


THINGS = {name: route for kind in KINDS.values() for name, route in _thing_routes(kind).items()}

_EDITION_COPIES = tuple((form, kind) for form in ("leader", "full") for kind in ("csv", "xlsx"))
_JUDGED = ("input Own One", "input Other Two")
_SAID = {"version": "99", "reason": "said", "owner_office": "economy", "measure": "said"}

LISTS = {
    "risks": reads(ENTRY, queries=("", "state=all", "state=all&text=Mark", "state=admitted", "select=page")),
    "risks_bulk": does(ENTRY, "judge", form={"do": "decline", "reason": "said", "entry": "99:item:none"}),
    "risks_export": reads(ENTRY, queries=("", "state=all"), more=_COPIES),
    "risk_changes": Route(get=Asks(ENTRY, "compare")),
    "risk_changes_export": Route(get=Asks(ENTRY, "compare")),
    "risk": reads(ENTRY, *ENTRIES_SEEN),
    "risk_reasons": reads(ENTRY, *ENTRIES_SEEN),
    **{
        f"risk_{action}": does(ENTRY, "report" if action == "report" else "judge", *_JUDGED, form=_SAID)
        for action in FORMS
    },
    "editions": Route(
        get=Asks(EDITION), post=Asks(EDITION, "prepare"), form={"title": "said", "classification": "internal"}
    ),
    "edition": reads(EDITION, "edition"),
    "edition_draft": reads(EDITION, "draft"),
    "edition_sign": does(EDITION, "sign", "draft", form={"size_reason": "said"}),
    "edition_discard": does(EDITION, "prepare", "draft"),
    "edition_diff": reads(EDITION, "edition", more=((1,),)),
    "edition_export": reads(EDITION, "edition", more=_EDITION_COPIES),
    "edition_draft_export": reads(EDITION, "draft", more=_EDITION_COPIES),
}

_ASKS = Asks(WHAT_IF, "ask")

WHAT_IFS = {
    "what_ifs": reads(WHAT_IF_HIT),
    "what_if_new": Route(get=_ASKS, post=_ASKS, queries=("", "makers=said"), form={"title": "said"}),
    "what_if": reads(WHAT_IF_HIT, "what-if"),
    "what_if_cancel": does(WHAT_IF, "ask", "what-if"),
    "what_if_export": reads(WHAT_IF_HIT, "what-if", more=_COPIES),
    "what_if_beside": reads(WHAT_IF_HIT, "what-ifs"),
    "api:what_ifs": reads(WHAT_IF_HIT),
    "api:what_if_new": Route(post=_ASKS, form={"title": "said", "shocks": []}),
    "api:what_if": reads(WHAT_IF_HIT, "what-if"),
}

_WEIGHS = Asks(PORTFOLIO, "ask")
_PLAN = {"kind": "stock", "item": "said", "covers": 0.5, "cost_low_cny": 1, "cost_high_cny": 1}
_PARTS = tuple((part, kind) for part in ("frontier", "lowered") for kind in ("csv", "xlsx"))

PORTFOLIOS = {
    "portfolios": Route(get=Asks(PORTFOLIO), post=_WEIGHS, form={"budget": "said"}),
    "portfolio_new": Route(get=_WEIGHS, post=_WEIGHS, form={"title": "said"}),
    "portfolio": reads(PORTFOLIO, "portfolio", queries=("", "at=0")),
    "portfolio_cancel": does(PORTFOLIO, "ask", "portfolio"),
    "portfolio_export": reads(PORTFOLIO, "portfolio", more=_PARTS),
    "portfolio_propose": does(PORTFOLIO, "propose", "portfolio", form={"plan": "none"}),
    "interventions": reads(PORTFOLIO),
    "interventions_export": reads(PORTFOLIO, more=_COPIES),
    "interventions_sheet": Route(get=_WEIGHS),
    "interventions_import": Route(get=_WEIGHS, post=_WEIGHS),
    "intervention_new": Route(get=_WEIGHS, post=_WEIGHS, queries=("", "item=said"), form={"item": "said"}),
    "intervention": Route(get=Asks(PORTFOLIO), post=_WEIGHS, seen=("intervention",), form={"item": "said"}),
    "intervention_withdraw": does(PORTFOLIO, "ask", "intervention", form={"reason": "said", "version": "99"}),
    "api:interventions": reads(PORTFOLIO),
    "api:intervention_new": Route(post=_WEIGHS, form=_PLAN),
    "api:portfolios": reads(PORTFOLIO),
    "api:portfolio_new": Route(post=_WEIGHS, form={"title": "said", "budget_cny": 1}),
    "api:portfolio": reads(PORTFOLIO, "portfolio"),
}

_ENTERS, _CHANGES = Asks(EVENT, "enter"), Asks(EVENT, "change")
_HALT = {"cause": "halt", "title": "said", "began_on": "2024-03-01"}
_SAID = _HALT | {"item": "said"}
_NUMBER = {"likelihood": "20", "reason": "said"}

EVENTS = {
    "events": reads(EVENT, queries=("", "text=Mark", "state=waiting")),
    "events_export": reads(EVENT, more=_COPIES),
    "event_new": Route(get=_ENTERS, post=_ENTERS, form=_SAID),
    "events_file": Route(get=_ENTERS, post=_ENTERS),
    "events_notices": Route(get=_ENTERS, post=_ENTERS),
    "events_template": Route(get=_ENTERS, more=(("events",), ("notices",))),
    "events_batch": Route(get=_ENTERS, post=_ENTERS, seen=("batch",)),
    "event": reads(EVENT, "event"),
    "event_end": does(EVENT, "change", "event"),
    "event_withdraw": does(EVENT, "change", "event"),
    "event_match": does(EVENT, "change", "hit"),
    "forecasts": reads(FORECAST, queries=("", "text=Mark")),
    "forecasts_export": reads(FORECAST, more=_COPIES),
    "forecast_scores": Route(get=Asks(FORECAST), post=Asks(FORECAST, "try"), queries=("", "hindcasts")),
    "forecast_scores_export": reads(FORECAST, more=_COPIES),
    "forecast_new": Route(get=Asks(FORECAST), post=Asks(FORECAST, "make"), seen=("input Own One",), form=_NUMBER),
    "api:events": reads(EVENT),
    "api:event": reads(EVENT, "event"),
    "api:event_enter": Route(post=_ENTERS, form=_HALT | {"hits": [{"kind": "item", "name": "said"}]}),
    "api:event_withdraw": does(EVENT, "change", "event", form={"reason": "said", "version": 99}),
    "api:forecasts": reads(FORECAST),
    "api:forecast_say": does(FORECAST, "make", "input Own One", form={"likelihood": 0.2, "reason": "said"}),
    "api:forecast_scores": reads(FORECAST),
}

_KEEPS, _PUTS = Asks(BACKUP, "keep"), Asks(BACKUP, "list")
_BACKUP_COPIES = (("csv",), ("xlsx",), ("docx",))
_ROW, _HELD, _DRILL = ("backup row",), ("held",), ("drill",)
_REASON = {"version": 0, "reason": "said"}

BACKUPS = {
    "backups": reads(BACKUP, queries=("", "text=Mark", "columns=name&columns=holder_name&sort=-readiness")),
    "backups_export": reads(BACKUP, more=_BACKUP_COPIES),
    "backup_new": Route(get=_PUTS, post=_PUTS, form={"name": "said"}),
    "backup_sheet": Route(get=_PUTS),
    "backup_import": Route(get=_PUTS, post=_PUTS),
    "backup_proposals": Route(get=_PUTS, post=_PUTS),
    "backup_candidates": reads(CANDIDATE, queries=("", "item=said")),
    "candidate_take_up": Route(post=_PUTS, form={"item": "said"}),
    "backup_row": reads(BACKUP, *_ROW),
    "backup_change": Route(get=_KEEPS, post=_KEEPS, seen=_ROW, form={"name": "said"}),
    "backup_retire": Route(get=_PUTS, post=_PUTS, seen=_ROW, form=_REASON),
    "backup_add": Route(get=_KEEPS, post=_KEEPS, seen=_ROW, form={"type": "data"}),
    "held_change": Route(get=_KEEPS, post=_KEEPS, seen=_HELD, form={"version": 0}),
    "held_withdraw": Route(get=_KEEPS, post=_KEEPS, seen=_HELD, form=_REASON),
    "drill_plan": Route(get=_KEEPS, post=_KEEPS, seen=_HELD, form={"version": 0}),
    "drill_record": Route(get=_KEEPS, post=_KEEPS, seen=_DRILL, form={"version": 0}),
    "drill_cancel": Route(get=_KEEPS, post=_KEEPS, seen=_DRILL, form=_REASON),
    "api:backups": reads(BACKUP),
    "api:backup_row": reads(BACKUP, *_ROW),
    "api:backup_add": Route(post=_KEEPS, seen=_ROW, form={"type": "data", "holder_name": "said", "version": 99}),
    "api:held_change": Route(post=_KEEPS, seen=_HELD, form={"version": 99}),
    "api:drill_plan": Route(post=_KEEPS, seen=_HELD, form={"planned_on": "2030-01-01", "version": 99}),
    "api:drill_record": Route(
        post=_KEEPS, seen=_HELD, form={"result": "passed", "done_on": "2024-01-01", "version": 99}
    ),
    "api:backup_candidates": reads(CANDIDATE, queries=("item=said",)),
}

_OPENS = Asks(INCIDENT, "open")
_ROOM_COPIES = (("docx",), ("xlsx",))
_MESSAGE = {"text": "said", "answer_by": "2024-10-01", "version": 99}

INCIDENTS = {
    "incidents": reads(INCIDENT),
    "incident_new": Route(get=_OPENS, post=_OPENS, queries=("", "events=1"), form=_SAID),
    "incident": reads(INCIDENT, "incident"),
    "incident_retrace": does(INCIDENT, "work", "incident", form={"events": "987654321"}),
    "incident_task": does(INCIDENT, "work", "incident", form=_SAID),
    "incident_tick": does(INCIDENT, "work", "room task", form={"done": "yes"}),
    "incident_reason": does(INCIDENT, "work", "room entry", form={"reason": ""}),
    "incident_send": does(INCIDENT, "work", "incident"),
    "incident_message": Route(get=Asks(INCIDENT), post=Asks(INCIDENT, "work"), seen=("room message",), form=_MESSAGE),
    "incident_export": reads(INCIDENT, "incident", more=_ROOM_COPIES),
    "lesson": reads(LESSON, "lesson"),
    "api:incidents": reads(INCIDENT),
    "api:incident_new": Route(post=_OPENS, form={"events": []}),
    "api:incident": reads(INCIDENT, "incident"),
}

_NODES_SEEN = ("node Own", "node Other")
_ENDS_SEEN = ("organisation One", "organisation Two")
_REASONS_SEEN = ("finding Own", "finding Other")
_CHAIN_LISTS = {
    "chain_nodes": Asks(CHAIN, "map"),
    "chain_links": Asks(FINDING),
    "chain_partners": Asks(FINDING),
    "chain_problems": Asks(FINDING),
    "supplies": Asks(SUPPLY_LINK),
    "customers": Asks(SUPPLY_LINK),
}
_AROUND = ("", "hops=3&direction=up")
_TEXTS = ("", "text=Mark")

CHAIN_ROUTES = {
    **{name: Route(get=asks, queries=_TEXTS) for name, asks in _CHAIN_LISTS.items()},
    **{f"{name}_export": Route(get=asks, more=_COPIES) for name, asks in _CHAIN_LISTS.items()},
    "chain_node": reads(CHAIN, *_NODES_SEEN, queries=_AROUND),
    "chain_node_export": reads(CHAIN, *_NODES_SEEN, queries=_AROUND, more=_COPIES),
    "chain_organisation": reads(SUPPLY_LINK, *_ENDS_SEEN),
    "chain_reasons": reads(FINDING, *_REASONS_SEEN),
    **{f"api:{name}": Route(get=asks, queries=_TEXTS) for name, asks in _CHAIN_LISTS.items()},
    "api:chain_around": reads(CHAIN, *_NODES_SEEN, queries=_AROUND),
    "api:chain_reasons": reads(FINDING, *_REASONS_SEEN),
}

_LOADS = Asks(LANDING, "load")
_SENT = Asks(LANDING, "load", whose="ChainOffice")
_MAPS = Asks(FREE_TEXT, "map")

SOURCES = {
    "loads": reads(LANDING),
    "load_new": Route(get=_LOADS, post=_LOADS),
    "load": reads(LANDING, "landing"),
    "load_report": reads(LANDING, "landing"),
    "load_waiting": Route(get=_LOADS, seen=("landing",)),
    "load_beyond": Route(get=_LOADS, seen=("landing",)),
    "load_withdraw": Route(
        get=Asks(LANDING, "withdraw"), post=Asks(LANDING, "withdraw"), seen=("landing",), form={"why": "said"}
    ),
    "row": Route(get=_LOADS, post=_LOADS, seen=("row",)),
    "row_aside": Route(post=_LOADS, seen=("row",), form={"why": "said"}),
    "template": Route(get=ACCOUNT, more=(("workbook",),)),
    "upload": Route(get=_SENT, seen=("upload",)),
    "upload_confirm": Route(post=_SENT, seen=("upload",)),
    "upload_discard": Route(post=_SENT, seen=("upload",)),
    "upload_report": Route(get=_SENT, seen=("upload",)),
    "free_texts": reads(FREE_TEXT, queries=("", "state=decided")),
    "free_text": Route(get=_MAPS, post=_MAPS, seen=("free text",), form={"name": "none"}),
    "upload_columns": Route(get=_SENT, post=_SENT, seen=("upload",)),
    "mappings": Route(get=_LOADS),
    "mapping_forget": Route(post=_LOADS, seen=("mapping",)),
}

_FORMS = ("form One", "form Two")
_HOLDS = Asks(ROUND, "hold")
_INVITES = Asks(FORM, "invite")
_FILLS = Asks(FORM, "answer")

SURVEY = {
    "survey_link": Route(get=ANYBODY, post=ANYBODY, seen=("form link",)),
    "survey_link_sheet": Route(get=ANYBODY, post=ANYBODY, seen=("form link",), queries=("", "take=1")),
    "surveys": reads(ROUND),
    "survey_new": Route(get=_HOLDS, post=_HOLDS, form={"title": "said"}),
    "survey": reads(ROUND, "survey"),
    "survey_cancel": does(ROUND, "hold", "survey"),
    "survey_close": does(ROUND, "hold", "survey"),
    "survey_remind": does(FORM, "invite", "survey"),
    "survey_codes": Route(get=_INVITES, seen=("survey",), queries=("", "town=330113001")),
    "survey_sheet": Route(get=_INVITES, post=_INVITES, seen=("survey",), queries=("", "take=1")),
    "survey_summary": reads(ROUND, "survey"),
    "survey_summary_export": reads(ROUND, "survey", more=(("docx",), ("xlsx",))),
    "survey_forms": reads(FORM, queries=("", "round=1", "text=Mark")),
    "survey_forms_export": reads(FORM, more=_COPIES),
    "survey_form": Route(get=Asks(FORM), post=_FILLS, seen=_FORMS, queries=("", "change=1"), form={"seen": "99"}),
    "survey_form_sheet": Route(get=_FILLS, post=_FILLS, seen=_FORMS, queries=("", "take=1")),
    "survey_link_change": Route(post=_INVITES, seen=_FORMS, form={"do": "revoke"}),
    "survey_coverage": reads(FORM),
    "survey_coverage_export": reads(FORM, more=_COPIES),
    "api:survey_rounds": reads(ROUND),
    "api:survey_returns": reads(ROUND, "survey"),
    "api:survey_forms": reads(FORM),
    "api:survey_form": reads(FORM, *_FORMS),
    "api:survey_coverage": reads(FORM),
}

_TEXT = {"text": "a: [", "effective_from": "2024-09-30"}

DEFINITIONS = {
    "definitions": reads(DEFINITION),
    "definition": reads(DEFINITION, "definition", queries=("", "version=2")),
    "definition_export": reads(DEFINITION, "definition", more=((1,),)),
    "definition_propose": Route(
        get=Asks(DEFINITION, "propose"), post=Asks(DEFINITION, "propose"), seen=("definition",), form=_TEXT
    ),
    "definition_publish": does(DEFINITION, "publish", "proposal"),
    "definition_withdraw": does(DEFINITION, "publish", "proposal"),
    "api:definitions": reads(DEFINITION),
    "api:definition": reads(DEFINITION, "definition"),
}

_PROOF = SimpleUploadedFile("said.pdf", b"%PDF-1.7", "application/pdf")
_NEW_CASE = {"title": "said", "lead_place": "office:market", "task": "said", "due": "2024-10-31"}
_CASE = Route(get=Asks(CASE), seen=("case",))

CASES = {
    "case_migration": Route(get=Asks(MIGRATION), post=Asks(MIGRATION, "apply"), seen=("map",)),
    "cases": Route(get=Asks(CASE, lists_nothing=True), queries=("", "show=open&process=instruction", "show=ended")),
    "cases_export": Route(get=Asks(CASE, lists_nothing=True), queries=("show=open",), more=_COPIES),
    "case_board": Route(get=Asks(CASE, lists_nothing=True), more=(("instruction",),)),
    "case": _CASE,
    "case_new": Route(get=Asks(CASE, "open"), post=Asks(CASE, "open"), more=(("enterprise_request",),), form=_NEW_CASE),
    "case_do": does(CASE, "read", "case", more=(("sign_for",),), form={"seen": "99"}),
    "case_answer": does(CASE, "read", "case", more=(("close",),), form={"seen": "99", "answer": "approve"}),
    "case_prove": does(CASE, "read", "case", form={"seen": "99"}),
    "case_start": Route(get=Asks(CASE, "open")),
    "case_fill": does(CASE, "read", "case", form={"seen": "99"}),
    "case_pause": does(CASE, "read", "case", form={"seen": "99"}),
    "case_resume": does(CASE, "read", "case", form={"seen": "99"}),
    "case_assign": does(CASE, "read", "case", more=(("lead",),), form={"seen": "99"}),
    "case_correct": Route(get=Asks(CASE), post=Asks(CASE), seen=("case",), more=((1,),), form={"seen": "99"}),
    "case_evidence": Route(get=Asks(CASE), seen=("case",), more=((3,),)),
    "challenges": reads(CHALLENGE),
    "challenge": reads(CHALLENGE, "challenge"),
    "case_import": Route(
        get=Asks(CASE, "open"), post=Asks(CASE, "open"), more=(("instruction",),), form={"token": "none"}
    ),
    "case_sheets": Route(get=Asks(CASE, "open"), more=(("instruction",),)),
    "api:cases": Route(get=Asks(CASE, lists_nothing=True), queries=("", "show=open", "process=instruction")),
    "api:case": reads(CASE, "case"),
    "api:case_new": Route(post=Asks(CASE, "open"), form={"process": "none", "title": "said"}),
    "api:case_act": does(CASE, "read", "case", form={"kind": "do", "seen": 99, "name": "sign_for"}),
    "api:case_prove": does(CASE, "read", "case", form={"seen": 99, "name": "result", "title": "said", "file": _PROOF}),
    "api:case_evidence": Route(get=Asks(CASE), seen=("case",), more=((3,),)),
}

_OWN_COMMENT = Asks(CASE, whose="ChainOffice")
_CHASES = Asks(CASE, "chase")
_SAYS = {"text": "said"}

TEAMWORK = {
    "case_comment": does(CASE, "read", "case", form=_SAYS),
    "comment_reword": Route(get=_OWN_COMMENT, post=_OWN_COMMENT, seen=("comment",), form=_SAYS),
    "comment_withdraw": Route(post=_OWN_COMMENT, seen=("comment",)),
    "case_watch": does(CASE, "read", "case"),
    "case_seen": does(CASE, "read", "case"),
    "case_task": does(CASE, "read", "case", form={"title": "said"}),
    "task_tick": does(CASE, "read", "task", form={"done": "yes"}),
    "chase_one": Route(post=_CHASES, seen=("case",)),
    "chase_many": Route(get=_CHASES, post=_CHASES, form={"case": "1"}),
    "case_sheet": Route(get=Asks(CASE), seen=("case",)),
    "case_name": Route(post=Asks(CASE, whose="ChainOffice"), seen=("restricted",), form={"account": "Expert"}),
    "case_unname": Route(post=Asks(CASE, whose="ChainOffice"), seen=("named",)),
    "digest": Route(get=ACCOUNT),
    "samples": Route(get=Asks(SAMPLE), post=Asks(SAMPLE, "draw")),
    "sample": reads(SAMPLE, "sample"),
    "sample_export": reads(SAMPLE, "sample", more=_COPIES),
    "sample_judge": does(SAMPLE, "draw", "piece", form={"answer": "yes"}),
    "sample_file": reads(SAMPLE, "piece"),
    "calendar": Route(get=ACCOUNT, post=ACCOUNT),
    "calendar_feed": Route(get=ANYBODY, seen=("calendar",)),
    "absence": Route(get=ACCOUNT, post=ACCOUNT),
    "absence_end": Route(post=ACCOUNT, seen=("absence",)),
}

RUNS = {
    "runs": reads(RUN),
    "run": reads(RUN, "run", "failed run"),
    "run_start": does(RUN, "start"),
    "run_cancel": does(RUN, "cancel", "run"),
}

_ORDERS = Asks(REPORT, "order")
_BUNDLE = SimpleUploadedFile("report.zip", b"none", "application/zip")

REPORTS = {
    "reports": Route(get=Asks(REPORT), post=_ORDERS, form={"kind": "said"}),
    "report": reads(REPORT, "report"),
    "report_file": reads(REPORT, "report", more=(("docx",), ("pdf",), ("xlsx",), ("zip",))),
    "report_verify": does(REPORT, "read", "report"),
    "report_check": Route(get=Asks(REPORT), post=Asks(REPORT), form={"file": _BUNDLE}),
    "api:reports": reads(REPORT),
    "api:report_new": Route(post=_ORDERS, form={"kind": "annual"}),
    "api:report": reads(REPORT, "report"),
    "api:report_numbers": reads(REPORT, "report"),
}

_PLAN_COPIES = (("csv",), ("xlsx",), ("docx",))

_REVIEWS = Asks(PLAN_TEXT, "review")
_DECIDES = {"do": "accept", "version": "99", "into": "none"}

PLAN_TEXTS = {
    "plan_texts": reads(PLAN_TEXT),
    "plan_text_new": Route(get=_REVIEWS, post=_REVIEWS, form={"key": "said"}),
    "plan_text": reads(PLAN_TEXT, "plan text", queries=("", "show=open")),
    "plan_text_again": Route(post=_REVIEWS, seen=("plan text",)),
    "plan_text_changes": reads(PLAN_TEXT, "plan text"),
    "plan_text_found": reads(PLAN_TEXT, "plan text"),
    "plan_found": Route(get=_REVIEWS, post=_REVIEWS, seen=("found",), form={"kind": "said"}),
    "plan_found_decide": Route(post=_REVIEWS, seen=("found",), form=_DECIDES),
    "plan_found_join": Route(post=_REVIEWS, seen=("found",), form=_DECIDES),
    "plan_found_below": Route(post=_REVIEWS, seen=("found",)),
    "plan_orphan_drop": Route(post=_REVIEWS, seen=("orphan",)),
    "plan_draft": Route(get=Asks(PLAN_TEXT), post=_REVIEWS, seen=("drafted plan",), form={"text": "a: ["}),
    "api:plan_texts": reads(PLAN_TEXT),
    "api:plan_text_found": reads(PLAN_TEXT, "plan text"),
    "api:plan_found": Route(post=_REVIEWS, seen=("found",), form={"do": "accept", "version": 99}),
}

PLAN_ROUTES = {
    "plan": reads(PLAN),
    "plan_export": reads(PLAN, more=_PLAN_COPIES),
    "plan_programme": reads(PLAN, "programme"),
    "plan_target": reads(PLAN, "target"),
    "plan_measure": reads(PLAN, "measure"),
    "plan_office": reads(PLAN, "office"),
    "plan_coverage": Route(get=Asks(PLAN, "check")),
    "cockpit": reads(COCKPIT, queries=("", "since=2024-09-01")),
    "cockpit_sheet": reads(COCKPIT, queries=("", "since=2024-09-01")),
    "plan_coverage_export": Route(get=Asks(PLAN, "check"), more=_PLAN_COPIES),
    "api:the_plan": reads(PLAN),
    "api:plan_clauses": reads(PLAN),
    "api:plan_findings": Route(get=Asks(PLAN, "check")),
}

_CLAIMS, _REPORTS = Asks(CLAIM, "claim"), Asks(LIGHT, "report")
_LIGHT = {"colour": "green", "reason": "said"}
_VALUE = {"value": 1, "on": "2024-01-31", "file": SimpleUploadedFile("said.txt", b"said", "text/plain")}

INDICATORS = {
    "indicators": reads(INDICATOR),
    "indicators_export": reads(INDICATOR, more=_COPIES),
    "indicator_jumps": reads(JUMP),
    "indicator_jumps_export": reads(JUMP, more=_COPIES),
    "indicator_sheet": Route(get=_CLAIMS),
    "indicator_import": Route(get=_CLAIMS, post=_CLAIMS),
    "indicator": reads(INDICATOR, "indicator"),
    "indicator_export": reads(INDICATOR, "indicator", more=_COPIES),
    "indicator_claim": Route(get=_CLAIMS, post=_CLAIMS, seen=("indicator",), form={"value": "1"}),
    "indicator_facts": Route(get=Asks(INDICATOR), post=_CLAIMS, seen=("indicator",), form={"what": "fact"}),
    "claim_verify": does(CLAIM, "verify", "claim", form={"version": 99}),
    "claim_approve": does(CLAIM, "approve", "claim", form={"version": 99}),
    "claim_refuse": Route(get=Asks(CLAIM, "verify"), post=Asks(CLAIM, "verify"), seen=("claim",)),
    "claim_evidence": reads(CLAIM, "claim"),
    "target_light": reads(INDICATOR, "led target"),
    "target_report": Route(get=_REPORTS, post=_REPORTS, seen=("reported target",), form=_LIGHT),
    "divergence_reply": Route(get=_REPORTS, post=_REPORTS, seen=("divergence",)),
    "api:indicators": reads(INDICATOR),
    "api:indicator_values": reads(INDICATOR, "indicator"),
    "api:indicator_claim": Route(post=_CLAIMS, seen=("indicator",), form=_VALUE),
    "api:claim_step": does(CLAIM, "verify", "claim", more=(("verify",),), form={"version": 99}),
    "api:target_lights": reads(INDICATOR),
    "api:target_report": Route(post=_REPORTS, seen=("reported target",), form=_LIGHT),
}

_FILE = SimpleUploadedFile("survey.csv", b"name\nsaid\n", "text/csv")

API = {
    "api:openapi-json": Route(get=ANYBODY),
    "api:api-root": Route(),
    "api:me": Route(get=ACCOUNT),
    "api:cartogram": reads(ORGANISATION, queries=("", "count=hospital")),
    "api:search": Route(get=ACCOUNT, queries=("", "q=Mark", "q=MarkName", "q=MarkItem")),
    "api:organisations": Route(get=Asks(ORGANISATION, lists_nothing=True), queries=("", "text=Mark", "limit=1000")),
    "api:organisation": reads(ORGANISATION, *ORGANISATIONS_SEEN),
    "api:review": reads(JUDGEMENT, queries=("", "text=Mark")),
    "api:judgements": reads(JUDGEMENT),
    "api:candidate_accept": does(JUDGEMENT, "judge", "pair", form=_WHY),
    "api:candidate_reject": does(JUDGEMENT, "judge", "pair", form=_WHY),
    "api:judgement_undo": does(JUDGEMENT, "judge", "decision", form=_WHY),
    "api:organisation_merge": does(JUDGEMENT, "judge", *ORGANISATIONS_SEEN, form=_MERGE),
    "api:organisation_split": does(JUDGEMENT, "judge", *ORGANISATIONS_SEEN, form={"records": ["x"], "reason": "said"}),
    "api:risks": reads(ENTRY, queries=("", "state=all", "text=Mark&limit=1000")),
    "api:risk": reads(ENTRY, *ENTRIES_SEEN),
    "api:risk_reasons": reads(ENTRY, *ENTRIES_SEEN),
    "api:editions": reads(EDITION),
    "api:edition": reads(EDITION, "edition"),
    "api:runs": reads(RUN),
    "api:run_start": does(RUN, "start"),
    "api:run": reads(RUN, "run", "failed run"),
    "api:loads": reads(LANDING),
    "api:load": reads(LANDING, "landing"),
    "api:load_new": Route(post=_LOADS, form={"source": "workbook", "files": _FILE}),
    "api:load_withdraw": Route(post=Asks(LANDING, "withdraw"), seen=("landing",), form={"why": "said"}),
    "api:upload": Route(get=_SENT, seen=("upload",)),
    "api:upload_confirm": Route(post=_SENT, seen=("upload",)),
    "api:upload_columns": Route(post=_SENT, seen=("upload",), form={"sheets": []}),
}

_FREEZES, _GIVES = Asks(FORMULA, "freeze"), Asks(APPRAISAL, "give")
_APPRAISED = ("appraised One", "appraised Two")

APPRAISALS = {
    "appraisals": Route(get=Asks(FORMULA), post=_FREEZES, form={"year": "said"}),
    "appraisal": reads(APPRAISAL, "appraisal", queries=("", "result=0", "result=1")),
    "appraisal_publish": does(APPRAISAL, "publish", "appraisal", form={"version": 99, "reason": "said"}),
    "appraisal_export": reads(APPRAISAL, "appraisal", more=(("xlsx",), ("docx",))),
    "appraisal_formula": Route(
        get=Asks(FORMULA), post=_FREEZES, seen=("appraisal",), form={"version": 99, "reason": "said"}
    ),
    "appraisal_sheet": Route(get=_GIVES, seen=("appraisal",)),
    "appraisal_import": Route(get=_GIVES, post=_GIVES, seen=("appraisal",)),
    "appraisal_unit": reads(UNIT, *_APPRAISED),
    "api:appraisals": reads(FORMULA),
    "api:appraisal": reads(APPRAISAL, "appraisal"),
    "api:appraisal_unit": reads(UNIT, *_APPRAISED),
}

_DRAFTS, _REPORTS, _JUDGES_PLAN = Asks(TASK_SHEET, "draft"), Asks(TASK_SHEET, "report"), Asks(EVALUATION, "judge")
_REPORT = {"period": "2024Q3", "action": "said", "completion": "said", "seen": 99}

SUPERVISION = {
    "task_sheets": Route(get=Asks(TASK_SHEET), post=_DRAFTS, form={"year": "said"}),
    "task_sheet": reads(TASK_SHEET, "sheet"),
    "task_sheet_export": reads(TASK_SHEET, "sheet", more=_COPIES),
    "task_row": reads(TASK_SHEET, "task row"),
    "task_row_change": Route(get=_DRAFTS, post=_DRAFTS, seen=("task row",), form={"version": "99"}),
    "task_row_comment": does(TASK_SHEET, "comment", "task row", form={"text": "said"}),
    "task_comment_answer": does(TASK_SHEET, "draft", "row comment", form={"text": "said"}),
    "task_reports_sheet": Route(get=_REPORTS),
    "task_reports_import": Route(get=_REPORTS, post=_REPORTS),
    "evaluation": reads(EVALUATION, more=(("midterm",), ("final",))),
    "evaluation_judge": Route(get=Asks(EVALUATION), post=_JUDGES_PLAN, seen=("judged",), form={"grade": "said"}),
    "plan_seal": Route(get=Asks(EVALUATION), post=_JUDGES_PLAN),
    "plan_next": Route(post=_JUDGES_PLAN),
    "api:task_sheets": reads(TASK_SHEET),
    "api:task_sheet": reads(TASK_SHEET, "sheet"),
    "api:task_report": does(TASK_SHEET, "report", "task row", form=_REPORT),
}

ROUTES: dict[str, Route] = {
    **FRAME,
    **ACCOUNTS,
    **REGISTRY,
    **THINGS,
    **CHAIN_ROUTES,
    **LISTS,
    **WHAT_IFS,
    **PORTFOLIOS,
    **EVENTS,
    **INCIDENTS,
    **BACKUPS,
    **SOURCES,
    **SURVEY,
    **DEFINITIONS,
    **CASES,
    **TEAMWORK,
    **PLAN_ROUTES,
    **REPORTS,
    **PLAN_TEXTS,
    **INDICATORS,
    **SUPERVISION,
    **APPRAISALS,
    **RUNS,
    **API,
}
