"""The one root exception of liankit, with the branch that faces print without a traceback."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class LiankitError(Exception):
    """Root of everything liankit raises on purpose."""


class UserError(LiankitError):
    """Something the user can mend: says what, where, why and what to do; faces print it and no traceback."""

    exit_code = 2


def nearest(name: str, valid: Iterable[str]) -> str:
    """Return " Did you mean 'x'?" for the valid name nearest to ``name``, or an empty string.

    >>> nearest("suplier", ["supplier", "buyer"])
    " Did you mean 'supplier'?"
    """
    close = difflib.get_close_matches(name, list(valid), n=1)
    return f" Did you mean '{close[0]}'?" if close else ""
