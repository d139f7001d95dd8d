"""Unified social credit codes that are formally right and can belong to nobody.

GB 11714-1997, clause 3, sets the organisation parts PDY00001 to PDY99999 aside for internal use; they are never
issued. Every code made here has such a part, so that its check characters hold and no real organisation is named.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from liankit.synthetic.draws import Ints

RESERVED = "PDY"
RESERVED_NUMBERS = 99_999

_CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015: no I, O, S, V, Z
_CODE_WEIGHTS = np.array([1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28])
_BODY = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"  # GB 11714-1997
_BODY_WEIGHTS = np.array([3, 7, 9, 10, 5, 8, 4, 2])


def reserved_codes(prefixes: Sequence[str], regions: Sequence[str], rng: np.random.Generator) -> list[str]:
    """Return one code for each of ``prefixes`` (registrar and type, two characters), all different.

    ``regions`` are six-digit divisions; each gives room for 99,999 codes.
    """
    serial = np.arange(len(prefixes))
    numbers = rng.permutation(RESERVED_NUMBERS)[serial % RESERVED_NUMBERS] + 1
    shift = rng.permutation(RESERVED_NUMBERS)[numbers - 1]
    region = (serial // RESERVED_NUMBERS + shift) % len(regions)
    bodies = with_body_check([f"{RESERVED}{number:05d}" for number in numbers.tolist()])
    joined = zip(prefixes, region.tolist(), bodies, strict=True)
    return with_code_check([prefix + regions[index] + body for prefix, index, body in joined])


def with_body_check(bodies: list[str]) -> list[str]:
    """Return organisation parts of eight characters with their ninth, the check character of GB 11714-1997."""
    remainder = _values(bodies, _BODY) @ _BODY_WEIGHTS % 11
    return _append(bodies, (11 - remainder) % 11, "0123456789X")


def with_code_check(codes: list[str]) -> list[str]:
    """Return codes of seventeen characters with their last, the check character of GB 32100-2015."""
    remainder = _values(codes, _CODE) @ _CODE_WEIGHTS % 31
    return _append(codes, (31 - remainder) % 31, _CODE)


def _values(words: list[str], alphabet: str) -> Ints:
    """Return the value of each character, one row a word; the words are of one length and plain ASCII."""
    table = np.zeros(128, dtype=np.int64)
    table[[ord(character) for character in alphabet]] = np.arange(len(alphabet))
    letters = np.frombuffer("".join(words).encode("ascii"), dtype=np.uint8)
    return table[letters].reshape(len(words), -1)


def _append(words: list[str], check: NDArray[np.int64], alphabet: str) -> list[str]:
    return [word + alphabet[value] for word, value in zip(words, check.tolist(), strict=True)]
