"""Which people are meant: those who see a case, those of a party, those whom a text names with @."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from liandesk.base.accounts.models import Membership, User
from liandesk.base.accounts.roles import viewer_of
from liandesk.base.work.models import Case, Party
from liandesk.base.work.policies import CASE
from liandesk.base.work.queries import PERSON, one_case

_AT = re.compile(r"(?<![A-Za-z0-9])@(?=\S)")  # not the middle of an address
_LONGEST = 80  # characters of a name
_WORD = re.compile(r"[^\s@,，.。;；:：!！?？、)）]{1,40}")


@dataclass(frozen=True)
class Named:
    """Whom a text names: the people who are told, and the names for which nobody is."""

    told: tuple[User, ...] = ()
    not_told: tuple[str, ...] = ()


def sees(user: User, case: Case) -> bool:
    """Say whether a person sees a case today."""
    return one_case(viewer_of(user), case.pk).exists()


def named_in(text: str, case: Case) -> Named:
    """Return whom a comment on a case names; only people who see the case are told."""
    known = _by_name() if "@" in text else {}
    found = [_meant(text[match.end() : match.end() + _LONGEST], known) for match in _AT.finditer(text)]
    who = {user.pk: user for name, users in found for user in users if len(users) == 1 and sees(user, case)}
    not_told = [name for name, users in found if not {user.pk for user in users} & set(who)]
    return Named(tuple(who.values()), tuple(dict.fromkeys(not_told)))


def _by_name() -> Mapping[str, list[User]]:
    """Return the active people by account and by name in both languages, in small letters."""
    found: dict[str, list[User]] = {}
    for user in User.objects.filter(is_active=True):
        for name in {user.username, user.name_zh, user.name_en} - {""}:
            found.setdefault(name.casefold(), []).append(user)
    return found


def _meant(text: str, known: Mapping[str, list[User]]) -> tuple[str, Sequence[User]]:
    """Return the name at the start of a text and who is called so; the longest name wins, as Chinese has no spaces."""
    small = text.casefold()
    for end in range(len(small), 0, -1):
        cuts_word = end < len(small) and small[end - 1 : end + 1].isascii() and small[end].isalnum()
        if small[:end] in known and not cuts_word:
            return text[:end], known[small[:end]]
    word = _WORD.match(text)
    return (word[0] if word else text[:1]), ()


def people_of(case: Case, parties: Iterable[Party]) -> QuerySet[User]:
    """Return the active people who stand behind parties of a case and see it; of a restricted one those in person."""
    held = list(parties)
    persons = [int(party.scope_id.removeprefix("user:")) for party in held if party.scope_kind == PERSON]
    scopes = [] if case.is_restricted else [_readers(party) for party in held if party.scope_kind != PERSON]
    members = Membership.objects.in_force().filter(reduce(or_, scopes, Q(pk__in=[])))
    return User.objects.filter(Q(pk__in=persons) | Q(pk__in=members.values("user")), is_active=True).order_by("pk")


def _readers(party: Party) -> Q:
    """Return the memberships by whose right an office, a town or an organisation reads the cases it is part of."""
    roles = [role for role, rows in CASE.actions["read"].items() if rows.scope_kind in ("", party.scope_kind)]
    return Q(role__in=roles, scope_kind=party.scope_kind, scope_id=party.scope_id)


def colleagues(case: Case) -> QuerySet[User]:
    """Return the people of a case: those behind its parties and those it names."""
    named = [int(person.removeprefix("user:")) for person in case.named.values_list("person", flat=True)]
    held = people_of(case, case.parties.all()).values("pk")
    return User.objects.filter(Q(pk__in=held) | Q(pk__in=named), is_active=True).order_by("pk")
