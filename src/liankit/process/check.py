"""Read a definition and say everything that is wrong with it: file, key, what, and the nearest valid name."""

from __future__ import annotations

import re
import sys
from collections import Counter, deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from liankit.errors import UserError, nearest
from liankit.process.definition import Clock, FormField, Moment, Part, Process, Transition
from liankit.yaml_text import read_yaml

MOST_NAMED = 20
"""Valid names that a message gives where none is near."""
MAX_MARKINGS = 20_000
"""Combinations of stages that are tried; a process of an office has dozens."""

Marking = frozenset[str]
_Built = TypeVar("_Built", bound=Part)
_BRANCHES = ("float", "constrained-str")
"""What pydantic calls the two forms of a value that is a number or a key."""
_WORDS = {  # how the kind of an error begins: what is said of it
    "missing": "it is missing. Write it.",
    "date": "'{given}' is no day. Write it as 2024-09-30.",
    "float": "'{given}' is no number. Write it in digits.",
    "int": "'{given}' is no whole number. Write it in digits.",
    "bool": "'{given}' is no yes or no. Write true or false.",
    "string_pattern": "'{given}' does not fit the pattern {pattern}: small letters, digits and _, a letter first.",
    "string_too_short": "'{given}' is too short. Write {min_length} signs or more.",
    "string": "'{given}' is no text. Write one, in quotes where it looks like a number.",
    "too_short": "there are too few parts. Write {min_length} or more.",
    "too_long": "there are too many parts. Write {max_length} at most.",
    "greater_than_equal": "'{given}' is too little. Write {ge} or more.",
    "greater_than": "'{given}' is too little. Write more than {gt}.",
    "less_than_equal": "'{given}' is too much. Write {le} or less.",
    "less_than": "'{given}' is too much. Write less than {lt}.",
    "tuple": "it is no list. Write each part of it on a line that begins with `- `.",
    "list": "it is no list. Write each part of it on a line that begins with `- `.",
    "model": "it holds no keys. Write them as `key: value`.",
    "dict": "it holds no keys. Write them as `key: value`.",
    "mapping": "it holds no keys. Write them as `key: value`.",
}


@dataclass(frozen=True)
class Fault:
    """One mistake of a definition: where (keys joined by dots), what, and what to do."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


class DefinitionError(UserError):
    """A definition that is not taken, with every mistake that was found."""

    def __init__(self, file: str, faults: Iterable[Fault]) -> None:
        self.file, self.faults = file, tuple(faults)
        lines = "\n".join(f"  {fault}" for fault in self.faults)
        super().__init__(f"{file}: {len(self.faults)} to mend, nothing was taken over.\n{lines}")


def read_process(text: str, file: str) -> Process:
    """Return the process that a YAML text defines; raise DefinitionError with every mistake.

    ``file`` is only named in messages.
    """
    try:
        body = read_yaml(text)
    except yaml.YAMLError as error:
        raise DefinitionError(file, [Fault("(the file)", f"This is no YAML: {error}")]) from None
    return build_process(body, file)


def build_process(body: Any, file: str) -> Process:
    """Return the process of a parsed body, as ``read_process``."""
    process = build_part(Process, body, file)
    faults = [*_doubled(process), *_names(process), *_incomplete(process)]
    faults = faults or list(_flow(process))
    if faults:
        raise DefinitionError(file, faults)
    return process


def build_part(whole: type[_Built], body: Any, file: str) -> _Built:
    """Return a parsed body as what it defines; raise DefinitionError with every mistake of its form.

    ``file`` is only named in messages.
    """
    try:
        return whole.model_validate(body)
    except ValidationError as error:
        raise DefinitionError(file, faults_of(error.errors(), whole)) from None


def faults_of(errors: Iterable[Any], whole: type[Part]) -> list[Fault]:
    """Return the errors of pydantic as faults, each place once; ``whole`` is what was to be built.

    A list whose parts are wrong is not told as too short, too.
    """
    told = [one for one in errors if one["type"] != "too_short" or len(one["input"]) < one["ctx"]["min_length"]]
    faults = [_fault_of(one, whole) for one in told]
    return list({one.where: one for one in reversed(faults)}.values())[::-1]


def _fault_of(error: Any, whole: type[Part]) -> Fault:
    """Return one error of pydantic as a fault; ``whole`` is what was to be built."""
    where = ".".join(str(step) for step in error["loc"] if step not in _BRANCHES) or "(the file)"
    if error["type"] == "extra_forbidden":
        near = nearest(str(error["loc"][-1]), _known_keys(whole))
        return Fault(where, f"nobody reads a key of this name.{near} Take it out, or write it otherwise.")
    return Fault(where, _said(error))


def _said(error: Any) -> str:
    """Say what is wrong with a value, and what to write, in words of a file instead of a program."""
    kind, given = error["type"], error["input"]
    if kind == "literal_error":
        valid = re.findall("'([^']*)'", error["ctx"]["expected"])
        return f"there is no '{given}'.{nearest(str(given), valid)} There are: {', '.join(valid)}."
    said = next((said for start, said in _WORDS.items() if kind.startswith(start)), None)
    if said is None:
        return str(error["msg"]).removeprefix("Value error, ")
    if error["loc"] and error["loc"][-1] in _BRANCHES:
        said = "'{given}' is neither a number nor a key. Write one of them."
    return said.format(given=given, **error.get("ctx", {}))


def _known_keys(whole: type[Part]) -> list[str]:
    """Return the keys of a definition and of what it is made of, which its own module holds."""
    module = vars(sys.modules[whole.__module__])
    parts = {whole, *(part for part in module.values() if isinstance(part, type) and issubclass(part, Part))}
    return [field.alias or name for part in parts for name, field in part.model_fields.items()]


def _doubled(process: Process) -> Iterator[Fault]:
    groups: dict[str, Iterable[str]] = {
        "stages": (stage.key for stage in process.stages),
        "transitions": (transition.key for transition in process.transitions),
        "roles": (role.key for role in process.roles),
        "clocks": (clock.key for clock in process.clocks),
        "evidence": (kind.key for kind in process.evidence),
    }
    return doubled(groups)


def doubled(groups: Mapping[str, Iterable[str]]) -> Iterator[Fault]:
    """Yield a fault for every key that stands more than once in its group of parts."""
    for group, keys in groups.items():
        for key, count in Counter(keys).items():
            if count > 1:
                yield Fault(f"{group}.{key}", f"the key stands {count} times. Give each its own.")


def _names(process: Process) -> Iterator[Fault]:
    """Every name that points somewhere must point at something."""
    stages = [stage.key for stage in process.stages]
    roles = [role.key for role in process.roles]
    evidence = [kind.key for kind in process.evidence]
    pauses = [pause.key for pause in process.pauses]
    yield from unknown("start", [process.start], stages, "stage")
    yield from unknown("opens_as", process.opens_as, roles, "role")
    for stage in process.stages:
        yield from unknown(f"stages.{stage.key}.lead", [stage.lead] if stage.lead else [], roles, "role")
        yield from unknown(f"stages.{stage.key}.with", stage.partners, roles, "role")
    for transition in process.transitions:
        place = f"transitions.{transition.key}"
        yield from unknown(f"{place}.from", transition.taken, stages, "stage")
        yield from unknown(f"{place}.to", transition.given, stages, "stage")
        yield from unknown(f"{place}.roles", transition.roles, roles, "role")
        yield from unknown(f"{place}.needs", transition.needs, evidence, "evidence")
        yield from unknown(
            f"{place}.sets", [*transition.sets, *transition.sets.values()], list(process.fields), "field"
        )
        if transition.approval:
            yield from unknown(f"{place}.approval.role", [transition.approval.role], roles, "role")
        yield from _handing_over(process, place, transition)
        yield from _conditions(process, place, transition)
    for clock in process.clocks:
        yield from unknown(f"clocks.{clock.key}.paused_by", clock.paused_by, pauses, "pause")
        yield from unknown(
            f"clocks.{clock.key}.until", [clock.until] if clock.until else [], list(process.fields), "field"
        )
        for name, moment in (("starts", clock.starts), ("stops", clock.stops)):
            yield from _unknown_moment(process, f"clocks.{clock.key}.{name}", moment)


def _handing_over(process: Process, place: str, transition: Transition) -> Iterator[Fault]:
    """The roles that a step hands over, and the case that it opens."""
    roles, fields = [role.key for role in process.roles], process.fields
    yield from unknown(f"{place}.assigns", transition.assigns, roles, "role")
    yield from unknown(f"{place}.assigns", transition.assigns.values(), list(fields), "field")
    held_by = {role.key: role.held_by for role in process.roles}
    for role, key in transition.assigns.items():
        if role in held_by and key in fields and fields[key].kind not in held_by[role]:
            said = f"the role is held by {' or '.join(held_by[role])}, the field '{key}' is a '{fields[key].kind}'."
            yield Fault(f"{place}.assigns.{role}", said)
    if opens := transition.opens:
        yield from unknown(f"{place}.opens.title", [opens.title], list(fields), "field")
        yield from unknown(f"{place}.opens.roles", opens.roles.values(), [*roles, *fields], "role or field")
        yield from unknown(f"{place}.opens.data", opens.data.values(), list(fields), "field")


def _conditions(process: Process, place: str, transition: Transition) -> Iterator[Fault]:
    """The answers that a step goes with, and the steps whose takers may not take it."""
    fields = process.fields
    yield from unknown(f"{place}.when", transition.when, list(fields), "field")
    for key, values in transition.when.items():
        if field := fields.get(key):
            if field.kind not in ("choice", "yes_no"):
                yield Fault(f"{place}.when.{key}", "a condition asks a field of kind 'choice' or 'yes_no'.")
            else:
                yield from unknown(f"{place}.when.{key}", values, list(field.answers), "answer")
    steps = [step.key for step in process.transitions]
    yield from unknown(f"{place}.not_by", transition.not_by, steps, "transition")


def unknown(where: str, names: Iterable[str], valid: list[str], what: str) -> Iterator[Fault]:
    """Yield a fault, with the nearest valid name, for each name that is not valid; ``what`` it should name."""
    for name in names:
        if name not in valid:
            yield Fault(where, f"there is no {what} '{name}'.{hint(name, valid)}")


def hint(name: str, valid: Collection[str]) -> str:
    """Return the nearest valid name, or the first of those that there are, as a sentence to be added.

    >>> hint("suplier", ["supplier"]), hint("x", ["a", "b"])
    (" Did you mean 'supplier'?", ' There are: a, b.')
    """
    if near := nearest(name, valid):
        return near
    more = len(valid) - MOST_NAMED
    named = ", ".join(islice(valid, MOST_NAMED)) or "none"
    return f" There are: {named}{f' and {more} more' if more > 0 else ''}."


def _unknown_moment(process: Process, where: str, moment: Moment) -> Iterator[Fault]:
    word, _, name = moment.partition(" ")
    if word == "do":
        yield from unknown(where, [name], [transition.key for transition in process.transitions], "transition")
    elif name:
        yield from unknown(where, [name], [stage.key for stage in process.stages], "stage")


def _incomplete(process: Process) -> Iterator[Fault]:
    for stage in process.stages:
        if stage.outcome is None and not stage.lead:
            yield Fault(f"stages.{stage.key}", "a stage needs a leading role (lead), or it is an end (outcome).")
        if stage.outcome and not stage.outcome.reasons:
            yield Fault(f"stages.{stage.key}.outcome", "an end needs reason codes (reasons), one of which is chosen.")
    for clock in process.clocks:
        yield from _incomplete_clock(clock)
    yield from _asked_twice(process)
    yield from _incomplete_form("form", process.form)
    for transition in process.transitions:
        yield from _incomplete_form(f"transitions.{transition.key}.form", transition.form)


def _incomplete_clock(clock: Clock) -> Iterator[Fault]:
    if clock.days is not None and not clock.source:
        yield Fault(f"clocks.{clock.key}", "a period needs its source; without one leave `days` empty (待核定).")
    if clock.until and (clock.days is not None or clock.paused_by):
        yield Fault(f"clocks.{clock.key}.until", "a clock until a date has neither days nor pauses.")
    if clock.days is not None and clock.warn > clock.days:
        yield Fault(f"clocks.{clock.key}.warn", f"it warns {clock.warn} days before the end of {clock.days} days.")


def _asked_twice(process: Process) -> Iterator[Fault]:
    """A field may be asked again, as what it is."""
    kinds: dict[str, str] = {}
    for form in (process.form, *(transition.form for transition in process.transitions)):
        for field in form:
            if kinds.setdefault(field.key, field.kind) != field.kind:
                yield Fault(
                    f"fields.{field.key}", "it is asked twice as fields of different kinds. Give each its own key."
                )


def _incomplete_form(where: str, form: Iterable[FormField]) -> Iterator[Fault]:
    for field in form:
        if (field.kind == "choice") != bool(field.choices):
            yield Fault(f"{where}.{field.key}", "exactly a field of kind 'choice' has choices.")


def _flow(process: Process) -> Iterator[Fault]:
    """Walk every combination of stages: each stage is reached, each case can end, and ends with nothing left open."""
    ends = {stage.key for stage in process.stages if stage.outcome}
    try:
        reached = markings(process)
    except OverflowError:
        yield Fault("transitions", f"there are more than {MAX_MARKINGS:,} combinations of open stages. Split it.")
        return
    seen = frozenset[str]().union(*reached)
    for stage in process.stages:
        if stage.key not in seen:
            yield Fault(f"stages.{stage.key}", "no case can reach this stage. Add a transition to it, or leave it out.")
    for marking in reached:
        if marking & ends and len(marking) > 1:
            left = ", ".join(sorted(marking - ends))
            yield Fault(f"stages.{min(marking & ends)}", f"the case would end with these stages open: {left}.")
    for key in sorted(seen - _able_to_end(reached, ends)):
        yield Fault(f"stages.{key}", "from here no end can be reached. Add a transition that leads to one.")
    for key in _doubling(process, reached):
        yield Fault(f"transitions.{key}", "it would open a stage that is open already.")


def markings(process: Process) -> dict[Marking, set[Marking]]:
    """Return every combination of open stages that a case can be in, with those that can follow it."""
    first = frozenset([process.start])
    found: dict[Marking, set[Marking]] = {}
    waiting = deque([first])
    while waiting:
        marking = waiting.popleft()
        if marking in found:
            continue
        if len(found) > MAX_MARKINGS:
            raise OverflowError
        steps = (step for step in process.transitions if marking >= set(step.taken))
        found[marking] = {(marking - set(step.taken)) | set(step.given) for step in steps}
        waiting.extend(found[marking])
    return found


def _able_to_end(reached: dict[Marking, set[Marking]], ends: set[str]) -> set[str]:
    """Return the stages of the combinations from which an end can be reached."""
    able = {marking for marking in reached if marking & ends}
    before: dict[Marking, list[Marking]] = {marking: [] for marking in reached}
    for marking, following in reached.items():
        for later in following:
            before[later].append(marking)
    waiting = deque(able)
    while waiting:
        for earlier in before[waiting.popleft()]:
            if earlier not in able:
                able.add(earlier)
                waiting.append(earlier)
    return set().union(*able)


def _doubling(process: Process, reached: Iterable[Marking]) -> Iterator[str]:
    for step in process.transitions:
        kept = (marking - set(step.taken) for marking in reached if marking >= set(step.taken))
        if any(marking & set(step.given) for marking in kept):
            yield step.key
