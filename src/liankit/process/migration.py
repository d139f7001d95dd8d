"""Running cases go over to another version by an explicit map of keys, checked against both versions.

What the map does not name keeps its key, which the new version must have. A key that becomes ``null`` is left out: past
visits, answers and proofs of that name are not part of the state any more, the log keeps them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import Annotated, Any, TypeVar

from pydantic import Field

from liankit.process.check import DefinitionError, Fault, build_part, markings, unknown
from liankit.process.definition import Coded, Key, Process
from liankit.process.state import Holders, Proposal, State, Visit, refusal
from liankit.reasons import Reason

Renames = Mapping[str, Key | None]
Version = Annotated[int, Field(ge=1)]
Item = TypeVar("Item")


class Migration(Coded):
    """How the cases of one version of a process go over to another: what each key becomes."""

    process: Key
    before: Version = Field(alias="from")
    after: Version = Field(alias="to")
    stages: Renames = Field(default_factory=dict)
    transitions: Renames = Field(default_factory=dict)
    fields: Renames = Field(default_factory=dict)
    roles: Renames = Field(default_factory=dict)
    evidence: Renames = Field(default_factory=dict)
    pauses: Renames = Field(default_factory=dict)


GROUPS = ("stages", "transitions", "fields", "roles", "evidence", "pauses")


def build_migration(body: Any, file: str) -> Migration:
    """Return the map that a parsed body says; raise DefinitionError with every mistake of its form."""
    return build_part(Migration, body, file)


def check_migration(migration: Migration, old: Process, new: Process, file: str) -> None:
    """Check a map against both versions; raise DefinitionError with every mistake."""
    faults = [*_names(migration, old, new), *_meanings(migration, old, new)]
    if faults:
        raise DefinitionError(file, faults)


def _keys(process: Process, group: str) -> list[str]:
    parts = getattr(process, group)
    return list(parts) if group == "fields" else [part.key for part in parts]


def _names(migration: Migration, old: Process, new: Process) -> Iterator[Fault]:
    for group in GROUPS:
        renames: Renames = getattr(migration, group)
        before, after = _keys(old, group), _keys(new, group)
        yield from unknown(group, renames, before, f"key of version {migration.before}:")
        yield from unknown(group, filter(None, renames.values()), after, f"key of version {migration.after}:")
        for key in before:
            if key not in renames and key not in after:
                said = f"version {migration.after} does not have it. Say what becomes of it; null leaves it out."
                yield Fault(f"{group}.{key}", said)


def _meanings(migration: Migration, old: Process, new: Process) -> Iterator[Fault]:
    """A field keeps its kind and its own answer; a stage with running cases becomes no end."""
    become = {key: renamed(migration.fields, key) for key in old.fields}
    for key, name in become.items():
        if name and name in new.fields and new.fields[name].kind != old.fields[key].kind:
            said = f"it is a '{old.fields[key].kind}', '{name}' a '{new.fields[name].kind}'. Leave it out: null."
            yield Fault(f"fields.{key}", said)
    for name, count in Counter(name for name in become.values() if name).items():
        if count > 1:
            yield Fault(f"fields.{name}", f"{count} fields become this one: their answers would be lost.")
    ends = {stage.key for stage in new.stages if stage.outcome}
    for stage in old.stages:
        if not stage.outcome and renamed(migration.stages, stage.key) in ends:
            yield Fault(f"stages.{stage.key}", "cases that run would stand in an end without having ended.")


def suggest(old: Process, new: Process) -> dict[str, dict[str, str | None]]:
    """Return, by group, each key that the new version lacks with the nearest key that only the new one has, or None."""
    found = {}
    for group in GROUPS:
        before, after = _keys(old, group), _keys(new, group)
        added = [key for key in after if key not in before]
        gone = {key: next(iter(get_close_matches(key, added, n=1)), None) for key in before if key not in after}
        if gone:
            found[group] = gone
    return found


def renamed(renames: Renames, key: str) -> str | None:
    """Return what becomes of a key: itself where the map does not name it, None where it is left out."""
    return renames.get(key, key)


def migrate(migration: Migration, state: State) -> State:
    """Return the state with the keys of the new version; ``misfits`` says whether the new version can go on from it."""
    over = migration
    return replace(
        state,
        active=tuple(_kept(over.stages, state.active)),
        visits=tuple(_visit(over, visit, key) for key, visit in _each(over.stages, state.visits, "stage")),
        taken=tuple(replace(one, transition=key) for key, one in _each(over.transitions, state.taken, "transition")),
        fields=_moved(over.fields, state.fields),
        proofs=tuple(replace(proof, kind=key) for key, proof in _each(over.evidence, state.proofs, "kind")),
        proposals={key: _proposal(over, said) for key, said in _moved(over.transitions, state.proposals).items()},
        pauses=tuple(replace(pause, reason=key) for key, pause in _each(over.pauses, state.pauses, "reason")),
        holders=_holders(over.roles, state.holders),
    )


def _kept(renames: Renames, keys: Iterable[str]) -> Iterator[str]:
    yield from (name for key in keys if (name := renamed(renames, key)))


def _each(renames: Renames, items: Iterable[Item], attribute: str) -> Iterator[tuple[str, Item]]:
    for item in items:
        if name := renamed(renames, getattr(item, attribute)):
            yield name, item


def _visit(migration: Migration, visit: Visit, stage: str) -> Visit:
    return replace(visit, stage=stage, step=renamed(migration.transitions, visit.step) or "")


def _moved(renames: Renames, values: Mapping[str, Item]) -> dict[str, Item]:
    return {name: value for key, value in values.items() if (name := renamed(renames, key))}


def _proposal(migration: Migration, said: Proposal) -> Proposal:
    return replace(said, data=_moved(migration.fields, said.data))


def _holders(renames: Renames, holders: Holders) -> Holders:
    """Roles that become one are held by all who held them."""
    found: dict[str, tuple[str, ...]] = {}
    for key, held in holders.items():
        if name := renamed(renames, key):
            found[name] = tuple(dict.fromkeys((*found.get(name, ()), *held)))
    return found


def misfits(migration: Migration, state: State, new: Process) -> list[Reason]:
    """Return why a case cannot go over: where it stands, what waits in it, who holds it, what was answered."""
    after = migrate(migration, state)
    paused = [pause.reason for pause in state.pauses if pause.until is None]
    gone = [key for key in state.active if renamed(migration.stages, key) is None]
    gone += [key for key in state.proposals if renamed(migration.transitions, key) is None]
    gone += [key for key in paused if renamed(migration.pauses, key) is None]
    found = [refusal("process.no_place", part=key) for key in gone]
    if not gone and (len(set(after.active)) < len(after.active) or frozenset(after.active) not in markings(new)):
        found.append(refusal("process.not_together", stages=", ".join(after.active)))
    return [*found, *_misfit_answers(after, new), *_misfit_proposals(after, new), *unled(new, after, after.holders)]


def _misfit_answers(after: State, new: Process) -> Iterator[Reason]:
    for key, value in after.fields.items():
        if new.fields[key].answers and value not in (*new.fields[key].answers, None, ""):
            yield refusal("process.choice_unknown", field=key, value=str(value))


def _misfit_proposals(after: State, new: Process) -> Iterator[Reason]:
    for key in after.proposals:
        step = new.transition(key)
        if step is None or step.approval is None or not set(step.taken) <= set(after.active):
            yield refusal("process.no_place", part=key)


def unled(process: Process, state: State, holders: Holders) -> Iterator[Reason]:
    """Return the leading roles of the open stages that nobody holds."""
    leads = dict.fromkeys(process.stage(key).lead for key in state.active)
    yield from (refusal("process.role_unheld", role=role) for role in leads if role and not holders.get(role))
