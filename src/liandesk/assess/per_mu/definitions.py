"""The kind ``per_mu``: a county's method of judging land by its yield."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import pgettext_lazy

from liandesk.assess.rules.definitions import vocabulary
from liandesk.base.definitions.kinds import KINDS, Kind
from liandesk.base.definitions.queries import hashes_in_force, with_hash
from liandesk.base.errors import NotThere, UserError
from liankit.process.check import DefinitionError, Fault
from liankit.rules.per_mu_method import Method, build_method
from liankit.rules.per_mu_table import run_examples, unknown_quantities

PER_MU = "per_mu"


def register() -> None:
    KINDS[PER_MU] = Kind(PER_MU, pgettext_lazy("definition", "Per-mu method"), "per_mu", _check, _check_here)


def _check(body: Any, file: str) -> Method:
    """Check a method by itself; its examples come out as they say."""
    method = build_method(body, file)
    wrong = [ran for ran in run_examples(method) if not ran.holds]
    faults = [Fault(f"examples.{ran.example.name}", f"the score is {ran.low:.4f} to {ran.high:.4f}.") for ran in wrong]
    if faults:
        raise DefinitionError(file, faults)
    return method


def _check_here(body: Any, file: str) -> None:
    faults = list(unknown_quantities(build_method(body, file), vocabulary()))
    if faults:
        raise DefinitionError(file, faults)


def methods(on: date | None = None) -> dict[str, Method]:
    """Return the methods in force on a day (today where none is given) by key, the one in use first."""
    found = {key: _built(digest) for key, digest in hashes_in_force(PER_MU, on).items()}
    order = ("in_use", "model", "history")
    return dict(sorted(found.items(), key=lambda one: (order.index(one[1].status), one[0])))


def method_of(key: str = "") -> Method:
    """Return a method by its key, the one in use without one; NotThere where there is no such."""
    found = methods()
    if not found:
        raise UserError(_now("No per-mu method is in force. Take one over: liandesk definitions import."))
    if key and key not in found:
        raise NotThere(_now("There is no such method."))
    return found[key] if key else next(iter(found.values()))


def digest_of(method: Method) -> str:
    """Return the hash of what is in force under the key of a method."""
    return hashes_in_force(PER_MU)[method.key]


@lru_cache(maxsize=64)
def _built(digest: str) -> Method:
    found = with_hash(PER_MU, digest)
    return build_method(found.body, str(found))
