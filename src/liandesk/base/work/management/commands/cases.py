"""``liandesk cases``: read, open and lead cases as an account, and write their columns anew from their logs."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from liandesk.base.accounts.management.actor import actor
from liandesk.base.accounts.roles import Viewer
from liandesk.base.errors import NotThere
from liandesk.base.prepare import prepare
from liandesk.base.work import queries
from liandesk.base.work.actions import NewCase, Step, act, open_case
from liandesk.base.work.models import Case
from liandesk.base.work.upkeep import recompute
from liandesk.base.work.wording import holder_name, said, titles
from liankit.errors import nearest
from liankit.process.log import write_log
from liankit.process.state import EventKind

LISTS = {
    "open": queries.open_cases,
    "ended": queries.ended_cases,
    "mine": queries.mine,
    "office": queries.of_office,
    "waiting": queries.waiting_on_others,
    "overdue": queries.overdue,
}


class Command(BaseCommand):
    help = "Read, open and lead cases. Example: liandesk cases do 12 sign_for --by Officer"

    def add_arguments(self, parser: ArgumentParser) -> None:
        tasks = parser.add_subparsers(dest="task", required=True, metavar="TASK")
        listed = tasks.add_parser("list", help="cases, the earliest due first")
        listed.add_argument("--show", choices=LISTS, default="open", help="which (default: open)")
        listed.add_argument("--process", metavar="KEY", help="of one process")
        shown = tasks.add_parser("show", help="one case: where it stands, clocks, next steps, log")
        opened = tasks.add_parser("open", help="open a case")
        opened.add_argument("process", metavar="PROCESS")
        opened.add_argument("title", metavar="TITLE")
        opened.add_argument("--party", action="append", default=[], metavar="ROLE=KIND:ID", help="who holds a role")
        done = tasks.add_parser("do", help="take a step, or answer what somebody proposed")
        export = tasks.add_parser("export", help="write a log as JSON lines, for `liankit process replay`")
        export.add_argument("--out", type=Path, required=True, metavar="FILE")
        replay = tasks.add_parser("replay", help="write the columns of cases anew from their logs")
        replay.add_argument("cases", nargs="*", type=int, metavar="CASE", help="numbers (default: all)")
        for task in (shown, done, export):
            task.add_argument("case", type=int, metavar="CASE", help="its number")
        done.add_argument("step", metavar="STEP")
        done.add_argument("--answer", choices=("approve", "refuse"), help="answer the proposal of this step")
        done.add_argument("--reason", default="", metavar="CODE", help="why, where the step ends the case")
        for task in (opened, done):
            task.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE", help="answer a question")
        for task in (listed, shown, opened, done, export):
            task.add_argument("--by", metavar="NAME", help="the account that asks (default: the command itself)")

    def handle(self, *args: Any, task: str, **options: Any) -> None:
        prepare()
        by = actor(options.get("by"))
        getattr(self, f"_{task}")(by, options)

    def _list(self, by: Viewer, options: dict[str, Any]) -> None:
        found = LISTS[options["show"]](by).select_related("definition")
        if options["process"]:
            found = found.filter(process=options["process"])
        for case in found:
            self.stdout.write(_line(case))

    def _show(self, by: Viewer, options: dict[str, Any]) -> None:
        found = _opened(by, options["case"])
        named = titles(found.process)
        self.stdout.write(_line(found.case))
        for party in found.parties:
            self.stdout.write(f"  {named[party.role]}: {holder_name(party.scope_kind, party.scope_id)}")
        for reading in found.clocks:
            self.stdout.write(f"  {said(reading.clock.title)}: {reading.state}, {reading.due or '-'}")
        for action in found.actions:
            roles = ", ".join(named[role] for role in action.roles)
            waits = "" if action.is_open else " (not possible yet)"
            self.stdout.write(f"  next: {action.transition.key} {named[action.transition.key]}, {roles}{waits}")
        for row in found.events:
            self.stdout.write(f"  {row.number}\t{row.at:%Y-%m-%d %H:%M}\t{row.actor}\t{row.kind}\t{row.name}")

    def _open(self, by: Viewer, options: dict[str, Any]) -> None:
        parties = [(role, *_pair(holder, ":")) for role, holder in _pairs(options["party"])]
        answers = dict(_pairs(options["set"]))
        made = open_case(NewCase(options["process"], options["title"], parties, answers), by=by)
        self.stdout.write(_line(made))

    def _do(self, by: Viewer, options: dict[str, Any]) -> None:
        found = _opened(by, options["case"])
        if found.process.transition(options["step"]) is None:
            near = nearest(options["step"], (step.key for step in found.process.transitions))
            raise CommandError(f"The process has no step '{options['step']}'.{near}", returncode=2)
        answers = {key: _typed(found, key, text) for key, text in _pairs(options["set"])}
        kind: EventKind = options["answer"] or "do"
        step = Step(kind, found.case.events_count, options["step"], answers, options["reason"])
        self.stdout.write(_line(act(found.case.pk, step, by=by)))

    def _export(self, by: Viewer, options: dict[str, Any]) -> None:
        found = _opened(by, options["case"])
        options["out"].write_text(write_log(map(queries.as_event, found.events)), encoding="utf-8")
        self.stdout.write(f"{options['out']}: {len(found.events)} events")

    def _replay(self, by: Viewer, options: dict[str, Any]) -> None:
        numbers: Iterable[int] = options["cases"] or Case.objects.order_by("pk").values_list("pk", flat=True)
        changed = [pk for pk in list(numbers) if recompute(pk, by=by)]
        self.stdout.write(f"{len(changed)} cases written anew {changed[:20] or ''}".rstrip())


def _line(case: Case) -> str:
    named = titles(queries.process_of(case.definition))
    stages = ", ".join(named[stage] for stage in case.stages)
    return f"{case.pk}\t{case.process}\t{case.title}\t{stages}\tdue {case.due or '-'}"


def _opened(by: Viewer, pk: int) -> queries.Opened:
    found = queries.opened(by, pk)
    if found is None:
        raise NotThere(f"There is no case {pk} for {by.name}.")
    return found


def _pairs(texts: Sequence[str]) -> list[tuple[str, str]]:
    return [_pair(text, "=") for text in texts]


def _pair(text: str, sign: str) -> tuple[str, str]:
    name, found, value = text.partition(sign)
    if not found:
        raise CommandError(f"'{text}' has no '{sign}' between a name and a value.", returncode=2)
    return name, value


def _typed(found: queries.Opened, key: str, text: str) -> str | float:
    field = found.process.fields.get(key)
    try:
        return float(text) if field and field.kind == "number" else text
    except ValueError:
        raise CommandError(f"{key}: '{text}' is no number.", returncode=2) from None
