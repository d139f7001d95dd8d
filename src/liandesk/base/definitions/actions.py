"""Propose a version, publish it as another person, take a proposal back, take over what the packs ship."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from liandesk.base.accounts.access import check
from liandesk.base.accounts.delegations import are_one
from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.actions import record, record_each
from liandesk.base.clock import now
from liandesk.base.definitions.kinds import kind_of
from liandesk.base.definitions.models import Definition
from liandesk.base.definitions.packs import Shipped, check_body, parse, shipped
from liandesk.base.definitions.policies import DEFINITION
from liandesk.base.definitions.queries import definitions, not_taken_over
from liandesk.base.errors import Conflict, NotAllowed, NotThere, UserError
from liandesk.base.pack import check_services, pack
from liankit.definitions import digest


@transaction.atomic
def propose(*, by: Viewer, kind: str, key: str, text: str, effective_from: date, file: str = "") -> Definition:
    """Write the next version of a definition from its YAML text, for another person to publish."""
    check(by, DEFINITION, "propose")
    name = file or f"{kind}/{key}.yaml"
    body = parse(text, name)
    check_body(kind_of(kind), key, body, name)
    kind_of(kind).check_here(body, name)
    _check_changed(kind, key, body)
    made = _write(kind, key, body, effective_from, by.actor)
    record("definition.propose", "definition", made.pk, by=by, kind=kind, key=key, version=made.version, hash=made.hash)
    return made


@transaction.atomic
def publish(pk: int, *, by: Viewer) -> Definition:
    """Put a proposed version into force from its date; another person than who proposed it."""
    check(by, DEFINITION, "publish")
    found = _proposed(pk, by)
    if are_one(found.proposed_by, by.actor, localdate(found.proposed_at)):
        raise NotAllowed(_("Whoever proposed a version cannot publish it; another person has to."))
    kind_of(found.kind).check_here(found.body, str(found))
    found.published_by, found.published_at = by.actor, now()
    found.save(update_fields=["published_by", "published_at"])
    record("definition.publish", "definition", found.pk, by=by, hash=found.hash)
    return found


@transaction.atomic
def withdraw(pk: int, *, by: Viewer) -> Definition:
    """Take a proposal back, one's own or as somebody who could publish it; its number is not used again."""
    found = _proposed(pk, by)
    check(by, DEFINITION, "propose" if found.proposed_by == by.actor else "publish")
    found.withdrawn_at = now()
    found.save(update_fields=["withdrawn_at"])
    record("definition.withdraw", "definition", found.pk, by=by)
    return found


def take_over_packs(*, by: Viewer) -> int:
    """Publish what the packs ship and the database does not have yet; return how many versions are new."""
    found = shipped()
    check_services(pack(), {one.key for one in found if one.kind.code == "process"})
    return take_over(found, by=by)


@transaction.atomic
def take_over(found: Iterable[Shipped], *, by: Viewer) -> int:
    """Publish the definitions of a pack that the database does not have yet; return how many versions are new.

    A version that officers wrote after the pack's stays: a pack only adds a version when its own content changed.
    """
    missing = not_taken_over(found)
    made = _insert([_shipped_version(one, version, by) for one, version in _numbered(missing)])
    said = [(one.pk, {"pack": one.origin, "hash": one.hash}) for one in made]
    record_each("definition.import", "definition", said, by=by)
    return len(made)


def _numbered(found: Iterable[Shipped]) -> Iterator[tuple[Shipped, int]]:
    """Yield each with the number after the last version that there is."""
    kept = Definition.objects.values_list("kind", "key").annotate(last=Max("version"))
    last = Counter({(kind, key): version for kind, key, version in kept})
    for one in found:
        last[one.kind.code, one.key] += 1
        yield one, last[one.kind.code, one.key]


def _shipped_version(one: Shipped, version: int, by: Viewer) -> Definition:
    at = now()
    return Definition(
        kind=one.kind.code,
        key=one.key,
        version=version,
        body=one.body,
        hash=one.hash,
        effective_from=_SHIPPED_SINCE,
        origin=one.pack,
        proposed_by=f"pack:{one.pack}",
        proposed_at=at,
        published_by=by.actor,
        published_at=at,
    )


_SHIPPED_SINCE = date(2000, 1, 1)
"""What a pack ships is in force from the first; dated parameters inside say more."""


def _check_changed(kind: str, key: str, body: Any) -> None:
    standing = Definition.objects.filter(kind=kind, key=key, withdrawn_at__isnull=True).order_by("-version").first()
    if standing is not None and standing.hash == digest(body):
        raise UserError(_("Version %(version)s says the same. Nothing was written.") % {"version": standing.version})


def _write(kind: str, key: str, body: Any, effective_from: date, actor: str) -> Definition:
    last = Definition.objects.filter(kind=kind, key=key).aggregate(last=Max("version"))["last"] or 0
    made = Definition(
        kind=kind,
        key=key,
        version=last + 1,
        body=body,
        hash=digest(body),
        effective_from=effective_from,
        proposed_by=actor,
        proposed_at=now(),
    )
    return _insert([made])[0]


def _insert(made: list[Definition]) -> list[Definition]:
    try:
        with transaction.atomic():
            return Definition.objects.bulk_create(made)
    except IntegrityError:
        raise Conflict(_("Somebody wrote a version at the same moment. Look at it, then send yours again.")) from None


def _proposed(pk: int, by: Viewer) -> Definition:
    found = definitions(by).select_for_update().filter(pk=pk).first()
    if found is None:
        raise NotThere(_("There is no such version for you."))
    if found.state != "proposed":
        raise Conflict(_("This version is not waiting any more: somebody published it or took it back."))
    return found
