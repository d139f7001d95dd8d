"""Names of organisations in a form in which two spellings of one name are equal.

The key is conservative: names with one key are the same name; names of one organisation may well have different
keys. It does not mend typing errors, translate, transliterate, drop accents, expand abbreviations, leave out places
or legal forms ("Acme" is not "Acme Inc"), or take 有限公司 for 有限责任公司.
"""

from __future__ import annotations

import re
import unicodedata

_LEGAL_FORMS = {
    "incorporated": "inc",
    "limited": "ltd",
    "company": "co",
    "corporation": "corp",
    "private": "pvt",
    "proprietary": "pty",
    "aktiengesellschaft": "ag",
    "aktiebolag": "ab",
    "osakeyhtio": "oy",
    "osakeyhtiö": "oy",
}
"""Long forms of legal suffixes and the short ones; S.p.A., S.A., B.V., K.K. need only lose their stops."""
_SHORT_FORMS = frozenset(_LEGAL_FORMS.values()) | {
    *("llc", "llp", "lp", "plc", "gmbh", "kg", "kgaa", "se", "spa", "srl", "sa", "sarl", "sas", "bv", "nv", "as"),
    *("kk", "aps", "oyj", "sro", "zoo", "doo", "sl", "bhd", "sdn", "and"),
}

_MARKS = str.maketrans(dict.fromkeys("®™©℠", " ") | {"&": " and "})
_STOP_BETWEEN_WORDS = re.compile(r"(?<=\w\w)\.(?=\w\w)")


def name_key(name: str) -> str:
    """Return the key under which equal names are found; "" for a name without letters and digits.

    Half-width, lower case, without spaces, punctuation and trade marks; "&" is "and"; the long form of a legal
    suffix at the end is the short one (Limited, Ltd.). Chinese legal forms stay. ``name_key`` of a key is the key.

    >>> name_key("Acme Pharma Co.,Limited") == name_key("ＡＣＭＥ Pharma Company Ltd.")
    True
    >>> name_key("Acme S.p.A."), name_key("浙江（临平）医药 有限公司")
    ('acmespa', '浙江临平医药有限公司')
    """
    words = _words(name.translate(_MARKS))
    end = len(words)
    while end > 1 and _is_legal_form(words[end - 1]):
        end -= 1
    return _fold("".join(words[:end] + [_LEGAL_FORMS.get(word, word) for word in words[end:]]))


def _words(name: str) -> list[str]:
    folded = _STOP_BETWEEN_WORDS.sub(" ", _fold(name)).replace(".", "").replace("'", "").replace("’", "")
    return "".join(sign if _counts(sign) else " " for sign in folded).split()


def _fold(text: str) -> str:
    """Fold width and case; twice, since each may undo the other (Unicode's NFKC_Casefold)."""
    for _ in range(2):
        text = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKC", text)


def _counts(sign: str) -> bool:
    return sign == "+" or unicodedata.category(sign)[0] in "LNM"


def _is_legal_form(word: str) -> bool:
    return word in _LEGAL_FORMS or word in _SHORT_FORMS
