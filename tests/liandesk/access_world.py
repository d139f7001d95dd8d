"""A small district with known scopes, made by the real pipeline, in which every text is marked with whose it is.

``MARKS`` says where each marked text stands; who may read one of those places may see the text, nobody else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl
import yaml
from django.urls import resolve
from tests.liandesk import (
    appraisal_world,
    backups_world,
    deals_world,
    events_world,
    incidents_world,
    indicators_world,
    listing_world,
    pipeline_world,
    policy_fulfilment_world,
    policy_simulation_world,
    portfolio_world,
    reports_world,
    supervision_world,
    survey_world,
    texts_world,
    things_world,
    whatif_world,
)

from liandesk.act.deals.policies import DEAL
from liandesk.act.pipeline.policies import PROJECT
from liandesk.assess.backups.policies import BACKUP
from liandesk.assess.events.policies import EVENT, FORECAST
from liandesk.assess.incidents.policies import INCIDENT, LESSON
from liandesk.assess.listing.policies import LISTING
from liandesk.assess.lists.actions import admit, report
from liandesk.assess.lists.edition_actions import prepare_edition, sign_edition
from liandesk.assess.lists.models import Edition, ListEntry
from liandesk.assess.lists.policies import EDITION, ENTRY
from liandesk.assess.lists.queries import as_row
from liandesk.assess.policies.policies import SIMULATION
from liandesk.assess.portfolio.models import Intervention
from liandesk.assess.portfolio.policies import PORTFOLIO
from liandesk.assess.whatif.policies import WHAT_IF, WHAT_IF_HIT
from liandesk.base.accounts.access import Resource, visibility
from liandesk.base.accounts.actions import make_api_token, make_cast, make_sign_in_link
from liandesk.base.accounts.cast import officers_office
from liandesk.base.accounts.delegations import delegate
from liandesk.base.accounts.models import ApiToken, User
from liandesk.base.accounts.policies import LOG
from liandesk.base.accounts.roles import Viewer, system_viewer, viewer_of
from liandesk.base.audit.actions import record
from liandesk.base.clock import now, today
from liandesk.base.definitions import actions as definitions
from liandesk.base.definitions.kinds import kind_of
from liandesk.base.definitions.models import Definition
from liandesk.base.definitions.packs import Shipped
from liandesk.base.definitions.queries import in_force
from liandesk.base.facts.actions import NewLanding, land
from liandesk.base.facts.models import Landing
from liandesk.base.facts.policies import FACT, LANDING
from liandesk.base.facts.schema import FACT_SCHEMA
from liandesk.base.jobs import actions as jobs
from liandesk.base.jobs.handlers import REFRESH
from liandesk.base.jobs.models import Job
from liandesk.base.jobs.policies import RUN
from liandesk.base.pack import pack
from liandesk.base.snapshots import store
from liandesk.base.teamwork.actions import say
from liandesk.base.teamwork.calendar import renew_address
from liandesk.base.teamwork.naming import name_person
from liandesk.base.teamwork.policies import SAMPLE
from liandesk.base.teamwork.sampling import Wanted, draw
from liandesk.base.teamwork.task_actions import add_task
from liandesk.base.work.actions import NewCase, Step, act, open_case
from liandesk.base.work.challenge_policies import CHALLENGE
from liandesk.base.work.models import Case
from liandesk.base.work.policies import CASE
from liandesk.know.chain.models import Node
from liandesk.know.chain.policies import CHAIN, SUPPLY_LINK
from liandesk.know.registry.consents import give_consent
from liandesk.know.registry.models import Candidate, Judgement, Organisation
from liandesk.know.registry.policies import CONSENT, JUDGEMENT, ORGANISATION
from liandesk.know.registry.things_policies import RESOURCES_OF
from liandesk.know.sources.contracts import workbook_tables
from liandesk.know.sources.declared import short_hash
from liandesk.know.sources.mappings import as_json
from liandesk.know.sources.models import ColumnMapping, QuarantinedRow, Receipt, Upload, UploadState
from liandesk.know.survey.policies import FORM, ROUND
from liandesk.refresh.actions import refresh
from liandesk.steer.appraisal.policies import UNIT
from liandesk.steer.indicators.policies import CLAIM, LIGHT, RATING
from liandesk.steer.reports.policies import REPORT
from liandesk.steer.supervision.policies import EVALUATION, TASK_SHEET
from liandesk.steer.texts.policies import PLAN_TEXT
from liankit.tables import PROBLEM_SCHEMA
from liankit.tables.guess import SheetLook

BY = system_viewer("test")
WHOSE = {"One": "Enterprise", "Two": "OtherEnterprise", "Clinic": "Hospital", "Ward": "OtherHospital"}
"""Part of a mark -> the member of the cast whose organisation it is of."""

OWN = {"MarkRestricted": "ChainOffice", "MarkToken": "Bank", "MarkUpload": "ChainOffice"}
"""Marks of what only one member may see."""


@dataclass(frozen=True)
class Place:
    """Where a marked text stands: a row of a resource, perhaps in a column that some roles do not see."""

    resource: Resource
    row: Mapping[str, object]
    column: str = ""
    action: str = "read"

    def is_open_to(self, viewer: Viewer) -> bool:
        seen = visibility(viewer, self.resource, self.action)
        return seen.allows(self.row) and self.column not in seen.hidden


@dataclass(frozen=True)
class World:
    """The cast, their sessions' viewers, objects by a short name, and where each marked text stands."""

    users: Mapping[str, User]
    viewers: Mapping[str, Viewer]
    objects: Mapping[str, tuple[object, ...]]  # short name -> arguments of the routes that show it
    rows: Mapping[str, Mapping[str, object]]  # short name -> the fields that the access matrix looks at
    marks: Mapping[str, tuple[Place, ...]]
    own: Mapping[str, str]  # mark -> the one member who may see it besides its places

    def forbidden(self, name: str) -> set[str]:
        """Return the marks that must not stand in anything this member is shown."""
        viewer = self.viewers[name]
        is_open = {mark for mark, places in self.marks.items() if any(place.is_open_to(viewer) for place in places)}
        return set(self.marks) - is_open - {mark for mark, member in self.own.items() if member == name}


def build_world() -> World:
    """Load, refresh, judge, freeze, sign: as the district would."""
    landing = _land()
    run = _refresh()
    ids = {part: Organisation.objects.get(name=f"MarkName{part}").pk for part in WHOSE}
    users = make_cast(by=BY, organisations={member: ids[part] for part, member in WHOSE.items()})
    entries = _judge(users)
    editions = _freeze(users)
    row = _wait(landing)
    sent = _send(users["ChainOffice"])
    failed = _failed_run()
    token = _token(users["Bank"])
    objects: dict[str, tuple[object, ...]] = {name: (entry.pk,) for name, entry in entries.items()}
    objects |= {f"organisation {part}": (pk,) for part, pk in ids.items()}
    objects |= _who_is_who(ids)
    objects |= {"landing": (landing.pk,), "row": (landing.pk, row.pk), "run": (run.pk,), "failed run": (failed.pk,)}
    objects |= {"token": (token.pk,), "link": (make_sign_in_link(users["Expert"], by=BY).rsplit("/", 1)[1],)}
    objects |= {"definition": ("process", "instruction"), "proposal": (_proposal().pk,), "map": (_map(),)}
    case = _case(users)
    objects |= {"case": (case.pk,), "challenge": (_challenge(users).pk,)} | _around(case, users)
    objects |= {"free text": (short_hash("workbook:item:Own"),)}
    objects |= {
        "upload": (sent.pk,),
        "mapping": (_said_of_a_sheet().pk,),
        "edition": (editions[0].number,),
        "draft": (editions[1].pk,),
    }
    asked = whatif_world.answered(ids)
    objects |= {"what-if": (asked.pk,), "what-ifs": (asked.pk, asked.pk)}
    objects |= {"portfolio": (portfolio_world.marked().pk,), "intervention": (Intervention.objects.get().pk,)}
    simulated = policy_simulation_world.marked(viewer_of(users["ChainOffice"]))
    objects |= {"policy simulation": (simulated.pk,)} | policy_fulfilment_world.marked(ids["One"], users)
    objects |= {"programme": ("listing",), "target": ("listing.listed_companies",)}
    objects |= {"measure": ("listing.markets",), "office": ("economy",)}
    listing_world.marked_prospects(ids)
    objects |= indicators_world.marked_claim(users)
    objects |= backups_world.marked_row(entries["item Own"].item)
    objects |= events_world.marked_events(users, entries["input Own One"])
    objects |= incidents_world.marked_room(users, entries["input Own One"])
    objects |= deals_world.marked_deals(users, entries["input Own One"])
    pipeline_world.marked_projects(users)
    objects |= survey_world.marked_round(users, ids)
    objects |= texts_world.marked_text()
    objects |= {"report": (reports_world.marked().pk,)}
    objects |= supervision_world.marked(users)
    objects |= appraisal_world.marked()
    things = things_world.thing_rows()
    objects |= {name: (thing.pk,) for name, thing in things.items()}
    fields = {name: as_row(entry) for name, entry in entries.items()}
    fields |= {name: things_world.as_row(thing) for name, thing in things.items()}
    fields |= {f"organisation {part}": _place_of(pk) for part, pk in ids.items()}
    fields["consent"] = fields["fulfilment"] = fields["organisation One"]
    fields |= {f"form {part}": fields[f"organisation {part}"] for part in ("One", "Two")}
    fields["case"] = {"parties__scope_id": officers_office(pack())}
    fields["deal"] = deals_world.place_of(ids["One"])
    fields["project"] = pipeline_world.PLACE
    fields |= dict.fromkeys(("comment", "task", "restricted", "named"), fields["case"])
    fields |= dict.fromkeys(("event", "hit", "batch"), events_world.PLACE)
    fields |= dict.fromkeys(("incident", "room message", "room task", "room entry"), incidents_world.PLACE)
    fields |= dict.fromkeys(("sheet", "task row", "row comment"), supervision_world.PLACE)
    fields |= {"claim": indicators_world.CLAIMED, "report": reports_world.PLACE}
    fields |= dict.fromkeys(("divergence", "reported target"), indicators_world.LED) | {
        "rating": indicators_world.RATED
    }
    fields |= dict.fromkeys(("backup row", "held", "drill"), backups_world.PLACE)
    fields |= {mark.replace("MarkGiven", "appraised "): place.row for mark, place in _APPRAISED.items()}
    objects |= _chain_objects()
    fields |= {f"node {thing}": fields[f"organisation {part}"] for thing, part in _ONLY_USER.items()}
    record("test.mark", "thing", "MarkLog", by=BY)  # last: the log shows its newest rows first
    viewers = {name: viewer_of(user) for name, user in users.items()}
    return World(users, viewers, objects, fields, _with_things(_marks(entries, fields), things, fields), OWN)


_APPRAISED = {
    f"MarkGiven{name}": Place(UNIT, {"unit": town.code})
    for name, town in zip(("One", "Two"), pack().towns, strict=False)
}
"""Evidence of the first two towns, which each of them sees of itself."""

_ONLY_USER = {"Own": "One", "Other": "Two"}
"""Items that one enterprise alone uses: whoever may not see that enterprise may not see the item."""


def _chain_objects() -> dict[str, tuple[object, ...]]:
    nodes = {thing: Node.objects.get(name=f"MarkItem{thing}").pk for thing in _ONLY_USER}
    findings = {f"finding {thing}": ("links", f"missing:{pk}") for thing, pk in nodes.items()}
    return {**{f"node {thing}": (pk,) for thing, pk in nodes.items()}, **findings}


def _who_is_who(ids: Mapping[str, str]) -> dict[str, tuple[object, ...]]:
    """A pair that waits for a judgement, a judgement, and a consent of One."""
    records = {part: f"workbook:organisation:{part}" for part in ids}
    sides = {"left": records["One"], "right": records["Two"]}
    both = {"left_organisation": ids["One"], "right_organisation": ids["Two"], "left_name": "MarkPair"}
    counts = {"position": 0, "score": 0.8, "entries": 1, "suppliers": 0}
    pair = Candidate.objects.create(key="Pmarked", method="full", right_name="x", **sides, **both, **counts)
    common = {"at": now(), "by": BY.actor, "reason": "MarkJudged"}
    judged = {"left": records["Clinic"], "right": records["Two"], "act": "reject", "kind": "different"}
    line = Judgement.objects.create(decision="judged01", **judged, **common)
    until = today() + timedelta(days=30)
    said = {"purpose": "MarkConsentOne", "valid_from": today(), "valid_until": until, "seen_by": ["chain_office"]}
    given = give_consent(ids["One"], item="technology", by=BY, **said)
    return {"pair": (pair.pk,), "decision": (line.decision,), "consent": (given.pk,)}


def _place_of(pk: str) -> dict[str, object]:
    found = Organisation.objects.get(pk=pk)
    return {"id": pk, "organisation": pk, "town": found.town}


def _fact(record: str, kind: str, **said: str | float) -> list[dict[str, object]]:
    line = {
        "record": f"workbook:{kind}:{record}",
        "kind": kind,
        "unit": "",
        "file": "survey.xlsx",
        "sheet": "",
        "row": 7,
    }
    return [
        line | {"attribute": name, ("number" if isinstance(value, float) else "text"): value}
        for name, value in said.items()
    ]


def _organisation(part: str, town: int, role: str) -> list[dict[str, object]]:
    place = {"town": pack().towns[town].code, "role": role, "country": "CN"}
    return _fact(part, "organisation", name=f"MarkName{part}", main_products=f"MarkFact{part}", **place)


_SAID = {"supplier": "Supplier", "used_for": "UsedFor"}
"""What an enterprise says of an input in words, and how it is marked."""


def _input(part: str, item: str) -> list[dict[str, object]]:
    """An enterprise needs an item; what it says of it is marked with both."""
    said = {name: f"Mark{title}{part}{item}" for name, title in _SAID.items()}
    ids = {"organisation": f"workbook:organisation:{part}", "item": f"workbook:item:{item}"}
    figures = {"stock_days": 30.0, "output_cny": 5e7}
    return _fact(f"{part}{item}", "critical_input", **ids, **said, **figures, supplier_country="US")


def _facts() -> pl.DataFrame:
    kinds = [kind.code for kind in pack().item_kinds if kind.owner != pack().chain_office]
    lines = [
        *_organisation("One", 0, "enterprise"),
        *_organisation("Two", 1, "enterprise"),
        *_organisation("Clinic", 0, "hospital"),
        *_organisation("Ward", 1, "hospital"),
        *_fact("Own", "item", name="MarkItemOwn", item_kind=kinds[0], free_text_node="yes"),
        *_fact("Shared", "item", name="MarkItemShared", item_kind=pack().item_kinds[0].code),
        *_fact("Other", "item", name="MarkItemOther", item_kind=pack().item_kinds[0].code),
        *_fact("Left", "item", name="MarkNodeLeft"),
        *_fact("Right", "item", name="MarkNodeRight", node_kind="segment"),
        *_fact("1", "relation", **{"from": "workbook:item:Left", "to": "workbook:item:Right", "relation": "used_in"}),
        *_input("One", "Own"),
        *_input("One", "Shared"),
        *_input("Two", "Shared"),
        *_input("Two", "Other"),
        *(line for key, kind, said in things_world.thing_facts() for line in _fact(key, kind, **said)),
    ]
    return pl.DataFrame(lines, schema=FACT_SCHEMA)


def _land() -> Landing:
    content = hashlib.sha256(b"the marked district").hexdigest()
    report = pl.DataFrame(schema=PROBLEM_SCHEMA)
    landing = land(NewLanding("workbook", "MarkLanding", content, _facts(), report, {}), by=BY)
    beyond = store.put_bytes(b"name\nMarkBeyond\n")
    Receipt.objects.create(landing=landing, files=[], facts=_facts().height, rows_beyond=1, beyond=beyond)
    return landing


def _refresh() -> Job:
    asked = jobs.enqueue(REFRESH, by=BY)
    job = jobs.claim("test", job_id=asked.pk)
    assert job is not None
    jobs.finish(job, result=refresh(job))
    return job


def _judge(users: Mapping[str, User]) -> dict[str, ListEntry]:
    """Admit what One needs, so that an office owns it, and say something in every human column."""
    by_name = {
        f"{entry.scope} {entry.item_name[8:]} {entry.organisation_name[8:]}".strip(): entry
        for entry in ListEntry.objects.all()
    }
    office, due = viewer_of(users["ChainOffice"]), today() + timedelta(days=30)
    for name in ("input Own One", "input Other Two"):
        entry = admit(by_name[name].pk, by=office, version=0, due_date=due)
        mark = name.split()[-1]
        said = {field: f"Mark{field.title().replace('_', '')}{mark}" for field in ("measure", "note", "level_reason")}
        by_name[name] = report(entry.pk, by=office, version=1, level="orange", **said)
    return by_name


def _freeze(users: Mapping[str, User]) -> tuple[Edition, Edition]:
    office, chief = viewer_of(users["ChainOffice"]), viewer_of(users["ChainChief"])
    made = [
        prepare_edition(by=office, title=title, classification="internal") for title in ("MarkEdition", "MarkDraft")
    ]
    return sign_edition(made[0].pk, by=chief, size_reason="a small district"), made[1]


def _wait(landing: Landing) -> QuarantinedRow:
    cells, problem = {"name": "MarkWaiting"}, {"code": "missing", "column": "item", "value": "", "params": {}}
    return QuarantinedRow.objects.create(
        landing=landing, table=workbook_tables()[0].name, file="survey.xlsx", row=9, cells=cells, problems=[problem]
    )


def _send(user: User) -> Upload:
    """Files that were looked into and wait for their sender."""
    report = store.put_frame(pl.DataFrame(schema=PROBLEM_SCHEMA))
    files = [{"name": "MarkUpload.csv", "bytes": 9}]
    preview = {"counts": {}, "lost": {}, "facts": 0, "bad": 0, "report": report}
    look = SheetLook("MarkUpload.csv", "", ("MarkUpload",), ((),), "leads", (None,), False)
    return Upload.objects.create(
        key="sent0001", source="workbook", files=files, sent_by=viewer_of(user).actor, sent_at=now(),
        state=UploadState.READY, preview=preview, looks=[as_json(look)],
    )  # fmt: skip


def _proposal() -> Definition:
    """A version that waits, proposed by the program, so that everybody who may answer it may."""
    definitions.take_over_packs(by=BY)
    found = in_force("process", "instruction")
    assert found is not None
    text = yaml.safe_dump({**found.body, "title": {"zh": "交办", "en": "Order"}}, allow_unicode=True)
    return definitions.propose(by=BY, kind="process", key="instruction", text=text, effective_from=today())


def _map() -> str:
    """A map to the version that waits, in force; no case fits it."""
    title = {"zh": "对照", "en": "Map"}
    body = {"key": "instruction_1_2", "title": title, "process": "instruction", "from": 1, "to": 2}
    definitions.take_over([Shipped(kind_of("migration"), "instruction_1_2", body, "test", "map.yaml")], by=BY)
    return "instruction_1_2"


def _case(users: Mapping[str, User]) -> Case:
    """An instruction to the bureau officer's office, signed for, with evidence."""
    officer = viewer_of(users["Officer"])
    parties = [("issuer", "office", pack().chain_office), ("lead", "office", officers_office(pack()))]
    asked = {"task": "MarkCase", "due": "2024-10-31"}
    case = open_case(NewCase("instruction", "MarkCase", parties, asked), by=viewer_of(users["ChainOffice"]))
    act(case.pk, Step("do", 1, "sign_for"), by=officer)
    proof = {"hash": store.put_bytes(b"MarkCase"), "title": "MarkCase"}
    return act(case.pk, Step("prove", 2, "result", proof), by=officer)


def _challenge(users: Mapping[str, User]) -> Case:
    """A challenge of the bureau officer's office that the chain office let be published."""
    officer, own = viewer_of(users["Officer"]), officers_office(pack())
    parties = [(role, "office", own) for role in ("proposer", "organiser")]
    said = "MarkChallenge"
    case = open_case(NewCase("challenge", said, parties, {"problem": said}), by=officer)
    case = act(case.pk, Step("do", 1, "refine", {"refined_problem": said, "targets": said}), by=officer)
    case = act(case.pk, Step("do", 2, "publish", {"bids_until": "2024-12-01"}), by=officer)
    return act(case.pk, Step("approve", 3, "publish"), by=viewer_of(users["ChainOffice"]))


def _around(case: Case, users: Mapping[str, User]) -> dict[str, tuple[object, ...]]:
    """What people say and do around the case."""
    comment, _named = say(case.pk, "MarkCase", by=viewer_of(users["ChainOffice"]))
    task = add_task(case.pk, "MarkCase", by=viewer_of(users["Officer"]), who=users["Officer"])
    office, chief = users["ChainOffice"], users["ChainChief"]
    away = delegate(office, chief, today() + timedelta(1), today() + timedelta(2), by=viewer_of(office))
    found = {"comment": (case.pk, comment.pk), "task": (case.pk, task.pk), "absence": (away.pk,)}
    empty = resolve(renew_address(by=viewer_of(users["Outsider"]))).kwargs["token"]
    sample = draw(Wanted(date(2000, 1, 1), today(), 1, design="risk"), by=viewer_of(office))
    found |= {"sample": (sample.pk,), "piece": (sample.pk, sample.items.get().pk)}
    return {**found, "calendar": (empty,), **_restricted(users)}


def _restricted(users: Mapping[str, User]) -> dict[str, tuple[object, ...]]:
    """An instruction that only its opener sees, and an account it named that is in no role of the cast."""
    office = viewer_of(users["ChainOffice"])
    parties = [("issuer", "office", pack().chain_office), ("lead", "office", officers_office(pack()))]
    said = {"task": "MarkRestricted", "due": "2024-10-31"}
    case = open_case(NewCase("instruction", "MarkRestricted", parties, said, is_restricted=True), by=office)
    other = User.objects.create(username="somebody")
    named = name_person(case.pk, other.username, by=office)
    return {"restricted": (case.pk,), "named": (case.pk, named.pk)}


def _said_of_a_sheet() -> ColumnMapping:
    """What somebody said the columns of a sheet are."""
    return ColumnMapping.objects.create(
        sender="MarkSender", signature="0" * 16, table="leads", heads={}, titles=[], confirmed_by="", confirmed_at=now()
    )


def _failed_run() -> Job:
    asked = jobs.enqueue(REFRESH, by=BY)
    job = jobs.claim("test", job_id=asked.pk)
    assert job is not None
    jobs.fail(job, error="MarkRun")
    return job


def _token(user: User) -> ApiToken:
    make_api_token(user, label="MarkToken", by=BY)
    return ApiToken.objects.get()


def _marks_of_what_if() -> dict[str, tuple[Place, ...]]:
    """Each town sees the title and its own rows; who fails, by whom it comes and the note are for who sees all."""
    rows = [Place(WHAT_IF_HIT, {"town": town.code}) for town in pack().towns[:2]]
    hidden = dict.fromkeys(("MarkAskedNote", "MarkFails", "MarkBrings"), (Place(WHAT_IF, {}),))
    return {"MarkAsked": tuple(rows), "MarkHitOne": (rows[0],), "MarkHitTwo": (rows[1],), **hidden}


def _merger(fields: Mapping[str, Mapping[str, object]], part: str) -> Place:
    return Place(LISTING, fields[f"organisation {part}"], "merger_reason")


def _marks(
    entries: Mapping[str, ListEntry], fields: Mapping[str, Mapping[str, object]]
) -> dict[str, tuple[Place, ...]]:
    """Say of every mark where it stands."""
    marks: dict[str, tuple[Place, ...]] = {
        "MarkLanding": (Place(LANDING, {}),),
        "MarkWaiting": (Place(LANDING, {}),),
        "MarkBeyond": (Place(LANDING, {}, action="load"),),
        "MarkRun": (Place(RUN, {}),),
        "MarkLog": (Place(LOG, {}),),
        "MarkEdition": (Place(EDITION, {}),),
        "MarkDraft": (Place(EDITION, {}),),
        "MarkPair": (Place(JUDGEMENT, {}),),
        "MarkJudged": (Place(JUDGEMENT, {}),),
        "MarkCase": (Place(CASE, fields["case"]), Place(SAMPLE, {})),
        "MarkChallenge": (Place(CHALLENGE, {}),),
        "MarkDeal": (Place(DEAL, fields["deal"]),),
        "MarkProject": (Place(PROJECT, fields["project"]),),
        **_marks_of_what_if(),
        **dict.fromkeys(("MarkEvent", "MarkNotice", "MarkSource"), (Place(EVENT, events_world.PLACE),)),
        "MarkRoom": (Place(EVENT, events_world.PLACE), Place(LESSON, {})),
        "MarkRoomMessage": (Place(INCIDENT, incidents_world.PLACE),),
        "MarkLesson": (Place(LESSON, {}),),
        "MarkForecast": (Place(FORECAST, fields["input Own One"]),),
        **dict.fromkeys(("MarkPortfolio", "MarkPlan", "MarkPlanItem", "MarkPlanSupplier"), (Place(PORTFOLIO, {}),)),
        "MarkSimulated": (Place(SIMULATION, {}),),
        "MarkRound": (Place(ROUND, {}), *(Place(FORM, fields[f"form {part}"]) for part in ("One", "Two"))),
        "MarkSupplierSaid": (Place(FORM, fields["form One"]),),
        **dict.fromkeys(("MarkBackup", "MarkHolder"), (Place(BACKUP, backups_world.PLACE),)),
        "MarkBackupNote": (Place(BACKUP, backups_world.PLACE, "note"),),
        **dict.fromkeys(("MarkTask", "MarkTaskComment"), (Place(TASK_SHEET, supervision_world.PLACE),)),
        **{f"MarkMerger{part}": (_merger(fields, part),) for part in ("One", "Two")},
        "MarkLevel": (Place(EVALUATION, {}),),
        **dict.fromkeys(("MarkReport", "MarkNumber", "MarkInput"), (Place(REPORT, reports_world.PLACE),)),
        "MarkClaim": (Place(CLAIM, indicators_world.CLAIMED),),
        "MarkReported": (Place(LIGHT, indicators_world.LED),),
        "MarkRated": (Place(RATING, indicators_world.RATED),),
        **dict.fromkeys(texts_world.MARKS, (Place(PLAN_TEXT, {}),)),
        "MarkConsentOne": (Place(CONSENT, fields["organisation One"]),),
        "MarkNodeLeft": (Place(CHAIN, {}, action="map"),),
        "MarkNodeRight": (Place(CHAIN, {}, action="map"),),
        **{mark: (place,) for mark, place in _APPRAISED.items()},
        **dict.fromkeys(OWN, ()),
    }
    for part in WHOSE:
        own = fields[f"organisation {part}"]
        marks[f"MarkFact{part}"] = (Place(FACT, own),)
        inputs = [Place(ENTRY, fields[name]) for name in entries if name.endswith(f" {part}")]
        market = [
            Place(ENTRY, fields[f"item {name.split()[1]}"], "market") for name in entries if name.endswith(f" {part}")
        ]
        edition = [Place(EDITION, {})] if inputs else []
        marks[f"MarkName{part}"] = (Place(ORGANISATION, own), Place(FACT, own), *inputs, *market, *edition)
    for name, entry in entries.items():
        marks |= _entry_marks(name, entry, fields, marks)
    for mark in ("MarkItemOwn", "MarkNameOne"):  # what the deal would close, and who makes it
        marks[mark] = (*marks[mark], Place(DEAL, fields["deal"]))
    for part in ("One", "Two"):
        form = Place(FORM, fields[f"form {part}"])
        marks[f"MarkName{part}"] = (*marks[f"MarkName{part}"], form)
        shown = [mark for mark in marks if mark.startswith(("MarkSupplier", "MarkUsedFor")) and part in mark]
        for mark in (*shown, *(f"MarkItem{name.split()[1]}" for name in entries if name.endswith(f" {part}"))):
            marks[mark] = (*marks[mark], form)
    return marks


def _with_things(
    marks: dict[str, tuple[Place, ...]], things: Iterable[str], fields: Mapping[str, Mapping[str, object]]
) -> dict[str, tuple[Place, ...]]:
    """Add the marks of things that are simply listed; a thing shows the names of its organisations."""
    for name in things:
        place = Place(RESOURCES_OF[name.split()[0]], fields[name])
        for mark in things_world.marks_on(name):
            marks[mark] = (*marks.get(mark, ()), place)
    return marks


def _entry_marks(
    name: str,
    entry: ListEntry,
    fields: Mapping[str, Mapping[str, object]],
    marks: Mapping[str, tuple[Place, ...]],
) -> dict[str, tuple[Place, ...]]:
    edition = Place(EDITION, {})
    item = f"MarkItem{name.split()[1]}"
    found = {item: (*marks.get(item, ()), Place(ENTRY, fields[name]), edition)}
    if entry.scope == "item":
        return found
    _, thing, part = name.split()
    user = fields[f"organisation {part}"]
    own = (Place(ENTRY, fields[name]), Place(FACT, user), Place(SUPPLY_LINK, user), edition)
    market = Place(ENTRY, fields[f"item {thing}"], "market")
    for said in _SAID.values():
        found[f"Mark{said}{part}{thing}"] = (*own, market)
    if entry.measure:
        found[f"MarkMeasure{part}"] = (Place(ENTRY, fields[name], "measure"), edition)
        found[f"MarkNote{part}"] = (Place(ENTRY, fields[name], "note"), edition)
        found[f"MarkLevelReason{part}"] = (Place(ENTRY, fields[name], "level_reason"), edition)
    found[item] = (*found[item], Place(FACT, user), Place(CHAIN, user))
    return found
