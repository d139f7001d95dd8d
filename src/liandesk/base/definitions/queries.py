"""Read definitions: the version in force on a day, all versions, what one changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from liandesk.base.accounts.access import visibility
from liandesk.base.accounts.roles import Viewer
from liandesk.base.clock import today
from liandesk.base.definitions.models import Definition
from liandesk.base.definitions.packs import Shipped
from liandesk.base.definitions.policies import DEFINITION
from liankit.definitions import Difference, differences


def definitions(viewer: Viewer) -> QuerySet[Definition]:
    """Return every version that the viewer may see."""
    return Definition.objects.filter(visibility(viewer, DEFINITION).as_q())


def in_force(kind: str, key: str, on: date | None = None) -> Definition | None:
    """Return the published version in force on a day (today where none is given); for the programs that apply it."""
    found = Definition.objects.filter(kind=kind, key=key, published_at__isnull=False)
    return found.filter(effective_from__lte=on or today()).order_by("-effective_from", "-version").first()


def all_in_force() -> list[Definition]:
    """Return what is in force today, by kind and key."""
    found = Definition.objects.filter(published_at__isnull=False, effective_from__lte=today())
    later_wins = found.order_by("kind", "key", "effective_from", "version")
    return list({(one.kind, one.key): one for one in later_wins}.values())


def hashes_in_force(kind: str, on: date | None = None) -> dict[str, str]:
    """Return the hash of what is in force on a day (today where none is given) of a kind, by key.

    What has a hash never changes: programs build each once.
    """
    found = Definition.objects.filter(kind=kind, published_at__isnull=False, effective_from__lte=on or today())
    return dict(found.order_by("key", "effective_from", "version").values_list("key", "hash"))


def with_hash(kind: str, found: str) -> Definition:
    """Return a version of a kind by the hash of its body."""
    return Definition.objects.filter(kind=kind, hash=found)[0]


def not_taken_over(found: Iterable[Shipped]) -> list[Shipped]:
    """Return what of a pack the database has in no version; for the programs that need it."""
    here = set(Definition.objects.values_list("kind", "key", "hash"))
    return [one for one in found if (one.kind.code, one.key, one.hash) not in here]


def latest(viewer: Viewer) -> list[Definition]:
    """Return the newest version of each definition, taken back or not."""
    newest: dict[tuple[str, str], Definition] = {}
    for found in definitions(viewer).order_by("kind", "key", "-version"):
        newest.setdefault((found.kind, found.key), found)
    return list(newest.values())


def versions(viewer: Viewer, kind: str, key: str) -> list[Definition]:
    """Return the versions of one definition, newest first."""
    return list(definitions(viewer).filter(kind=kind, key=key).order_by("-version"))


def changes(viewer: Viewer, found: Definition) -> list[Difference]:
    """Return what a version changed of the one before it; nothing for the first."""
    before = previous(viewer, found)
    return differences(before.body, found.body) if before else []


def previous(viewer: Viewer, found: Definition) -> Definition | None:
    """Return the version before one, published or not; None for the first."""
    before = definitions(viewer).filter(kind=found.kind, key=found.key, version__lt=found.version)
    return before.order_by("-version").first()


def waiting_for(viewer: Viewer) -> QuerySet[Definition]:
    """Return the proposals that this viewer may publish: none of their own."""
    seen = Definition.objects.filter(visibility(viewer, DEFINITION, "publish").as_q())
    return seen.filter(published_at__isnull=True, withdrawn_at__isnull=True).exclude(proposed_by=viewer.actor)
