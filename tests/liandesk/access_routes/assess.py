"""Risk lists and editions, what-ifs, portfolios, events and forecasts, incident rooms, backups."""

from __future__ import annotations

from tests.liandesk.access_routes.asks import COPIES, Asks, Route, does, reads

from liandesk.assess.backups.policies import BACKUP, CANDIDATE
from liandesk.assess.events.policies import EVENT, FORECAST
from liandesk.assess.incidents.policies import INCIDENT, LESSON
from liandesk.assess.listing.policies import LISTING, OUTLOOK
from liandesk.assess.lists.forms import FORMS
from liandesk.assess.lists.policies import EDITION, ENTRY
from liandesk.assess.per_mu.policies import PER_MU
from liandesk.assess.policies.policies import FULFILMENT, PAYMENT_LIST, POLICY, SIMULATION
from liandesk.assess.portfolio.policies import PORTFOLIO
from liandesk.assess.rules.policies import GRADE
from liandesk.assess.whatif.policies import WHAT_IF, WHAT_IF_HIT
from liandesk.base.definitions.policies import DEFINITION

_ENTRIES_SEEN = (
    "input Own One",
    "input Shared One",
    "input Shared Two",
    "input Other Two",
    "item Own",
    "item Shared",
    "item Other",
)
_EDITION_COPIES = tuple((form, kind) for form in ("leader", "full") for kind in ("csv", "xlsx"))
_JUDGED = ("input Own One", "input Other Two")
_SAID = {"version": "99", "reason": "said", "owner_office": "economy", "measure": "said"}

LISTS = {
    "risks": reads(ENTRY, queries=("", "state=all", "state=all&text=Mark", "state=admitted", "select=page")),
    "risks_bulk": does(ENTRY, "judge", form={"do": "decline", "reason": "said", "entry": "99:item:none"}),
    "risks_export": reads(ENTRY, queries=("", "state=all"), more=COPIES),
    "risk_changes": Route(get=Asks(ENTRY, "compare")),
    "risk_changes_export": Route(get=Asks(ENTRY, "compare")),
    "risk": reads(ENTRY, *_ENTRIES_SEEN),
    "risk_reasons": reads(ENTRY, *_ENTRIES_SEEN),
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
    "api:risks": reads(ENTRY, queries=("", "state=all", "text=Mark&limit=1000")),
    "api:risk": reads(ENTRY, *_ENTRIES_SEEN),
    "api:risk_reasons": reads(ENTRY, *_ENTRIES_SEEN),
    "api:editions": reads(EDITION),
    "api:edition": reads(EDITION, "edition"),
}

_ASKS = Asks(WHAT_IF, "ask")

WHAT_IFS = {
    "what_ifs": reads(WHAT_IF_HIT),
    "what_if_new": Route(get=_ASKS, post=_ASKS, queries=("", "makers=said"), form={"title": "said"}),
    "what_if": reads(WHAT_IF_HIT, "what-if"),
    "what_if_cancel": does(WHAT_IF, "ask", "what-if"),
    "what_if_export": reads(WHAT_IF_HIT, "what-if", more=COPIES),
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
    "interventions_export": reads(PORTFOLIO, more=COPIES),
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
_HAPPENED = _HALT | {"item": "said"}
_NUMBER = {"likelihood": "20", "reason": "said"}

EVENTS = {
    "events": reads(EVENT, queries=("", "text=Mark", "state=waiting")),
    "events_export": reads(EVENT, more=COPIES),
    "event_new": Route(get=_ENTERS, post=_ENTERS, form=_HAPPENED),
    "events_file": Route(get=_ENTERS, post=_ENTERS),
    "events_notices": Route(get=_ENTERS, post=_ENTERS),
    "events_template": Route(get=_ENTERS, more=(("events",), ("notices",))),
    "events_batch": Route(get=_ENTERS, post=_ENTERS, seen=("batch",)),
    "event": reads(EVENT, "event"),
    "event_end": does(EVENT, "change", "event"),
    "event_withdraw": does(EVENT, "change", "event"),
    "event_match": does(EVENT, "change", "hit"),
    "forecasts": reads(FORECAST, queries=("", "text=Mark")),
    "forecasts_export": reads(FORECAST, more=COPIES),
    "forecast_scores": Route(get=Asks(FORECAST), post=Asks(FORECAST, "try"), queries=("", "hindcasts")),
    "forecast_scores_export": reads(FORECAST, more=COPIES),
    "forecast_new": Route(get=Asks(FORECAST), post=Asks(FORECAST, "make"), seen=("input Own One",), form=_NUMBER),
    "api:events": reads(EVENT),
    "api:event": reads(EVENT, "event"),
    "api:event_enter": Route(post=_ENTERS, form=_HALT | {"hits": [{"kind": "item", "name": "said"}]}),
    "api:event_withdraw": does(EVENT, "change", "event", form={"reason": "said", "version": 99}),
    "api:forecasts": reads(FORECAST),
    "api:forecast_say": does(FORECAST, "make", "input Own One", form={"likelihood": 0.2, "reason": "said"}),
    "api:forecast_scores": reads(FORECAST),
}

_OPENS = Asks(INCIDENT, "open")
_ROOM_COPIES = (("docx",), ("xlsx",))
_MESSAGE = {"text": "said", "answer_by": "2024-10-01", "version": 99}

INCIDENTS = {
    "incidents": reads(INCIDENT),
    "incident_new": Route(get=_OPENS, post=_OPENS, queries=("", "events=1"), form=_HAPPENED),
    "incident": reads(INCIDENT, "incident"),
    "incident_retrace": does(INCIDENT, "work", "incident", form={"events": "987654321"}),
    "incident_task": does(INCIDENT, "work", "incident", form=_HAPPENED),
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

_WEIGHS_MU, _LANDS = Asks(PER_MU, "weigh"), Asks(PER_MU, "land")
_JUDGED_MU = ("organisation One", "organisation Two")

PER_MUS = {
    "per_mu": reads(PER_MU, queries=("", "text=Mark&place=a", "method=linping_range")),
    "per_mu_export": reads(PER_MU, more=COPIES),
    "per_mu_method": reads(PER_MU, queries=("", "method=huangyan")),
    "per_mu_own": reads(PER_MU, *_JUDGED_MU),
    "per_mu_what_if": Route(get=_WEIGHS_MU, queries=("", "above-tax=60")),
    "per_mu_what_if_export": Route(get=_WEIGHS_MU, more=COPIES),
    "per_mu_edges": Route(get=_WEIGHS_MU, queries=("", "within=5")),
    "per_mu_edges_export": Route(get=_WEIGHS_MU, more=COPIES),
    "per_mu_import": Route(get=_LANDS, post=_LANDS),
    "per_mu_final": Route(post=_LANDS),
    "api:per_mu": reads(PER_MU),
    "api:per_mu_own": reads(PER_MU, *_JUDGED_MU),
    "api:per_mu_what_if": Route(post=_WEIGHS_MU, form={"weights": {}}),
}

_OF_ONE = ("organisation One", "organisation Two", "organisation Clinic")
_UP = ("specialised_sme",)

RULES = {
    "schemes": reads(DEFINITION, queries=("", "on=2026-05-01", "on=said")),
    "scheme": reads(DEFINITION, more=(("specialised_sme_2022",),)),
    "scheme_compare": Route(get=Asks(GRADE, "compare"), more=(("specialised_sme_2022",),)),
    "scheme_compare_export": Route(
        get=Asks(GRADE, "compare"), more=tuple(("specialised_sme_2022", *kind) for kind in COPIES)
    ),
    "ladder": reads(GRADE),
    "near_misses": reads(GRADE),
    "near_misses_export": reads(GRADE, more=COPIES),
    "rungs": reads(GRADE, queries=("", "text=Mark")),
    "rungs_export": reads(GRADE, more=COPIES),
    "my_rungs": reads(GRADE),
    "rung": reads(GRADE, *_OF_ONE),
    "rung_way": reads(GRADE, *_OF_ONE, more=(_UP,)),
    "rung_try": reads(GRADE, *_OF_ONE, more=(_UP,)),
    "api:schemes": reads(DEFINITION),
    "api:grades": reads(GRADE, *_OF_ONE),
    "api:rungs": reads(GRADE),
    "api:rung": reads(GRADE, *_OF_ONE),
    "api:rung_way": reads(GRADE, *_OF_ONE, more=(_UP,)),
}

_CLAUSE = (("biomed_support", "rd_rise"),)
_DRAFTS, _PAYS = Asks(SIMULATION, "ask"), Asks(FULFILMENT, "pay")
_SIMULATED = ("policy simulation",)
_OWED = ("organisation One", "organisation Two")
_LIST, _PLEADS = ("payment list",), Asks(FULFILMENT, "plead")

POLICIES = {
    "policies": reads(POLICY),
    "policy_calculator": reads(POLICY, queries=("", "revenue_cny-2023=1000")),
    "policy_simulations": reads(SIMULATION),
    "policy_simulation_new": Route(get=_DRAFTS, post=_DRAFTS),
    "policy_simulation": reads(SIMULATION, *_SIMULATED),
    "policy_simulation_draft": reads(SIMULATION, *_SIMULATED),
    "policy_simulation_cancel": does(SIMULATION, "ask", *_SIMULATED),
    "policy_simulation_export": reads(SIMULATION, *_SIMULATED, more=COPIES),
    "policy_fulfilments": reads(FULFILMENT),
    "policy_payments": Route(get=_PAYS, post=_PAYS),
    "policy_follow_up": reads(FULFILMENT),
    "policy_follow_up_export": reads(FULFILMENT, more=COPIES),
    "policy_payment_lists": Route(get=Asks(PAYMENT_LIST), post=Asks(PAYMENT_LIST, "assemble")),
    "policy_payment_list": reads(PAYMENT_LIST, *_LIST),
    "policy_payment_list_approve": does(PAYMENT_LIST, "approve", *_LIST),
    "policy_payment_list_take_off": does(PAYMENT_LIST, "assemble", *_LIST, more=((1,),)),
    "policy_payment_list_export": reads(PAYMENT_LIST, *_LIST, more=COPIES),
    "policy_appeal": Route(get=_PLEADS, post=_PLEADS, seen=("fulfilment",)),
    "policy_claim": Route(get=_PLEADS, post=_PLEADS, seen=_OWED, more=_CLAUSE),
    "policy_fulfilments_export": reads(FULFILMENT, more=COPIES),
    "policy_money": reads(GRADE, *_OWED),
    "policy_replay": reads(GRADE, *_OWED),
    "policy_reasons": reads(GRADE, *_OWED, more=_CLAUSE),
    "policy_clause": reads(POLICY, more=_CLAUSE),
    "policy_match": does(FULFILMENT, "match", more=_CLAUSE),
    "api:policies": reads(POLICY),
    "api:policy_money": reads(GRADE, *_OWED),
    "api:policy_fulfilments": reads(FULFILMENT),
}

_KEPT = {"version": 99, "merger": "none"}
_REACHED = {"stage": "filed", "reached_on": "2024-09-02"}

LISTINGS = {
    "listings": reads(LISTING, queries=("", "text=Mark&columns=merger_reason")),
    "listings_export": reads(LISTING, more=COPIES),
    "listing": Route(get=Asks(LISTING), post=Asks(LISTING, "keep"), seen=_JUDGED_MU, form=_KEPT),
    "listing_boards": reads(LISTING),
    "listing_boards_export": reads(LISTING, more=COPIES),
    "listing_enter": does(LISTING, "keep", *_JUDGED_MU, form=_REACHED),
    "listing_confirm": does(LISTING, "confirm", *_JUDGED_MU, form={"milestone": 0}),
    "listing_outlook": Route(get=Asks(OUTLOOK), post=Asks(OUTLOOK, "count")),
    "listing_outlook_export": reads(OUTLOOK, more=COPIES),
    "api:listings": reads(LISTING),
    "api:listing": reads(LISTING, *_JUDGED_MU),
    "api:listing_keep": does(LISTING, "keep", *_JUDGED_MU, form=_KEPT),
    "api:listing_history": reads(LISTING, *_JUDGED_MU),
    "api:listing_enter": does(LISTING, "keep", *_JUDGED_MU, form=_REACHED),
    "api:listing_confirm": does(LISTING, "confirm", *_JUDGED_MU, form={"milestone": 0}),
    "api:listing_outlook": reads(OUTLOOK),
}

ROUTES = LISTINGS | POLICIES | PER_MUS | LISTS | WHAT_IFS | PORTFOLIOS | EVENTS | INCIDENTS | BACKUPS | RULES
