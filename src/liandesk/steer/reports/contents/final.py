"""The final evaluation of a plan that has ended: what its seal holds, and what the next plan takes over."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from liandesk.base.accounts.roles import Viewer
from liandesk.base.errors import UserError
from liandesk.base.snapshots import store
from liandesk.steer.indicators.queries import Value
from liandesk.steer.plan.queries import the_plan
from liandesk.steer.reports.contents.gather import Gathered
from liandesk.steer.reports.contents.judged import Opinion, Opinions
from liandesk.steer.reports.contents.parts import day_words
from liandesk.steer.reports.writing.paper import Block, Rows
from liandesk.steer.supervision.models import Decision, EvaluationKind
from liandesk.steer.supervision.queries import seal_of
from liankit.plan.report.ledger import mark, printable


class Sealed:
    """The sealed file of the plan that counts; raise UserError where there is no seal, or the file is not whole."""

    def __init__(self, viewer: Viewer) -> None:
        seal = seal_of(viewer, the_plan(viewer).key)
        if seal is None:
            raise UserError(_("The plan is not sealed, so there is no final evaluation of it. Seal it first."))
        if not store.is_intact(seal.hash):
            raise UserError(_("The sealed file of the plan is not whole, so nothing is reported from it."))
        self.seal = seal
        self._body: dict[str, Any] = json.loads(store.get_bytes(seal.hash))

    def values(self, indicator: str) -> list[Value]:
        """Return the sealed values of an indicator."""
        return [
            Value(
                date.fromisoformat(one["on"]),
                one["value"],
                one["state"],
                evidence=one["evidence"],
                ids=tuple(one["ids"]),
            )
            for one in self._body["values"].get(indicator, ())
        ]

    def opinions(self) -> Opinions:
        """Return the judgements of the final evaluation that stand: the newest of each target and clause."""
        final = (one for one in self._body["judgements"] if one["kind"] == EvaluationKind.FINAL)
        return {one["subject_id"]: Opinion(one["proposed"], one["grade"], one["reason"]) for one in final}

    def years(self) -> dict[int, int]:
        """Return how many tasks the frozen sheet of each year has."""
        return {one["year"]: len(one["rows"]) for one in self._body["sheets"]}


def ending(found: Gathered, sealed: Sealed) -> list[Block]:
    """When the plan ended and was sealed, and how many tasks its sheets held."""
    words = {
        "end": day_words(found.plan.period.end),
        "on": day_words(localdate(sealed.seal.sealed_at)),
        "hash": sealed.seal.hash[:12],
    }
    text = _(
        "The plan ended on %(end)s and was sealed on %(on)s; the seal is %(hash)s. Values, tasks and judgements are "
        "those that it holds."
    )
    blocks: list[Block] = [text % words]
    source = _("frozen task sheet, in the seal")
    for year, tasks in sorted(sealed.years().items()):
        label = _("Tasks of %(year)s") % {"year": year}
        number = found.ledger.number(label, {"do": "take", "of": found.ledger.input(label, tasks, source)})
        blocks.append(_("The task sheet of %(year)s held %(tasks)s tasks.") % {"year": year, "tasks": mark(number)})
    return blocks


def handover(found: Gathered, sealed: Sealed) -> list[Block]:
    """What becomes of each target: kept, defined anew, dropped, or not decided yet."""
    decided = {one.target_id: one for one in sealed.seal.handovers.all()}
    said = [decided[one.id].decision if one.id in decided else "open" for one in found.targets]
    ids = [found.ledger.input(one.title, word, _("hand-over")) for one, word in zip(found.targets, said, strict=True)]
    titles = {**{one.value: str(one.label) for one in Decision}, "open": _("not decided")}
    counts = {word: mark(found.count(f"{_('Hand-over')}: {title}", ids, word)) for word, title in titles.items()}
    text = _(
        "Of the targets the next plan keeps %(keep)s and keeps %(redefine)s defined anew; it drops %(drop)s; "
        "%(open)s are not decided."
    )
    cells = [
        [one.title, titles[word], printable(decided[one.id].note) if one.id in decided else ""]
        for one, word in zip(found.targets, said, strict=True)
    ]
    return [
        text % counts,
        Rows(_("Hand-over to the next plan"), [_("Target"), _("Decision"), _("Why")], cells, (8, 4, 6)),
    ]
