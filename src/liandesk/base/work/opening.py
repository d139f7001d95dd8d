"""Who may open a case of which process, and who then holds which role.

A process names the roles that whoever opens it holds (``opens_as``) and what may hold each role (``held_by``). The
opener holds one of these roles with scopes of their own; an enterprise or hospital names nobody else's organisation
and no other person. A role with a ``default`` goes to the chain office where nobody is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _

from liandesk.base.accounts.access import can
from liandesk.base.accounts.queries import names_of, scope_name
from liandesk.base.accounts.roles import Role, ScopeKind, Viewer
from liandesk.base.definitions.models import Definition
from liandesk.base.errors import NotAllowed, UserError
from liandesk.base.pack import pack
from liandesk.base.work.policies import CASE, OFFICIALS
from liandesk.base.work.queries import PERSON, in_force_today, process_of, scopes_of
from liandesk.base.work.wording import said
from liankit.errors import nearest
from liankit.process import Process

Holders = dict[str, tuple[str, ...]]


def opening_scopes(viewer: Viewer) -> frozenset[tuple[str, str]]:
    """Return the scopes that a viewer may open a case for; the chain office keeps what the chain chief opens."""
    scopes = scopes_of(viewer)
    if Role.CHAIN_CHIEF in viewer.roles:
        scopes |= {(str(ScopeKind.OFFICE), pack().chain_office)}
    if viewer.roles.isdisjoint(OFFICIALS):
        scopes = frozenset(scope for scope in scopes if scope[0] != PERSON)
    return scopes


def opening_roles(viewer: Viewer, process: Process) -> tuple[str, ...]:
    """Return the roles that the viewer can hold when they open a case of a process; none: they may not open it."""
    if not can(viewer, CASE, "open"):
        return ()
    kinds = {kind for kind, _id in opening_scopes(viewer)}
    roles = {role.key: role for role in process.roles}
    return tuple(key for key in process.opens_as if not kinds.isdisjoint(roles[key].held_by))


def openable(viewer: Viewer) -> list[tuple[Definition, Process]]:
    """Return the processes in force that the viewer may open a case of, by their titles."""
    processes = [(definition, process_of(definition)) for definition in in_force_today().values()]
    may = [pair for pair in processes if opening_roles(viewer, pair[1])]
    return sorted(may, key=lambda pair: said(pair[1].title))


def may_open(viewer: Viewer, process: str) -> bool:
    """Say whether the viewer may open a case of a process, by its key."""
    definition = in_force_today().get(process)
    return definition is not None and bool(opening_roles(viewer, process_of(definition)))


def check_opener(process: Process, holders: Holders, by: Viewer) -> None:
    """Raise NotAllowed unless the opener holds a role that this process gives whoever opens it."""
    own = {f"{kind}:{scope_id}" for kind, scope_id in opening_scopes(by)}
    if not any(holders.get(role) and own.issuperset(holders[role]) for role in opening_roles(by, process)):
        raise NotAllowed(_("You may not open '%(title)s' for those named.") % {"title": said(process.title)})
    if by.roles.isdisjoint(OFFICIALS):
        foreign = [h for held in holders.values() for h in held if _is_private(h) and h not in own]
        if foreign:
            raise NotAllowed(_("You open a case for your own organisation only."))


def _is_private(holder: str) -> bool:
    return holder.partition(":")[0] in (ScopeKind.ORGANISATION, PERSON)


def holders_of(process: Process, parties: Iterable[tuple[str, str, str]]) -> Holders:
    """Return who holds which role, from (role, kind of scope, id) and the defaults of the process; checked."""
    holders: Holders = {}
    for role, kind, scope_id in parties:
        holder = f"{kind}:{scope_id}"
        holders[role] = (*(held for held in holders.get(role, ()) if held != holder), holder)
    for part in process.roles:
        if part.default and part.key not in holders:
            holders[part.key] = (f"{ScopeKind.OFFICE}:{pack().chain_office}",)
    check_holders(process, holders)
    missing = [role for role in process.held_at_opening if not holders.get(role)]
    if missing:
        raise UserError(_("Nobody is named for the role '%(role)s'.") % {"role": min(missing)})
    return holders


def check_holders(process: Process, holders: Mapping[str, Sequence[str]]) -> None:
    """Raise UserError for a role that the process lacks, for a holder of another kind, for one that does not exist."""
    roles = {role.key: role for role in process.roles}
    for key, held in holders.items():
        if key not in roles:
            raise UserError(_("The process has no role '%(role)s'.") % {"role": key} + nearest(key, roles))
        for holder in held:
            _check_holder(said(roles[key].title), roles[key].held_by, holder)


def _check_holder(role: str, kinds: Sequence[str], holder: str) -> None:
    kind, _colon, scope_id = holder.partition(":")
    if kind not in kinds:
        named = {"role": role, "kinds": ", ".join(map(_kind_name, kinds)), "kind": _kind_name(kind)}
        raise UserError(_("The role '%(role)s' is held by %(kinds)s, not by %(kind)s.") % named)
    if not _exists(kind, scope_id):
        named = {"role": role, "holder": holder}
        raise UserError(_("Nobody is known as '%(holder)s' for the role '%(role)s'.") % named)


def _kind_name(kind: str) -> str:
    return str(ScopeKind(kind).label) if kind in ScopeKind.values else _("Person")


def _exists(kind: str, scope_id: str) -> bool:
    """Say whether a holder is known: a person by the account, another scope by its name."""
    if kind == PERSON:
        return scope_id in names_of([scope_id])
    return scope_name(kind, scope_id) != scope_id
