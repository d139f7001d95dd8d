"""What may go wrong with the registry that a person can mend."""

from __future__ import annotations

from liandesk.base.errors import UserError


class NotThere(UserError):
    """No such organisation, pair or judgement, or not for this viewer: the answer is the same for both."""

    status = 404
