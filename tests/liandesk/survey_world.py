"""A small district by the real pipeline, in which two enterprises of two towns need inputs of which little is known."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import timedelta

import polars as pl

from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import Viewer, system_viewer, viewer_of
from liandesk.base.clock import today
from liandesk.base.facts.actions import NewLanding, land
from liandesk.base.facts.schema import FACT_SCHEMA
from liandesk.base.jobs import actions as jobs
from liandesk.base.jobs.handlers import REFRESH
from liandesk.base.pack import pack
from liandesk.know.registry.models import Organisation
from liandesk.know.survey import answering, links, queries, rounds
from liandesk.know.survey.answering import Filled, Given
from liandesk.know.survey.models import Answer, Asked, Invitation, Round
from liandesk.know.survey.rounds import NewRound
from liandesk.refresh.actions import refresh
from liandesk.refresh.worker import do
from liankit.tables import PROBLEM_SCHEMA

BY = system_viewer("test")
ONE, TWO = "杭州甲生物有限公司", "杭州乙制药有限公司"
RESIN, FILTER, MEDIUM = "亲和层析填料", "除病毒过滤器", "细胞培养基"
PLAIN = "Plain Works"


def build() -> None:
    """Load what little is known, and compute the lists."""
    content = hashlib.sha256(b"the surveyed district").hexdigest()
    land(NewLanding("workbook", "districts", content, _facts(), pl.DataFrame(schema=PROBLEM_SCHEMA), {}), by=BY)
    compute()


def compute() -> None:
    """Refresh, as the worker would."""
    asked = jobs.enqueue(REFRESH, by=BY)
    job = jobs.claim("test", job_id=asked.pk)
    assert job is not None
    jobs.finish(job, result=refresh(job))


def organisations() -> dict[str, str]:
    """Return the permanent ids of the two enterprises by the member of the cast who stands for each."""
    return {member: Organisation.objects.get(name=name).pk for member, name in _STANDS.items()}


_STANDS = {"Enterprise": ONE, "OtherEnterprise": TWO}


def new_round(**more: object) -> NewRound:
    """Return a round of two weeks in the normal mode."""
    said = {"title": "一季度关键物料调查", "mode": "normal", "opens_on": today(), "deadline": today() + timedelta(14)}
    return NewRound(**{**said, **more})  # type: ignore[arg-type]


def open_round(new: NewRound, *, by: Viewer) -> Round:
    """Open a round, as the worker would."""
    made = rounds.open_round(new, by=by)
    job = jobs.claim("test", job_id=made.job_id)
    assert job is not None
    do(job)
    return Round.objects.get(pk=made.pk)


def form_of(held: Round, name: str) -> Invitation:
    """Return the form of an enterprise in a round, as it is now."""
    return Invitation.objects.select_related("round").get(round=held, name=name)


def token_of(form: Invitation) -> str:
    """Return the secret of the link of a form."""
    return links.token_of(form.round_id, form.organisation, form.link_serial)


def answers(form: Invitation, **said: object) -> dict[int, Given]:
    """Return an answer to each question of a form: by the code of the question, else not known."""
    unknown = Given(Answer.Kind.UNKNOWN)
    return {
        asked.pk: Given(Answer.Kind.GIVEN, said[asked.code]) if asked.code in said else unknown
        for asked in queries.questions(form)
    }


def supplier(name: str, share: float | None = None, *, country: str = "", is_alias: bool = False) -> dict[str, object]:
    """Return one supplier as an answer holds it."""
    return {"name": name, "is_alias": is_alias, "country": country, "share": share}


def marked_round(users: Mapping[str, User], ids: Mapping[str, str]) -> dict[str, tuple[object, ...]]:
    """Make a round of the marked district: the first enterprise has returned its form; and one with a plain link."""
    office = viewer_of(users["ChainOffice"])
    enterprises = [ids["One"], ids["Two"]]
    held = open_round(new_round(title="MarkRound", organisations=enterprises), by=office)
    first, second = (Invitation.objects.get(round=held, organisation=pk) for pk in enterprises)
    given = answers(first, suppliers=[supplier("MarkSupplierSaid", is_alias=True)])
    answering.send(first.pk, Filled(given), seen=0, by=viewer_of(users["Enterprise"]))
    plain = Organisation.objects.create(id="O-plain", name=PLAIN, kind="enterprise", town=pack().towns[2].code)
    by_link = open_round(new_round(title="Plain round", organisations=[plain.pk], with_silent=True), by=office)
    token = token_of(form_of(by_link, PLAIN))
    return {"survey": (held.pk,), "form One": (first.pk,), "form Two": (second.pk,), "form link": (token,)}


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


def _organisation(key: str, name: str, town: int) -> list[dict[str, object]]:
    place = {"town": pack().towns[town].code, "role": "enterprise", "country": "CN"}
    return _fact(key, "organisation", name=name, **place)


def _input(owner: str, item: str, **said: str | float) -> list[dict[str, object]]:
    ids = {"organisation": f"workbook:organisation:{owner}", "item": f"workbook:item:{item}"}
    return _fact(f"{owner}{item}", "critical_input", **ids, used_for="单抗注射液", **said)


def _facts() -> pl.DataFrame:
    kind = pack().item_kinds[0].code
    lines = [
        *_organisation("one", ONE, 0),
        *_organisation("two", TWO, 1),
        *(line for name in (RESIN, FILTER, MEDIUM) for line in _fact(name, "item", name=name, item_kind=kind)),
        *_input("one", RESIN, supplier="Cytiva", supplier_country="SE", share=0.7, stock_days=60.0, output_cny=5e7),
        *_input("one", FILTER, supplier="Sartorius", supplier_country="DE", another_source="yes"),
        *_input("two", MEDIUM, supplier="供应商A", supplier_country="US", output_cny=2e7),
    ]
    return pl.DataFrame(lines, schema=FACT_SCHEMA)


def codes(form: Invitation) -> list[str]:
    """Return what a form asks of which input."""
    return [f"{one.item_name}: {one.code}" for one in Asked.objects.filter(invitation=form)]
