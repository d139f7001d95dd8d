"""The fixed cast of the demo and of the tests: who they are, and which of the pack's places they stand for.

Offices and towns come from the pack in its order; organisations have permanent ids that only the registry
knows, so they are given to ``actions.make_cast``. Nobody of the cast has a password: they sign in by links.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from liandesk.base.accounts.roles import Grant, Role, ScopeKind
from liandesk.base.pack import Pack


@dataclass(frozen=True)
class Member:
    """One of the cast; ``role`` is empty for the outsider, who has an account and no right."""

    name: str
    name_zh: str
    name_en: str
    role: str = ""


CAST = (
    Member("ChainChief", "链长", "Chain chief", Role.CHAIN_CHIEF),
    Member("ChainOffice", "链长办专员", "Chain office clerk", Role.CHAIN_OFFICE),
    Member("Officer", "部门专员", "Bureau officer", Role.OFFICER),
    Member("TownOfficer", "镇街专员", "Town officer", Role.TOWN_OFFICER),
    Member("OtherTown", "另一镇街专员", "Officer of another town", Role.TOWN_OFFICER),
    Member("Enterprise", "企业联系人", "Enterprise contact", Role.ENTERPRISE),
    Member("OtherEnterprise", "另一企业联系人", "Contact of another enterprise", Role.ENTERPRISE),
    Member("Hospital", "医院联系人", "Hospital contact", Role.HOSPITAL),
    Member("OtherHospital", "另一医院联系人", "Contact of another hospital", Role.HOSPITAL),
    Member("Bank", "银行客户经理", "Bank manager", Role.BANK),
    Member("Expert", "评审专家", "Review expert", Role.EXPERT),
    Member("Auditor", "审计员", "Auditor", Role.AUDITOR),
    Member("Operator", "运维员", "Operator", Role.OPERATOR),
    Member("Outsider", "局外人", "Outsider"),
)

NAMES = tuple(member.name for member in CAST)
ORGANISATION_MEMBERS = tuple(m.name for m in CAST if m.role in (Role.ENTERPRISE, Role.HOSPITAL))


def grant_of(member: Member, pack: Pack, organisations: Mapping[str, str]) -> Grant | None:
    """Return the grant of one member in this pack; None without a role, or without a known organisation."""
    if member.name in ORGANISATION_MEMBERS:
        identifier = organisations.get(member.name)
        return Grant(member.role, ScopeKind.ORGANISATION, identifier) if identifier else None
    if not member.role:
        return None
    kind, scope = _place_of(member, pack)
    return Grant(member.role, kind, scope)


def _place_of(member: Member, pack: Pack) -> tuple[str, str]:
    places = {
        "ChainOffice": (ScopeKind.OFFICE, pack.chain_office),
        "Officer": (ScopeKind.OFFICE, officers_office(pack)),
        "TownOfficer": (ScopeKind.TOWN, pack.towns[0].code),
        "OtherTown": (ScopeKind.TOWN, pack.towns[1].code),
    }
    return places.get(member.name, (ScopeKind.DISTRICT, pack.district.code))


def officers_office(pack: Pack) -> str:
    """Return the first office, not the chain office, that answers for items: its officer has work."""
    owners = {kind.owner for kind in pack.item_kinds}
    others = [office.code for office in pack.offices if office.code != pack.chain_office]
    return next((code for code in others if code in owners), others[0])
