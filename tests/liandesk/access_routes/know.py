"""The registry, who is who, what there is, the chain map, sources, surveys."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from tests.liandesk import things_world
from tests.liandesk.access_routes.asks import ACCOUNT, ANYBODY, COPIES, Asks, Route, does, reads

from liandesk.base.facts.policies import FACT, LANDING
from liandesk.know.chain.policies import CHAIN, FINDING, SUPPLY_LINK
from liandesk.know.registry.policies import CONSENT, JUDGEMENT, ORGANISATION
from liandesk.know.registry.things_kinds import KINDS, ThingKind
from liandesk.know.registry.things_policies import RESOURCES_OF
from liandesk.know.sources.policies import FREE_TEXT
from liandesk.know.survey.policies import FORM, ROUND

_ORGANISATIONS_SEEN = ("organisation One", "organisation Two", "organisation Clinic", "organisation Ward")
_JUDGES = Asks(JUDGEMENT, "judge")
_WHY = {"reason": "said"}
_MERGE = {"other": "none", "reason": "said"}
_SPLIT = {"record": "none", "reason": "said"}

WHO_IS_WHO = {
    "organisation_correct": does(FACT, "state", *_ORGANISATIONS_SEEN, form={"attribute": "segment", "value": "said"}),
    "organisation_disown": does(FACT, "state", *_ORGANISATIONS_SEEN, form=_SPLIT),
    "organisation_merge": does(JUDGEMENT, "judge", *_ORGANISATIONS_SEEN, form=_MERGE),
    "organisation_split": does(JUDGEMENT, "judge", *_ORGANISATIONS_SEEN, form=_SPLIT),
    "organisation_consent": does(CONSENT, "give", *_ORGANISATIONS_SEEN, form={"item": "critical_input"}),
    "consent_revoke": does(CONSENT, "give", "consent"),
    "review": reads(JUDGEMENT, queries=("", "text=Mark")),
    "review_bulk": does(JUDGEMENT, "judge", form={"do": "reject", "pair": "none"}),
    "review_export": reads(JUDGEMENT, more=(("csv",), ("xlsx",))),
    "candidate": reads(JUDGEMENT, "pair"),
    "candidate_accept": does(JUDGEMENT, "judge", "pair", form=_WHY),
    "candidate_reject": does(JUDGEMENT, "judge", "pair", form=_WHY),
    "judgements": reads(JUDGEMENT),
    "judgement_undo": Route(get=_JUDGES, post=_JUDGES, seen=("decision",), form=_WHY),
    "api:review": reads(JUDGEMENT, queries=("", "text=Mark")),
    "api:judgements": reads(JUDGEMENT),
    "api:candidate_accept": does(JUDGEMENT, "judge", "pair", form=_WHY),
    "api:candidate_reject": does(JUDGEMENT, "judge", "pair", form=_WHY),
    "api:judgement_undo": does(JUDGEMENT, "judge", "decision", form=_WHY),
    "api:organisation_merge": does(JUDGEMENT, "judge", *_ORGANISATIONS_SEEN, form=_MERGE),
    "api:organisation_split": does(JUDGEMENT, "judge", *_ORGANISATIONS_SEEN, form={"records": ["x"], "reason": "said"}),
}

REGISTRY = {
    "organisations": Route(get=Asks(ORGANISATION, lists_nothing=True), queries=("", "text=Mark")),
    "organisations_export": Route(get=Asks(ORGANISATION, lists_nothing=True), more=(("csv",), ("xlsx",))),
    "organisation": reads(ORGANISATION, *_ORGANISATIONS_SEEN),
    "organisation_export": reads(ORGANISATION, *_ORGANISATIONS_SEEN, more=(("csv",), ("xlsx",))),
    **WHO_IS_WHO,
    "cartogram": reads(ORGANISATION, queries=("", "count=space", "count=lead")),
    "cartogram_export": reads(ORGANISATION, more=(("csv",), ("xlsx",))),
    "api:cartogram": reads(ORGANISATION, queries=("", "count=hospital")),
    "api:organisations": Route(get=Asks(ORGANISATION, lists_nothing=True), queries=("", "text=Mark", "limit=1000")),
    "api:organisation": reads(ORGANISATION, *_ORGANISATIONS_SEEN),
}


def _thing_routes(kind: ThingKind) -> dict[str, Route]:
    """The list, the copies and the page of one, and the same through the API."""
    resource = RESOURCES_OF[kind.code]
    seen = tuple(things_world.thing_name(kind.code, part) for part in things_world.owners(kind.code))
    asked = reads(resource, queries=("", "text=Mark"))
    return {
        kind.slug: asked,
        kind.listing.export_route: reads(resource, more=COPIES),
        kind.route: reads(resource, *seen),
        f"api:{kind.slug}": asked,
        f"api:{kind.route}": reads(resource, *seen),
    }


THINGS = {name: route for kind in KINDS.values() for name, route in _thing_routes(kind).items()}

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
    **{f"{name}_export": Route(get=asks, more=COPIES) for name, asks in _CHAIN_LISTS.items()},
    "chain_node": reads(CHAIN, *_NODES_SEEN, queries=_AROUND),
    "chain_node_export": reads(CHAIN, *_NODES_SEEN, queries=_AROUND, more=COPIES),
    "chain_organisation": reads(SUPPLY_LINK, *_ENDS_SEEN),
    "chain_reasons": reads(FINDING, *_REASONS_SEEN),
    **{f"api:{name}": Route(get=asks, queries=_TEXTS) for name, asks in _CHAIN_LISTS.items()},
    "api:chain_around": reads(CHAIN, *_NODES_SEEN, queries=_AROUND),
    "api:chain_reasons": reads(FINDING, *_REASONS_SEEN),
}

_LOADS = Asks(LANDING, "load")
_SENT = Asks(LANDING, "load", whose="ChainOffice")
_MAPS = Asks(FREE_TEXT, "map")
_FILE = SimpleUploadedFile("survey.csv", b"name\nsaid\n", "text/csv")

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
    "api:loads": reads(LANDING),
    "api:load": reads(LANDING, "landing"),
    "api:load_new": Route(post=_LOADS, form={"source": "workbook", "files": _FILE}),
    "api:load_withdraw": Route(post=Asks(LANDING, "withdraw"), seen=("landing",), form={"why": "said"}),
    "api:upload": Route(get=_SENT, seen=("upload",)),
    "api:upload_confirm": Route(post=_SENT, seen=("upload",)),
    "api:upload_columns": Route(post=_SENT, seen=("upload",), form={"sheets": []}),
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
    "survey_forms_export": reads(FORM, more=COPIES),
    "survey_form": Route(get=Asks(FORM), post=_FILLS, seen=_FORMS, queries=("", "change=1"), form={"seen": "99"}),
    "survey_form_sheet": Route(get=_FILLS, post=_FILLS, seen=_FORMS, queries=("", "take=1")),
    "survey_link_change": Route(post=_INVITES, seen=_FORMS, form={"do": "revoke"}),
    "survey_coverage": reads(FORM),
    "survey_coverage_export": reads(FORM, more=COPIES),
    "api:survey_rounds": reads(ROUND),
    "api:survey_returns": reads(ROUND, "survey"),
    "api:survey_forms": reads(FORM),
    "api:survey_form": reads(FORM, *_FORMS),
    "api:survey_coverage": reads(FORM),
}

ROUTES = REGISTRY | THINGS | CHAIN_ROUTES | SOURCES | SURVEY
