"""Words of the pages of incident rooms."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from liandesk.assess.whatif.wording import VERDICTS

__all__ = ["LEGEND", "VERDICTS"]

LEGEND = [("is-asserted", _("stops for sure")), ("is-inferred", _("may stop, or loses a part"))]
"""What the lines of the picture say."""
