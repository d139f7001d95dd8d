"""The kinds ``scheme`` and ``quantities``: rules for titles, and the words in which they speak of enterprises.

The quantities in force are joined into one vocabulary. A scheme is published with examples that pass, on both sides of
each of its bounds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from django.utils.translation import pgettext_lazy

from liandesk.base.definitions.kinds import KINDS, SHIPPED_CHECKS, Kind
from liandesk.base.definitions.models import Definition
from liandesk.base.definitions.queries import hashes_in_force, with_hash
from liankit.process.check import DefinitionError, Fault
from liankit.rules.check import build_scheme, build_vocabulary
from liankit.rules.coverage import coverage, uncovered
from liankit.rules.examples import run_all
from liankit.rules.scheme import Scheme
from liankit.rules.vocabulary import Vocabulary

SCHEME, QUANTITIES = "scheme", "quantities"


def register() -> None:
    KINDS[QUANTITIES] = Kind(
        QUANTITIES, pgettext_lazy("definition", "Quantities"), "quantities", _check_shape, _check_quantities_here
    )
    KINDS[SCHEME] = Kind(
        SCHEME,
        pgettext_lazy("definition", "Scheme of rules"),
        "schemes",
        _check_shape,
        _check_scheme_here,
        stem="scheme",
        parts=("examples",),
    )
    SHIPPED_CHECKS.append(_check_shipped)


def vocabulary(on: date | None = None) -> Vocabulary:
    """Return the joined vocabulary in force on a day (today where none is given)."""
    return _joined(tuple(sorted(hashes_in_force(QUANTITIES, on).items())))


def schemes(on: date | None = None) -> tuple[Scheme, ...]:
    """Return every scheme in force on a day (today where none is given): all versions of the law that it knows."""
    words = tuple(sorted(hashes_in_force(QUANTITIES, on).items()))
    return tuple(_built(key, found, words) for key, found in sorted(hashes_in_force(SCHEME, on).items()))


def scheme_of(found: Definition) -> Scheme:
    """Return the scheme that a version of a definition says, in the words in force today."""
    return build_scheme(found.body, str(found), vocabulary())


class Tried(NamedTuple):
    """How many examples of a scheme come out, of how many, and how many of its bounds they try on both sides."""

    right: int
    examples: int
    covered: int
    bounds: int


def tried(key: str, on: date | None = None) -> Tried:
    """Return how the scheme in force on a day (today where none is given) is tried by its examples."""
    words = tuple(sorted(hashes_in_force(QUANTITIES, on).items()))
    return _tried(key, hashes_in_force(SCHEME, on)[key], words)


def hashes(on: date | None = None) -> list[list[tuple[str, str]]]:
    """Return the hashes of all schemes and quantities in force on a day, for the key of what is computed by them."""
    return [sorted(hashes_in_force(kind, on).items()) for kind in (QUANTITIES, SCHEME)]


@lru_cache(maxsize=64)
def _joined(words: tuple[tuple[str, str], ...]) -> Vocabulary:
    return build_vocabulary(*(with_hash(QUANTITIES, found).body for _key, found in words))


@lru_cache(maxsize=1024)
def _built(key: str, found: str, words: tuple[tuple[str, str], ...]) -> Scheme:
    return build_scheme(with_hash(SCHEME, found).body, f"{SCHEME}/{key}", _joined(words))


@lru_cache(maxsize=1024)
def _tried(key: str, found: str, words: tuple[tuple[str, str], ...]) -> Tried:
    scheme, vocabulary = _built(key, found, words), _joined(words)
    ran, bounds = run_all(scheme, vocabulary), coverage(scheme, vocabulary)
    right, covered = (not one.differences for one in ran), (one.is_reached and one.is_missed for one in bounds)
    return Tried(sum(right), len(ran), sum(covered), len(bounds))


def _check_shape(body: Any, file: str) -> None:
    """A body names what other definitions say: it is checked among them, when it is proposed or shipped."""
    if not isinstance(body, Mapping) or "key" not in body:
        raise DefinitionError(file, [Fault("key", "this names no key. Begin with `key:`.")])


def _check_quantities_here(body: Any, file: str) -> None:
    """Check that the words fit the others in force, and that every scheme in force can still be read."""
    others = {key: with_hash(QUANTITIES, found).body for key, found in hashes_in_force(QUANTITIES).items()}
    joined = build_vocabulary(*(others | {body["key"]: body}).values())
    for key, found in hashes_in_force(SCHEME).items():
        build_scheme(with_hash(SCHEME, found).body, f"{SCHEME}/{key}", joined)


def _check_scheme_here(body: Any, file: str) -> None:
    words = vocabulary()
    scheme = build_scheme(body, file, words)
    faults = [
        Fault(f"examples.{ran.example.name.en}", said) for ran in run_all(scheme, words) for said in ran.differences
    ]
    faults += [Fault(one.clause, one.what) for one in uncovered(scheme, words)]
    if faults:
        raise DefinitionError(file, faults)


def _check_shipped(bodies: Mapping[str, Mapping[str, Any]]) -> None:
    """Check what packs ship together: the joined words, and that each scheme can be read in them."""
    found: Iterable[Any] = bodies.get(QUANTITIES, {}).values()
    if bodies.get(SCHEME) or found:
        words = build_vocabulary(*found)
        for key, body in bodies.get(SCHEME, {}).items():
            build_scheme(body, f"schemes/{key}/scheme.yaml", words)
