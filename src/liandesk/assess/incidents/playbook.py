"""The playbook of incident rooms: a definition that officers publish as two persons; the pack ships the first one."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Literal

from django.utils.translation import gettext as _now
from django.utils.translation import pgettext_lazy
from pydantic import Field, ValidationError

from liandesk.base.definitions.kinds import KINDS, Kind
from liandesk.base.definitions.queries import in_force
from liandesk.base.errors import UserError
from liandesk.base.pack import pack
from liankit.process.definition import Coded, Part

KIND, KEY = "playbook", "incident"
OWNER, CHAIN_OFFICE = "owner", "chain_office"


class Step(Coded):
    """One task: once a room, or for each affected entry of the playbook's levels; ``causes`` empty: of every event."""

    of: Literal["room", "entry"]
    office: str
    days: int = Field(ge=0, le=365)
    causes: tuple[str, ...] = ()


class MessageText(Part):
    """What an enterprise is told; ``zh`` has places for organisation, event, began, items, answer_by and office."""

    answer_days: int = Field(ge=0, le=90)
    zh: str = Field(min_length=1, max_length=3000)


class Playbook(Coded):
    """Tasks with offices and days, and the message to enterprises."""

    source: str
    levels: tuple[Literal["red", "orange", "yellow", "blue"], ...] = Field(min_length=1)
    steps: tuple[Step, ...] = Field(min_length=1)
    message: MessageText

    def of_room(self, causes: Collection[str]) -> list[Step]:
        """Return the tasks of a room whose events have these causes."""
        return [step for step in self.steps if step.of == "room" and _fits(step, causes)]

    def of_entry(self, causes: Collection[str]) -> list[Step]:
        """Return the tasks of each affected entry."""
        return [step for step in self.steps if step.of == "entry" and _fits(step, causes)]


def _fits(step: Step, causes: Collection[str]) -> bool:
    return not step.causes or not set(step.causes).isdisjoint(causes)


MESSAGE_PLACES = ("organisation", "event", "began", "items", "answer_by", "office")


def register() -> None:
    KINDS[KIND] = Kind(KIND, pgettext_lazy("definition", "Playbook"), "playbooks", build_playbook)


def build_playbook(body: Any, file: str) -> Playbook:
    """Read a playbook from the data of a definition; UserError names the file and the first part that is wrong."""
    try:
        found = Playbook.model_validate(body)
        found.message.zh.format_map(dict.fromkeys(MESSAGE_PLACES, ""))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the whole"
        raise UserError(f"{file}: {place}: {first['msg']}. Mend this part and send it again.") from None
    except (KeyError, ValueError, IndexError) as error:
        valid = ", ".join(MESSAGE_PLACES)
        raise UserError(f"{file}: message.zh: {error} is no place that is filled in. Valid: {valid}.") from None
    _check_offices(found, file)
    return found


def _check_offices(found: Playbook, file: str) -> None:
    known = {office.code for office in pack().offices} | {OWNER, CHAIN_OFFICE}
    for step in found.steps:
        if step.office not in known:
            valid = ", ".join(sorted(known))
            raise UserError(f"{file}: steps.{step.key}.office: there is no office '{step.office}'. Valid: {valid}.")


def playbook() -> Playbook:
    """Return the playbook in force today; UserError where nobody has put any into force."""
    found = in_force(KIND, KEY)
    if found is None:
        raise UserError(_now("No playbook is in force. Take it over: liandesk definitions import."))
    return build_playbook(found.body, str(found))
