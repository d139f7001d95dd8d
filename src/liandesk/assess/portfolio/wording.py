"""Words of the pages of portfolios."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _c

from liandesk.assess.portfolio.plans import EXCLUDED, FREE, LOCKED

PHASES = {
    "": _c("what-if", "waits for the worker"),
    "network": _("loading the supply network"),
    "effects": _("computing what each intervention changes"),
    "choose": _("choosing for each budget"),
    "together": _("computing each choice as a whole"),
}
STATES = {FREE: _("may be chosen"), LOCKED: _("in any case"), EXCLUDED: _("not at all")}
"""What is asked of an intervention before anything is chosen."""
