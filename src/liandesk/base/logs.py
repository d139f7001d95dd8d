"""Structured logs: one JSON object a line on standard error, with ids and figures and no personal data."""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime

_logger = logging.getLogger("liandesk.phase")

_PLAIN = set(logging.LogRecord("", 0, "", 0, "", (), None).__dict__) | {"message", "asctime", "request"}
_SECRET_PATH = re.compile(r"(/sign-in/)[\w-]+")  # a link that was refused may still sign in


class JsonFormatter(logging.Formatter):
    """Render a record with its ``extra`` fields as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _SECRET_PATH.sub(r"\1…", record.getMessage()),
        }
        line |= {name: value for name, value in record.__dict__.items() if name not in _PLAIN}
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def phase(name: str, **fields: object) -> None:
    """Log that a phase of long work begins; the name of one that writes begins with "write"."""
    _logger.info(name, extra=fields)
