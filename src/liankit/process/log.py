"""The log of a case as text: one event a line, in JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from pydantic import AwareDatetime, Field, ValidationError

from liankit.errors import UserError
from liankit.process.definition import Part
from liankit.process.state import Event, EventKind


class Line(Part):
    """One event as it is written; what is empty may be left out."""

    number: int = Field(ge=1)
    kind: EventKind
    actor: str
    at: AwareDatetime
    name: str = ""
    data: Mapping[str, Any] = Field(default_factory=dict)
    reason: str = ""
    holders: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    on_behalf_of: tuple[str, ...] = ()


def read_log(text: str, file: str) -> list[Event]:
    """Return the events of a text with one JSON object a line; UserError names file, line and mistake."""
    return [_event(line, f"{file}, line {n}") for n, line in enumerate(text.splitlines(), start=1) if line.strip()]


def _event(text: str, place: str) -> Event:
    try:
        line = Line.model_validate_json(text)
        data = dict(line.data)
        if line.kind == "correct" and "at" in data:
            data["at"] = datetime.fromisoformat(data["at"])
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the line"
        raise UserError(f"{place}: {where}: {first['msg']}. Mend the line; nothing was computed.") from None
    except (TypeError, ValueError) as error:
        raise UserError(f"{place}: data.at: {error}. Write a time with its zone, as 2024-09-02T09:00+08:00.") from None
    return Event(**{**dict(line), "data": data})


def write_log(events: Iterable[Event]) -> str:
    """Return events as ``read_log`` reads them."""
    return "".join(f"{json.dumps(_row(event), ensure_ascii=False)}\n" for event in events)


def _row(event: Event) -> dict[str, Any]:
    said = {key: value.isoformat() if isinstance(value, datetime) else value for key, value in event.data.items()}
    line = Line.model_validate({**vars(event), "data": said})
    return line.model_dump(mode="json", exclude_defaults=True)
