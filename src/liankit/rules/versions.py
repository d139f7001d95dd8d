"""Which version of the rules for a title governs an application of a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from liankit.rules.scheme import Scheme


def governing(schemes: Iterable[Scheme], grants: str, application: str, on: date) -> Scheme | None:
    """Return the scheme that governs an application (new, recheck) for a title on a day; None where none does.

    Of several, the one that began last governs.
    """
    found = [one for one in schemes if one.grants == grants and one.governs(application, on)]
    return max(found, key=lambda one: _since(one, application, on), default=None)


def in_force(schemes: Iterable[Scheme], application: str, on: date) -> list[Scheme]:
    """Return the schemes that govern an application on a day, one a title, in the order given."""
    schemes = [one for one in schemes if one.governs(application, on)]
    return [one for one in schemes if governing(schemes, one.grants, application, on) is one]


def _since(scheme: Scheme, application: str, on: date) -> date:
    return max(one.start or date.min for one in scheme.applies if one.holds(application, on))
