"""The backup list as lines: one a backup, and one for whatever has none yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from liandesk.assess.backups.models import Backup, Technology
from liandesk.assess.backups.queries import STANDING, Opened, all_opened, technologies
from liandesk.base.accounts.roles import Viewer
from liankit.risk.readiness import OpenEnds


@dataclass(frozen=True)
class Line:
    """One line: a row of the list and one of its backups (None: it has none), as they stand today."""

    technology: Technology
    survive: OpenEnds
    opened: Opened | None

    @property
    def pk(self) -> int:
        return self.technology.pk

    @property
    def backup(self) -> Backup | None:
        return self.opened.backup if self.opened else None

    @property
    def is_backed(self) -> bool:
        return self.opened is not None

    @property
    def readiness(self) -> OpenEnds:
        return (self.opened.readiness.low, self.opened.readiness.high) if self.opened else (None, None)

    @property
    def switch(self) -> OpenEnds:
        return self.opened.switch if self.opened else (None, None)

    @property
    def in_time(self) -> bool | None:
        return self.opened.in_time.holds if self.opened else None

    @property
    def drill(self) -> str:
        """Say how the next drill stands; nothing where there is no backup to drill."""
        if self.backup is None or self.opened is None:
            return ""
        if self.opened.is_overdue:
            return "overdue"
        return "planned" if self.backup.next_drill else "none"

    @property
    def is_synthetic(self) -> bool:
        return self.technology.is_synthetic or (self.backup is not None and self.backup.is_synthetic)


def lines(viewer: Viewer) -> list[Line]:
    """Return the lines of the standing list that the viewer may see, by name."""
    return lines_of(technologies(viewer).filter(state=STANDING))


def lines_of(rows: QuerySet[Technology] | Iterable[Technology]) -> list[Line]:
    """Return the lines of some rows."""
    return [Line(row, survive, one) for row, survive, held in all_opened(rows) for one in held or _NO_BACKUP]


_NO_BACKUP: tuple[Opened | None, ...] = (None,)
