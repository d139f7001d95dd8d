"""Which transfers count as projects that brought a result to market: by one of three proofs, and an achievement once.

A transfer counts once it is implemented in the district, which its process takes one of three proofs and two persons
for. Of several transfers of one achievement the first that was implemented counts; if it falls away, the next does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from liandesk.act.transfers.models import ContractKind, Proof, Stage, Transfer, Verdict
from liandesk.base.pack import pack

NEVER = frozenset({ContractKind.CONSULTING, ContractKind.SERVICE})
_ENDED = frozenset({Stage.REFUSED_BY_SUPPLY, Stage.REFUSED_BY_DEMAND, Stage.LAPSED})


def identity(number: str, title: str, owner: str) -> str:
    """Return what makes transfers be of one achievement: its number, else its title with its owner; "" for neither.

    >>> identity("ZL 2020 1 0123456.7", "", "O-1") == identity("cn202010123456.7", "x", "O-2")
    True
    """
    if plain := re.sub(r"^(ZL|CN)(?=\d)", "", _plain(number)):
        return f"number:{plain}"
    return f"title:{_plain(title)}|{owner}" if _plain(title) else ""


def _plain(text: str) -> str:
    """Return letters and digits alone, in capitals, of one width."""
    return "".join(one for one in unicodedata.normalize("NFKC", text).upper() if one.isalnum())


def is_here(code: str) -> bool:
    """Say whether a GB code of a place lies in the district of the pack."""
    return code.startswith(pack().district.code)


def alone(found: Transfer) -> Verdict:
    """Return whether a transfer counts, were it the only one of its achievement."""
    if found.stage != Stage.IMPLEMENTED:
        return Verdict.ENDED_OTHERWISE if found.stage in _ENDED else Verdict.UNDER_WAY
    if found.contract_kind in NEVER:
        return Verdict.CONTRACT_KIND
    if found.proof == Proof.CONTRACT and not found.registration_number:
        return Verdict.NO_REGISTRATION
    return Verdict.COUNTED if is_here(found.landed_at) else Verdict.ELSEWHERE


def recount(achievements: Collection[str]) -> None:
    """Decide anew which transfer of each achievement counts, from all of them. Inside a transaction."""
    rows = Transfer.objects.select_for_update().filter(achievement__in=achievements)
    changed, first = [], dict[str, Transfer]()
    for one in rows.order_by("implemented_on", "case_id"):
        one.verdict, one.counted_on, one.counted_by = alone(one), None, None
        if one.verdict == Verdict.COUNTED and first.setdefault(one.achievement, one) is not one:
            one.verdict, one.counted_by = Verdict.SAME_ACHIEVEMENT, first[one.achievement]
        elif one.verdict == Verdict.COUNTED:
            one.counted_on = one.implemented_on
        changed.append(one)
    changed.sort(key=lambda one: one.verdict == Verdict.COUNTED)  # one falls away before the next counts
    for one in changed:
        one.save(update_fields=["verdict", "counted_on", "counted_by"])
