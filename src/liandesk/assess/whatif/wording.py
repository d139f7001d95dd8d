"""Words of the pages of what-ifs."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _c

STATES = {
    "queued": _c("what-if", "waits for the worker"),
    "running": _c("what-if", "is being computed"),
    "done": _c("what-if", "answered"),
    "failed": _c("what-if", "failed"),
    "cancelled": _c("what-if", "cancelled"),
}
PHASES = {
    "": _c("what-if", "waits for the worker"),
    "network": _("loading the supply network"),
    "cascade": _("following the losses"),
    "write": _("writing the answer"),
}
VERDICTS = {"stops": _("stops"), "may_stop": _("may stop"), "loses_part": _("loses part of it")}
"""What lacking an input comes to: no other source, none that is known, a source that remains."""
LEGEND = [("is-asserted", _("a loss that is sure")), ("is-inferred", _("a loss that is possible"))]
"""What the lines of the picture say."""
