"""The kind ``policy``: clauses that say who is entitled to what."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from django.utils.translation import pgettext_lazy

from liandesk.assess.rules.definitions import QUANTITIES, vocabulary
from liandesk.base.definitions.kinds import KINDS, SHIPPED_CHECKS, Kind
from liandesk.base.definitions.queries import hashes_in_force, with_hash
from liankit.rules.benefits import Policy
from liankit.rules.policy_check import build_policy, check_together

POLICY = "policy"


def register() -> None:
    KINDS[POLICY] = Kind(POLICY, pgettext_lazy("definition", "Policy"), "policies", build_policy, _check_here)
    SHIPPED_CHECKS.append(_check_shipped)


def policies_on(on: date | None = None) -> tuple[Policy, ...]:
    """Return the policies in force on a day (today where none is given), by key."""
    return tuple(built(found) for _key, found in sorted(hashes_in_force(POLICY, on).items()))


def hashes(on: date | None = None) -> tuple[tuple[str, str], ...]:
    """Return the keys and hashes of the policies, and of the words they are in, for the key of what is computed."""
    return tuple(pair for kind in (POLICY, QUANTITIES) for pair in sorted(hashes_in_force(kind, on).items()))


@lru_cache(maxsize=1024)
def built(digest: str) -> Policy:
    """Return the policy of a version by the hash of its body, which never changes."""
    found = with_hash(POLICY, digest)
    return build_policy(found.body, str(found))


def checked(body: Any, file: str) -> Policy:
    """Return the policy of a body; raise DefinitionError with every mistake, those among the policies here too."""
    found = build_policy(body, file, vocabulary())
    check_together([*(one for one in policies_on() if one.key != found.key), found], file)
    return found


def _check_here(body: Any, file: str) -> None:
    checked(body, file)


def _check_shipped(bodies: Mapping[str, Mapping[str, Any]]) -> None:
    check_together([build_policy(body, key) for key, body in bodies.get(POLICY, {}).items()], "policies")
