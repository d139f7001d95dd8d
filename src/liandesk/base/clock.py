"""The one ``today()`` and the one ``now()``; nothing else asks the machine for the date.

``today()`` is the business date: ``LIANDESK_TODAY``, or the file ``today`` of the home folder (the demo pins its
date there), or the calendar's date in the district's time zone. ``now()`` is when something was recorded: always real.
"""

from __future__ import annotations

import os
from datetime import date, datetime

from django.utils import timezone

from liandesk.base.home import home


def now() -> datetime:
    """Return the real time, aware, for what is recorded."""
    return timezone.now()


def today() -> date:
    """Return the business date."""
    return pinned_today() or timezone.localdate()


def business_now() -> datetime:
    """Return when something happens in the district's business: the real time of day on the business date."""
    return timezone.localtime().replace(year=(day := today()).year, month=day.month, day=day.day)


def pinned_today() -> date | None:
    """Return the date the installation is pinned to, or None when it follows the calendar."""
    text = os.environ.get("LIANDESK_TODAY") or _pinned_in_home()
    return date.fromisoformat(text) if text else None


def pin_today(day: date) -> None:
    """Pin this home to a business date (the demo's plan has ended; its year is kept)."""
    (home() / "today").write_text(day.isoformat())


def _pinned_in_home() -> str:
    path = home() / "today"
    return path.read_text().strip() if path.exists() else ""
