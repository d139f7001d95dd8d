"""Lines of the listing library of the two marked enterprises, each marked as a target of a merger."""

from __future__ import annotations

from collections.abc import Mapping

from liandesk.assess.listing.models import Merger, Prospect
from liandesk.know.registry.models import Organisation


def marked_prospects(ids: Mapping[str, str]) -> dict[str, str]:
    """Make the lines; return the marks of why, by the part of the district they are of."""
    for part in ("One", "Two"):
        found = Organisation.objects.get(pk=ids[part])
        Prospect.objects.create(
            organisation=found.pk,
            name=found.name,
            town=found.town,
            merger=Merger.TARGET,
            merger_reason=f"MarkMerger{part}",
        )
    return {part: f"MarkMerger{part}" for part in ("One", "Two")}
