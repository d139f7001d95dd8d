"""What can be done next: each step from where a case stands, open or with what is still missing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from liankit.process.definition import Process, Transition
from liankit.process.refusals import barred, gate
from liankit.process.state import Proposal, State
from liankit.reasons import Reason


@dataclass(frozen=True)
class NextAction:
    """One step: who may take it, what is missing, and the proposal that waits for a second person.

    ``barred`` are the persons who may not take it, or not agree to it, because of what they did before.
    """

    transition: Transition
    roles: tuple[str, ...]
    missing: tuple[Reason, ...]
    proposal: Proposal | None = None
    barred: frozenset[str] = frozenset()

    @property
    def is_open(self) -> bool:
        return not self.missing

    def is_for(self, roles: Collection[str]) -> bool:
        """Say whether somebody with these roles may take it, or answer what is proposed."""
        return not set(roles).isdisjoint(self.roles)


def next_actions(process: Process, state: State) -> tuple[NextAction, ...]:
    """Return the steps that leave a stage the case is in, in the order of the definition; none once it has ended."""
    if state.opened is None or state.ended:
        return ()
    near = (step for step in process.transitions if not set(step.taken).isdisjoint(state.active))
    return tuple(_action(process, state, step) for step in near)


def _action(process: Process, state: State, step: Transition) -> NextAction:
    proposal = state.proposals.get(step.key)
    roles = (step.approval.role,) if proposal and step.approval else process.roles_of(step)
    closed_to = barred(state, step) | (proposal.persons if proposal else frozenset())
    return NextAction(step, roles, tuple(gate(state, step)), proposal, closed_to)
