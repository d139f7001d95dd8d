"""Read a policy and say everything that is wrong with it: file, key, what, and the nearest valid name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from liankit.process.check import DefinitionError, Fault, build_part, doubled, unknown
from liankit.rules.benefits import Policy, PolicyClause, Window, bounds_of, quantities_of
from liankit.rules.scheme import Bound, Compare, Parameter, Scheme, Score, nodes_of, quantities_in
from liankit.rules.vocabulary import Vocabulary


def build_policy(body: Any, file: str, vocabulary: Vocabulary | None = None) -> Policy:
    """Return the policy of a parsed body; raise DefinitionError with every mistake.

    With a vocabulary, every quantity has to be one of it. ``file`` is only named in messages.
    """
    policy = build_part(Policy, body, file)
    faults = [*_doubled(policy), *_names(policy), *_incomplete(policy)]
    if vocabulary is not None:
        faults += _unknown_quantities(policy, vocabulary.names)
    if faults:
        raise DefinitionError(file, faults)
    return policy


def check_together(policies: Sequence[Policy], file: str) -> None:
    """Raise DefinitionError where a group joins a clause that no policy has, or that stands in another group."""
    clauses = [f"{one.key}.{clause.key}" for one in policies for clause in one.clauses]
    own = {f"{one.key}.{clause.key}" for one in policies for clause in one.clauses if clause.group}
    joined = Counter(name for one in policies for group in one.groups for name in group.joins)
    faults: list[Fault] = []
    for one in policies:
        for group in one.groups:
            place = f"{one.key}.groups.{group.key}.joins"
            faults += unknown(place, list(group.joins), clauses, "clause")
            several = [name for name in group.joins if name in own or joined[name] > 1]
            faults += [Fault(place, f"'{name}' stands in another group. Take it out of one.") for name in several]
    if faults:
        raise DefinitionError(file, faults)


def needed_by(policy: Policy, clause: PolicyClause) -> frozenset[str]:
    """Return the quantities that entitlement to a clause, and its amount, rest on."""
    return frozenset([*quantities_in(policy.scheme(clause)), *quantities_of(clause.benefit)])


def _doubled(policy: Policy) -> Iterator[Fault]:
    groups: dict[str, Iterable[str]] = {
        "clauses": (one.key for one in policy.clauses),
        "groups": (one.key for one in policy.groups),
        "parameters": (one.key for one in policy.parameters),
    }
    return doubled(groups)


def _names(policy: Policy) -> Iterator[Fault]:
    """Groups and parameters that are named have to be there, and numbers of benefits in force all the time."""
    parameters = {one.key: one for one in policy.parameters}
    groups = [one.key for one in policy.groups]
    for clause in policy.clauses:
        place = f"clauses.{clause.key}"
        yield from unknown(f"{place}.group", [clause.group] if clause.group else [], groups, "group")
        yield from _parameters(place, [*bounds_of(clause), *_compared(policy.scheme(clause))], list(parameters))
        for bound in bounds_of(clause):
            if isinstance(bound, str) and bound in parameters:
                yield from _gap(place, parameters[bound], policy.period)
    of_budget = [policy.budget.amount_cny] if policy.budget else []
    yield from _parameters("groups", [*of_budget, *(one.most_cny for one in policy.groups)], list(parameters))


def _parameters(place: str, bounds: Iterable[Bound | None], known: list[str]) -> Iterator[Fault]:
    yield from unknown(place, sorted({one for one in bounds if isinstance(one, str)}), known, "parameter")


def _compared(scheme: Scheme) -> Iterator[Bound | None]:
    for node in nodes_of(scheme):
        if isinstance(node, Compare):
            yield from (node.at_least, node.more_than, node.at_most, node.less_than)
        elif isinstance(node, Score):
            yield from (node.at_least, *node.parts_at_least.values())


def _gap(place: str, parameter: Parameter, period: Window) -> Iterator[Fault]:
    """Say from which day an amount has no value while the policy is in force."""
    edges = [one.until + timedelta(days=1) for one in parameter.values if one.until]
    for day in [*([period.start] if period.start else []), *edges]:
        if period.holds(day) and parameter.on(day) is None:
            said = f"the parameter '{parameter.key}' has no value from {day} on. Add one, or end the policy before."
            yield Fault(place, said)


def _incomplete(policy: Policy) -> Iterator[Fault]:
    for group in policy.groups:
        if (group.rule == "cap") != (group.most_cny is not None):
            yield Fault(f"groups.{group.key}", "exactly a group of rule 'cap' has most_cny.")
    for clause in policy.clauses:
        if clause.review.result != "not_done" and not (clause.review.on and clause.review.document):
            said = "a fair-competition review that was done has a day (on) and a paper (document)."
            yield Fault(f"clauses.{clause.key}.review", said)


def _unknown_quantities(policy: Policy, known: Collection[str]) -> list[Fault]:
    return [
        fault
        for clause in policy.clauses
        for fault in unknown(f"clauses.{clause.key}", sorted(needed_by(policy, clause)), list(known), "quantity")
    ]
