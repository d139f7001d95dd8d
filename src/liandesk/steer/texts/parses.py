"""The job that reads a text: its file into signs, the signs into sections, programmes, targets, measures and units."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from liandesk.base.clock import now
from liandesk.base.jobs.actions import beat
from liandesk.base.jobs.models import Job
from liandesk.base.pack import pack
from liandesk.base.snapshots import store
from liandesk.steer.texts.models import Parse, PlanText, TextState
from liandesk.steer.texts.reviews import count_undecided, counts_of
from liankit.errors import UserError

JOB = "plan_text"


def run(job: Job) -> Mapping[str, Any]:
    """Do a job: read one text. What cannot be read says so on the page of the text."""
    text = PlanText.objects.get(pk=job.params["text"])
    beat(job, phase="read")
    try:
        made = parse(text)
    except UserError as error:
        PlanText.objects.filter(pk=text.pk).update(state=TextState.FAILED, error=str(error))
        return {"text": text.pk, "state": TextState.FAILED}
    return {"text": text.pk, "state": TextState.READ, "found": made.counts}


def parse(text: PlanText) -> Parse:
    """Read a text and keep what was found; the same answer of the same parser is kept once."""
    from liankit.plan.parsing import PARSER_VERSION, Offices, parse, rows
    from liankit.plan.reading import read_bytes

    read = read_bytes(text.name, store.get_bytes(text.blob))
    found = rows(parse(read.text, file=text.name, offices=Offices.from_body(_offices())))
    content, blob = store.put_bytes(read.text.encode()), store.put_bytes(_as_json(found))
    with transaction.atomic():
        PlanText.objects.filter(pk=text.pk).update(state=TextState.READ, error="")
        last = text.parses.first()
        if last and (last.parser, last.content, last.found) == (PARSER_VERSION, content, blob):
            return last
        made = Parse.objects.create(
            text=text,
            parser=PARSER_VERSION,
            content=content,
            found=blob,
            signs=len(read.text),
            counts=counts_of(found),
            at=now(),
        )
        count_undecided(text)
        return made


def _offices() -> list[dict[str, Any]]:
    """Return the offices of the pack as the parser takes them."""
    return [
        {
            "code": office.code,
            "zh": office.text["zh"],
            "nameplates": office.nameplates,
            "aliases": [{"name": alias.name} for alias in office.aliases],
        }
        for office in pack().offices
    ]


def _as_json(found: object) -> bytes:
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()
