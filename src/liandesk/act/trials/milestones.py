"""The milestones of a start-up in their order: by which steps each is reached, and by which step from which stage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

PROCESS = "trial_startup"


@dataclass(frozen=True)
class Way:
    """The step that reaches a milestone from a stage, with the answer and reason it is taken with if all goes well."""

    step: str
    answer: tuple[str, str] | None = None  # field and value
    reason: str = ""


@dataclass(frozen=True)
class Milestone:
    """One milestone; ``name`` is its column, ``ways`` by stage how it is reached, ``others`` steps that close it."""

    name: str
    ways: Mapping[str, Sequence[Way]]
    others: tuple[str, ...] = ()

    @property
    def steps(self) -> frozenset[str]:
        return frozenset((*(way.step for ways in self.ways.values() for way in ways), *self.others))


_CLEARED = ("authority_result", "cleared")
MILESTONES = (
    Milestone("accepted_on", {"feasibility": [Way("accept_application")]}),
    Milestone("institution_on", {"institution": [Way("decide_institution", ("institution_result", "agreed"))]}),
    Milestone("ethics_accepted_on", {"ethics": [Way("accept_at_ethics")]}),
    Milestone("ethics_on", {"ethics_review": [Way("decide_ethics", ("ethics_result", "agreed"))]}, ("drop_ethics",)),
    Milestone("contract_on", {"contract": [Way("close_contract", ("contract_result", "signed"))]}),
    Milestone("genetic_asked_on", {"genetic": [Way("ask_permit")]}),
    Milestone(
        "genetic_on",
        {
            "genetic": [Way("settle_genetic")],  # the answer is what the sheet says of the way
            "genetic_review": [Way("decide_permit", ("genetic_result", "permitted"))],
        },
    ),
    Milestone("submitted_on", {"authority": [Way("submit_ind_60"), Way("submit_ind_30"), Way("submit_device")]}),
    Milestone(
        "authority_on",
        {
            "authority": [Way("file", _CLEARED), Way("note_not_needed", ("authority_result", "not_needed"))],
            "ind_60_review": [Way("decide_ind_60", _CLEARED)],
            "ind_30_review": [Way("decide_ind_30", _CLEARED)],
            "turned_review": [Way("decide_turned", _CLEARED)],
            "device_review": [Way("decide_device", _CLEARED)],
        },
        ("drop_submission",),
    ),
    Milestone("initiated_on", {"initiation": [Way("initiate")]}),
    Milestone("first_patient_on", {"initiated": [Way("enrol_first", reason="enrolled")]}),
)
CLOSED = ("institution_closed", "ethics_closed", "contract_closed", "genetic_closed", "authority_closed")
"""The stages of the five branches that wait for each other."""
ENDS = {
    "feasibility": "end_at_feasibility",
    "initiation": "end_before_initiation",
    "initiated": "end_without_patient",
}
"""By stage: the step that ends a start-up outside the branches."""
_BROKEN = "broken_off"
BREAKS: Mapping[str, Sequence[Way]] = {
    "institution": [Way("decide_institution", ("institution_result", _BROKEN))],
    "ethics": [Way("drop_ethics", ("ethics_result", _BROKEN))],
    "ethics_review": [Way("decide_ethics", ("ethics_result", _BROKEN))],
    "contract": [Way("close_contract", ("contract_result", _BROKEN))],
    "genetic": [Way("settle_genetic", ("genetic_result", _BROKEN))],
    "genetic_review": [Way("decide_permit", ("genetic_result", _BROKEN))],
    "authority": [Way(step, ("authority_result", _BROKEN)) for step in ("file", "note_not_needed", "drop_submission")],
    **{
        f"{kind}_review": [Way(f"decide_{kind}", ("authority_result", _BROKEN))]
        for kind in ("ind_60", "ind_30", "turned", "device")
    },
}
"""By stage of a branch: the step that closes it when the start-up is given up."""
REFUSED = {
    "institution_refused": ("institution",),
    "ethics_refused": ("ethics_review",),
    "genetic_refused": ("genetic_review",),
    "authority_refused": ("ind_60_review", "ind_30_review", "turned_review", "device_review"),
}
"""By reason of the end: the stages whose branch is closed as refused instead."""
WAITS_FOR_REVIEW = frozenset({"institution", "genetic_review", *(stage for stage in BREAKS if "ethics" in stage)}) | {
    "ind_60_review",
    "ind_30_review",
    "turned_review",
    "device_review",
}
"""The stages in which somebody else than the parties has to decide."""
